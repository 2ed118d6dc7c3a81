import type { ReactNode } from 'react';
import styles from './gallery.module.css';

/** A part in one of its states. */
export function State(props: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={styles.state}>
      <h3>{props.name}</h3>
      {props.children}
    </div>
  );
}

/** The states of what belongs together. */
export function Group(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={props.title}>
      <h2 className={styles.heading}>{props.title}</h2>
      <div className={styles.states}>{props.children}</div>
    </section>
  );
}
