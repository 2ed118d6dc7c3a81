/**
 * An organization's vault: a signed, encrypted, hash-chained log of events, and its fold. Invariant: state changes only
 * by a line that is on the disk; a write is build → authorize → sign → append → sync → apply, and whatever another
 * process appended is verified and authorized exactly as at opening.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { Operator } from '../../shared/model/domain.ts';
import type { DomainEvent } from '../../shared/model/events.ts';
import { operatorId as operatorIdSchema } from '../../shared/model/ids.ts';
import type { VaultState } from '../../shared/model/state.ts';
import type { Checkpoint } from './checkpoint.ts';
import { openCheckpoint, sealCheckpoint } from './checkpoint.ts';
import { Keyring, makeGrant } from './keyring.ts';
import { hashLine } from './line.ts';
import type { LinePayload } from './line.ts';
import type { Position, Reader } from './replay.ts';
import { applied, checkChain, eventBinding, replay } from './replay.ts';
import { newKeyPair, openText, sealText, signText } from './seal.ts';
import type { SlotContent } from './slots.ts';
import { openKeychain, openSlot, sealKeychain, sealSlot } from './slots.ts';
import type { KeySlot, OpenReport, VaultDeps, VaultFile } from './types.ts';

/** Events between two checkpoints; also written on lock. */
const checkpointEvery = 64;
/** Another process may be quicker a few times in a row, not forever. */
const maxAttempts = 8;
const minPassphraseChars = 12;
/** The first epoch of every key; removing an operator starts new ones. */
const epoch = 0;

export interface Vault {
  readonly vaultId: string;
  /** Who unlocked. */
  readonly operator: Operator;
  state(): VaultState;
  /** How many lines the state is made of. */
  seq(): number;
  /**
   * Changes the vault. `decide` is pure: it looks at the newest state and answers with events and a result; it runs
   * again when another process was quicker. Each event is on the disk before it is applied.
   * @throws LatchkeyError VAULT_CONFLICT, VAULT_BUSY, VAULT_UNAUTHORIZED_EVENT, VAULT_UNAVAILABLE, and what decide throws
   */
  transact<T>(decide: (state: VaultState) => { readonly events: readonly DomainEvent[]; readonly result: T }): Promise<T>;
  /** Compact JWE under the vault's `secrets` key. */
  sealSecret(plaintext: string): Promise<string>;
  /** @throws LatchkeyError VAULT_CORRUPT */
  unsealSecret(sealed: string): Promise<string>;
  /** Told after every change, own or foreign. @returns the function that ends it */
  onChange(listener: (state: VaultState) => void): () => void;
  /** @throws LatchkeyError VAULT_WRONG_PASSPHRASE, after the KDF's cost */
  verifyPassphrase(passphrase: string): Promise<void>;
  /** @throws LatchkeyError VAULT_WRONG_PASSPHRASE, PASSPHRASE_TOO_WEAK */
  changePassphrase(current: string, next: string): Promise<void>;
  /** Seals the operator's keys a second time, under 32 bytes that the operating system's keychain keeps. */
  setKeychainSlot(secret: Uint8Array): Promise<void>;
  removeKeychainSlot(): void;
  hasKeychainSlot(): boolean;
  /** Writes the checkpoint, forgets the keys, ends the watch. */
  lock(): Promise<void>;
}

/** Whether there is a vault, without opening it. */
export function vaultExists(deps: Pick<VaultDeps, 'keyStore'>): 'none' | 'present' | 'damaged' {
  try {
    return deps.keyStore.read() === undefined ? 'none' : 'present';
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === 'VAULT_CORRUPT') return 'damaged';
    throw error;
  }
}

/** Whether a slot can be opened by the keychain. */
export function hasKeychainSlot(deps: Pick<VaultDeps, 'keyStore'>): boolean {
  return deps.keyStore.read()?.slots.some((slot) => slot.keychain !== undefined) ?? false;
}

/** Removes the keychain's way in without opening the vault, e.g. when the keychain lost its secret. */
export function dropKeychainSlots(deps: Pick<VaultDeps, 'keyStore'>): void {
  const file = deps.keyStore.read();
  if (file === undefined) return;
  deps.keyStore.write({ ...file, slots: file.slots.map(({ keychain: _keychain, ...slot }) => slot) });
}

/**
 * Makes a new vault with its first operator, an admin.
 * @throws LatchkeyError VAULT_EXISTS, PASSPHRASE_TOO_WEAK
 */
