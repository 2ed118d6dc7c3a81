import { screens } from '../../../shared/model/screens.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { Overlay } from '../../ui/overlay/overlay.tsx';
import { Keys } from '../../ui/keys.tsx';
import text from '../../ui/text.module.css';
import { screenKeys } from '../shell/shortcuts.ts';
import styles from './sheet.module.css';

const words = texts.palette.shortcuts;

const keys: readonly (readonly [what: string, keys: readonly string[]])[] = [
  [words.palette, ['Ctrl+K']],
  [words.search, ['/']],
  [words.new, ['N']],
  [words.sheet, ['?']],
  [words.lock, ['Ctrl+L']],
  [words.settings, ['Ctrl+,']],
  [words.rows, ['↑ ↓']],
  [words.openRow, ['Enter']],
  [words.close, ['Esc']],
  ...screens.map(
    (screen) => [words.screens(texts.navigation[screen]), ['G', screenKeys[screen].toUpperCase()]] as const,
  ),
];

/** All shortcuts; they are the same in the browser and in the desktop app. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Overlay title={words.title} size="md" closesBeside onClose={onClose}>
      <p className={text.quiet}>{words.quiet}</p>
      <dl className={styles.sheet}>
        {keys.map(([what, pressed]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              <Keys keys={pressed} next={words.next} />
            </dd>
          </div>
        ))}
      </dl>
    </Overlay>
  );
}
