/**
 * Taking a log that lost lines as the log. Invariant: only an admin's line in the log itself makes it so; what the lost
 * lines denied is denied again before this computer forgets that it ever read them.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import { commitLine } from './commit.ts';
import type { LineContext } from './domain.ts';
import { catchUp } from './follow.ts';
import type { HeadCopy, Place } from './head-copy.ts';
import { readHead } from './head.ts';
import { maxEventsPerLine } from './line.ts';
import { lastOf } from './read-log.ts';
import { isTrustedAdmin, rolledBack } from './rollback.ts';
import type { Session } from './session.ts';
import { ownHead, signersOf } from './session.ts';
import type { AcceptRestored, DecideAt, LostLines } from './vault-api.ts';

/**
 * @param accept how to say it in the log; undefined when an admin's line says it already
 * @throws LatchkeyError OPERATION_NOT_ALLOWED for all but admins, and what writing throws
 */
export async function acceptLoss<State, Event>(
  session: Session<State, Event>,
  seen: Place,
  found: Place | undefined,
  copy: HeadCopy | undefined,
  accept: AcceptRestored<State, Event> | undefined,
): Promise<void> {
  const { parts, cursor, slot, alarms } = session;
  const { vaultId } = cursor;
  const lost = lostLines(cursor.seq, seen, found);
  // Denials of lines that are still there may be among them: denying again changes nothing.
  const denials = await parts.headCopies.denialsFrom(vaultId, lost.fromSeq);
  if (accept !== undefined) {
    requireAdmin(session, copy);
    const denied = denials.map(({ denies }) => denies);
    // The denials first: whatever comes between, the loss is not accepted before they are there again.
    await denyAll(session, (state, line) => accept.denyAgain(state, denied, line));
    await write(session, () => [accept.restored(lost)]);
  }
  const last = lastOf(session.cursor);
  if (last === undefined) throw rolledBack(seen, found);
  const lowered = { ...last, head: await headFor(session, last), signers: signersOf(session) };
  await parts.headCopies.lower(vaultId, lowered, lost.fromSeq);
  // Under the place of the line that repeated them: should that be lost too, they are known again.
  await parts.headCopies.note(
    vaultId,
    lowered,
    denials.map(({ denies }) => ({ seq: last.seq, denies })),
  );
  session.unnoted = [];
  // It may be made of lines that are gone.
  await parts.checkpoints.remove(slot.operatorId);
  alarms.raise({ kind: 'lost-lines', seenSeq: seen.seq, foundSeq: found?.seq ?? -1 });
}

/** The range that is lost, as far as it is known: from the first place that is another, to the last that was seen. */
function lostLines(seq: number, seen: Place, found: Place | undefined): LostLines {
  const isShorter = found === undefined || found.seq < seen.seq;
  // In a log that goes another way, the line where it parts is not known.
  const fromSeq = isShorter ? Math.min(Math.max((found?.seq ?? 0) + 1, 1), seq) : 1;
  return { fromSeq, lostSeq: Math.max(seen.seq, fromSeq), lostHash: seen.hash };
}

type EventsOf<State, Event> = (state: State, line: LineContext) => readonly Event[];

/** As many lines as it takes: there may be more denials than one line has events. */
async function denyAll<State, Event>(
  session: Session<State, Event>,
  events: EventsOf<State, Event>,
): Promise<void> {
  for (let before = Infinity; ;) {
    let left = 0;
    await write(session, (state, line) => {
      const all = events(state, line);
      left = all.length;
      return all.slice(0, maxEventsPerLine);
    });
    // What is said again and again has had its effect.
    if (left <= maxEventsPerLine || left >= before) return;
    before = left;
  }
}

async function write<State, Event>(
  session: Session<State, Event>,
  events: EventsOf<State, Event>,
): Promise<void> {
  const decide = (state: State, at: DecideAt) => {
    const { vaultId, seq, authority } = session.cursor;
    const line: LineContext = { vaultId, seq, logTimeMs: authority?.logTimeMs ?? 0, ...at };
    return { events: events(state, line), result: undefined };
  };
  await commitLine(session, decide, {
    catchUp: () => catchUp(session, () => undefined),
    tell: () => undefined,
  });
}

/** An admin by the log as it is now, and by what this computer knew: lost lines may have taken the right away. */
function requireAdmin<State, Event>(
  { cursor, slot }: Session<State, Event>,
  copy: HeadCopy | undefined,
): void {
  const isNow = cursor.authority?.operators.get(slot.operatorId)?.role === 'admin';
  if (isNow && (copy === undefined || isTrustedAdmin(copy, slot.operatorId))) return;
  throw new LatchkeyError('OPERATION_NOT_ALLOWED', ['acceptNeedsAdmin']);
}

/** The head of the last line: that which stands there, or a new one. */
async function headFor<State, Event>(session: Session<State, Event>, last: Place): Promise<string> {
  const { backend, cursor } = session;
  const stored = await backend.head();
  const head = stored === undefined ? undefined : readHead(stored, cursor.vaultId);
  if (head !== undefined && head.seq === last.seq && head.hash === last.hash) return head.jws;
  const jws = ownHead(session);
  await backend.writeHead(cursor.seq, jws);
  return jws;
}
