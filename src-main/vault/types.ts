import { z } from 'zod';
import { displayName, okpPublicKey } from '../../shared/model/domain.ts';
import { operatorId } from '../../shared/model/ids.ts';

/** Argon2id costs, stored with each slot. */
export const kdfParameters = z.object({
  memoryKiB: z.number().int(),
  passes: z.number().int(),
  parallelism: z.number().int(),
});
export type KdfParameters = Readonly<z.infer<typeof kdfParameters>>;

const compactJwe = z.string().max(100_000);
const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

/** One operator's keys, sealed. */
export const keySlot = z.object({
  operatorId,
  operatorName: displayName,
  kdf: kdfParameters.extend({ alg: z.literal('argon2id'), salt: base64url.max(128) }),
  sealed: compactJwe,
  /** The same keys under a secret that the operating system's keychain keeps. */
  keychain: z.object({ sealed: compactJwe }).optional(),
});
export type KeySlot = Readonly<z.infer<typeof keySlot>>;

/** `vault.json`. */
export const vaultFile = z.object({
  format: z.literal(1),
  vaultId: base64url.length(22),
  slots: z.array(keySlot).min(1).max(1000),
  checkpoint: z.object({ operatorId, sealed: z.string() }).optional(),
});
export type VaultFile = Readonly<z.infer<typeof vaultFile>>;

/** Where `vault.json` is kept. */
export interface KeyStore {
  /** The file, or undefined when there is none. @throws LatchkeyError VAULT_CORRUPT when neither copy validates */
  read(): VaultFile | undefined;
  /** Writes the file and then its copy. */
  write(file: VaultFile): void;
  /** Whether the last read had to use the copy. */
  wasRestored(): boolean;
}

/** Where the log is kept. Lines are handed over and back without their newline. */
export interface LogBackend {
  /**
   * Appends one line, durably.
   * @param expectedSeq how many lines the caller believes there are
   * @throws LatchkeyError VAULT_CONFLICT when there are others, VAULT_BUSY when another process holds the lock
   */
  append(expectedSeq: number, line: string): Promise<void>;
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
};

/** What an operator should be told after an unlock. */
export type OpenReport = {
  readonly tornTailBytes?: number;
  readonly usedCheckpoint: boolean;
  readonly restoredKeyFile?: boolean;
};

/** An operator's public half, in clear on the line that introduces the operator. */
export const publicOperator = z.object({ id: operatorId, signKey: okpPublicKey, receiveKey: okpPublicKey });
export type PublicOperator = Readonly<z.infer<typeof publicOperator>>;

export const keyName = z.enum(['org', 'secrets']);
export type KeyName = z.infer<typeof keyName>;

/** A key of the organization, wrapped to one operator. */
export const grant = z.object({ key: keyName, epoch: z.number().int().min(0), operator: operatorId, jwe: compactJwe });
export type Grant = Readonly<z.infer<typeof grant>>;
