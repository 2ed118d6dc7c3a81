/**
 * How a question is put to all segments: to the databases, and to what is not in them yet, beside. Invariant: a segment
 * counts once, from the one or the other; where a database is found damaged meanwhile, all is asked again.
 */
import { monthOf } from './days.ts';
import type { Limits } from './limits.ts';
import { limitsFor } from './limits.ts';
import type { MonthFile } from './month-file.ts';
import type { ParsedSegment } from './parsed-segments.ts';
import { ParsedSegments } from './parsed-segments.ts';
import type { Period } from './row-store.ts';
import type { SegmentInfo, SegmentSource } from './segment-source.ts';
import { DamagedFile } from './sqlite-file.ts';
import type { SqliteIndex } from './sqlite-index.ts';

/** Each of the databases may be found damaged, one after the other. */
const attempts = 8;

/** Segments but those that are named. */
export type Beside = (indexed: ReadonlySet<string>) => AsyncIterable<ParsedSegment>;

export class Answers {
  readonly #source: SegmentSource;
  readonly #index: SqliteIndex | undefined;
  readonly #parsed: ParsedSegments;
  readonly #queryMs: number;

  constructor(source: SegmentSource, index: SqliteIndex | undefined, queryMs: number) {
    this.#source = source;
    this.#index = index;
    this.#parsed = new ParsedSegments(source);
    this.#queryMs = queryMs;
  }

  /** @returns the segments that the rollup answered for */
  inRollup(work: (rollup: SqliteIndex['rollup']) => void): ReadonlySet<string> {
    const rollup = this.#index?.rollup;
    if (rollup === undefined) return new Set();
    return rollup.file.read(() => {
      work(rollup);
      return rollup.names.segmentNames();
    });
  }

  /**
   * Asks the months of a period, the newest first.
   * @param work false: older ones are not needed
   * @returns the segments that are in all of the months that were asked and should have them, and which month has another
   */
  inMonths(period: Period, work: (month: MonthFile) => boolean | void) {
    const index = this.#index;
    const inMonths = new Map<string, ReadonlySet<string>>();
    const [indexed, places] = index?.segments() ?? [new Set<string>(), []];
    const named = places.map(([, month]) => month);
    for (const name of index?.monthsOf(period, named) ?? []) {
      const month = index?.month(name);
      const goesOn = month?.file.read(() => {
        inMonths.set(name, month.names.segmentNames());
        return work(month);
      });
      if (goesOn === false) break;
    }
    for (const [segment, month] of places)
      if (inMonths.get(month)?.has(segment) === false) indexed.delete(segment);
    const isInMonth = (segment: string, atMs: number) => inMonths.get(monthOf(atMs))?.has(segment) === true;
    return { indexed, isInMonth };
  }

  /** Lists segments before anything is asked: one that is taken in meanwhile is known to the database, and not read. */
  answer<T>(work: (limits: Limits, beside: Beside) => Promise<T>): Promise<T> {
    const limits = limitsFor(this.#queryMs);
    return this.repeated(async () => {
      const segments = await this.#source.segments();
      this.#parsed.keepOnly(new Set(segments.map(({ name }) => name)));
      return work(limits, (indexed) => this.#beside(segments, indexed, limits));
    });
  }

  async *#beside(
    segments: readonly SegmentInfo[],
    indexed: ReadonlySet<string>,
    limits: Limits,
  ): AsyncGenerator<ParsedSegment> {
    for (const info of segments) {
      if (indexed.has(info.name)) continue;
      limits.assertInTime();
      // oxlint-disable-next-line no-await-in-loop
      yield await this.#parsed.get(info);
    }
  }

  /** Again where a database was damaged: it is empty now, and segments are read beside. */
  async repeated<T>(work: () => Promise<T> | T): Promise<T> {
    for (let left = attempts; ; left -= 1) {
      try {
        // oxlint-disable-next-line no-await-in-loop
        return await work();
      } catch (error) {
        if (!(error instanceof DamagedFile) || left === 1) throw error;
      }
    }
  }
}
