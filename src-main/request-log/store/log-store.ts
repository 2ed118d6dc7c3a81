/**
 * Answers from the databases, where this Node has SQLite, and from all other segments beside. Without databases the same
 * code reads every segment: slower, and the same answers. Invariant: a segment counts once, from the one or the other.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Answers } from './answers.ts';
import { isWithin, dayMs, daysOf } from './days.ts';
import { Holders, placeOfFile } from './holders.ts';
import { mergeParts } from './holding-parts.ts';
import { installedIn } from './installed-files.ts';
import { canKeep, readThrough, takeInClosed } from './keeping.ts';
import { clientsIn, hourBounds, hoursIn, isRowOf, monthRows, rowPlace } from './month-queries.ts';
import type { Place } from './page.ts';
import { comparePlaces, limitOf, pageOf, placeOf } from './page.ts';
import { rollUp } from './month-tallies.ts';
import { pruneIndex } from './retention.ts';
import { addUse, droppedIn, indexDaysIn, isFile, refusalsIn, tokenUsesIn } from './rollup-queries.ts';
import type {
  ClientFilter,
  ClientUse,
  FileQuery,
  Holding,
  IndexReport,
  IndexUse,
  IndexUseFilter,
  InstalledFile,
  InstalledWhere,
  Page,
  PageOf,
  Period,
  RefusalCount,
  RefusalFilter,
  Retention,
  RowFilter,
  RowStore,
  StoredRow,
  StoreSizes,
  TokenUse,
} from './row-store.ts';
import type { SegmentSource } from './segment-source.ts';
import { addClient, addRefusals, addTally, addTokenUse, clientOf, fileKey } from './segment-sums.ts';
import { Sizes } from './sizes.ts';
import { hasSqlite } from './sqlite-file.ts';
import { SqliteIndex } from './sqlite-index.ts';

export type StoreOptions = {
  /** Of the databases. */
  readonly dir: string;
  readonly source: SegmentSource;
  /** Of one query; 20 s. */
  readonly queryMs?: number;
  /** A damaged database, and where it is now. */
  readonly onDamaged?: (nowAt: string) => void;
  /** Of `rollUp`; a test's months are small. */
  readonly worthRolling?: number;
  /** Date.now where it is left out. */
  readonly now?: () => number;
};

/** At 50 million rows the slowest takes two. */
const defaultQueryMs = 20_000;

/** A store with databases where this Node has SQLite, else one that reads segments. */
export const openRowStore = (options: StoreOptions): RowStore => new LogStore(options, hasSqlite());
/** One that reads segments, whatever this Node has. */
export const openScanStore = (options: StoreOptions): RowStore => new LogStore(options, false);

class LogStore implements RowStore {
  readonly #source: SegmentSource;
  readonly #index: SqliteIndex | undefined;
  readonly #answers: Answers;
  readonly #worthRolling: number | undefined;
  readonly #now: () => number;
  /** Segments that were read to their end, so that their damage is known. */
  readonly #checked = new Set<string>();
  /** Since the last report. */
  readonly #setAside: string[] = [];

  constructor(options: StoreOptions, isIndexed: boolean) {
    const { dir, source, queryMs = defaultQueryMs, onDamaged, worthRolling, now = Date.now } = options;
    this.#source = source;
    this.#worthRolling = worthRolling;
    this.#now = now;
    const noteDamaged = (nowAt: string): void => {
      this.#setAside.push(nowAt);
      onDamaged?.(nowAt);
    };
    this.#index = isIndexed && canKeep(dir) ? new SqliteIndex(dir, noteDamaged) : undefined;
    this.#answers = new Answers(source, this.#index, queryMs);
  }

