/** Where rows come from: the log's own files, read by another. */
import type { LogCount } from '../log-row.ts';
import type { PlainRow } from './row-store.ts';

export type SegmentInfo = {
  /** Stays the same when it is closed and packed. */
  readonly name: string;
  /** Nothing is added any more. */
  readonly isClosed: boolean;
  /** Of what can be read of it: with the name, by this it is told whether it has grown. */
  readonly sizeBytes: number;
};

export type SegmentBatch = {
  /** From 0. */
  readonly batch: number;
  readonly atMs: number;
  readonly rows: readonly (PlainRow & { readonly who: number })[];
  readonly counts: readonly LogCount[];
  /** Rows that were not written. */
  readonly dropped: readonly { readonly rows: number }[];
};

/** There is more of it, perhaps, at another time. */
export class UnreadSegment extends Error {
  constructor(name: string, cause: unknown) {
    super(`not read to its end: ${name}`, { cause });
    this.name = 'UnreadSegment';
  }
}

export type SegmentSource = {
  /** Names of those that were read and found damaged. */
  readonly damaged?: ReadonlySet<string>;
  segments(): Promise<readonly SegmentInfo[]>;
  /**
   * In the order in which they were written, so that a row has the same number each time. What is damaged is left out.
   * Of one that is gone meanwhile: nothing. @throws UnreadSegment where the disk gives no more of it now
   */
  read(segment: SegmentInfo): AsyncIterable<SegmentBatch>;
};
