import { create } from 'zustand';

type Shown = 'palette' | 'shortcuts' | 'help';
type PaletteState = {
  readonly shown: Shown | undefined;
  readonly show: (shown: Shown) => void;
  readonly close: () => void;
};

/** What of the shell's own stands over the screen: the palette, the sheet of shortcuts, or the help. */
export const usePalette = create<PaletteState>()((set) => ({
  shown: undefined,
  show: (shown) => set({ shown }),
  close: () => set({ shown: undefined }),
}));
