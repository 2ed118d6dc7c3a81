/**
 * Versions of Python packages (PEP 440), read and ordered as Python's `packaging` does (26.4, `version.py`): held to it
 * by test/clients/pep440-differential.test.ts. Never throws: a text that is no version is undefined.
 */
import { compareNumerals, numeralOf, type Numeral } from '../numeral.ts';
import { stripSpace } from '../python-space.ts';

/** Longer ones are refused. The longest version on PyPI has under 100 characters. */
export const maxVersionLength = 256;

type LocalPart = Numeral | string;

export type Pep440Version = {
  readonly epoch: Numeral;
  /** As written, trailing zeros included; at least one number. */
  readonly release: readonly Numeral[];
  /**
   * What comes after the release, as six numbers that compare in order (packaging's `_cmpkey`): pre-release kind (dev
   * alone -1, a 0, b 1, rc 2, none 3) and number, post-release (0 or 1) and number, dev (0) or not (1) and number.
   */
  readonly suffix: Suffix;
  /** The part after `+`; undefined if there is none. */
  readonly local: readonly LocalPart[] | undefined;
};
export type Suffix = readonly [Numeral, Numeral, Numeral, Numeral, Numeral, Numeral];

const pattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[._-]?(alpha|a|beta|b|preview|pre|c|rc)[._-]?(\d+)?)?(?:-(\d+)|[._-]?(post|rev|r)[._-]?(\d+)?)?(?:[._-]?(dev)[._-]?(\d+)?)?(?:\+([a-z0-9]+(?:[._-][a-z0-9]+)*))?$/i;

const preRank: Readonly<Record<string, number>> = {
  a: 0,
  alpha: 0,
  b: 1,
  beta: 1,
  c: 2,
  rc: 2,
  pre: 2,
  preview: 2,
};
const noPre = 3;
const devOnly = -1;

/** @returns undefined if it is no version by PEP 440, or longer than `maxVersionLength`. */
export function parsePep440(text: string): Pep440Version | undefined {
  if (text.length > maxVersionLength) return undefined;
  const match = pattern.exec(stripSpace(text));
  if (match === null) return undefined;
  const [, epoch, release = '', pre, preNumber, barePost, post, postNumber, dev, devNumber, local] = match;
  const isPost = barePost !== undefined || post !== undefined;
  const kind = pre !== undefined ? (preRank[pre.toLowerCase()] ?? noPre) : noPre;
  return {
    epoch: epoch === undefined ? 0 : numeralOf(epoch),
    release: release.split('.').map(numeralOf),
    suffix: [
      pre === undefined && !isPost && dev !== undefined ? devOnly : kind,
      numberOr0(preNumber),
      isPost ? 1 : 0,
      numberOr0(barePost ?? postNumber),
      dev === undefined ? 1 : 0,
      numberOr0(devNumber),
    ],
    local: local?.split(/[._-]/).map((part) => (/^\d+$/.test(part) ? numeralOf(part) : part.toLowerCase())),
  };
}

const numberOr0 = (digits: string | undefined): Numeral => (digits === undefined ? 0 : numeralOf(digits));

/** Whether it is an alpha, beta, candidate or development release. */
export function isPrerelease({ suffix }: Pep440Version): boolean {
  return suffix[0] < noPre || suffix[4] === 0;
}

/** The order of PEP 440, local parts included. @returns below 0, 0 or above 0. */
export function comparePep440(a: Pep440Version, b: Pep440Version): number {
  return comparePublic(a, b) || compareLocals(a.local, b.local);
}

/** The same without what stands after `+`. */
export function comparePublic(a: Pep440Version, b: Pep440Version): number {
  return (
    compareNumerals(a.epoch, b.epoch) ||
    compareReleases(a.release, b.release) ||
    compareSuffixes(a.suffix, b.suffix)
  );
}

/** @param upTo how many of the six numbers count */
export function compareSuffixes(a: Suffix, b: Suffix, upTo = 6): number {
  for (let index = 0; index < upTo; index += 1) {
    const order = compareNumerals(a[index] ?? 0, b[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

/** A missing number is 0: `1` is `1.0`. @param upTo how many numbers count; all if left out */
export function compareReleases(
  a: readonly Numeral[],
  b: readonly Numeral[],
  upTo = Math.max(a.length, b.length),
): number {
  for (let index = 0; index < upTo; index += 1) {
    const order = compareNumerals(a[index] ?? 0, b[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

/** None before any; words before numbers; the shorter first. */
function compareLocals(a: readonly LocalPart[] | undefined, b: readonly LocalPart[] | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const order = compareLocalParts(a[index] ?? 0, b[index] ?? 0);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareLocalParts(a: LocalPart, b: LocalPart): number {
  if (typeof a === 'string') {
    if (typeof b !== 'string') return -1;
    if (a === b) return 0;
    return a < b ? -1 : 1;
  }
  return typeof b === 'string' ? 1 : compareNumerals(a, b);
}