export async function createVault(
  deps: VaultDeps,
  first: { readonly organizationName: string; readonly operatorName: string; readonly passphrase: string },
): Promise<Vault> {
  mustBeLong(first.passphrase);
  const { lines } = await deps.backend.readFrom(0);
  if (deps.keyStore.read() !== undefined || lines.length > 0) {
    throw new LatchkeyError('VAULT_EXISTS', 'There is a vault in this folder already. Unlock it, or choose another folder.');
  }
  const random = (count: number) => Buffer.from(deps.randomBytes(count)).toString('base64url');
  const vaultId = random(16);
  const [sign, receive] = await Promise.all([newKeyPair('Ed25519'), newKeyPair('X25519')]);
  const operator: Operator = {
    id: operatorIdSchema.parse(random(12)),
    name: first.operatorName,
    role: 'admin',
    teamIds: [],
    signKey: sign.publicJwk,
    receiveKey: receive.publicJwk,
    addedAtMs: deps.now(),
  };
  const event: DomainEvent = {
    type: 'organization.created',
    atMs: deps.now(),
    name: first.organizationName,
    operator,
  };
  const [org, secrets] = [deps.randomBytes(32), deps.randomBytes(32)];
  const payload: LinePayload = {
    v: 1,
    vault: vaultId,
    seq: 0,
    prev: null,
    epoch,
    jwe: await sealText(org, JSON.stringify(event), eventBinding(vaultId, 0, epoch)),
    grants: [
      await makeGrant(vaultId, operator, 'org', epoch, org),
      await makeGrant(vaultId, operator, 'secrets', epoch, secrets),
    ],
    operators: [{ id: operator.id, signKey: operator.signKey, receiveKey: operator.receiveKey }],
  };
  const line = await signText(sign.privateJwk, operator.id, JSON.stringify(payload));
  const content: SlotContent = {
    vaultId,
    genesis: hashLine(line),
    signKey: sign.privateJwk,
    receiveKey: receive.privateJwk,
    checkpointKey: random(32),
  };
  const slot = await sealSlot(deps, { operatorId: operator.id, operatorName: operator.name }, content, first.passphrase);
  // The key first: a log without its key would be lost, a key without a log is only in the way.
  deps.keyStore.write({ format: 1, vaultId, slots: [slot] });
  await deps.backend.append(0, line);
  const { vault } = await opened(deps, slot, content);
  return vault;
}

/**
 * Opens a vault.
 * @throws LatchkeyError VAULT_NOT_FOUND, VAULT_WRONG_PASSPHRASE, VAULT_KEYCHAIN_REFUSED, VAULT_KDF_OUT_OF_BOUNDS,
 * VAULT_CORRUPT, VAULT_UNAUTHORIZED_EVENT, VAULT_ROLLED_BACK
 */
export async function openVault(
  deps: VaultDeps,
  by: { readonly passphrase: string } | { readonly keychainSecret: Uint8Array },
): Promise<{ readonly vault: Vault; readonly report: OpenReport }> {
  const file = deps.keyStore.read();
  const restored = deps.keyStore.wasRestored();
  const slot = file?.slots[0];
  if (file === undefined || slot === undefined) {
    throw new LatchkeyError('VAULT_NOT_FOUND', 'There is no vault in this folder. Create an organization first.');
  }
  const content =
    'passphrase' in by ? await openSlot(slot, by.passphrase) : await openKeychain(slot, by.keychainSecret);
  if (content.vaultId !== file.vaultId) {
    throw new LatchkeyError('VAULT_CORRUPT', 'vault.json names another vault than its keys do. Restore it from a backup.');
  }
  // The copy becomes the file again, and the damaged one is kept.
  if (restored) deps.keyStore.write(file);
  const result = await opened(deps, slot, content);
  return restored ? { vault: result.vault, report: { ...result.report, restoredKeyFile: true } } : result;
}

async function opened(deps: VaultDeps, slot: KeySlot, content: SlotContent): Promise<{ vault: Vault; report: OpenReport }> {
  const { lines, tornTailBytes } = await deps.backend.readFrom(0);
  const [genesis] = lines;
  if (genesis === undefined) {
    throw new LatchkeyError('VAULT_CORRUPT', 'vault.log is missing or empty. Restore it from a backup.', {
      details: { line: 1 },
    });
  }
  // Where the damage is, the chain says better than the anchor; so it speaks first.
  checkChain(lines, content.vaultId, 0, null);
  if (hashLine(genesis) !== content.genesis) {
    throw new LatchkeyError('VAULT_CORRUPT', 'Line 1 of the log is not the one that this vault began with.', {
      details: { line: 1 },
    });
  }
  const checkpoint = await usableCheckpoint(deps.keyStore.read(), slot, content, lines);
  const reader: Reader = {
    vaultId: content.vaultId,
    operatorId: slot.operatorId,
    receiveKey: content.receiveKey,
    keyring: checkpoint?.keyring ?? new Keyring(),
  };
  const from: Position = checkpoint ?? { seq: 0, hash: null, state: undefined };
  const position = await replay(reader, from, lines.slice(from.seq), true);
  return {
    vault: new OpenedVault(deps, slot, content, reader, position, checkpoint?.seq ?? 0),
    report: { usedCheckpoint: checkpoint !== undefined, ...(tornTailBytes > 0 ? { tornTailBytes } : {}) },
  };
}

