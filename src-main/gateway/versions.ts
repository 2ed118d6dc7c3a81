/** Versions in their ecosystem's own order (CEP 33, PEP 440). */
import type { Ecosystem } from '../../shared/model/packages.ts';
import { compareCondaVersions, parseCondaVersion } from '../policy/conda/conda-version.ts';
import { comparePep440, parsePep440 } from '../policy/pep440/version.ts';

/** Each once, the newest first; those that cannot be read come last. */
export function newestFirst(
  ecosystem: Ecosystem,
  all: Iterable<{ readonly version: string }>,
): readonly string[] {
  const versions = [...new Set([...all].map(({ version }) => version))];
  return ecosystem === 'conda'
    ? sorted(versions, parseCondaVersion, compareCondaVersions)
    : sorted(versions, parsePep440, comparePep440);
}

/** Whether the first is newer; no where one of them cannot be read. */
export function isNewer(ecosystem: Ecosystem, first: string, second: string): boolean {
  return ecosystem === 'conda'
    ? isAfter(first, second, parseCondaVersion, compareCondaVersions)
    : isAfter(first, second, parsePep440, comparePep440);
}

function isAfter<V>(
  first: string,
  second: string,
  parse: (text: string) => V | undefined,
  compare: (a: V, b: V) => number,
): boolean {
  const [a, b] = [parse(first), parse(second)];
  return a !== undefined && b !== undefined && compare(a, b) > 0;
}

function sorted<V>(
  texts: readonly string[],
  parse: (text: string) => V | undefined,
  compare: (a: V, b: V) => number,
): readonly string[] {
  return texts
    .map((text) => ({ text, version: parse(text) }))
    .toSorted((a, b) => {
      if (a.version === undefined || b.version === undefined)
        return Number(a.version === undefined) - Number(b.version === undefined);
      return compare(b.version, a.version);
    })
    .map(({ text }) => text);
}

/** Itself, else the nearest in the order of versions; of two the newer. */
export function nearest(
  versions: readonly string[],
  version: string | undefined,
  allowed: ReadonlySet<string>,
): string | undefined {
  if (version !== undefined && allowed.has(version)) return version;
  const at = version === undefined ? 0 : versions.indexOf(version);
  if (at === -1) return versions.find((one) => allowed.has(one));
  for (let distance = 1; distance < versions.length; distance += 1) {
    for (const near of [versions[at - distance], versions[at + distance]])
      if (near !== undefined && allowed.has(near)) return near;
  }
  return undefined;
}
