/**
 * Records of a feed in our own form, one a line: what is kept of it, so that it need not be read again and that a record
 * which merely disappears from its source stays.
 */
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { feedBounds } from './bounds.ts';
import { linesOf } from './bytes.ts';

/** One record; `value` by the kind of the feed. */
export type FeedRecord<Value = unknown> = {
  readonly id: string;
  readonly value: Value;
  /** As its author says. */
  readonly modifiedMs?: number | undefined;
  /** Its author took it back. */
  readonly isWithdrawn?: true | undefined;
  /** Its source has it no longer, and nobody let it go. */
  readonly isGone?: true | undefined;
  /** Where it came from: a file that is not read again while it is the same. */
  readonly from?: string | undefined;
};

const recordHead = z.object({
  id: z.string(),
  value: z.unknown(),
  modifiedMs: z.number().optional(),
  isWithdrawn: z.literal(true).optional(),
  isGone: z.literal(true).optional(),
  from: z.string().optional(),
});

/** What a reader of one kind makes of an entry: a record, or why there is none. */
export type ReadRecord =
  | { readonly ok: true; readonly record: FeedRecord }
  /** @property id where it can be told */
  | { readonly ok: false; readonly id?: string | undefined; readonly place: string; readonly why: string }
  /** Read, and nothing for us. */
  | { readonly ok: true; readonly record?: undefined };

/** Those of a kept file; ours, so only the head of each is checked. A file that is gone has none. */
export async function* keptRecords(path: string | undefined): AsyncGenerator<FeedRecord> {
  if (path === undefined) return;
  const source = createReadStream(path, { highWaterMark: 256 * 1024 });
  try {
    for await (const { bytes } of linesOf(source, path, feedBounds.recordBytes)) {
      const { success, data } = recordHead.safeParse(JSON.parse(bytes.toString('utf8')));
      if (success) yield data;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
