/** What the log says about itself: its format, that it was restored from a backup, and keys granted again. */
import { z } from 'zod';
import { eventKind } from './event-kind.ts';
import { idsOf, operatorId, stored32Bytes } from './stored.ts';

export const logEvents = {
  /** From the next line on the log has another format. */
  'format.raised': eventKind({
    schema: z.strictObject({ type: z.literal('format.raised'), to: z.int().min(2).max(1_000_000) }),
    right: 'admin',
    isAlone: true,
    clear: (_before, { to }) => ({ format: { to } }),
    apply: (before) => before,
  }),
  /** An admin confirmed that lines were lost: `fromSeq` to `lostSeq`, the last of which had `lostHash`. */
  'log.restored': eventKind({
    schema: z.strictObject({
      type: z.literal('log.restored'),
      fromSeq: z.int().min(0),
      lostSeq: z.int().min(0),
      lostHash: stored32Bytes,
    }),
    right: 'admin',
    isAlone: true,
    clear: (_before, { fromSeq, lostSeq, lostHash }) => ({ restored: { fromSeq, lostSeq, lostHash } }),
    apply: (before) => before,
  }),
  /** The line brings keys to operators who lack them; which, stands in the line's `keys`. */
  'key.granted': eventKind({
    schema: z.strictObject({ type: z.literal('key.granted'), operatorIds: idsOf(operatorId, 1) }),
    right: 'admin',
    isAlone: true,
    apply: (before) => before,
  }),
} as const;
