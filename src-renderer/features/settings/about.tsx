import { useSession } from '../../state/session.ts';

/** Versions and places, for support. */
export function About() {
  const host = useSession((state) => state.host);
  if (host === undefined) return null;
  const facts: readonly (readonly [string, string])[] = [
    ['Version', host.version],
    ['Runs as', host.kind === 'electron' ? 'Desktop app' : 'Local page in a browser'],
    ['Platform', host.platform],
    ['Data folder', host.dataDir],
    ...Object.entries(host.versions),
  ];
  return (
    <dl className="lk-facts">
      {facts.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd className={name === 'Data folder' ? 'lk-mono' : undefined}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
