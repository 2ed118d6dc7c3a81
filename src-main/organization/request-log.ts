/**
 * What the organization says about its request logs: how far they had come, who looked somebody up in them, and how
 * long they are kept. Invariant: an anchor only moves forward, and what the state keeps of all this stays small, however
 * many gateways, runs and look-ups there were; the log has all.
 */
import { z } from 'zod';
import { requireEntry } from './checks.ts';
import { eventKind, UnfitEvent } from './event-kind.ts';
import type { OrganizationState } from './state.ts';
import { stored32Bytes, storedMs, storedReason, tokenId } from './stored.ts';

const opaque = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/);
const place = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const days = z.int().min(1).max(36_500);

/** Beyond so many runs of gateways the oldest anchors go, many at a time, so that each costs little. */
const maxAnchors = 4096;
const anchorsLeft = 3072;

export const requestLogEvents = {
  /** An admin's or lead's computer saw that a segment is closed, with this root. */
  'log.anchored': eventKind({
    schema: z.strictObject({
      type: z.literal('log.anchored'),
      gatewayId: opaque,
      publicKey: stored32Bytes,
      run: storedMs,
      n: place,
      root: stored32Bytes,
      rows: place,
    }),
    right: 'any-lead',
    apply: (before, { type: _type, ...anchor }, { atMs, signer, seq }) => {
      const key = `${anchor.gatewayId} ${anchor.run}`;
      const known = before.anchors.get(key);
      if (known !== undefined && known.n >= anchor.n)
        throw new UnfitEvent('this part of the request log is anchored already');
      if (known !== undefined && known.publicKey !== anchor.publicKey)
        throw new UnfitEvent('a run of a gateway keeps its key');
      const anchors = before.anchors.set(key, { ...anchor, atMs, by: signer, seq });
      return { ...before, anchors: anchors.size > maxAnchors ? newestOf(anchors) : anchors };
    },
  }),
  /** Written before the answer is given. Changes nothing: the log has it. */
  'log.looked-up': eventKind({
    schema: z.strictObject({
      type: z.literal('log.looked-up'),
      /** Whose rows; `package`: of those who fetched something. */
      subject: z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('token'), tokenId }),
        z.strictObject({ type: z.literal('package'), name: storedReason }),
        z.strictObject({ type: z.literal('everybody') }),
      ]),
      fromMs: storedMs,
      toMs: storedMs,
      /** Whether addresses and users of CI were opened. */
      opened: z.boolean(),
    }),
    right: 'any-operator',
    apply: (before, { subject, fromMs, toMs }) => {
      if (fromMs > toMs) throw new UnfitEvent('it ends before it begins');
      if (subject.type === 'token') requireEntry(before.tokens, subject.tokenId, 'token');
      return before;
    },
  }),
  /** An admin's: keeping more about persons as well as keeping less evidence, by days or by room. */
  'log.retention-set': eventKind({
    schema: z.strictObject({
      type: z.literal('log.retention-set'),
      rowsDays: days,
      addressDays: days,
      ciUserDays: days,
      rollupDays: days,
      maxGib: z.int().min(1).max(100_000).optional(),
    }),
    right: 'admin',
    apply: (before, { type: _type, ...retention }) => {
      const { rowsDays, addressDays, ciUserDays, rollupDays } = retention;
      if (addressDays > rowsDays || ciUserDays > rowsDays)
        throw new UnfitEvent('what is personal cannot outlive its rows');
      if (rollupDays < rowsDays) throw new UnfitEvent('sums are kept as long as rows at least');
      return { ...before, retention };
    },
  }),
} as const;

/** Without the oldest; of those of one line, the first by their keys go first. */
function newestOf(anchors: OrganizationState['anchors']): OrganizationState['anchors'] {
  const oldestFirst = [...anchors.entries()].toSorted(
    ([a, { seq: seqA }], [b, { seq: seqB }]) => seqA - seqB || (a < b ? -1 : 1),
  );
  let kept = anchors;
  for (const [key] of oldestFirst.slice(0, anchors.size - anchorsLeft)) kept = kept.delete(key);
  return kept;
}
