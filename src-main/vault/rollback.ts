/**
 * Whether a log is the one that this computer has read, or a longer one. Invariant: a log that does not pass through
 * every place that was seen (the head, this computer's copy of it, the operator's checkpoint) is never opened in silence;
 * before it is called rolled back, it is looked at again while nobody can write.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { LogBackend } from './backend.ts';
import type { HeadCopy, Place } from './head-copy.ts';
import type { Head } from './head.ts';
import { hashLine } from './line.ts';

/** The log as it was read: the hashes at the places that were asked for, and its end. */
export type ReadLog = {
  readonly hashAt: (seq: number) => string | undefined;
  readonly last: Place | undefined;
};

export type HeadJudgement =
  /** `behind`: lines were appended without a head; `missing`: there is none (or none that holds), nor ever was here. */
  | { readonly ok: true; readonly head: 'anchored' | 'behind' | 'missing' }
  | { readonly ok: false; readonly seen: Place; readonly found: Place | undefined };

/**
 * Compares a log with what was seen of it.
 * @param head the stored head, if its signature holds
 * @param witness the place of the operator's checkpoint, if there is one
 */
export function judgeHead(
  head: Head | undefined,
  copy: HeadCopy | undefined,
  witness: Place | undefined,
  log: ReadLog,
): HeadJudgement {
  for (const seen of [copy, head, witness]) {
    if (seen === undefined || log.hashAt(seen.seq) === seen.hash) continue;
    return { ok: false, seen: placeOf(seen), found: foundAt(log, seen.seq) };
  }
  // An older head, or none where this computer had one: whoever put it there may have cut off what came after it.
  if (copy !== undefined && (head === undefined || head.seq < copy.seq))
    return { ok: false, seen: placeOf(copy), found: head === undefined ? log.last : placeOf(head) };
  if (head === undefined) return { ok: true, head: 'missing' };
  return { ok: true, head: head.seq === log.last?.seq ? 'anchored' : 'behind' };
}

const placeOf = ({ seq, hash }: Place): Place => ({ seq, hash });

function foundAt(log: ReadLog, seq: number): Place | undefined {
  const hash = log.hashAt(seq);
  return hash === undefined ? log.last : { seq, hash };
}

/** Reads a log's hashes without judging its lines: for places before the line where a reading began, and to look again. */
export async function scanLog(backend: LogBackend, places: readonly number[]): Promise<ReadLog> {
  const hashes = new Map<number, string>();
  let last: { seq: number; line: string } | undefined;
  for await (const { seq, line } of backend.read({ seq: 0 })) {
    if (places.includes(seq)) hashes.set(seq, hashLine(line));
    last = { seq, line };
  }
  return {
    hashAt: (seq) => hashes.get(seq),
    last: last === undefined ? undefined : { seq: last.seq, hash: hashLine(last.line) },
  };
}

/** An effective line by which an admin accepted a loss. */
export type Restored = { readonly fromSeq: number; readonly lostSeq: number; readonly signer: string };

/** Whether an operator was an admin when this computer last read the log. */
export function isTrustedAdmin({ signers }: HeadCopy, operatorId: string): boolean {
  return signers.some(
    ({ kid, role, removed }) => kid.startsWith(`${operatorId}.`) && role === 'admin' && !removed,
  );
}

/** Whether the log itself says that an admin, as this computer knew them, accepted the loss. */
export function isAccepted(restored: readonly Restored[], seen: Place, copy: HeadCopy | undefined): boolean {
  return restored.some(
    ({ fromSeq, lostSeq, signer }) =>
      fromSeq <= seen.seq && seen.seq <= lostSeq && (copy === undefined || isTrustedAdmin(copy, signer)),
  );
}

/** Places and sequence numbers as people count lines. */
export function rolledBack(seen: Place, found: Place | undefined): LatchkeyError<'VAULT_ROLLED_BACK'> {
  return new LatchkeyError('VAULT_ROLLED_BACK', ['rolledBack', seen.seq + 1, (found?.seq ?? -1) + 1], {
    details: {
      seenSeq: seen.seq,
      seenHash: seen.hash,
      foundSeq: found?.seq ?? -1,
      foundHash: found?.hash ?? null,
    },
  });
}
