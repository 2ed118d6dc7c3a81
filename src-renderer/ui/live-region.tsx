import { useAnnouncement } from './announcement.ts';

/** The live region; rendered once, from the start, because a region that appears with its text is not read. */
export function Announcer() {
  const { text, count } = useAnnouncement();
  return (
    <div role="status" aria-live="polite" aria-label="Results" className="lk-visually-hidden">
      {/* A no-break space makes the same sentence twice a change. */}
      {text + (count % 2 === 0 ? '' : '\u00a0')}
    </div>
  );
}
