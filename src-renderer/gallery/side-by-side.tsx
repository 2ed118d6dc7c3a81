import styles from './gallery.module.css';

/** Both themes at once: a page has one, so each gets a frame. */
export function SideBySide() {
  return (
    <div className={styles.both}>
      <iframe title="Light theme" src="?scheme=light" />
      <iframe title="Dark theme" src="?scheme=dark" />
    </div>
  );
}
