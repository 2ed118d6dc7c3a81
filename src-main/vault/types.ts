import { z } from 'zod';
import type { Operator } from '../../shared/model/domain.ts';
import { okpPublicKey } from '../../shared/model/domain.ts';
import type { DomainEvent } from '../../shared/model/events.ts';
import { operatorId } from '../../shared/model/ids.ts';
import type { VaultState } from '../../shared/model/state.ts';
import type { DeriveKey } from './kdf.ts';
import type { KdfParameters, KeyStore } from './vault-file.ts';

const compactJwe = z.string().max(100_000);

/** Where the log is kept. Lines are handed over and back without their newline. */
export interface LogBackend {
  /**
   * Appends lines, durably, with none of another process between them.
   * @param expectedSeq how many lines the caller believes there are
   * @throws LatchkeyError VAULT_CONFLICT when there are others, VAULT_BUSY when another process holds the lock,
   * VAULT_UNAVAILABLE when the disk refuses, VAULT_CORRUPT when the log was replaced while it was open
   */
  append(expectedSeq: number, lines: readonly string[]): Promise<void>;
  readFrom(seq: number): Promise<{ readonly lines: readonly string[]; readonly tornTailBytes: number }>;
  /** Calls back soon after another process appended. @returns the function that ends the watch */
  watch(onChange: () => void): () => void;
  close(): Promise<void>;
}

export type VaultDeps = {
  readonly now: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly keyStore: KeyStore;
  readonly backend: LogBackend;
  /** Costs for new slots; tests lower them within the bounds. */
  readonly kdf?: KdfParameters;
  /** How a key is derived (Argon2id unless a test counts the calls). */
  readonly deriveKey?: DeriveKey;
};

/** What an operator should be told after an unlock. */
export type OpenReport = {
  readonly tornTailBytes?: number;
  readonly usedCheckpoint: boolean;
  readonly restoredKeyFile?: boolean;
};

/** An operator's public half, in clear on the line that introduces the operator. */
export const publicOperator = z.object({ id: operatorId, signKey: okpPublicKey, receiveKey: okpPublicKey });

export const keyName = z.enum(['org', 'secrets']);
export type KeyName = z.infer<typeof keyName>;

/** A key of the organization, wrapped to one operator. */
export const grant = z.object({
  key: keyName,
  epoch: z.number().int().min(0),
  operator: operatorId,
  jwe: compactJwe,
});
export type Grant = Readonly<z.infer<typeof grant>>;

/** An open vault. */
export interface Vault {
  readonly vaultId: string;
  /** Who unlocked. */
  readonly operator: Operator;
  state(): VaultState;
  /** How many lines the state is made of. */
  seq(): number;
  /**
   * Changes the vault. `decide` is pure: it looks at the newest state and answers with events and a result; it runs
   * again when another process was quicker. All events are on the disk before any is applied, or none is.
   * @throws LatchkeyError VAULT_CONFLICT, VAULT_BUSY, VAULT_UNAUTHORIZED_EVENT, VAULT_UNAVAILABLE, VAULT_LOCKED,
   * INVALID_INPUT when an event does not fit the state, and what decide throws
   */
  transact<T>(
    decide: (state: VaultState) => { readonly events: readonly DomainEvent[]; readonly result: T },
  ): Promise<T>;
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
  removeKeychainSlot(): Promise<void>;
  hasKeychainSlot(): boolean;
  /** Writes the checkpoint, forgets the keys, ends the watch. */
  lock(): Promise<void>;
}
