/**
 * Which version of a conda package is the newest, by both readings (CEP 33): a version that only one of them can read counts
 * by that one. Invariant: the same versions give the same one, in whatever order they come.
 */
import type { CondaVersion } from './conda-version.ts';
import { compareCondaVersions, parseCondaVersion } from './conda-version.ts';
import type { RattlerVersion } from './rattler-version.ts';
import { compareRattlerVersions, parseRattlerVersion } from './rattler-version.ts';
import type { Segment } from './segments.ts';
import { dev } from './segments.ts';

type ReadVersion = {
  readonly text: string;
  readonly conda: CondaVersion | undefined;
  readonly rattler: RattlerVersion | undefined;
};

/** An index of conda-forge has about so many distinct version texts; each takes half a kilobyte. */
const maxKept = 40_000;

/** Reads versions, each once as long as there is room. */
export class VersionReader {
  readonly #known = new Map<string, ReadVersion>();

  read(text: string): ReadVersion {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const version = { text, conda: parseCondaVersion(text), rattler: parseRattlerVersion(text) };
    if (this.#known.size >= maxKept) this.#known.clear();
    this.#known.set(text, version);
    return version;
  }
}

/** Whether one stands before the other by either reading. */
export function isOlderByEither(a: ReadVersion, b: ReadVersion): boolean {
  return (byConda(a, b) ?? 0) < 0 || (byRattler(a, b) ?? 0) < 0;
}

const byConda = (a: ReadVersion, b: ReadVersion): number | undefined =>
  a.conda === undefined || b.conda === undefined ? undefined : compareCondaVersions(a.conda, b.conda);
const byRattler = (a: ReadVersion, b: ReadVersion): number | undefined =>
  a.rattler === undefined || b.rattler === undefined
    ? undefined
    : compareRattlerVersions(a.rattler, b.rattler);

const early: ReadonlySet<unknown> = new Set(['a', 'alpha', 'b', 'beta', 'rc', dev]);

/** Whether it announces another version (`1.0rc1`, `2.0.dev3`); what stands behind a `+` says nothing about that. */
function isPrereleaseOfConda({ conda, rattler }: ReadVersion): boolean {
  return hasEarly(conda?.main) || hasEarly(rattler?.main);
}

const hasEarly = (segments: readonly Segment[] = []): boolean =>
  segments.some((segment) => segment.some((part) => early.has(part)));

type Best = { readonly version: ReadVersion; atMs: number };

/** The newest of those that are added. Pre-releases count only where there is nothing else. */
export class NewestVersion {
  readonly #reader: VersionReader;
  /** Of those that conda reads, and of those that only rattler does; first what is no pre-release. */
  readonly #best: (Best | undefined)[] = [undefined, undefined, undefined, undefined];

  constructor(reader: VersionReader) {
    this.#reader = reader;
  }

  /** @param atMs when a file of it came; the earliest counts */
  add(text: string, atMs: number): void {
    const version = this.#reader.read(text);
    const { conda, rattler } = version;
    if (conda === undefined && rattler === undefined) return;
    const place = (isPrereleaseOfConda(version) ? 2 : 0) + (conda === undefined ? 1 : 0);
    const best = this.#best[place];
    const order = best === undefined ? 1 : (conda === undefined ? byRattler : byConda)(version, best.version);
    if (best === undefined || order === undefined || order > 0) this.#best[place] = { version, atMs };
    else if (order === 0) {
      // Two texts of one version: the same one is told whichever comes first.
      const told = text < best.version.text ? version : best.version;
      this.#best[place] = { version: told, atMs: Math.min(best.atMs, atMs) };
    }
  }

  /** @returns undefined where no version can be read */
  get(): { readonly version: string; readonly atMs: number } | undefined {
    const [conda, rattler, earlyConda, earlyRattler] = this.#best;
    const best = newerOf(conda, rattler) ?? newerOf(earlyConda, earlyRattler);
    return best === undefined ? undefined : { version: best.version.text, atMs: best.atMs };
  }
}

function newerOf(conda: Best | undefined, rattler: Best | undefined): Best | undefined {
  if (conda === undefined || rattler === undefined) return conda ?? rattler;
  return (byRattler(rattler.version, conda.version) ?? 0) > 0 ? rattler : conda;
}
