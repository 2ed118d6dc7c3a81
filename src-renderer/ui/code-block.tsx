import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import styles from './code-block.module.css';
import text from './text.module.css';

/** A file or a command as it is, reachable and scrollable by keyboard. */
export function CodeBlock(props: {
  readonly label: string;
  readonly code: string;
  readonly actions?: ReactNode;
  readonly wrap?: boolean;
}) {
  return (
    <div>
      <div className={styles.head}>
        <span className={text.small}>{props.label}</span>
        <span className={styles.actions}>{props.actions}</span>
      </div>
      {/* A region that scrolls must take the focus, or the keyboard cannot reach its end. */}
      <pre
        className={cx(styles.code, props.wrap === true && styles.wrap)}
        tabIndex={0}
        role="region"
        aria-label={props.label}
      >
        {props.code}
      </pre>
    </div>
  );
}
