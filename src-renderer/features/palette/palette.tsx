import { usePalette } from '../../state/palette.ts';
import { CommandPalette } from './command-palette.tsx';
import { ScreenHelp } from './screen-help.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';

/** The one of them that is asked for. */
export function Palette() {
  const { shown, close } = usePalette();
  if (shown === 'palette') return <CommandPalette onClose={close} />;
  if (shown === 'shortcuts') return <ShortcutSheet onClose={close} />;
  if (shown === 'help') return <ScreenHelp onClose={close} />;
  return null;
}
