/**
 * One change: decided, built, appended, applied. Invariant: what is answered as done is on the disk, and what is not on
 * the disk is answered as not done; where the disk itself does not know, the log is read to see.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { Appended } from './backend.ts';
import type { Tell } from './follow.ts';
import { entriesOf } from './follow.ts';
import { hashLine } from './line.ts';
import { lockedError } from './locked-error.ts';
import { denialsOf, keepOutcome, noteHead, ownKeyNo, requireWritable } from './session.ts';
import type { Session } from './session.ts';
import type { Committed, DecideAt, Decision } from './vault-api.ts';
import type { BuiltLine } from './write-line.ts';
import { buildLine } from './write-line.ts';

/** Another process may be quicker a few times in a row, not forever. */
const maxAttempts = 8;

export type CommitHooks<Event> = {
  /** Takes over what others appended. */
  readonly catchUp: () => Promise<number>;
  readonly tell: Tell<Event>;
};

/** @throws as Vault.commit */
export async function commitLine<State, Event, T>(
  session: Session<State, Event>,
  decide: (state: State, at: DecideAt) => Decision<Event, T>,
  hooks: CommitHooks<Event>,
): Promise<Committed<T>> {
  for (let attempt = 1; ; attempt += 1) {
    const { parts, slot, cursor } = session;
    if (cursor.state === undefined) throw lockedError();
    requireWritable(session);
    const at: DecideAt = { atMs: parts.now(), signer: slot.operatorId };
    const { events, result } = decide(cursor.state, at);
    if (events.length === 0) return { result, seq: cursor.seq, anchored: true };
    const built = await buildLine(writerOf(session), cursor, events, at.atMs);
    try {
      const appended = await session.backend.append(cursor.seq, [built.line], built.head);
      await applyBuilt(session, built, appended, hooks);
      return { result, seq: built.cursor.seq, anchored: appended.anchored };
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      if (await isThereAnyway(session, built, error, hooks))
        return { result, seq: built.cursor.seq, anchored: false };
      if (error.code !== 'VAULT_CONFLICT' || attempt >= maxAttempts) throw error;
      await hooks.catchUp();
    }
  }
}

function writerOf<State, Event>({ parts, slot, content, reader, cursor }: Session<State, Event>) {
  return {
    domain: parts.domain,
    operatorId: slot.operatorId,
    keyNo: ownKeyNo(cursor, slot.operatorId),
    signKey: content.signKey,
    keyring: reader.keyring,
    random: parts.randomBytes,
  };
}

/** The line is on the disk: from here on nothing makes it look undone. */
async function applyBuilt<State, Event>(
  session: Session<State, Event>,
  { line, head, cursor, outcome }: BuiltLine<State, Event>,
  { anchored, bookmark }: Appended,
  hooks: CommitHooks<Event>,
): Promise<void> {
  session.cursor = { ...cursor, bookmark, lastLineAt: session.cursor.bookmark };
  keepOutcome(session, session.cursor, outcome);
  const seq = cursor.seq - 1;
  session.unnoted.push(...denialsOf(outcome));
  if (anchored) await noteHead(session, { seq, hash: cursor.hash ?? '', jws: head });
  else session.alarms.raise({ kind: 'not-anchored', seq });
  hooks.tell(entriesOf(outcome), { lines: 1, chars: line.length });
}

/** An append that failed without the disk saying how: the line may be there. Then it was taken over like a foreign one. */
async function isThereAnyway<State, Event>(
  session: Session<State, Event>,
  { line, cursor }: BuiltLine<State, Event>,
  error: LatchkeyError,
  hooks: CommitHooks<Event>,
): Promise<boolean> {
  if (error.code !== 'VAULT_UNAVAILABLE') return false;
  if (!('outcome' in error.details) || error.details.outcome !== 'unknown') return false;
  const seq = cursor.seq - 1;
  try {
    for await (const stored of session.backend.read({ seq })) {
      if (hashLine(stored.line) !== hashLine(line)) return false;
      await hooks.catchUp();
      session.alarms.raise({ kind: 'not-anchored', seq });
      return true;
    }
  } catch (again) {
    if (!(again instanceof LatchkeyError)) throw again;
    // Not to be read either: the first failure says so, and that the outcome is not known.
  }
  return false;
}
