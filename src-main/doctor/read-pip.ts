/** What pip asks with a pip.conf: every index and every link page, for each package, without an order. */
import type { Finding } from '../../shared/contract/doctor-views.ts';
import { hasSecret, parsedUrl } from './addresses.ts';
import { parsePythonIni } from './python-ini.ts';
import type { Asked, Reading } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.doctor.pip;

/** pip's commands that ask an index; a section of theirs wins over [global]. */
export const pipCommands = ['install', 'download', 'wheel', 'lock', 'index'] as const;
/** No address of this list: the client knows it by itself. */
const publicIndex = says.publicIndex;

/** A key with the section that decides for `pip install`; an empty value counts as not set. */
function effective(ini: ReadonlyMap<string, ReadonlyMap<string, string>>, key: string): string {
  const command = ini.get('install')?.get(key) ?? '';
  return command === '' ? (ini.get('global')?.get(key) ?? '') : command;
}

export function readPip(text: string): Reading {
  const parsed = parsePythonIni(text);
  if ('line' in parsed) {
    const problem = says.stops(parsed.line);
    return { asks: [], findings: [{ level: 'problem', text: problem }], holdsSecret: false };
  }
  const { ini } = parsed;
  const index = effective(ini, 'index-url');
  const extra = words(effective(ini, 'extra-index-url'));
  const links = words(effective(ini, 'find-links'));
  const noIndex = /^(1|true|yes|on)$/i.test(effective(ini, 'no-index'));
  const asks: Asked[] = [
    ...(noIndex ? [] : [{ client: 'pip' as const, address: index === '' ? publicIndex : index }]),
    ...(noIndex ? [] : extra.map((address) => ({ client: 'pip' as const, address }))),
    ...links
      .filter((address) => parsedUrl(address)?.protocol.startsWith('http') ?? false)
      .map((address) => ({ client: 'pip' as const, address, note: says.findLinks })),
  ];
  const holdsSecret = asks.some(({ address }) => hasSecret(address));
  return { asks, findings: [...findings(ini, { index, noIndex, extra, holdsSecret })], holdsSecret };
}

function* findings(
  ini: ReadonlyMap<string, ReadonlyMap<string, string>>,
  facts: { index: string; noIndex: boolean; extra: readonly string[]; holdsSecret: boolean },
): Iterable<Finding> {
  if (facts.index === '' && !facts.noIndex) {
    yield { level: 'problem', text: says.noIndexUrl };
  }
  const global = ini.get('global');
  for (const key of ['extra-index-url', 'find-links']) {
    if (global?.has(key) !== true) {
      yield {
        level: 'warning',
        text: says.notNamed(key, key),
      };
    }
  }
  const missing = pipCommands.filter((command) => ini.get(command)?.has('index-url') !== true);
  if (missing.length > 0) {
    yield {
      level: 'info',
      text: says.sectionWins(missing.join('], [')),
    };
  }
  if (!/^(1|true|yes|on)$/i.test(effective(ini, 'no-input'))) {
    yield {
      level: 'warning',
      text: says.noInput,
    };
  }
  if (facts.extra.length > 0) {
    yield {
      level: 'warning',
      text: says.anyIndex,
    };
  }
  if (facts.holdsSecret) {
    yield {
      level: 'warning',
      text: says.tokenInUrl,
    };
  }
}

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');
