/**
 * The names of an index as texts. Made once on each thread for all policies that are asked about the same index: what is
 * made of 30,000 names takes longer than to judge them.
 */
import { LRUCache } from 'lru-cache';
import type { NameList } from '../../policy/packages/rule-judge.ts';
import type { TextBuffers } from './entry-scanner.ts';
import { Texts } from './row-columns.ts';

/** Of their bytes; as texts, with what finds them, they take five times that. Two of conda-forge's largest. */
const maxBytes = 2 * 1024 * 1024;
const kept = new LRUCache<string, RowNames>({
  maxSize: maxBytes,
  // The last stays even if it is alone too heavy.
  sizeCalculation: ({ textBytes }) => Math.min(maxBytes, textBytes + 1),
});

export class RowNames implements NameList {
  readonly all: readonly string[];
  readonly textBytes: number;
  #numbers: ReadonlyMap<string, number> | undefined;

  /** @param digest of the rows that they are from (stored-rows.ts) */
  static of(digest: string, texts: TextBuffers): RowNames {
    let names = kept.get(digest);
    if (names === undefined) {
      names = new RowNames(texts);
      kept.set(digest, names);
    }
    return names;
  }

  constructor(texts: TextBuffers) {
    this.all = new Texts(texts).all();
    this.textBytes = texts.bytes.byteLength;
  }

  numberOf(name: string): number | undefined {
    this.#numbers ??= new Map(this.all.map((text, number) => [text, number]));
    return this.#numbers.get(name);
  }
}