  async index(ended: readonly string[] = [], unchecked: readonly string[] = []): Promise<IndexReport> {
    const index = this.#index;
    let [segments, rows] = [0, 0];
    if (index !== undefined) {
      await this.#answers.repeated(() =>
        takeInClosed(index, this.#source, new Set(ended), (read) => {
          if (!read.isWhole) return;
          this.#checked.add(read.name);
          segments += 1;
          rows += read.rows.length;
        }),
      );
      const { file } = index.rollup;
      await this.#answers.repeated(() => mergeParts(file, this.#now(), nextTurn));
      await this.#answers.repeated(() => rollUp(file, this.#now(), nextTurn, this.#worthRolling));
    }
    await readThrough(this.#source, new Set(unchecked), this.#checked);
    return { segments, rows, setAside: this.#setAside.splice(0), damaged: [...(this.#source.damaged ?? [])] };
  }

  rows(filter: RowFilter, page?: PageOf): Promise<Page<StoredRow>> {
    return this.#answers.answer(async (limits, beside) => {
      const after = placeOf(page, 'nsn');
      const wanted = limitOf(page) + 1;
      const found: StoredRow[] = [];
      const { indexed, isInMonth } = this.#answers.inMonths(filter, (month) => {
        found.push(...monthRows(month, filter, after, wanted - found.length, limits));
        return found.length < wanted;
      });
      for await (const { name, rows } of beside(indexed)) {
        const fits = (row: StoredRow) =>
          isRowOf(row, filter) && (after === undefined || comparePlaces(rowPlace(row), after) > 0);
        for (const row of rows) if (fits(row) && !isInMonth(name, row.atMs)) found.push(row);
        keepFirst(found, wanted);
      }
      return pageOf(found, rowPlace, 'nsn', page);
    });
  }

  whoHas(file: FileQuery, period: Period = {}, page?: PageOf): Promise<Page<Holding>> {
    return this.#answers.answer(async (limits, beside) => {
      const holders = new Holders(limits);
      const indexed = this.#answers.inRollup((rollup) => holders.addRollup(rollup, file, period));
      for await (const { sums } of beside(indexed))
        for (const { day, ...found } of sums.holdings.values())
          if (isFile(found.file, file) && isDayOf(day, period)) holders.addBeside(found);
      return holders.page(page);
    });
  }

  installed(where: InstalledWhere, period: Period = {}, page?: PageOf): Promise<Page<InstalledFile>> {
    return this.#answers.answer(async (limits, beside) => {
      const groups = new Map<string, InstalledFile>();
      const after = placeOf(page, 'sssss');
      // One more than a page: what comes behind the last of them is on none of this page, whatever segments add to it.
      const indexed = this.#answers.inRollup((rollup) => {
        for (const found of installedIn(rollup, where, period, after, limitOf(page) + 1, limits))
          groups.set(fileKey(found.file), found);
      });
      for await (const { sums } of beside(indexed)) {
        for (const { day, subject, ...found } of sums.holdings.values()) {
          if (!isPlaceOf(subject, where) || !isDayOf(day, period)) continue;
          addTally(groups, fileKey(found.file), found);
        }
        limits.assertFits(groups.size);
      }
      return pageOf(groups.values(), ({ file }) => placeOfFile(file), 'sssss', page);
    });
  }

  refusals(filter: RefusalFilter = {}, page?: PageOf): Promise<Page<RefusalCount>> {
    return this.#answers.answer(async (limits, beside) => {
      const groups = new Map<string, RefusalCount>();
      const indexed = this.#answers.inRollup((rollup) => refusalsIn(rollup, filter, groups, limits));
      for await (const { sums } of beside(indexed)) {
        for (const found of sums.refusals.values()) {
          const isNamed = filter.policyName === undefined || found.policyName === filter.policyName;
          if (isNamed && isDayOf(found.dayMs / dayMs, filter)) addRefusals(groups, found);
        }
        limits.assertFits(groups.size);
      }
      const place = ({ dayMs: day, policyName, cause, environmentId }: RefusalCount): Place => [
        day,
        policyName,
        cause,
        environmentId,
      ];
      return pageOf(groups.values(), place, 'nsss', page);
    });
  }

  clients(filter: ClientFilter, page?: PageOf): Promise<Page<ClientUse>> {
    return this.#answers.answer(async (limits, beside) => {
      const groups = new Map<string, ClientUse>();
      const { indexed, isInMonth } = this.#answers.inMonths(filter, (month) =>
        clientsIn(month, filter, groups, limits),
      );
      for await (const { name, rows } of beside(indexed)) {
        for (const row of rows)
          if (isRowOf(row, filter) && !isInMonth(name, row.atMs)) addClient(groups, clientOf(row));
        limits.assertFits(groups.size);
      }
      const place = ({ lastMs, client, ciProject, ciJob }: ClientUse): Place => [
        lastMs,
        client,
        ciProject,
        ciJob,
      ];
      return pageOf(groups.values(), place, 'nsss', page);
    });
  }

  indexUse(filter: IndexUseFilter, page?: PageOf): Promise<Page<IndexUse>> {
    const { per, tokenId, channelId } = filter;
    return this.#answers.answer(async (limits, beside) => {
      const groups = new Map<number, IndexUse>();
      const { indexed, isInMonth } =
        per === 'day'
          ? {
              indexed: this.#answers.inRollup((rollup) => indexDaysIn(rollup, filter, groups, limits)),
              isInMonth: never,
            }
          : this.#answers.inMonths(hourBounds(filter), (month) => hoursIn(month, filter, groups, limits));
      for await (const { name, sums } of beside(indexed)) {
        for (const found of sums.hours.values()) {
          const { hourMs } = found;
          if (tokenId !== undefined && found.tokenId !== tokenId) continue;
          if (channelId !== undefined && found.channelId !== channelId) continue;
          if (isInMonth(name, hourMs)) continue;
          const day = Math.floor(hourMs / dayMs);
          const isIn = per === 'day' ? isDayOf(day, filter) : isWithin(hourMs, hourBounds(filter));
          if (isIn) addUse(groups, { ...found, fromMs: per === 'day' ? day * dayMs : hourMs });
        }
        limits.assertFits(groups.size);
      }
      return pageOf(groups.values(), ({ fromMs }) => [fromMs], 'n', page);
    });
  }

  tokenUses(tokenIds?: readonly string[], page?: PageOf): Promise<Page<TokenUse>> {
    const wanted = tokenIds === undefined ? undefined : new Set(tokenIds);
    return this.#answers.answer(async (limits, beside) => {
      const groups = new Map<string, TokenUse>();
      const named = wanted === undefined ? undefined : [...wanted];
      const indexed = this.#answers.inRollup((rollup) => tokenUsesIn(rollup, named, groups, limits));
      for await (const { sums } of beside(indexed)) {
        for (const found of sums.tokens.values())
          if (wanted === undefined || wanted.has(found.tokenId)) addTokenUse(groups, found);
        limits.assertFits(groups.size);
      }
      return pageOf(groups.values(), ({ tokenId }) => [tokenId], 's', page);
    });
  }

  droppedRows(period: Period = {}): Promise<number> {
    return this.#answers.answer(async (_limits, beside) => {
      let count = 0;
      const indexed = this.#answers.inRollup((rollup) => (count = droppedIn(rollup, period)));
      for await (const { sums } of beside(indexed))
        for (const [day, rows] of sums.dropped) if (isDayOf(day, period)) count += rows;
      return count;
    });
  }

  sizes(): Promise<StoreSizes> {
    return this.#answers.answer(async (_limits, beside) => {
      const sizes = new Sizes();
      if (this.#index !== undefined) sizes.addDatabases(this.#index);
      for await (const parsed of beside(this.#index?.indexed() ?? new Set())) sizes.addBeside(parsed);
      return sizes.sum();
    });
  }

  async prune(retention: Retention, nowMs: number): Promise<void> {
    const index = this.#index;
    if (index === undefined) return;
    await this.#answers.repeated(() => pruneIndex(index, retention, nowMs, nextTurn));
  }

  close(): void {
    this.#index?.close();
  }
}

const never = (): boolean => false;

function isDayOf(day: number, period: Period): boolean {
  const { from, to } = daysOf(period);
  return day >= from && day <= to;
}

function isPlaceOf(subject: Holding['subject'], where: InstalledWhere): boolean {
  if ('tokenId' in where) return subject.tokenId === where.tokenId;
  return 'teamId' in where
    ? subject.teamId === where.teamId && where.teamId !== ''
    : subject.environmentId === where.environmentId && where.environmentId !== '';
}

function keepFirst(rows: StoredRow[], count: number): void {
  rows.sort((a, b) => comparePlaces(rowPlace(a), rowPlace(b)));
  rows.length = Math.min(rows.length, count);
}
