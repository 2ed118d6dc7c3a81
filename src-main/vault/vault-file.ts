/**
 * `vault.json`: its form, and what keeps it. Invariant: members that this version does not know are opened and kept on
 * every write; a newer format is refused as such and never taken for damage.
 */
import { z } from 'zod';
import { displayName } from '../../shared/model/domain.ts';
import { operatorId } from '../../shared/model/ids.ts';

/** The one format of vault.json that this program reads and writes. */
export const vaultFileFormat = 1;

/** Argon2id costs, stored with each slot. */
export const kdfParameters = z.looseObject({
  memoryKiB: z.number().int(),
  passes: z.number().int(),
  parallelism: z.number().int(),
});
export type KdfParameters = {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly parallelism: number;
};

const compactJwe = z.string().max(100_000);
const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

/** One operator's keys, sealed. */
export const keySlot = z.looseObject({
  operatorId,
  operatorName: displayName,
  kdf: kdfParameters.extend({ alg: z.literal('argon2id'), salt: base64url.min(22).max(86) }),
  sealed: compactJwe,
  /** The same keys under a secret that the operating system's keychain keeps. */
  keychain: z.looseObject({ sealed: compactJwe }).optional(),
});
export type KeySlot = Readonly<z.infer<typeof keySlot>>;

export const vaultFile = z.looseObject({
  format: z.literal(vaultFileFormat),
  vaultId: base64url.length(22),
  /** One more with every write, so that of a file and its copy the newer one is known. */
  revision: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  /** There until the first line of the log is on the disk: such an organization was never finished. */
  unfinished: z.literal(true).optional(),
  slots: z.array(keySlot).min(1).max(1000),
});
export type VaultFile = Readonly<z.infer<typeof vaultFile>>;

/** What stands in the folder. */
export type KeyFiles = {
  /** The file to believe. */
  readonly file: VaultFile;
  readonly from: 'main' | 'copy';
  /** The copy, where it differs and is not older: to be tried when a slot of `file` does not open. */
  readonly copy?: VaultFile;
};

/**
 * A write that happened: vault.json is new. A warning says what did not come about besides (the copy, the disk's
 * confirmation), as a sentence for the operator.
 */
export type KeyWrite = { readonly warnings: readonly string[] };

/** Where `vault.json` is kept. Writes take the vault's lock by themselves: not to be called while it is held. */
export interface KeyStore {
  /**
   * What there is; undefined when there is nothing.
   * @throws LatchkeyError VAULT_CORRUPT when there are files and none is whole, VAULT_NEEDS_NEWER_VERSION,
   * VAULT_UNAVAILABLE when the disk does not let it be read
   */
  read(): KeyFiles | undefined;
  /**
   * Makes the file, marked as unfinished, where there is none.
   * @throws LatchkeyError VAULT_EXISTS, VAULT_BUSY, LOCK_UNSUPPORTED, VAULT_UNAVAILABLE (then there is none)
   */
  create(file: Pick<VaultFile, 'vaultId' | 'slots'>): Promise<KeyWrite>;
  /** Takes the mark away, once the first line is on the disk. A disk that refuses is no failure: the log's line decides. */
  finish(): Promise<void>;
  /** Removes what `create` made, when the first line could not be written. Best effort. */
  discard(vaultId: string): Promise<void>;
  /**
   * Reads, changes and writes, with no other change of this or another process between.
   * @throws LatchkeyError VAULT_BUSY, LOCK_UNSUPPORTED, VAULT_UNAVAILABLE (`details.outcome` says whether vault.json is
   * certainly as it was), and what `change` throws
   */
  update(change: (file: VaultFile) => VaultFile): Promise<KeyWrite>;
  /**
   * Tells which file's slot opened, so that the other becomes the same. A damaged main file is kept beside it. From then
   * on `update` builds on the right one, also where the disk refused the repair.
   * @returns whether vault.json was replaced, and what could not be repaired
   */
  confirm(from: 'main' | 'copy'): Promise<KeyWrite & { readonly restored: boolean }>;
}
