/**
 * The databases of closed segments: one of rows per month, one rollup. Invariant: a segment goes into the months first
 * and into the rollup last, each in one transaction that does nothing where the segment is; so a kill anywhere is
 * repeated and never doubled. Segments that the rollup does not name are read beside.
 */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, isSystemError } from '../../disk/disk-error.ts';
import { makeFolderSync } from '../../disk/make-folder.ts';
import { isWithin, monthEndMs, monthOf, monthStartMs } from './days.ts';
import { MonthFile } from './month-file.ts';
import type { ParsedSegment } from './parsed-segments.ts';
import { RollupFile } from './rollup-file.ts';
import type { Period, StoredRow } from './row-store.ts';
import type { HourUse } from './segment-sums.ts';

/** Of another form: another folder beside. Segments fill it anew. */
const formFolder = 'v2';
/** Of forms that were never released. */
const oldFolders = ['v1'];
const monthName = /^rows-(\d{4}-\d{2})\.sqlite$/;
const nameOfMonth = (month: string): string => `rows-${month}.sqlite`;
/** Open at once; each has a few file descriptors and 16 MB of pages. */
const maxOpenMonths = 6;

export class SqliteIndex {
  readonly dir: string;
  readonly rollup: RollupFile;
  readonly #months = new Map<string, MonthFile>();
  readonly #onDamaged: (nowAt: string) => void;

  /** @param dir of the store; made here */
  constructor(dir: string, onDamaged: (nowAt: string) => void) {
    this.dir = join(dir, formFolder);
    makeFolderSync(this.dir);
    for (const old of oldFolders) removeOld(join(dir, old));
    this.#onDamaged = onDamaged;
    this.rollup = new RollupFile(join(this.dir, 'rollup.sqlite'), onDamaged);
  }

  /** Names of segments that the rollup has, and the months that should have each. */
  segments(): readonly [Set<string>, ReturnType<RollupFile['monthsOfSegments']>] {
    const { file, names } = this.rollup;
    return file.read(() => [names.segmentNames(), this.rollup.monthsOfSegments()]);
  }

  /** Names of segments that are in it whole. A month that was damaged, and set aside, has none. */
  indexed(): Set<string> {
    const [found, places] = this.segments();
    const inMonths = new Map<string, ReadonlySet<string>>();
    for (const [segment, name] of places) {
      const month = this.month(name);
      const there = inMonths.get(name) ?? month.file.read(() => month.names.segmentNames());
      inMonths.set(name, there);
      if (!there.has(segment)) found.delete(segment);
    }
    return found;
  }

  add({ name, rows, sums }: ParsedSegment): void {
    const months = new Map<string, { readonly rows: StoredRow[]; readonly hours: HourUse[] }>();
    const of = (atMs: number) => {
      const month = monthOf(atMs);
      const found = months.get(month) ?? { rows: [], hours: [] };
      months.set(month, found);
      return found;
    };
    for (const row of rows) of(row.atMs).rows.push(row);
    for (const hour of sums.hours.values()) of(hour.hourMs).hours.push(hour);
    for (const [month, part] of months) this.month(month).add(name, part.rows, part.hours);
    this.rollup.add(name, months.keys(), sums);
  }

  /**
   * Months that have rows of a period, the newest first.
   * @param named that should be there
   */
  monthsOf(period: Period, named: readonly string[] = []): readonly string[] {
    const there = readdirSync(this.dir).flatMap((name) => monthName.exec(name)?.[1] ?? []);
    return [...new Set([...there, ...named])]
      .filter(
        (month) =>
          (period.toMs === undefined || monthStartMs(month) < period.toMs) &&
          (isWithin(monthStartMs(month), period) || monthEndMs(month) > (period.fromMs ?? 0)),
      )
      .sort()
      .toReversed();
  }

  month(month: string): MonthFile {
    const known = this.#months.get(month);
    const file = known ?? new MonthFile(join(this.dir, nameOfMonth(month)), month, this.#onDamaged);
    this.#months.delete(month);
    this.#months.set(month, file);
    for (const [oldest, other] of this.#months) {
      if (this.#months.size <= maxOpenMonths) break;
      this.#months.delete(oldest);
      other.file.close();
    }
    return file;
  }

  /** Where others have it open, it is gone for good when they close it. */
  removeMonth(month: string): void {
    this.rollup.forgetMonth(month);
    this.#months.get(month)?.file.close();
    this.#months.delete(month);
    for (const end of ['', '-wal', '-shm'])
      rmSync(join(this.dir, `${nameOfMonth(month)}${end}`), { force: true });
  }

  /** Of all months, and of the rollup, with what SQLite has not put in its place yet. */
  sizes(): { readonly rowsBytes: number; readonly rollupBytes: number } {
    const sum = (names: readonly string[]) => names.reduce((bytes, name) => bytes + this.#sizeOf(name), 0);
    const names = readdirSync(this.dir).filter((name) => /\.sqlite(?:-wal)?$/.test(name));
    return {
      rowsBytes: sum(names.filter((name) => name.startsWith('rows-'))),
      rollupBytes: sum(names.filter((name) => name.startsWith('rollup.'))),
    };
  }

  #sizeOf(name: string): number {
    try {
      return statSync(join(this.dir, name)).size;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return 0;
      throw error;
    }
  }

  close(): void {
    this.rollup.file.close();
    for (const month of this.#months.values()) month.file.close();
    this.#months.clear();
  }
}

function removeOld(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    // Somebody has it open, and is of that form: it does no harm.
    if (!isSystemError(error)) throw error;
  }
}
