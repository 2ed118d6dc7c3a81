/**
 * What is known about the licences of one page's files, and which are worth reading next. Runs in a worker. Invariant: what
 * one file of a release says is taken for all of it only to list them; a file is sent by what it says itself (handler.ts).
 */
import type { PackageFacts } from '../../../policy/packages/facts.ts';
import type { Verdict } from '../../../policy/packages/judge.ts';
import type { Pep440Version } from '../../../policy/pep440/version.ts';
import { comparePep440, isPrerelease, parsePep440 } from '../../../policy/pep440/version.ts';
import { fileKeyOf, nameKeyOf } from '../kept-file.ts';
import type { FileJson } from '../page-writer.ts';
import type { KnownLicense } from './license-book.ts';

/** So many of the newest releases that could be installed are read before a page is answered. */
const eagerReleases = 10;
/** And so many after it. */
const laterReleases = 100;

export type KnownLicenses = ReadonlyMap<string, KnownLicense>;
export type UnreadFile = { readonly filename: string; readonly version: string; readonly key: string };
export type Unread = { readonly now: readonly UnreadFile[]; readonly later: readonly UnreadFile[] };

type Release = {
  readonly text: string;
  isAllowed: boolean;
  best: (UnreadFile & { rank: number }) | undefined;
};

export const keyOfJson = ({ hashes, filename }: Pick<FileJson, 'hashes' | 'filename'>): string =>
  fileKeyOf(hashes) ?? nameKeyOf(filename);

export class ReleaseLicenses {
  readonly #known: KnownLicenses;
  readonly #byVersion = new Map<string, string>();
  readonly #releases = new Map<string, Release>();

  constructor(known: KnownLicenses) {
    this.#known = known;
    for (const { version, text } of known.values())
      if (!this.#byVersion.has(version)) this.#byVersion.set(version, text);
  }

  /** As facts have it. */
  of(
    file: Pick<FileJson, 'hashes' | 'filename'>,
    version: string,
  ): Pick<PackageFacts, 'license' | 'isLicenseUnread'> {
    const license = this.#known.get(keyOfJson(file))?.text ?? this.#byVersion.get(version);
    return license === undefined ? { isLicenseUnread: true } : { license };
  }

  judged(file: FileJson, { version, kind, isLicenseUnread }: PackageFacts, verdict: Verdict): void {
    let release = this.#releases.get(version);
    if (release === undefined) {
      release = { text: version, isAllowed: false, best: undefined };
      this.#releases.set(version, release);
    }
    // Nobody's client takes it by itself.
    if (file.yanked !== false) return;
    if (isLicenseUnread !== true) {
      if (verdict.effect === 'allow') release.isAllowed = true;
      return;
    }
    if (!isFreeButForLicense(verdict)) return;
    const rank = rankOf(file, kind);
    if (release.best === undefined || rank < release.best.rank)
      release.best = { filename: file.filename, version, key: keyOfJson(file), rank };
  }

  /** The newest releases that everything else allows, of which nobody knows the licence yet. */
  unread(): Unread {
    const [now, later]: UnreadFile[][] = [[], []];
    let good = 0;
    for (const { isAllowed, best } of newestFirst([...this.#releases.values()]).slice(0, laterReleases)) {
      const isEager = good < eagerReleases;
      if (isAllowed || best !== undefined) good += 1;
      if (isAllowed || best === undefined) continue;
      const { filename, version, key } = best;
      (isEager ? now : later)?.push({ filename, version, key });
    }
    return { now: now ?? [], later: later ?? [] };
  }
}

const isFreeButForLicense = ({ reasons }: Verdict): boolean =>
  reasons.every(
    (reason) =>
      reason.mode === 'observe' || (reason.rule === 'package.license' && reason.evidence.isUnread === true),
  );

/** What is read with the least. */
function rankOf(file: FileJson, kind: PackageFacts['kind']): number {
  if (kind === 'wheel') return file['core-metadata'] === false ? 1 : 0;
  return file.filename.endsWith('.gz') ? 2 : 3;
}

/** As clients choose: pre-releases come last, and what is no version behind them. */
function newestFirst(releases: readonly Release[]): readonly Release[] {
  return releases
    .map((release) => ({ release, version: parsePep440(release.text) }))
    .toSorted((a, b) => {
      if (a.version === undefined || b.version === undefined)
        return Number(a.version === undefined) - Number(b.version === undefined);
      return order(a.version, b.version);
    })
    .map(({ release }) => release);
}

function order(a: Pep440Version, b: Pep440Version): number {
  return Number(isPrerelease(a)) - Number(isPrerelease(b)) || comparePep440(b, a);
}
