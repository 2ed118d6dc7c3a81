import styles from './key-mark.module.css';

/** The product's mark: a key before the corner of a door. Same drawing as assets/latchkey.svg. */
export function KeyMark({ size = 32 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7.5" className={styles.door} />
      <g className={styles.key} strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round">
        <circle cx="11.6" cy="13" r="5" />
        <path d="M15.2 16.6 24.6 26M20.4 21.8l2.7-2.7M23.2 24.6l2.3-2.3" />
      </g>
      <path
        d="M21 6.2h4.8V11"
        className={styles.corner}
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
