/**
 * What an index has, whatever policies say: its rows and the bytes of its entries. Invariant: every entry has a time that
 * its author did not set, no link and no key twice; the bytes never change.
 */
import type { TextBuffers } from './entry-scanner.ts';
import { splitEntry } from './entry-facts.ts';
import { FileRows } from './file-rows.ts';
import type { RowColumns, RowContainer } from './row-columns.ts';
import { Texts } from './row-columns.ts';
import type { RowDependencies } from './row-dependencies.ts';
import type { RowsResult } from './rows-reader.ts';

export class StoredRows {
  /** Of the document and all times. */
  readonly digest: string;
  readonly columns: RowColumns;
  readonly hasRevision: boolean;
  /** Files that were taken out of the index; undefined where it does not say. */
  readonly removed: readonly string[] | undefined;
  readonly #pieces: readonly Uint8Array[];
  /** Where each piece begins. */
  readonly #firsts: Float64Array;
  readonly #files: FileRows;
  readonly #names: Texts;
  readonly #versions: Texts;
  #removedSet: ReadonlySet<string> | undefined;
  #dependencies: Promise<RowDependencies> | undefined;
  readonly #ownBytes: number;
  #dependencyBytes = 0;
  #onGrow: () => void = () => undefined;

  /** @param digest of the document that they are from */
  constructor(digest: string, pieces: readonly Uint8Array[], result: RowsResult) {
    this.digest = `${digest}-${result.digest}`;
    this.columns = result.columns;
    this.hasRevision = result.hasRevision;
    this.removed = result.hasRemoved ? result.removed : undefined;
    this.#pieces = pieces;
    this.#firsts = new Float64Array(pieces.length);
    let bytes = 0;
    for (const [index, piece] of pieces.entries()) {
      this.#firsts[index] = bytes;
      bytes += piece.length;
    }
    this.#files = new FileRows(result.columns.files);
    this.#names = new Texts(result.columns.names);
    this.#versions = new Texts(result.columns.versions);
    this.#ownBytes = bytes + columnBytes(result.columns) + this.#files.weightBytes;
  }

  get weightBytes(): number {
    return this.#ownBytes + this.#dependencyBytes;
  }

  /** @param listener called when they weigh more */
  onGrow(listener: () => void): void {
    this.#onGrow = listener;
  }

  get count(): number {
    return this.columns.count;
  }

  get containers(): readonly RowContainer[] {
    return this.columns.containers;
  }

  /** Distinct ones, in lower case. */
  names(): readonly string[] {
    return this.#names.all();
  }

  nameOf(row: number): string {
    return this.#names.get(this.columns.nameIds[row] ?? 0);
  }

  versionOf(row: number): string {
    return this.#versions.get(this.columns.versionIds[row] ?? 0);
  }

  containerOf(row: number): RowContainer {
    const found = this.containers.find(({ first, end }) => row >= first && row < end);
    if (found === undefined) throw new RangeError('No such row.');
    return found;
  }

  /** All rows of a name, in the order of the document. */
  rowsOfName(name: string): Uint32Array {
    const number = this.#names.find(name);
    if (number === undefined) return new Uint32Array(0);
    const { byName, nameFirsts } = this.columns;
    return byName.subarray(nameFirsts[number], nameFirsts[number + 1]);
  }

  rowOf(filename: string): number | undefined {
    return this.#files.rowOf(filename, (row) => {
      const { extension } = this.containerOf(row);
      const { key } = this.keyAndRecord(row);
      return filename === (extension === undefined ? key : `${key}.${extension}`);
    });
  }

  /** Whether the index has a record of a file that cannot be relied on, and none that can. */
  isUnusable(filename: string): boolean {
    return this.#files.hasWithoutRow(filename) && this.rowOf(filename) === undefined;
  }

  /** What they depend on; made once for all who ask. @throws what `make` throws, and is made again */
  dependencies(make: () => Promise<RowDependencies>): Promise<RowDependencies> {
    if (this.#dependencies === undefined) {
      const made = make();
      this.#dependencies = made;
      made.then(
        (found) => {
          this.#dependencyBytes = dependencyBytes(found);
          this.#onGrow();
        },
        () => (this.#dependencies = undefined),
      );
    }
    return this.#dependencies;
  }

  wasRemoved(filename: string): boolean {
    this.#removedSet ??= new Set(this.removed);
    return this.#removedSet.has(filename);
  }

  /** `"key": { … }`, a view where it stands in one piece. */
  entryOf(row: number): Uint8Array {
    const [first, ...more] = this.views(this.columns.starts[row] ?? 0, this.columns.ends[row] ?? 0);
    if (first === undefined) throw new RangeError('No such row.');
    return more.length === 0 ? first : new Uint8Array(Buffer.concat([first, ...more]));
  }

  /** The key as it stands in its container (without extension in `v3`), and the record's JSON. */
  keyAndRecord(row: number): { readonly key: string; readonly record: Uint8Array } {
    return splitEntry(this.entryOf(row));
  }

  /** Views of what stands there, piece by piece. */
  *views(start: number, end: number): Generator<Uint8Array> {
    let low = 0;
    let high = this.#firsts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#firsts[middle] ?? 0) <= start) low = middle;
      else high = middle - 1;
    }
    for (let piece = low, from = start; from < end; piece += 1) {
      const bytes = this.#pieces[piece];
      if (bytes === undefined) throw new RangeError('There is no more.');
      const first = this.#firsts[piece] ?? 0;
      yield bytes.subarray(from - first, end - first);
      from = first + bytes.length;
    }
  }
}

const texts = ({ bytes, offsets }: TextBuffers): number => bytes.byteLength + offsets.byteLength;

function dependencyBytes({ specs, specFirsts, bySpec, builds, buildIds }: RowDependencies): number {
  return texts(specs) + specFirsts.byteLength + bySpec.byteLength + texts(builds) + buildIds.byteLength;
}

function columnBytes(columns: RowColumns): number {
  return (
    columns.count * (6 * Uint32Array.BYTES_PER_ELEMENT + Float64Array.BYTES_PER_ELEMENT) +
    columns.nameFirsts.byteLength +
    texts(columns.names) +
    texts(columns.versions) +
    texts(columns.licenses)
  );
}
