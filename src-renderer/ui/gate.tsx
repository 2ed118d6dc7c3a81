import type { ReactNode } from 'react';
import styles from './gate.module.css';
import { KeyMark } from './key-mark.tsx';
import text from './text.module.css';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.ui.gate;

/** The frame of the screens before the vault is open. */
export function Gate(props: {
  readonly headline: string;
  readonly text: string;
  readonly children: ReactNode;
}) {
  return (
    <main className={styles.gate}>
      <div className={styles.brand}>
        <div className={styles.name}>
          <KeyMark size={38} />
          Latchkey
        </div>
        <div>
          <div className={styles.title}>{props.headline}</div>
          <p>{props.text}</p>
        </div>
        <p className={text.small}>{words.everythingStaysOnThis}</p>
      </div>
      <div className={styles.form}>
        <div>{props.children}</div>
      </div>
    </main>
  );
}
