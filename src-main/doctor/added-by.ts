/** What other files of the computer add to the examined one. */
import type { ConfigKind, DoctorReport } from '../../shared/contract/doctor-views.ts';
import { shownAddress, shownHost, withoutTokens } from './addresses.ts';
import { parsePythonIni } from './python-ini.ts';
import { readCondarc } from './read-condarc.ts';
import { readNetrc } from './read-netrc.ts';
import { readUv } from './read-uv.ts';
import type { OtherConfig } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.doctor.adds;

/** pip's keys that name something to ask. */
const pipKeys = ['index-url', 'extra-index-url', 'find-links'] as const;

export function addedBy(
  kind: ConfigKind,
  own: string,
  others: readonly OtherConfig[],
): DoctorReport['others'] {
  return others.map((other) => ({
    path: other.path,
    adds: 'adds' in other ? [...other.adds] : [...addsOf(kind, own, other.content)],
  }));
}

function addsOf(kind: ConfigKind, own: string, other: string): Iterable<string> {
  switch (kind) {
    case 'pip-conf':
      return pipAdds(own, other);
    case 'condarc':
      return condaAdds(other);
    case 'uv-toml':
      return readUv(other)
        .asks.filter((asked) => other.includes(asked.address))
        .map((asked) => words.alsoRequested(shownAddress(asked.address)));
    case 'netrc':
      return readNetrc(other).entries.map(({ machine }) => words.credentials(shownHost(machine)));
  }
}

/** Key by key: what the own file names, in the same section, is not taken from the other one. */
function* pipAdds(own: string, other: string): Iterable<string> {
  const mine = parsePythonIni(own);
  const theirs = parsePythonIni(other);
  if ('line' in theirs) {
    yield words.pipStops(theirs.line);
    return;
  }
  for (const [section, values] of theirs.ini) {
    for (const key of pipKeys) {
      const value = values.get(key) ?? '';
      const isTaken = 'ini' in mine && mine.ini.get(section)?.has(key) === true;
      if (value === '' || isTaken) continue;
      yield `[${withoutTokens(section)}] ${key} = ${value.split(/\s+/).map(shownAddress).join(' ')}`;
    }
  }
}

const otherCondaKeys = [
  'channel_alias',
  'default_channels',
  'custom_channels',
  'custom_multichannels',
  'migrated_channel_aliases',
] as const;

/** conda joins the lists of all its files; the other keys are taken from the file that is read last. */
function* condaAdds(other: string): Iterable<string> {
  const keys = new Set(other.split('\n').map(topLevelKey));
  const names = keys.has('channels') ? readCondarc(other).asks : [];
  for (const { address } of names) yield words.channel(shownAddress(address));
  for (const key of otherCondaKeys) if (keys.has(key)) yield words.own(key);
}

/** `channels:` → `channels`; the key of a line that is not indented. */
function topLevelKey(line: string): string {
  const colonAt = line.indexOf(':');
  return colonAt === -1 ? '' : line.slice(0, colonAt).trimEnd();
}
