/** How much room the answers take, and about how much of it the days that they are of have added. */
import { dayOf } from './days.ts';
import type { ParsedSegment } from './parsed-segments.ts';
import type { StoreSizes } from './row-store.ts';
import type { SqliteFile } from './sqlite-file.ts';
import type { SqliteIndex } from './sqlite-index.ts';

/** What one takes in a database, with its indexes and names: measured, see docs/figures.md. */
const [rowBytes, holdingBytes] = [130, 300];
/** As many are counted; where there are more, pages say how much they take. */
const countedHoldings = 1000;

export class Sizes {
  #rows = 0;
  #besideRows = 0;
  #rowsAdded = 0;
  #rollupAdded = 0;
  readonly #rowDays = new Set<number>();
  readonly #rollupDays = new Set<number>();
  #onDisk = { rowsBytes: 0, rollupBytes: 0 };

  addDatabases(index: SqliteIndex): void {
    for (const name of index.monthsOf({})) {
      const month = index.month(name);
      month.file.read(() => {
        let rows = 0;
        for (const found of month.file.statement('SELECT day, rows FROM row_days').iterate()) {
          const [day, count] = found as unknown as [number, number];
          this.#rowDays.add(day);
          rows += count;
        }
        this.#rows += rows;
        this.#rowsAdded += Math.max(usedBytes(month.file), rows * rowBytes);
      });
    }
    const { file } = index.rollup;
    file.read(() => {
      for (const found of file.statement('SELECT day FROM days').iterate())
        this.#rollupDays.add((found as unknown as [number])[0]);
      const some = file.statement(`SELECT count(*) FROM (SELECT 1 FROM holdings LIMIT ${countedHoldings})`);
      const [holdings] = some.get() as unknown as [number];
      this.#rollupAdded += Math.max(usedBytes(file), holdings * holdingBytes);
    });
    this.#onDisk = index.sizes();
  }

  /** A segment that is in no database yet: what it will add there. */
  addBeside({ rows, sums }: ParsedSegment): void {
    this.#besideRows += rows.length;
    this.#rowsAdded += rows.length * rowBytes;
    this.#rollupAdded += sums.holdings.size * holdingBytes;
    for (const { atMs } of rows) this.#rowDays.add(dayOf(atMs));
    for (const { day } of sums.holdings.values()) this.#rollupDays.add(day);
    for (const { hourMs } of sums.hours.values()) this.#rollupDays.add(dayOf(hourMs));
    for (const { dayMs } of sums.refusals.values()) this.#rollupDays.add(dayOf(dayMs));
  }

  sum(): StoreSizes {
    return {
      rows: this.#rows,
      besideRows: this.#besideRows,
      rowsDays: this.#rowDays.size,
      rollupDays: this.#rollupDays.size,
      ...this.#onDisk,
      added: {
        rowsBytes: this.#rowsAdded,
        rowsOf: [...this.#rowDays],
        rollupBytes: this.#rollupAdded,
        rollupOf: [...this.#rollupDays],
      },
    };
  }
}

/** Of what stands in it: not the pages that an empty one has too, nor free ones. */
function usedBytes(file: SqliteFile): number {
  const sql = `SELECT (page_count - freelist_count - 2 - (SELECT count(*) FROM sqlite_schema WHERE rootpage > 0)) * page_size
    FROM pragma_page_count, pragma_freelist_count, pragma_page_size`;
  const [bytes] = file.statement(sql).get() as unknown as [number];
  return Math.max(0, bytes);
}
