/**
 * Versions of conda packages as rattler reads and orders them (the solver of pixi and of newer clients; crate
 * `rattler_conda_version`). It refuses some that conda takes (`_`, `1.0*`, numbers of more
 * than 64 bits) and orders a few otherwise (`1.0a_`).
 * Never throws: a text that is no version is undefined.
 */
import { numeralOf, type Numeral } from '../numeral.ts';
import { compareSegments, maxCondaVersionLength, wordPart, type Segment } from './segments.ts';

export type RattlerVersion = {
  readonly epoch: Numeral;
  readonly main: readonly Segment[];
  readonly local: readonly Segment[];
  /** `-` or `_` where one stands at the end: ordered alike, but not equal. */
  readonly trailing: string;
};

/** Its numbers are of 64 bits. */
const mostNumeral = 18_446_744_073_709_551_615n;

/** @returns undefined if rattler would refuse it, or if it is longer than `maxCondaVersionLength` */
export function parseRattlerVersion(text: string): RattlerVersion | undefined {
  const read = readRattlerVersion(text);
  return read?.rest === '' ? read.version : undefined;
}

/** Reads a version at the beginning of a text. @returns it and what is left, such as the `.*` of `1.2.*` */
export function readRattlerVersion(
  text: string,
): { readonly version: RattlerVersion; readonly rest: string } | undefined {
  if (text.length > maxCondaVersionLength) return undefined;
  const epochDigits = /^(\d+)!/.exec(text)?.[1];
  const epoch = epochDigits === undefined ? 0 : smallNumeral(epochDigits);
  if (epoch === undefined) return undefined;
  const reader = new SegmentReader(text, epochDigits === undefined ? 0 : epochDigits.length + 1);
  const main = reader.read();
  if (main === undefined) return undefined;
  let local: Segment[] | undefined = [];
  if (text[reader.at] === '+') {
    reader.at += 1;
    local = reader.read();
    if (local === undefined) return undefined;
  }
  return { version: { epoch, main, local, trailing: reader.trailing }, rest: text.slice(reader.at) };
}

function smallNumeral(digits: string): Numeral | undefined {
  const numeral = numeralOf(digits);
  return numeral > mostNumeral ? undefined : numeral;
}

class SegmentReader {
  readonly #text: string;
  at: number;
  /** `-` or `_`, whichever came first: rattler takes no mixture. */
  #dash: string | undefined;
  trailing = '';

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  /** @returns undefined if it is refused; otherwise `at` stands behind the last segment */
  read(): Segment[] | undefined {
    const segments: (readonly (Numeral | string)[])[] = [];
    for (;;) {
      const start = this.at;
      const separator = segments.length === 0 ? '' : (this.#text[start] ?? 'end');
      if (segments.length > 0) {
        if (separator !== '.' && separator !== '-' && separator !== '_') return segments;
        if (!this.#takes(separator)) return undefined;
        this.at += 1;
      }
      const segment = this.#segment();
      if (segment === undefined) return undefined;
      if (segment.length > 0) segments.push(segment);
      else if (segments.length === 0) return undefined;
      else return this.#trailing(segments, separator, start);
    }
  }

  /** One or two dashes or underscores at the end are parts of their own (`1.0.1_`). */
  #trailing(
    segments: (readonly (Numeral | string)[])[],
    separator: string,
    start: number,
  ): Segment[] | undefined {
    const next = this.#text[this.at];
    if (next === '-' || next === '_') {
      if (!this.#takes(next)) return undefined;
      this.at += 1;
      this.trailing = next;
      return [...segments, [0, '_']];
    }
    if (separator === '.') {
      this.at = start;
      return segments;
    }
    this.trailing = separator;
    return [...segments.slice(0, -1), [...(segments.at(-1) ?? []), '_']];
  }

  #takes(separator: string): boolean {
    if (separator === '.') return true;
    this.#dash ??= separator;
    return this.#dash === separator;
  }

  /** @returns an empty list if none begins here */
  #segment(): (Numeral | string)[] | undefined {
    const parts: (Numeral | string)[] = [];
    for (;;) {
      const run = /^(?:\d+|[A-Za-z]+)/.exec(this.#text.slice(this.at))?.[0];
      if (run === undefined) return parts;
      const isNumber = /^\d/.test(run);
      const part = isNumber ? smallNumeral(run) : wordPart(run.toLowerCase());
      if (part === undefined) return undefined;
      if (parts.length === 0 && !isNumber) parts.push(0);
      parts.push(part);
      this.at += run.length;
    }
  }
}

/** @returns below 0, 0 or above 0 */
export function compareRattlerVersions(a: RattlerVersion, b: RattlerVersion): number {
  return (
    compareSegments([[a.epoch]], [[b.epoch]]) ||
    compareSegments(a.main, b.main) ||
    compareSegments(a.local, b.local)
  );
}

/** What `==1.2` asks. */
export function equalRattlerVersions(a: RattlerVersion, b: RattlerVersion): boolean {
  return compareRattlerVersions(a, b) === 0 && a.trailing === b.trailing;
}

/** What `1.2.*` asks. */
export function rattlerStartsWith(version: RattlerVersion, prefix: RattlerVersion): boolean {
  return (
    version.epoch === prefix.epoch &&
    (prefix.trailing === '' || prefix.trailing === version.trailing) &&
    segmentsStartWith(version.main, prefix.main) &&
    segmentsStartWith(version.local, prefix.local)
  );
}

/** What `~=1.2.3` asks. */
export function rattlerCompatible(version: RattlerVersion, limit: RattlerVersion): boolean {
  return (
    compareRattlerVersions(version, limit) >= 0 &&
    version.epoch === limit.epoch &&
    segmentsStartWith(version.main, limit.main.slice(0, -1)) &&
    segmentsStartWith(version.local, limit.local)
  );
}

/** Only in the last segment of the prefix may the version have more parts; missing zeros count for nothing. */
function segmentsStartWith(whole: readonly Segment[], prefix: readonly Segment[]): boolean {
  let hadMore = false;
  for (const [index, wanted] of prefix.entries()) {
    const segment = whole[index];
    if (segment === undefined) {
      if (wanted.some((part) => part !== 0)) return false;
      continue;
    }
    if (hadMore) return false;
    if (wanted.some((part, at) => (segment[at] ?? 0) !== part)) return false;
    hadMore = segment.length > wanted.length;
  }
  return true;
}