/** @throws LatchkeyError VAULT_ROLLED_BACK when the log ends before the checkpoint, or goes another way */
async function usableCheckpoint(
  file: VaultFile | undefined,
  slot: KeySlot,
  content: SlotContent,
  lines: readonly string[],
): Promise<Checkpoint | undefined> {
  const stored = file?.checkpoint;
  if (stored?.operatorId !== slot.operatorId) return undefined;
  const key = Buffer.from(content.checkpointKey, 'base64url');
  const checkpoint = await openCheckpoint(new Uint8Array(key), content.vaultId, stored.sealed);
  if (checkpoint === undefined) return undefined;
  const line = lines[checkpoint.seq - 1];
  if (line === undefined || hashLine(line) !== checkpoint.hash) {
    throw new LatchkeyError(
      'VAULT_ROLLED_BACK',
      `This computer has seen ${checkpoint.seq} lines of the log; the file has ${lines.length}${line === undefined ? '' : ', and others'}. An older or foreign vault.log was put in place. Restore the newest one.`,
      { details: { seen: checkpoint.seq, found: lines.length } },
    );
  }
  return checkpoint;
}

class OpenedVault implements Vault {
  readonly vaultId: string;
  readonly #deps: VaultDeps;
  #slot: KeySlot;
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
        // A foreign line that does not hold: the state stays as it was, and the next unlock says which line it is.
        if (!(error instanceof LatchkeyError)) throw error;
        this.#stopWatch();
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

  transact<T>(decide: (state: VaultState) => { readonly events: readonly DomainEvent[]; readonly result: T }): Promise<T> {
    return this.#inTurn(async () => {
      for (let attempt = 1; ; attempt += 1) {
        const { events, result } = decide(this.state());
        try {
          for (const event of events) await this.#write(event);
          if (events.length > 0) this.#tell();
          if (this.#position.seq - this.#checkpointSeq >= checkpointEvery) await this.#writeCheckpoint();
          return result;
        } catch (error) {
          const lostRace = error instanceof LatchkeyError && error.code === 'VAULT_CONFLICT';
          if (!lostRace || attempt >= maxAttempts) throw error;
          await this.#catchUp();
        }
      }
    });
  }

  async #write(event: DomainEvent): Promise<void> {
    const { seq, hash, state } = this.#position;
    const next = applied(state, event, this.#slot.operatorId, seq);
    const payload: LinePayload = {
      v: 1,
      vault: this.vaultId,
      seq,
      prev: hash,
      epoch,
      jwe: await sealText(this.#key('org'), JSON.stringify(event), eventBinding(this.vaultId, seq, epoch)),
    };
    const line = await signText(this.#open().signKey, this.#slot.operatorId, JSON.stringify(payload));
    await this.#deps.backend.append(seq, line);
    this.#position = { seq: seq + 1, hash: hashLine(line), state: next };
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
    return sealText(this.#key('secrets'), plaintext, { use: 'secret', vault: this.vaultId });
  }

  async unsealSecret(sealed: string): Promise<string> {
    try {
      return await openText(this.#key('secrets'), sealed, { use: 'secret', vault: this.vaultId });
    } catch (cause) {
      if (cause instanceof LatchkeyError) throw cause;
      throw new LatchkeyError('VAULT_CORRUPT', 'A stored secret cannot be opened. Enter it again.', { cause });
    }
  }

  onChange(listener: (state: VaultState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async verifyPassphrase(passphrase: string): Promise<void> {
    await openSlot(this.#slot, passphrase);
  }

  async changePassphrase(current: string, next: string): Promise<void> {
    mustBeLong(next);
    await openSlot(this.#slot, current);
    const { operatorId, operatorName, keychain } = this.#slot;
    const sealed = await sealSlot(this.#deps, { operatorId, operatorName }, this.#open(), next);
    this.#replaceSlot(keychain === undefined ? sealed : { ...sealed, keychain });
  }

  async setKeychainSlot(secret: Uint8Array): Promise<void> {
    this.#replaceSlot(await sealKeychain(this.#slot, this.#open(), secret));
  }

  removeKeychainSlot(): void {
    const { keychain: _keychain, ...slot } = this.#slot;
    this.#replaceSlot(slot);
  }

  hasKeychainSlot(): boolean {
    return this.#slot.keychain !== undefined;
  }

  lock(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#content === undefined) return;
      this.#stopWatch();
      this.#listeners.clear();
      try {
        if (this.#position.seq > this.#checkpointSeq) await this.#writeCheckpoint();
      } finally {
        this.#content = undefined;
        this.#position = { ...this.#position, state: undefined };
        this.#reader.keyring.clear();
        await this.#deps.backend.close();
      }
    });
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

  #replaceSlot(slot: KeySlot): void {
    const file = this.#deps.keyStore.read();
    if (file === undefined) throw new LatchkeyError('VAULT_UNAVAILABLE', 'vault.json is gone. Restore it from a backup.');
    const slots = file.slots.map((entry) => (entry.operatorId === slot.operatorId ? slot : entry));
    this.#deps.keyStore.write({ ...file, slots });
    this.#slot = slot;
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

function mustBeLong(passphrase: string): void {
  if ([...passphrase].length < minPassphraseChars) {
    throw new LatchkeyError('PASSPHRASE_TOO_WEAK', `The passphrase needs at least ${minPassphraseChars} characters.`, {
      details: { minChars: minPassphraseChars },
    });
  }
}

function lockedError(): LatchkeyError {
  return new LatchkeyError('VAULT_LOCKED', 'The organization is locked. Unlock it with the passphrase.');
}
