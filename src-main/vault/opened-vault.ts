/**
 * A vault while it is open. Invariant: state changes only by lines that are on the disk; a write is build → authorize →
 * sign → append → sync → apply, and whatever another process appended is verified and authorized exactly as at opening.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { Operator } from '../../shared/model/domain.ts';
import type { DomainEvent } from '../../shared/model/events.ts';
import { domainEvent } from '../../shared/model/events.ts';
import type { VaultState } from '../../shared/model/state.ts';
import { whyNotAuthorized } from './authorize.ts';
import { sealCheckpoint } from './checkpoint.ts';
import { foldEvent, UnfitEvent } from './fold.ts';
import type { LinePayload } from './line.ts';
import { hashLine } from './line.ts';
import type { Position, Reader } from './replay.ts';
import { eventBinding, replay } from './replay.ts';
import { openText, sealText, signText } from './seal.ts';
import type { SlotContent } from './slots.ts';
import { mustBeLong, openSlot, sealKeychain, sealSlot } from './slots.ts';
import type { Vault, VaultDeps } from './types.ts';
import type { KeySlot } from './vault-file.ts';

/** Events between two checkpoints; also written on lock. */
const checkpointEvery = 64;
/** Another process may be quicker a few times in a row, not forever. */
const maxAttempts = 8;
/** The first epoch of every key; removing an operator starts new ones. */
const epoch = 0;

type Decide<T> = (state: VaultState) => { readonly events: readonly DomainEvent[]; readonly result: T };

