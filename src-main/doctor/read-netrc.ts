/** What stands in a `.netrc`: which host gets which credentials. The words of a file may stand on any line. */
import type { Finding } from '../../shared/contract/doctor-views.ts';
import { shownHost } from './addresses.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.doctor.netrc;

export type NetrcEntry = { readonly machine: string; readonly login: string; readonly password: string };
export type Netrc = { readonly entries: readonly NetrcEntry[]; readonly findings: readonly Finding[] };

/** The machine of a `default` entry, which holds for every host. */
const anyMachine = '*';

export function readNetrc(text: string): Netrc {
  const findings: Finding[] = [];
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (lines.some((line) => line.trimStart().startsWith('#'))) {
    findings.push({
      level: 'warning',
      text: says.comment,
    });
  }
  const words = withoutMacros(lines)
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.split(/\s+/).filter((word) => word !== ''));
  const entries: NetrcEntry[] = [];
  let entry: { machine: string; login: string; password: string } | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    const next = words[at + 1] ?? '';
    if (word === 'machine' || word === 'default') {
      entry = { machine: word === 'default' ? anyMachine : next, login: '', password: '' };
      entries.push(entry);
      if (word === 'machine') at += 1;
    } else if (entry !== undefined && (word === 'login' || word === 'password' || word === 'account')) {
      if (word !== 'account') entry[word] = next;
      at += 1;
    } else {
      findings.push({
        level: 'problem',
        text: says.unknownWord,
      });
      break;
    }
  }
  const hosts = entries.map(({ machine }) => machine);
  const doubled = firstDoubled(hosts);
  if (doubled !== undefined) {
    findings.push({
      level: 'problem',
      text: says.doubled(shownHost(doubled)),
    });
  }
  if (hosts.includes(anyMachine)) {
    findings.push({
      level: 'problem',
      text: says.default,
    });
  }
  const withPort = hosts.find((host) => /^[^[\]:]+:\d+$/.test(host));
  if (withPort !== undefined) {
    findings.push({
      level: 'problem',
      text: says.port(shownHost(withPort)),
    });
  }
  return { entries, findings };
}

/** A macro of ftp's goes up to the next empty line; its words are no entries. */
function withoutMacros(lines: readonly string[]): readonly string[] {
  let inMacro = false;
  return lines.filter((line) => {
    if (inMacro) inMacro = line.trim() !== '';
    else inMacro = /^\s*macdef\s/.test(line);
    return !inMacro;
  });
}

function firstDoubled(texts: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return texts.find((text) => {
    if (seen.has(text)) return true;
    seen.add(text);
    return false;
  });
}

/** The entry that a reader takes for a host: the first of its name, else the default one. */
export function netrcEntryFor(netrc: Netrc, host: string): NetrcEntry | undefined {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return (
    netrc.entries.find(({ machine }) => machine === bare || machine === `[${bare}]`) ??
    netrc.entries.find(({ machine }) => machine === anyMachine)
  );
}
