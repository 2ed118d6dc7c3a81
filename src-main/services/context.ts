import { randomBytes } from 'node:crypto';
import type { HostEvent, HostEventName } from '../../shared/contract/contract.ts';
import type { DesktopRequest } from '../../shared/contract/desktop-views.ts';
import type { HostView } from '../../shared/contract/session-views.ts';
import type { DomainEvent } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { DecideAt, Decision } from '../vault/vault-api.ts';
import type { Indexes } from './indexes.ts';
import type { KeychainPort } from './keychain-port.ts';
import type { OrganizationVault } from './organization-vault.ts';
import type { StoredSettings } from './stored-settings.ts';

/** Who serves commands from this app, as `op` and `ssh-agent` do (src-main/agent). */
export type AgentPort = {
  readonly by: 'app' | 'process';
  /** While it serves. */
  readonly view: () =>
    { readonly sinceMs: number; readonly idleEndMs: number; readonly endMs: number } | undefined;
  /** Where somebody may start and stop it: not in the agent's own process, which ends with its lock. */
  readonly start?: () => Promise<void>;
  readonly stop?: () => void;
  /** Told when it began or ended to serve. */
  readonly onChange?: (listener: () => void) => void;
};

/** What a host brings: facts about itself, and the few things that only it can do. */
export type HostPorts = Pick<HostView, 'kind' | 'saveDialog' | 'clipboard'> & {
  /** Asks where to save; undefined when the operator cancelled. Only where `saveDialog` is `native`. */
  readonly chooseSavePath?: (suggestedName: string) => Promise<string | undefined>;
  /** Asks for a folder or a file that there is; undefined when the operator cancelled. Only where `saveDialog` is `native`. */
  readonly choosePath?: (what: 'folder' | 'file') => Promise<string | undefined>;
  /** The operating system's keychain. Desktop app only. */
  readonly keychain?: KeychainPort;
  readonly agent?: AgentPort;
  /** Copies a secret and clears it later; returns after how many seconds (0: never). Where `clipboard` is `host`. */
  readonly copySecret?: (text: string) => Promise<number>;
  /** What the app was opened with, once. Desktop app only. */
  readonly takeRequest?: () => DesktopRequest | undefined;
};

/** The settings file behind a small interface, so that electron-store, conf and a test's fake all fit. */
export interface SettingsStore {
  read(): StoredSettings;
  /**
   * What is not given (`tables`) stays as it is.
   * @throws LatchkeyError FILE_NOT_WRITABLE; the settings are then as they were
   */
  write(settings: StoredSettings): void;
  /** What the operator should know about the file: that it was put aside, or which values do not count. */
  problems(): readonly string[];
}

/** What the services ask of whoever feeds the gateway. */
export interface GatewayFeed {
  /**
   * Resolves when the gateway has acknowledged a bundle that was made of at least the first `seq` lines of the log (as
   * `Committed.seq` counts them); at once where no gateway runs or none follows. May stay pending, or reject, when the
   * gateway does not answer: who waits gives up after a second and says so.
   */
  confirmed(seq: number): Promise<void>;
}

/** What a change came to. */
export type Committed<T> = {
  readonly result: T;
  /** The organization as it is with the change in it; also when the vault was locked meanwhile. */
  readonly state: OrganizationState;
};

/**
 * Changes the organization: durable, and acknowledged by the gateway; what of it takes longer than a second is said by
 * a notice and not waited for. `decide` is pure and may run again when another process was quicker.
 */
export type Commit = <T>(
  decide: (state: OrganizationState, at: DecideAt) => Decision<DomainEvent, T>,
) => Promise<Committed<T>>;

/** What every use case is handed. Nothing here is global; the composition root makes one. */
export type Context = {
  readonly dataDir: string;
  readonly version: string;
  readonly host: HostPorts;
  readonly now: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly settings: SettingsStore;
  /** The unlocked vault. @throws LatchkeyError VAULT_LOCKED */
  readonly vault: () => OrganizationVault;
  readonly commit: Commit;
  /** What lists and counts are answered from. @throws LatchkeyError VAULT_LOCKED */
  readonly indexes: () => Indexes;
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
