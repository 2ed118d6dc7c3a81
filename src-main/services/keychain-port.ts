/** What "unlock with this computer" asks of a host: the operating system's keychain, and a file for what it sealed. */
import { z } from 'zod';

export type SecretStoreStatus =
  | { readonly usable: true; readonly backend: string }
  | { readonly usable: false; readonly reason: 'unavailable' | 'plain-text'; readonly backend: string };

/** The operating system's keychain. `open` throws when the text was sealed by another user, profile or keyring. */
export type SecretStore = {
  readonly status: () => Promise<SecretStoreStatus>;
  readonly seal: (text: string) => Promise<Uint8Array>;
  readonly open: (sealed: Buffer) => Promise<{ readonly text: string; readonly resealed?: Uint8Array }>;
};

export const keychainRecord = z.object({
  version: z.literal(1),
  /** Base64 of what the keychain sealed: the slot's secret and the time of the last passphrase. */
  sealed: z.string().max(8192),
  /** A copy for showing; the sealed one decides. */
  passphraseAtMs: z.number().int(),
});
export type KeychainRecord = z.infer<typeof keychainRecord>;

export type KeychainFile = {
  readonly read: () => KeychainRecord | undefined;
  readonly write: (record: KeychainRecord) => void;
  readonly remove: () => void;
};

/** What a host with a keychain brings. */
export type KeychainPort = { readonly store: SecretStore; readonly file: KeychainFile };
