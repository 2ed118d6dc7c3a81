/**
 * Lists that stay sorted while single entries come and go. Looking is a binary search; a change moves memory, which for
 * a hundred thousand entries costs microseconds; a change of many entries is one merge.
 */
import type { Steps } from '../base/steps.ts';
import { finish } from '../base/steps.ts';

/** From so many changes at once on, one merge is cheaper than a move for each. */
const mergeFrom = 32;

/** Sorted within a few milliseconds. */
const itemsPerStep = 4096;

/** Entries in a total order: `compare` is 0 only for an entry and itself. */
export class SortedList<T> {
  #items: T[];
  readonly #compare: (a: T, b: T) => number;

  constructor(items: Iterable<T>, compare: (a: T, b: T) => number) {
    this.#items = [...items].toSorted(compare);
    this.#compare = compare;
  }

  /** The same, a few milliseconds at a time. */
  static *inSteps<T>(items: readonly T[], compare: (a: T, b: T) => number): Generator<void, SortedList<T>> {
    let runs: T[][] = [];
    for (let from = 0; from < items.length; from += itemsPerStep) {
      runs.push(items.slice(from, from + itemsPerStep).toSorted(compare));
      yield;
    }
    while (runs.length > 1) {
      const longer: T[][] = [];
      for (let at = 0; at < runs.length; at += 2) {
        const [a, b] = [runs[at] as T[], runs[at + 1]];
        longer.push(b === undefined ? a : yield* mergeInSteps(a, b, compare));
        yield;
      }
      runs = longer;
    }
    const list = new SortedList<T>([], compare);
    list.#items = runs[0] ?? [];
    return list;
  }

  get items(): readonly T[] {
    return this.#items;
  }

  /** @param removed entries of the list, as they were put in */
  update(removed: readonly T[], added: readonly T[]): void {
    if (removed.length + added.length >= mergeFrom) {
      const gone = new Set(removed);
      const kept = gone.size === 0 ? this.#items : this.#items.filter((item) => !gone.has(item));
      this.#items = merge(kept, added.toSorted(this.#compare), this.#compare);
      return;
    }
    for (const item of removed) {
      const at = placeOf(this.#items, item, this.#compare);
      if (this.#items[at] === item) this.#items.splice(at, 1);
    }
    for (const item of added) this.#items.splice(placeOf(this.#items, item, this.#compare), 0, item);
  }
}

/** Moments in ascending order; the same one may be there several times. */
export class SortedTimes {
  #times: number[] = [];

  get size(): number {
    return this.#times.length;
  }

  /** How many are at or before a moment. */
  countUntil(atMs: number): number {
    return placeOf(this.#times, atMs, (time, moment) => (time <= moment ? -1 : 1));
  }

  update(removed: readonly number[], added: readonly number[]): void {
    if (removed.length + added.length >= mergeFrom) {
      const kept = removed.length === 0 ? this.#times : without(this.#times, removed);
      // Typed arrays sort numbers without asking a function, several times as fast.
      const sorted = Array.from(Float64Array.from(added).sort());
      this.#times = kept.length === 0 ? sorted : merge(kept, sorted, ascending);
      return;
    }
    for (const time of removed) {
      const at = placeOf(this.#times, time, ascending);
      if (this.#times[at] === time) this.#times.splice(at, 1);
    }
    for (const time of added) this.#times.splice(placeOf(this.#times, time, ascending), 0, time);
  }
}

/** Each removed moment once. */
function without(times: readonly number[], removed: readonly number[]): number[] {
  const gone = new Map<number, number>();
  for (const time of removed) gone.set(time, (gone.get(time) ?? 0) + 1);
  return times.filter((time) => {
    const left = gone.get(time) ?? 0;
    if (left > 0) gone.set(time, left - 1);
    return left === 0;
  });
}

const ascending = (a: number, b: number): number => a - b;

/** The first place whose entry is not before `item`. */
function placeOf<T>(items: readonly T[], item: T, compare: (a: T, b: T) => number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(items[middle] as T, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function merge<T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number): T[] {
  return finish(mergeInSteps(a, b, compare));
}

/** The last merge of a list is of all of it. */
function* mergeInSteps<T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  const merged: T[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const isOfA = j >= b.length || (i < a.length && compare(a[i] as T, b[j] as T) <= 0);
    merged.push(isOfA ? (a[i++] as T) : (b[j++] as T));
    if (merged.length % itemsPerStep === 0) yield;
  }
  return merged;
}
