/**
 * Rows of the indexes that policies speak about, for all channels together. Invariant: they are made once however many wait
 * for them; those of an older version of a document are gone before the new ones are made, and with rows all forms that
 * stand on them; memory is bounded, and the least used goes first.
 */
import { LRUCache } from 'lru-cache';
import type { KeptForms } from '../documents/policy-forms.ts';
import type { IndexForm } from './index-form.ts';
import type { StoredRows } from './stored-rows.ts';

/** What rows are made from, and the forms that stand on them. */
export type RowsSource = { readonly forms: KeptForms<IndexForm> };
type Entry = { readonly source: RowsSource; readonly rows: StoredRows };
type Making = { readonly source: RowsSource; readonly rows: Promise<StoredRows> };

/** Two of conda-forge's largest. What does not fit is made again when it is asked for. */
const maxBytes = 640 * 1024 * 1024;

export class IndexStore {
  readonly #kept: LRUCache<string, Entry>;
  readonly #making = new Map<string, Making>();

  constructor(bytes: number = maxBytes) {
    this.#kept = new LRUCache<string, Entry>({
      maxSize: bytes,
      // The newest stays even if it is alone too heavy: it was asked for.
      sizeCalculation: ({ rows }) => Math.min(bytes, rows.weightBytes + 1),
      // One that only grew is put again.
      dispose: ({ source }, _key, reason) => {
        if (reason !== 'set') source.forms.clear();
      },
    });
  }

  /**
   * The rows of a document.
   * @param source this version of it
   * @throws what `make` throws
   */
  get(
    owner: string,
    document: string,
    source: RowsSource,
    make: () => Promise<StoredRows>,
  ): StoredRows | Promise<StoredRows> {
    const key = `${owner}\0${document}`;
    const kept = this.#kept.get(key);
    if (kept?.source === source) return kept.rows;
    this.#kept.delete(key);
    let making = this.#making.get(key);
    if (making?.source !== source) {
      const made: Making = { source, rows: make() };
      making = made;
      this.#making.set(key, made);
      const isCurrent = () => this.#making.get(key) === made;
      made.rows.then(
        (rows) => {
          // A newer version may have come meanwhile.
          if (!isCurrent()) return;
          this.#making.delete(key);
          this.#kept.delete(key);
          this.#kept.set(key, { source, rows });
          rows.onGrow(() => {
            if (this.#kept.peek(key)?.rows === rows) this.#kept.set(key, { source, rows });
          });
        },
        () => {
          if (isCurrent()) this.#making.delete(key);
        },
      );
    }
    return making.rows;
  }

  /** Those of a channel's documents that are here now. */
  of(owner: string): readonly StoredRows[] {
    const all = [...this.#kept.entries()];
    return all.flatMap(([key, { rows }]) => (key.startsWith(`${owner}\0`) ? [rows] : []));
  }

  /** A form of a document was asked for: its rows are of use. */
  touch(owner: string, document: string): void {
    this.#kept.get(`${owner}\0${document}`);
  }

  /** All that is kept. */
  get bytes(): number {
    return this.#kept.calculatedSize;
  }

  /** Forgets a document. */
  delete(owner: string, document: string): void {
    this.#kept.delete(`${owner}\0${document}`);
  }
}
