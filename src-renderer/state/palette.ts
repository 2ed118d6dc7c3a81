import { create } from 'zustand';

type Shown = 'palette' | 'shortcuts' | 'help';
type PaletteState = {
  readonly shown: Shown | undefined;
  /** What is typed into the palette, also before its field has the focus. */
  readonly text: string;
  readonly type: (text: string) => void;
  readonly show: (shown: Shown) => void;
  readonly close: () => void;
};

/** What of the shell's own stands over the screen: the palette, the sheet of shortcuts, or the help. */
export const usePalette = create<PaletteState>()((set) => ({
  shown: undefined,
  text: '',
  type: (text) => set({ text }),
  show: (shown) => set({ shown, text: '' }),
  close: () => set({ shown: undefined, text: '' }),
}));
