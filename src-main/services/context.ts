import { randomBytes } from 'node:crypto';
import type { HostEvent, HostEventName } from '../../shared/contract/contract.ts';
import type { DesktopRequest } from '../../shared/contract/desktop-views.ts';
import type { HostView, Settings } from '../../shared/contract/views.ts';
import type { Token } from '../../shared/model/domain.ts';
import type { VaultState } from '../../shared/model/state.ts';
import type { KeyStore, LogBackend } from '../vault/types.ts';
import type { Vault } from '../vault/vault.ts';
import type { KeychainPort } from './keychain-port.ts';

/** What a host brings: facts about itself, and the few things that only it can do. */
export type HostPorts = Pick<HostView, 'kind' | 'saveDialog' | 'clipboard'> & {
  /** Asks where to save; undefined when the operator cancelled. Only where `saveDialog` is `native`. */
  readonly chooseSavePath?: (suggestedName: string) => Promise<string | undefined>;
  /** The operating system's keychain. Desktop app only. */
  readonly keychain?: KeychainPort;
  /** Copies a secret and clears it later; returns after how many seconds (0: never). Where `clipboard` is `host`. */
  readonly copySecret?: (text: string) => Promise<number>;
  /** What the app was opened with, once. Desktop app only. */
  readonly takeRequest?: () => DesktopRequest | undefined;
};

/** The settings file behind a small interface, so that electron-store, conf and a test's fake all fit. */
export interface SettingsStore {
  read(): Settings;
  write(settings: Settings): void;
}

/** What every use case is handed. Nothing here is global; the composition root makes one. */
export type Context = {
  readonly dataDir: string;
  readonly version: string;
  readonly host: HostPorts;
  readonly now: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly settings: SettingsStore;
  readonly keyStore: KeyStore;
  readonly openBackend: () => LogBackend;
  /** The unlocked vault. @throws LatchkeyError VAULT_LOCKED */
  readonly vault: () => Vault;
  /** Resolves when the embedded gateway enforces the vault's newest state. */
  readonly syncGateway: () => Promise<void>;
  readonly emit: <N extends HostEventName>(name: N, event: HostEvent<N>) => void;
};

/** A new opaque id for a team, channel, …: 96 random bits, base64url. */
export function newId(context: Pick<Context, 'randomBytes'>): string {
  return Buffer.from(context.randomBytes(12)).toString('base64url');
}

/** The operating system's randomness, as the vault and the tokens want it. */
export function systemRandomBytes(count: number): Uint8Array {
  return new Uint8Array(randomBytes(count));
}

/** Tokens that still work, counted by the thing that `keyOf` names. */
export function countTokensBy(
  state: VaultState,
  nowMs: number,
  keysOf: (token: Token) => readonly string[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const token of state.tokens.values()) {
    if (token.revoked !== undefined || token.expiresAtMs <= nowMs) continue;
    for (const key of keysOf(token)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
