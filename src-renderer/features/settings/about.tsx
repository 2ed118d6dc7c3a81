import { useSession } from '../../state/session.ts';
import facts from '../../ui/facts.module.css';
import text from '../../ui/text.module.css';

/** Versions and places, for support. */
export function About() {
  const host = useSession((state) => state.host);
  if (host === undefined) return null;
  const entries: readonly (readonly [string, string])[] = [
    ['Version', host.version],
    ['Runs as', host.kind === 'electron' ? 'Desktop app' : 'Local page in a browser'],
    ['Platform', host.platform],
    ['Data folder', host.dataDir],
    ...Object.entries(host.versions),
  ];
  return (
    <dl className={facts.facts}>
      {entries.map(([name, value]) => (
        <div key={name} className={facts.pair}>
          <dt>{name}</dt>
          <dd className={value === host.dataDir ? text.mono : undefined}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
