/** The newest version of names in the rows of an index, and when it came. Runs in a worker. */
import { NewestVersion, VersionReader } from '../../policy/conda/newest-version.ts';
import type { PackageFacts } from '../../policy/packages/facts.ts';
import type { RowColumns } from './row-columns.ts';
import { Texts } from './row-columns.ts';

/** What it is found by: memory that threads share. */
export type NewestColumns = Pick<
  RowColumns,
  'nameIds' | 'versionIds' | 'timesMs' | 'byName' | 'nameFirsts' | 'versions'
>;

type Newest = PackageFacts['newest'];

export class NewestRows {
  readonly #columns: NewestColumns;
  readonly #versions: Texts;
  readonly #reader = new VersionReader();
  /** Rows of one name are asked about together, or few rows are. */
  #last: { readonly nameId: number; readonly newest: Newest } | undefined;

  constructor(columns: NewestColumns) {
    this.#columns = columns;
    this.#versions = new Texts(columns.versions);
  }

  /** @param row of the name; undefined where none of its versions can be read */
  of(row: number): Newest {
    const nameId = this.#columns.nameIds[row] ?? 0;
    if (this.#last?.nameId !== nameId) this.#last = { nameId, newest: this.#find(nameId) };
    return this.#last.newest;
  }

  #find(nameId: number): Newest {
    const { byName, nameFirsts, versionIds, timesMs } = this.#columns;
    /** The earliest of each version. */
    const times = new Map<number, number>();
    for (const row of byName.subarray(nameFirsts[nameId], nameFirsts[nameId + 1])) {
      const version = versionIds[row] ?? 0;
      const atMs = timesMs[row] ?? 0;
      const known = times.get(version);
      if (known === undefined || atMs < known) times.set(version, atMs);
    }
    const newest = new NewestVersion(this.#reader);
    for (const [version, atMs] of times) newest.add(this.#versions.get(version), atMs);
    return newest.get();
  }
}
