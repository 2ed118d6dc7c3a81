/**
 * A vault while it is open. Invariant: state changes only by lines that are on the disk; a write is build → judge → sign →
 * append with head → apply, and whatever another process appended is judged exactly as at opening. After a lock nothing
 * of the session can be reached from here.
 */
import type { RunExclusive } from '../base/exclusive.ts';
import { createExclusive } from '../base/exclusive.ts';
import { ListenerSet } from '../base/listener-set.ts';
import type { Alarms } from './alarms.ts';
import { checkBehind } from './background-check.ts';
import type { CheckpointWriter } from './checkpoint-writer.ts';
import { commitLine } from './commit.ts';
import { readEntries } from './entries.ts';
import type { Amount } from './follow.ts';
import { catchUp, confirmLost, tellFailure } from './follow.ts';
import { workersOf } from './open-session.ts';
import { openLogKey, sealSecret, unsealSecret } from './secrets.ts';
import type { Session } from './session.ts';
import { lockedError } from './locked-error.ts';
import { ownKeyNo, wipeSession } from './session.ts';
import * as slotActs from './slot-acts.ts';
import type {
  Change,
  Committed,
  DecideAt,
  Decision,
  Entry,
  LogKeyPlace,
  SecretPlace,
  Vault,
  VaultAlarm,
  VaultOperator,
  VerifyProgress,
  VerifyReport,
  VoidLines,
} from './vault-api.ts';
import { verifyLog } from './verify.ts';
import type { PublicPlace } from './chain-place.ts';

export class OpenedVault<State, Event> implements Vault<State, Event> {
  readonly vaultId: string;
  readonly #alarms: Alarms;
  readonly #listeners = new ListenerSet<[Change<State, Event>]>();
  /** Writes and catching up happen one after the other. */
  readonly #runExclusive: RunExclusive = createExclusive();
  #session: Session<State, Event> | undefined;
  #checkpoints: CheckpointWriter<State, Event> | undefined;
  #stopWatch: (() => void) | undefined;

