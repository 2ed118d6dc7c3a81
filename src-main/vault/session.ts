/**
 * What an open vault holds while it is open. Invariant: everything secret hangs on this one object, so that a lock needs
 * to let go of it alone; nothing keeps a part of it for itself.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { OkpPublicKey } from '../../shared/model/domain.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import type { Alarms } from './alarms.ts';
import type { LogBackend } from './backend.ts';
import type { HeadSigner, LineDenials, Place } from './head-copy.ts';
import { signerOf } from './authority.ts';
import type { StoredHead } from './head.ts';
import { headHolds, signHead } from './head.ts';
import type { Marks } from './marks.ts';
import type { Outcome, Reader, ReplayCursor } from './replay.ts';
import { kidOf } from './sign.ts';
import type { SlotContent } from './slots.ts';
import type { VaultParts } from './vault-api.ts';
import type { KeySlot } from './vault-file.ts';
import type { VoidLog } from './void-log.ts';

export type Session<State, Event> = {
  readonly parts: VaultParts<State, Event>;
  readonly backend: LogBackend;
  readonly alarms: Alarms;
  readonly slot: KeySlot;
  readonly content: SlotContent;
  readonly reader: Reader<State, Event>;
  readonly voids: VoidLog;
  readonly marks: Marks;
  /** Ends everything that runs on the session's behalf. */
  readonly abort: AbortController;
  cursor: ReplayCursor<State>;
  /** Why nothing may be written any more. */
  stopped: string | undefined;
  /** Clear denials that no head copy has yet, in order of `seq`. */
  unnoted: LineDenials[];
  /** Lines before this one were not checked since the vault was opened. */
  readonly checkedFrom: number;
  /** How many of those the check in the background has done. */
  checkedBehind: number;
};

type AnySession = Session<unknown, unknown>;

export const kidOfSession = ({ slot, cursor }: AnySession): string =>
  kidOf(slot.operatorId, ownKeyNo(cursor, slot.operatorId));

/** The number of the operator's key. Until keys can be changed it is always the first. */
export const ownKeyNo = (cursor: ReplayCursor<unknown>, id: OperatorId): number =>
  cursor.authority?.operators.get(id)?.keyNo ?? 1;

/** Notes what a line did, beside the state. */
export function keepOutcome<State, Event>(
  session: Pick<Session<State, Event>, 'voids' | 'marks'>,
  cursor: ReplayCursor<State>,
  outcome: Outcome<Event>,
): void {
  if (outcome.kind === 'void') session.voids.addVoid(outcome.line);
  else if (outcome.unreadable !== undefined) session.voids.addSilent(outcome.seq);
  if (cursor.bookmark !== undefined) session.marks.note(cursor.seq, cursor.bookmark);
}

/** What a line denied, if anything. */
export function denialsOf(outcome: Outcome<unknown>): readonly LineDenials[] {
  if (outcome.kind === 'void' || outcome.denies === undefined) return [];
  return [{ seq: outcome.seq, denies: outcome.denies }];
}

/** Whether a head is signed by somebody who is known to sign, now or when this computer last looked. */
export function isKnownHead(
  session: Pick<AnySession, 'cursor' | 'reader'>,
  head: StoredHead,
  alsoKnown: readonly { readonly kid: string; readonly signKey: OkpPublicKey }[],
): boolean {
  const signer = signerOf(session.cursor.authority, head.kid, head.signer);
  const key =
    signer?.isEffective === true ? signer.key : alsoKnown.find(({ kid }) => kid === head.kid)?.signKey;
  return key !== undefined && headHolds(head, session.reader.keys.get(key));
}

/** A head for the last line, signed by this operator. */
export function ownHead(session: AnySession): string {
  const { cursor, content } = session;
  if (cursor.hash === null) throw new Error('an empty log has no head');
  return signHead(content.signKey, kidOfSession(session), {
    vault: cursor.vaultId,
    seq: cursor.seq - 1,
    hash: cursor.hash,
    atMs: session.parts.now(),
  });
}

/** More is not kept when this computer's memory cannot be written for long. */
const maxUnnoted = 10_000;

/**
 * Keeps the copy of a head that was read or written, for this computer. Failing is told, and costs no more than the
 * memory: what is on the disk is on the disk.
 */
export async function noteHead(session: AnySession, head: Place & { readonly jws: string }): Promise<void> {
  const { parts, cursor, alarms } = session;
  const { seq, hash, jws } = head;
  const denials = session.unnoted.filter((one) => one.seq <= seq);
  try {
    await parts.headCopies.note(
      cursor.vaultId,
      { seq, hash, head: jws, signers: signersOf(session) },
      denials,
    );
    session.unnoted = session.unnoted.filter((one) => one.seq > seq);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    session.unnoted = session.unnoted.slice(-maxUnnoted);
    alarms.raise({ kind: 'head-copy-failed', why: error.message });
  }
}

/** Who may sign as of the session's last line. */
export function signersOf({ cursor }: Pick<AnySession, 'cursor'>): readonly HeadSigner[] {
  return [...(cursor.authority?.operators ?? [])].map(([id, { keyNo, signKey, role, removed }]) => ({
    kid: kidOf(id, keyNo),
    signKey,
    role,
    removed,
  }));
}

/**
 * Takes every secret and the state out of a session, in place: whoever still holds on to it, or to a part of it (an
 * iterator that somebody forgot), holds nothing any more.
 */
export function wipeSession<State, Event>(session: Session<State, Event>): void {
  const { content, reader } = session;
  for (const key of [content.signKey, content.receiveKey, reader.receiveKey]) Object.assign(key, { d: '' });
  Object.assign(content, { checkpointKey: '' });
  reader.keyring.clear();
  reader.keys.clear();
  session.cursor = { ...session.cursor, state: undefined, authority: undefined };
  session.unnoted = [];
}

/** @throws LatchkeyError VAULT_WRITES_STOPPED */
export function requireWritable({ stopped }: Pick<AnySession, 'stopped'>): void {
  if (stopped === undefined) return;
  throw new LatchkeyError('VAULT_WRITES_STOPPED', ['writesStopped', stopped], {
    details: { reason: stopped },
  });
}
