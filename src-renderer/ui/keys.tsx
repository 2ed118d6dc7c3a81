import { Fragment } from 'react';
import styles from './keys.module.css';

const isMac = navigator.userAgent.includes('Mac OS');

/** Keys as they are pressed, `Ctrl+` in the words of the system. @param next stands between keys that follow each other */
export function Keys(props: { readonly keys: readonly string[]; readonly next?: string }) {
  return (
    <span className={styles.keys}>
      {props.keys.map((key, at) => (
        <Fragment key={key + String(at)}>
          {at > 0 && <span> {props.next} </span>}
          <kbd>{isMac ? key.replace('Ctrl+', '⌘') : key}</kbd>
        </Fragment>
      ))}
    </span>
  );
}