  constructor(session: Session<State, Event>, checkpoints: CheckpointWriter<State, Event>) {
    this.vaultId = session.content.vaultId;
    this.#alarms = session.alarms;
    this.#session = session;
    this.#checkpoints = checkpoints;
    this.#stopWatch = session.backend.watch({
      onAppend: () => this.#inBackground((open) => this.#catchUp(open)),
      onLost: (how) => this.#inBackground((open) => confirmLost(open, how)),
    });
  }

  /** Begins the check of the lines before the checkpoint that the vault was opened from. */
  checkBehind(hash: string): void {
    const session = this.#open();
    this.#keepAnswer(checkBehind(session, session.checkedFrom, hash));
  }

  get operator(): VaultOperator {
    const { slot, cursor } = this.#open();
    const own = cursor.authority?.operators.get(slot.operatorId);
    if (own === undefined) throw lockedError();
    return { id: slot.operatorId, name: slot.operatorName, role: own.role, teamIds: own.teamIds };
  }

  state(): State {
    return stateOf(this.#open());
  }

  seq(): number {
    return this.#open().cursor.seq;
  }

  commit<T>(decide: (state: State, at: DecideAt) => Decision<Event, T>): Promise<Committed<T>> {
    return this.#runExclusive(async () => {
      const session = this.#open();
      return commitLine(session, decide, {
        catchUp: () => this.#catchUp(session),
        tell: (entries, read) => this.#told(session, entries, read),
      });
    });
  }

  async *entries(fromSeq: number, toSeq = Infinity): AsyncGenerator<Entry<Event>> {
    yield* readEntries(this.#open(), Math.max(0, fromSeq), toSeq);
  }

  voidLines(): VoidLines {
    return this.#open().voids.lines;
  }

  place(): PublicPlace {
    const { vaultId, genesis, seq, hash, authority, bookmark, lastLineAt } = this.#open().cursor;
    return { vaultId, genesis, seq, hash, authority, bookmark, lastLineAt };
  }

  format(): { readonly declared: number; readonly supported: number } {
    const { cursor, parts } = this.#open();
    return { declared: cursor.authority?.format ?? 1, supported: parts.domain.supportedFormat };
  }

  checked(): { readonly done: boolean; readonly lines: number } {
    const { cursor, checkedFrom, checkedBehind } = this.#open();
    return {
      done: checkedBehind >= checkedFrom,
      lines: cursor.seq - checkedFrom + checkedBehind,
    };
  }

  onCommit(listener: (change: Change<State, Event>) => void): () => void {
    return this.#listeners.add(listener);
  }

  onAlarm(listener: (alarm: VaultAlarm) => void): () => void {
    return this.#alarms.onAlarm(listener);
  }

  alarms(): readonly VaultAlarm[] {
    return this.#alarms.all;
  }

  async verify(
    onProgress: (progress: VerifyProgress) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<VerifyReport> {
    const session = this.#open();
    return verifyLog(session, workersOf(session.parts), onProgress, signal);
  }

  async sealSecret(plaintext: string, place: SecretPlace): Promise<string> {
    const { reader, parts } = this.#open();
    return sealSecret(reader.keyring, this.vaultId, plaintext, place, parts.randomBytes);
  }

  async unsealSecret(sealed: string, place: SecretPlace): Promise<string> {
    return unsealSecret(this.#open().reader.keyring, this.vaultId, sealed, place);
  }

  async openLogKey(sealed: string, place: LogKeyPlace): Promise<Uint8Array> {
    const { slot, content, cursor } = this.#open();
    const id = slot.operatorId;
    return openLogKey(content.receiveKey, { id, keyNo: ownKeyNo(cursor, id) }, sealed, place);
  }

  async verifyPassphrase(passphrase: string): Promise<void> {
    await slotActs.verifyPassphrase(this.#open(), passphrase);
  }

  async changePassphrase(current: string, next: string): Promise<void> {
    await slotActs.changePassphrase(this.#open(), current, next);
  }

  async setKeychainSlot(secret: Uint8Array): Promise<void> {
    await slotActs.setKeychainSlot(this.#open(), secret);
  }

  async removeKeychainSlot(): Promise<void> {
    await slotActs.removeKeychainSlot(this.#open());
  }

  hasKeychainSlot(): boolean {
    return slotActs.storedSlot(this.#open()).keychain !== undefined;
  }

  async lock(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    // What runs on the session's behalf ends by itself; a write that is on its way comes to its end.
    session.abort.abort();
    this.#stopWatch?.();
    // Not a function that does nothing: made here, it would hold the session.
    this.#stopWatch = undefined;
    await this.#runExclusive(async () => {
      this.#checkpoints?.stop();
      this.#checkpoints = undefined;
      this.#session = undefined;
      this.#listeners.clear();
      this.#alarms.clear();
      wipeSession(session);
      await session.backend.close();
    });
  }

  async #catchUp(session: Session<State, Event>): Promise<number> {
    return catchUp(session, (entries, read) => this.#told(session, entries, read));
  }

  /** A change that is on the disk stays one, whatever a listener makes of it: its failure is a bug of its own. */
  #told(session: Session<State, Event>, entries: readonly Entry<Event>[], read: Amount): void {
    const { seq } = session.cursor;
    this.#checkpoints?.note(read);
    try {
      this.#listeners.tell({ seq, entries, state: stateOf(session) });
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  #inBackground(work: (session: Session<State, Event>) => Promise<unknown>): void {
    this.#keepAnswer(
      this.#runExclusive(async () => {
        if (this.#session !== undefined) await work(this.#session);
      }),
    );
  }

  /** Nobody waits for work in the background: what it meets is told as an alarm. */
  #keepAnswer(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      const session = this.#session;
      if (session === undefined) return;
      tellFailure(session, error);
    });
  }

  #open(): Session<State, Event> {
    if (this.#session === undefined) throw lockedError();
    return this.#session;
  }
}

function stateOf<State>({ cursor }: Pick<Session<State, never>, 'cursor'>): State {
  if (cursor.state === undefined) throw lockedError();
  return cursor.state;
}
