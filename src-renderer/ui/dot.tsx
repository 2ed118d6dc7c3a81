import styles from './dot.module.css';

export type Tone = 'allow' | 'soon' | 'deny' | 'quiet';

/** A mark beside a word or a number, never instead of one. */
export function Dot({ tone }: { readonly tone: Tone }) {
  return <span className={styles.dot} data-tone={tone} />;
}
