/**
 * Taking over what others appended, and noticing what others took away. Invariant: foreign lines are judged exactly as at
 * opening; before a log is called lost, it is looked at again while nobody can write.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { Lost } from './backend.ts';
import type { StoredHead } from './head.ts';
import { readHead } from './head.ts';
import { alarmsOf, isLastLineOf, lastOf, placeBefore } from './read-log.ts';
import type { Outcome } from './replay.ts';
import { replayLines } from './replay.ts';
import type { Session } from './session.ts';
import { denialsOf, isKnownHead, keepOutcome, noteHead } from './session.ts';
import type { Entry } from './vault-api.ts';

/** Listeners get their news in pieces of about this many entries. */
const entriesPerChange = 5_000;

/** What was read for the entries. */
export type Amount = { readonly lines: number; readonly chars: number };
export type Tell<Event> = (entries: readonly Entry<Event>[], read: Amount) => void;

export function entriesOf<Event>(outcome: Outcome<Event>): readonly Entry<Event>[] {
  if (outcome.kind === 'void') return [];
  const { seq, atMs, signer, events } = outcome;
  return events.map((event) => ({ seq, atMs, signer, event }));
}

/**
 * Reads on from the session's cursor.
 * @returns how many lines there were
 * @throws LatchkeyError as opening does
 */
export async function catchUp<State, Event>(
  session: Session<State, Event>,
  tell: Tell<Event>,
): Promise<number> {
  const { backend, reader, abort, alarms } = session;
  const { vaultId } = session.cursor;
  const jws = await backend.head();
  const claimed = jws === undefined ? undefined : readHead(jws, vaultId);
  const before = session.cursor;
  const hashes = new Map<number, string>();
  let entries: Entry<Event>[] = [];
  let read = { lines: 0, chars: 0 };
  const noteHash = () => {
    const last = lastOf(session.cursor);
    if (last !== undefined && last.seq === claimed?.seq) hashes.set(last.seq, last.hash);
  };
  noteHash();
  const lines = backend.read({
    seq: before.seq,
    ...(before.bookmark === undefined ? {} : { bookmark: before.bookmark }),
  });
  // A few lines are not worth a thread; many come in one piece only when somebody imported in another process.
  for await (const { cursor, outcome, chars } of replayLines(reader, before, lines, 1, abort.signal)) {
    session.cursor = cursor;
    keepOutcome(session, cursor, outcome);
    noteHash();
    session.unnoted.push(...denialsOf(outcome));
    read = { lines: read.lines + 1, chars: read.chars + chars };
    for (const alarm of alarmsOf(outcome)) alarms.raise(alarm);
    entries.push(...entriesOf(outcome));
    if (entries.length >= entriesPerChange) {
      tell(entries, read);
      entries = [];
      read = { lines: 0, chars: 0 };
    }
  }
  const count = session.cursor.seq - before.seq;
  if (read.lines > 0) tell(entries, read);
  alarms.noteFound();
  if (claimed !== undefined && isKnownHead(session, claimed, []))
    await compareHead(session, claimed, hashes.get(claimed.seq));
  return count;
}

async function compareHead<State, Event>(
  session: Session<State, Event>,
  head: StoredHead,
  hash: string | undefined,
): Promise<void> {
  if (hash === head.hash) return noteHead(session, head);
  // Of a line that was read before: nothing new.
  if (head.seq < session.cursor.seq && hash === undefined) return;
  await confirmLost(session, hash === undefined ? 'shorter' : 'replaced');
}

/** A hint that the log is not what it was: looked at again, told if it is so, and then nothing is written any more. */
export async function confirmLost<State, Event>(session: Session<State, Event>, hint: Lost): Promise<void> {
  if (session.abort.signal.aborted || session.stopped !== undefined) return;
  const how = await howLost(session, hint);
  if (how === undefined || session.abort.signal.aborted) return;
  if (how === 'shorter') {
    const seenSeq = session.cursor.seq - 1;
    session.alarms.raise({ kind: 'lost-lines', seenSeq, foundSeq: await lastSeq(session) });
  }
  // A disk that is away may come back as it was; writing fails by itself until then.
  if (how === 'shorter' || how === 'replaced') session.stopped = stoppedBecause[how];
  session.alarms.raise({ kind: 'log-lost', how });
}

const stoppedBecause = {
  shorter: 'lines at the end of vault.log are gone since it was read',
  replaced: 'vault.log is not the log that was read',
} as const;

async function howLost<State, Event>(session: Session<State, Event>, hint: Lost): Promise<Lost | undefined> {
  const { backend } = session;
  const look = async (): Promise<Lost | undefined> => {
    const lines = backend.read(placeBefore(session.cursor))[Symbol.asyncIterator]();
    try {
      const first = await lines.next();
      if (first.done === true) return 'shorter';
    } finally {
      await lines.return?.();
    }
    const again = backend.read(placeBefore(session.cursor))[Symbol.asyncIterator]();
    try {
      if (!(await isLastLineOf(session.cursor, again))) return 'replaced';
    } finally {
      await again.return?.();
    }
    // There as it was; a head beyond the last line is still a loss.
    const jws = await backend.head();
    const head = jws === undefined ? undefined : readHead(jws, session.cursor.vaultId);
    const isBeyond = head !== undefined && isKnownHead(session, head, []) && head.seq >= session.cursor.seq;
    return isBeyond && (await lastSeq(session)) < head.seq ? 'shorter' : undefined;
  };
  try {
    return await backend.locked(look);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    if (error.code === 'VAULT_CORRUPT' && 'lost' in error.details) return error.details.lost ?? 'replaced';
    return hint;
  }
}

/** The last line that is there, by number from 0. */
async function lastSeq<State, Event>({ backend, cursor }: Session<State, Event>): Promise<number> {
  let last = -1;
  const behind = cursor.bookmark === undefined ? {} : { bookmark: cursor.bookmark };
  try {
    last = cursor.seq - 1;
    for await (const { seq } of backend.read({ seq: cursor.seq, ...behind })) last = seq;
    return last;
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    if (error.code !== 'VAULT_CORRUPT' || error.details.foundSeq === undefined) return -1;
    return error.details.foundSeq - 1;
  }
}

/** What work in the background met: told as an alarm, as nobody waits for it. @throws what is no error of ours */
export function tellFailure<State, Event>(session: Session<State, Event>, error: unknown): void {
  if (!(error instanceof LatchkeyError)) throw error;
  // An absent disk may come back, and the watch tells of it; a lock ends everything.
  if (['VAULT_UNAVAILABLE', 'VAULT_BUSY', 'VAULT_LOCKED'].includes(error.code)) return;
  session.stopped ??= error.message;
  const line = error.code === 'VAULT_CORRUPT' ? error.details.line : undefined;
  if (line !== undefined) session.alarms.raise({ kind: 'damaged-line', line, why: error.message });
  else session.alarms.raise({ kind: 'log-lost', how: 'replaced' });
}
