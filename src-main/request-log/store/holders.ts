/**
 * Who fetched a file: groups of the rollup by their numbers, and those of segments beside. Only those of the page that is
 * shown get their names: of a package that everybody has there are tens of thousands.
 */
import { daysOf } from './days.ts';
import type { HeldRecord } from './holding-parts.ts';
import { holdersOf } from './holding-parts.ts';
import type { Limits } from './limits.ts';
import type { Place } from './page.ts';
import { comparePlaces, limitOf, pageOf, placeOf } from './page.ts';
import type { RollupFile } from './rollup-file.ts';
import type { FileQuery, Holding, LoggedFile, Page, PageOf, Period } from './row-store.ts';
import { addTally, fileKey, subjectKey } from './segment-sums.ts';
import { DamagedFile } from './sqlite-file.ts';

const like = 'nssssssss';
/** Of files and subjects; two of them make a number that JavaScript counts to. */
const maxId = 2 ** 26;
const keyOf = (file: number, subject: number): number => file * maxId + subject;

/** In the order of a page. */
export const placeOfFile = ({ ecosystem, name, version, filename, sha256 }: LoggedFile) =>
  [ecosystem, name, version, filename, sha256] as const;
const placeOfHolding = ({ lastMs, file, subject: { tokenId, environmentId, teamId } }: Holding): Place => [
  lastMs,
  ...placeOfFile(file),
  tokenId,
  environmentId,
  teamId,
];

export class Holders {
  readonly #limits: Limits;
  readonly #records: HeldRecord[] = [];
  readonly #beside = new Map<string, Holding>();
  #rollup: RollupFile | undefined;
  /** Of the database that the numbers are of. */
  #inode = 0n;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** In a transaction. */
  addRollup(rollup: RollupFile, query: FileQuery, period: Period): void {
    this.#rollup = rollup;
    this.#inode = rollup.file.inode;
    const { from, to } = daysOf(period);
    for (const found of holdersOf(rollup.file, rollup.names.fileIds(query), from, to, this.#limits)) {
      this.#records.push(found);
      this.#limits.assertFits(this.#records.length);
    }
  }

  addBeside(found: Holding): void {
    addTally(this.#beside, `${fileKey(found.file)}\u0000${subjectKey(found.subject)}`, found);
    this.#limits.assertFits(this.#beside.size);
  }

  /** @throws DamagedFile where the database was replaced meanwhile */
  page(page: PageOf | undefined): Page<Holding> {
    const after = placeOf(page, like);
    const rollup = this.#rollup;
    const ofRollup = rollup === undefined ? [] : rollup.file.read(() => this.#named(rollup, after, page));
    return pageOf([...ofRollup, ...this.#beside.values()], placeOfHolding, like, page);
  }

  /** Those of the rollup that may be on the page; what segments add to one of them is added, and not told on its own. */
  #named(rollup: RollupFile, after: Place | undefined, page: PageOf | undefined): readonly Holding[] {
    const { file, names } = rollup;
    if (file.inode !== this.#inode) throw new DamagedFile(file.path, new Error('replaced'));
    const named = ([fileId, subjectId, count, bytes, firstMs, lastMs]: HeldRecord): Holding => ({
      file: names.loggedFile(fileId),
      subject: names.subject(subjectId),
      count,
      bytes,
      firstMs,
      lastMs,
    });
    const isTold = this.#joined(rollup);
    const afterMs = after === undefined ? Number.MAX_SAFE_INTEGER : Number(after[0]);
    const left = this.#records.filter((record) => {
      if (isTold.has(keyOf(record[0], record[1])) || record[5] > afterMs) return false;
      return (
        record[5] < afterMs || after === undefined || comparePlaces(placeOfHolding(named(record)), after) > 0
      );
    });
    // The last one that can be on the page, or begin the next; others of its millisecond with it.
    const times = Float64Array.from(left, (record) => record[5]).sort();
    const leastMs = times.at(-limitOf(page) - 1) ?? 0;
    return left.filter((record) => record[5] >= leastMs).map(named);
  }

  /** Adds to each group of a segment what the rollup has of it. @returns the groups that were so found */
  #joined({ names }: RollupFile): ReadonlySet<number> {
    const joined = new Set<number>();
    if (this.#beside.size === 0) return joined;
    const known = new Map(this.#records.map((record) => [keyOf(record[0], record[1]), record]));
    for (const [key, { file, subject }] of this.#beside) {
      const [fileId, subjectId] = [names.fileId(file), names.subjectId(subject)];
      const record =
        fileId === undefined || subjectId === undefined ? undefined : known.get(keyOf(fileId, subjectId));
      if (record === undefined) continue;
      const [, , count, bytes, firstMs, lastMs] = record;
      addTally(this.#beside, key, { file, subject, count, bytes, firstMs, lastMs });
      joined.add(keyOf(record[0], record[1]));
    }
    return joined;
  }
}
