import { useSession } from '../../state/session.ts';
import facts from '../../ui/facts.module.css';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.settings.about;

/** Versions and places, for support. */
export function About() {
  const host = useSession((state) => state.host);
  if (host === undefined) return null;
  const entries: readonly (readonly [string, string])[] = [
    [words.version, host.version],
    [words.runsAs, host.kind === 'electron' ? words.desktop : words.browser],
    [words.platform, host.platform],
    [words.dataFolder, host.dataDir],
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
