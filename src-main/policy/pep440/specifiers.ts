/**
 * Version specifiers of Python packages (`>=1.2,!=1.3.*`), answered as Python's `packaging` 26.4 does (`specifiers.py`,
 * `_ranges.py`): held to it by test/clients/pep440-differential.test.ts. Pure, bounded, never throws.
 */
import {
  compareReleases,
  compareSuffixes,
  comparePep440,
  comparePublic,
  isPrerelease,
  maxVersionLength,
  parsePep440,
  type Pep440Version,
} from './version.ts';
import { compareNumerals } from '../numeral.ts';
import { isSpace, stripSpace } from '../python-space.ts';

/** A set of 100 exclusions fits. */
export const maxSpecifiersLength = 4096;

type Operator = '===' | '~=' | '==' | '!=' | '<=' | '>=' | '<' | '>';

type Specifier =
  | { readonly operator: '==='; readonly text: string }
  | {
      readonly operator: Exclude<Operator, '==='>;
      readonly version: Pep440Version;
      /** `==1.2.*` */
      readonly wildcard: boolean;
    };

/** All of them have to hold. An empty set holds for every version. */
export type Specifiers = readonly Specifier[];

const operators: readonly Operator[] = ['===', '~=', '==', '!=', '<=', '>=', '<', '>'];
const wildcardBase = /^v?(?:\d+!)?\d+(?:\.\d+)*$/i;

/** @param text comma-separated; empty ones between commas are skipped. @returns undefined if one is none by PEP 440. */
export function parseSpecifiers(text: string): Specifiers | undefined {
  if (text.length > maxSpecifiersLength) return undefined;
  const found: Specifier[] = [];
  for (const part of text.split(',')) {
    const one = stripSpace(part);
    if (one === '') continue;
    const specifier = parseSpecifier(one);
    if (specifier === undefined) return undefined;
    found.push(specifier);
  }
  return found;
}

function parseSpecifier(text: string): Specifier | undefined {
  const operator = operators.find((candidate) => text.startsWith(candidate));
  if (operator === undefined) return undefined;
  const rest = stripSpace(text.slice(operator.length));
  // The escape hatch of PEP 440: any word; `;` and `)` would end it in a requirement.
  if (operator === '===') return isWord(rest) ? { operator, text: rest.toLowerCase() } : undefined;
  const exact = operator === '==' || operator === '!=';
  if (exact && rest.endsWith('.*')) {
    const base = rest.slice(0, -2);
    const version = wildcardBase.test(base) ? parsePep440(base) : undefined;
    return version === undefined ? undefined : { operator, version, wildcard: true };
  }
  const version = parsePep440(rest);
  if (version === undefined || (version.local !== undefined && !exact)) return undefined;
  if (operator === '~=' && version.release.length < 2) return undefined;
  return { operator, version, wildcard: false };
}

function isWord(text: string): boolean {
  if (text === '' || text.length > maxVersionLength || /[;)]/.test(text)) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (isSpace(text.charCodeAt(index))) return false;
  }
  return true;
}

/** Whether the set names a pre-release itself, and so lets others in (packaging's `prereleases`). */
export function asksForPrereleases(specifiers: Specifiers): boolean {
  return specifiers.some((specifier) => {
    if (specifier.operator === '===') {
      const version = parsePep440(specifier.text);
      return version !== undefined && isPrerelease(version);
    }
    return specifier.operator !== '!=' && !specifier.wildcard && isPrerelease(specifier.version);
  });
}

/**
 * Whether one version is in the set. Pre-releases are, unless `prereleases` is false (packaging since 26.0): a single
 * version has no final ones beside it.
 *
 * @param text the version as it is published; one that is none by PEP 440 is only in an empty set and under `===`
 */
export function specifiersContain(
  specifiers: Specifiers,
  text: string,
  { prereleases = true }: { readonly prereleases?: boolean } = {},
): boolean {
  const version = parsePep440(text);
  if (!prereleases && version !== undefined && isPrerelease(version)) return false;
  return specifiers.every((specifier) => {
    if (specifier.operator === '===') return text.toLowerCase() === specifier.text;
    return version !== undefined && holds(specifier, version);
  });
}

/**
 * Those of many versions that the set takes, in their order. Unless told otherwise, pre-releases are taken where the
 * set names one, or where nothing else is left (PEP 440, "Handling of pre-releases").
 */
export function filterVersions(
  specifiers: Specifiers,
  versions: readonly string[],
  prereleases?: boolean,
): readonly string[] {
  const wanted = prereleases ?? (asksForPrereleases(specifiers) || undefined);
  const held = versions.filter((text) => specifiersContain(specifiers, text));
  if (wanted === true) return held;
  const isPre = (text: string): boolean => {
    const version = parsePep440(text);
    return version !== undefined && isPrerelease(version);
  };
  const isFinal = (text: string): boolean => {
    const version = parsePep440(text);
    return version !== undefined && !isPrerelease(version);
  };
  if (wanted === undefined && !held.some(isFinal)) return held;
  return held.filter((text) => !isPre(text));
}

function holds(
  { operator, version: limit, wildcard }: Exclude<Specifier, { operator: '===' }>,
  version: Pep440Version,
): boolean {
  switch (operator) {
    case '==':
      return wildcard ? startsWith(version, limit, limit.release.length) : equals(version, limit);
    case '!=':
      return wildcard ? !startsWith(version, limit, limit.release.length) : !equals(version, limit);
    case '>=':
      return comparePep440(version, limit) >= 0;
    case '<=':
      return comparePublic(version, limit) <= 0;
    case '>':
      return isAfter(version, limit);
    case '<':
      return isBefore(version, limit);
    case '~=':
      return comparePep440(version, limit) >= 0 && !isBeyond(version, limit, limit.release.length - 1);
  }
}

/** A limit without a local part means all of its local versions. */
function equals(version: Pep440Version, limit: Pep440Version): boolean {
  return limit.local === undefined
    ? comparePublic(version, limit) === 0
    : comparePep440(version, limit) === 0;
}

function startsWith(version: Pep440Version, limit: Pep440Version, length: number): boolean {
  return version.epoch === limit.epoch && compareReleases(version.release, limit.release, length) === 0;
}

function isBeyond(version: Pep440Version, limit: Pep440Version, length: number): boolean {
  const order = compareNumerals(version.epoch, limit.epoch);
  return order > 0 || (order === 0 && compareReleases(version.release, limit.release, length) > 0);
}

/** `>1.0` means neither 1.0.post1 nor 1.0+local; `>1.0.post1` and `>1.0.dev1` only shut out local ones. */
function isAfter(version: Pep440Version, limit: Pep440Version): boolean {
  const isPlain = limit.suffix[2] === 0 && limit.suffix[4] === 1;
  if (!isPlain) return comparePublic(version, limit) > 0;
  const order =
    compareNumerals(version.epoch, limit.epoch) || compareReleases(version.release, limit.release);
  return order > 0 || (order === 0 && compareSuffixes(version.suffix, limit.suffix, 2) > 0);
}

/** `<1.0` means no pre-release of 1.0 either, unless the limit is one itself. */
function isBefore(version: Pep440Version, limit: Pep440Version): boolean {
  if (isPrerelease(limit)) return comparePep440(version, limit) < 0;
  const [pre, preNumber, post, postNumber] = limit.suffix;
  const first: Pep440Version = {
    ...limit,
    local: undefined,
    suffix: [post === 1 ? pre : -1, preNumber, post, postNumber, 0, 0],
  };
  return comparePep440(version, first) < 0;
}