export class OpenedVault implements Vault {
  readonly vaultId: string;
  readonly #deps: VaultDeps;
  readonly #slot: KeySlot;
  #content: SlotContent | undefined;
  readonly #reader: Reader;
  #position: Position;
  #checkpointSeq: number;
  readonly #listeners = new Set<(state: VaultState) => void>();
  readonly #stopWatch: () => void;
  /** Writes and catching up happen one after the other. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    deps: VaultDeps,
    slot: KeySlot,
    content: SlotContent,
    reader: Reader,
    position: Position,
    checkpointSeq: number,
  ) {
    this.vaultId = content.vaultId;
    this.#deps = deps;
    this.#slot = slot;
    this.#content = content;
    this.#reader = reader;
    this.#position = position;
    this.#checkpointSeq = checkpointSeq;
    this.#stopWatch = deps.backend.watch(() => {
      this.#inTurn(() => this.#catchUp()).catch((error: unknown) => {
        if (!(error instanceof LatchkeyError)) throw error;
        // An absent disk may come back. A damaged log does not: the next change or unlock says what is wrong with it.
        if (error.code !== 'VAULT_UNAVAILABLE') this.#stopWatch();
      });
    });
  }

  get operator(): Operator {
    const operator = this.state().operators.get(this.#slot.operatorId);
    if (operator === undefined) throw lockedError();
    return operator;
  }

  state(): VaultState {
    if (this.#position.state === undefined) throw lockedError();
    return this.#position.state;
  }

  seq(): number {
    return this.#position.seq;
  }

  transact<T>(decide: Decide<T>): Promise<T> {
    return this.#inTurn(async () => {
      const before = this.#position.seq;
      const result = await this.#commit(decide);
      if (this.#position.seq > before) this.#tell();
      if (this.#position.seq - this.#checkpointSeq >= checkpointEvery) await this.#tryCheckpoint();
      return result;
    });
  }

  async #commit<T>(decide: Decide<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const { events, result } = decide(this.state());
      if (events.length === 0) return result;
      const { lines, position } = await this.#build(events);
      try {
        await this.#deps.backend.append(this.#position.seq, lines);
        this.#position = position;
        return result;
      } catch (error) {
        const lostRace = error instanceof LatchkeyError && error.code === 'VAULT_CONFLICT';
        if (!lostRace || attempt >= maxAttempts) throw error;
        await this.#catchUp();
      }
    }
  }

  /** The signed lines of events, and where they lead. What a replay would refuse is refused here. */
  async #build(events: readonly DomainEvent[]): Promise<{ lines: readonly string[]; position: Position }> {
    const lines: string[] = [];
    let position = this.#position;
    for (const unchecked of events) {
      const { seq, hash } = position;
      const { event, state } = judged(position.state, unchecked, this.#slot.operatorId);
      const payload: LinePayload = {
        v: 1,
        vault: this.vaultId,
        seq,
        prev: hash,
        epoch,
        jwe: await sealText(this.#key('org'), JSON.stringify(event), eventBinding(this.vaultId, seq, epoch)),
      };
      const line = await signText(this.#open().signKey, this.#slot.operatorId, JSON.stringify(payload));
      lines.push(line);
      position = { seq: seq + 1, hash: hashLine(line), state };
    }
    return { lines, position };
  }

  /** Takes over what others appended. */
  async #catchUp(): Promise<void> {
    if (this.#content === undefined) return;
    const { lines } = await this.#deps.backend.readFrom(this.#position.seq);
    if (lines.length === 0) return;
    this.#position = await replay(this.#reader, this.#position, lines, false);
    this.#tell();
  }

  async sealSecret(plaintext: string): Promise<string> {
    return sealText(this.#key('secrets'), plaintext, secretBinding(this.vaultId));
  }

  async unsealSecret(sealed: string): Promise<string> {
    try {
      return await openText(this.#key('secrets'), sealed, secretBinding(this.vaultId));
    } catch (cause) {
      if (cause instanceof LatchkeyError) throw cause;
      throw new LatchkeyError('VAULT_CORRUPT', 'A stored secret cannot be opened. Enter it again.', {
        cause,
      });
    }
  }

  onChange(listener: (state: VaultState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async verifyPassphrase(passphrase: string): Promise<void> {
    await openSlot(this.#deps, this.#storedSlot(), passphrase);
  }

  async changePassphrase(current: string, next: string): Promise<void> {
    mustBeLong(next);
    const { operatorId, operatorName } = this.#slot;
    await openSlot(this.#deps, this.#storedSlot(), current);
    const sealed = await sealSlot(this.#deps, { operatorId, operatorName }, this.#open(), next);
    this.#changeSlot(({ keychain }) => (keychain === undefined ? sealed : { ...sealed, keychain }));
  }

  async setKeychainSlot(secret: Uint8Array): Promise<void> {
    const keychain = await sealKeychain(this.#slot, this.#open(), secret);
    this.#changeSlot((slot) => ({ ...slot, keychain }));
  }

  async removeKeychainSlot(): Promise<void> {
    this.#changeSlot(({ keychain: _keychain, ...slot }) => slot);
  }

  hasKeychainSlot(): boolean {
    return this.#storedSlot().keychain !== undefined;
  }

  lock(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#content === undefined) return;
      this.#stopWatch();
      this.#listeners.clear();
      try {
        await this.#tryCheckpoint();
      } finally {
        this.#content = undefined;
        this.#position = { ...this.#position, state: undefined };
        this.#reader.keyring.clear();
        await this.#deps.backend.close();
      }
    });
  }

  /**
   * Writes the checkpoint, if there is news. A checkpoint is a shortcut: when the disk refuses it, the events that are
   * on the disk stay written, and a lock still locks; the next one is tried again.
   */
  async #tryCheckpoint(): Promise<void> {
    try {
      await this.#catchUp();
      if (this.#position.seq > this.#checkpointSeq) await this.#writeCheckpoint();
    } catch (error) {
      if (!isDiskError(error)) throw error;
    }
  }

  async #writeCheckpoint(): Promise<void> {
    const { seq, hash } = this.#position;
    if (hash === null) return;
    const key = new Uint8Array(Buffer.from(this.#open().checkpointKey, 'base64url'));
    const sealed = await sealCheckpoint(key, this.vaultId, {
      seq,
      hash,
      state: this.state(),
      keyring: this.#reader.keyring,
    });
    const file = this.#deps.keyStore.read();
    if (file === undefined) return;
    this.#deps.keyStore.write({ ...file, checkpoint: { operatorId: this.#slot.operatorId, sealed } });
    this.#checkpointSeq = seq;
  }

  /** The slot as it is on the disk: another process may have changed the passphrase meanwhile. */
  #storedSlot(): KeySlot {
    return (
      this.#deps.keyStore.read()?.slots.find((slot) => slot.operatorId === this.#slot.operatorId) ??
      this.#slot
    );
  }

  /** Reads, changes and writes without a pause between, so that no other change of this process gets lost. */
  #changeSlot(change: (slot: KeySlot) => KeySlot): void {
    this.#open();
    const file = this.#deps.keyStore.read();
    if (file === undefined)
      throw new LatchkeyError('VAULT_UNAVAILABLE', 'vault.json is gone. Restore it from a backup.');
    const isOwn = (slot: KeySlot) => slot.operatorId === this.#slot.operatorId;
    this.#deps.keyStore.write({
      ...file,
      slots: file.slots.map((slot) => (isOwn(slot) ? change(slot) : slot)),
    });
  }

  #key(name: 'org' | 'secrets'): Uint8Array {
    const key = this.#reader.keyring.get(name, epoch);
    if (key === undefined) throw lockedError();
    return key;
  }

  #open(): SlotContent {
    if (this.#content === undefined) throw lockedError();
    return this.#content;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.state());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(work, work);
    // The queue only orders; whoever asked gets the failure from `next`.
    this.#queue = next.catch(() => undefined);
    return next;
  }
}

/** An event in the form of the log, and the state after it. @throws LatchkeyError INVALID_INPUT, VAULT_UNAUTHORIZED_EVENT */
function judged(before: VaultState | undefined, unchecked: DomainEvent, signer: Operator['id']) {
  const parsed = domainEvent.safeParse(unchecked);
  if (!parsed.success) {
    throw new LatchkeyError(
      'INVALID_INPUT',
      `The change (${unchecked.type}) has a field that cannot be stored.`,
      {
        cause: parsed.error,
      },
    );
  }
  const event = parsed.data;
  const objection = whyNotAuthorized(before, signer, event);
  if (objection !== undefined) {
    throw new LatchkeyError('VAULT_UNAUTHORIZED_EVENT', `You may not make this change: ${objection}.`, {
      details: { event: event.type },
    });
  }
  try {
    return { event, state: foldEvent(before, event, signer) };
  } catch (cause) {
    if (!(cause instanceof UnfitEvent)) throw cause;
    throw new LatchkeyError(
      'INVALID_INPUT',
      `The change does not fit the organization as it is: ${cause.message}.`,
      {
        details: { event: event.type },
        cause,
      },
    );
  }
}

/** Not a bug: a full, missing or read-only disk, or a log that another process damaged. */
function isDiskError(error: unknown): boolean {
  return error instanceof LatchkeyError || (error instanceof Error && 'syscall' in error);
}

const secretBinding = (vaultId: string) => ({ use: 'secret', vault: vaultId, epoch });

function lockedError(): LatchkeyError {
  return new LatchkeyError('VAULT_LOCKED', 'The organization is locked. Unlock it with the passphrase.');
}
