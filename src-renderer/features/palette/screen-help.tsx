import { Button } from '@mantine/core';
import { documentation } from '../../../shared/model/documentation.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { usePalette } from '../../state/palette.ts';
import { useRoute } from '../../state/route.ts';
import { Overlay } from '../../ui/overlay/overlay.tsx';
import styles from './sheet.module.css';

const words = texts.palette.help;

/** What the screen is for, and where the clients are documented. */
export function ScreenHelp({ onClose }: { readonly onClose: () => void }) {
  const screen = useRoute((route) => route.screen);
  const show = usePalette((state) => state.show);
  return (
    <Overlay
      title={words.title(texts.navigation[screen])}
      size="md"
      closesBeside
      onClose={onClose}
      foot={
        <Button variant="default" onClick={() => show('shortcuts')}>
          {texts.palette.shortcuts.title}
        </Button>
      }
    >
      <p>{words.screens[screen]}</p>
      <h3 className={styles.heading}>{words.documentation}</h3>
      <ul className={styles.links}>
        {documentation.map(({ name, url }) => (
          <li key={name}>
            <a href={url} target="_blank" rel="noreferrer">
              {name}
            </a>
          </li>
        ))}
      </ul>
    </Overlay>
  );
}
