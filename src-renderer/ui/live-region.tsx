import { useAnnouncement } from './announcement.ts';
import text from './text.module.css';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.ui.liveRegion;

/** The live region; rendered once, from the start, because a region that appears with its text is not read. */
export function Announcer() {
  const { text: said, count } = useAnnouncement();
  return (
    <div role="status" aria-live="polite" aria-label={words.results} className={text.hidden}>
      {/* A no-break space makes the same sentence twice a change. */}
      {said + (count % 2 === 0 ? '' : '\u00a0')}
    </div>
  );
}
