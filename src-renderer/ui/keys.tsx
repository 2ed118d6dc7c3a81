import { Fragment } from 'react';
import { cx } from './cx.ts';
import styles from './keys.module.css';

const isMac = navigator.userAgent.includes('Mac OS');

/**
 * Keys as they are pressed, `Ctrl+` in the words of the system. @param next stands between keys that follow each other
 * @param hint beside what they do, in its colour; not read out, as that says its keys by itself
 */
export function Keys(props: {
  readonly keys: readonly string[];
  readonly next?: string;
  readonly hint?: boolean;
}) {
  return (
    <span
      className={cx(styles.keys, props.hint === true && styles.hint)}
      aria-hidden={props.hint === true || undefined}
    >
      {props.keys.map((key, at) => (
        <Fragment key={key + String(at)}>
          {at > 0 && <span> {props.next} </span>}
          <kbd>{isMac ? key.replace('Ctrl+', '⌘') : key}</kbd>
        </Fragment>
      ))}
    </span>
  );
}
