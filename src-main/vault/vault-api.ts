/**
 * What the vault offers to the services, and what it is handed. Everywhere `seq()` is how many lines the state is made
 * of, and the `seq` of an entry or a line counts from 0: the newest entry's is one less.
 */
import type { OperatorRole } from '../../shared/model/domain.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import type { Lost, OpenBackend } from './backend.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { ClearDenials, Domain, LineContext } from './domain.ts';
import type { HeadCopyStore } from './head-copy.ts';
import type { DeriveKey } from './kdf.ts';
import type { KdfParameters, KeyStore } from './vault-file.ts';
import type { PublicPlace } from './chain-place.ts';

/** One event with its place; the line gives time and signer. */
export type Entry<Event> = {
  readonly seq: number;
  readonly atMs: number;
  readonly signer: OperatorId;
  readonly event: Event;
};

/** A line that is authentic, but may not be: kept, told, without effect. */
export type VoidLine = {
  readonly seq: number;
  readonly signer: OperatorId;
  readonly code: 'form' | 'signer' | 'right' | 'fit' | 'content' | 'clear';
  readonly why: string;
};

/** What an operator must be told. Each kind has its own words, made by the services. */
export type VaultAlarm =
  /** Lines that this computer has read are no longer there (an admin may have accepted that). */
  | { readonly kind: 'lost-lines'; readonly seenSeq: number; readonly foundSeq: number }
  /** The log is not the one that was followed. Writes stop. */
  | { readonly kind: 'log-lost'; readonly how: Lost }
  /** The log that could not be read is there again, as it was; what said that it is away is over. */
  | { readonly kind: 'log-found' }
  /** A line is damaged. Writes stop. `line` counts from 1; `why` is whole sentences. */
  | { readonly kind: 'damaged-line'; readonly line: number; readonly why: string }
  | { readonly kind: 'void-line'; readonly line: VoidLine }
  /** A line that counts by its clear part, but whose content does not open or says something else. */
  | { readonly kind: 'unreadable-content'; readonly seq: number; readonly why: string }
  /** A change was made, but the head could not be replaced. */
  | { readonly kind: 'not-anchored'; readonly seq: number }
  /** The memory of this computer (head copy) could not be kept. */
  | { readonly kind: 'head-copy-failed'; readonly why: string }
  | { readonly kind: 'checkpoint-failed'; readonly why: string }
  | { readonly kind: 'checkpoint-newer'; readonly schema: number }
  /** Something about vault.json or its copy could not be written; a sentence. */
  | { readonly kind: 'key-file'; readonly why: string }
  | { readonly kind: 'torn-tail'; readonly bytes: number }
  | { readonly kind: 'completed-last-line' }
  /** The last lines had no head (a crash between the two writes); it was written now. */
  | { readonly kind: 'head-repaired' };

/** What a change is decided on. */
export type DecideAt = { readonly atMs: number; readonly signer: OperatorId };

export type Decision<Event, T> = { readonly events: readonly Event[]; readonly result: T };

export type Committed<T> = {
  readonly result: T;
  /** How many lines the state is made of after it. */
  readonly seq: number;
  /** False: durable, but the head could not be replaced ("made, but not anchored"). */
  readonly anchored: boolean;
};

/** Which key of which segment of a gateway's request log. */
export type LogKeyPlace = {
  readonly use: 'mac' | 'address' | 'ciUser';
  readonly gateway: string;
  readonly run: number;
  readonly n: number;
};

/** What listeners get after every change, own or foreign. */
export type Change<State, Event> = {
  readonly seq: number;
  readonly entries: readonly Entry<Event>[];
  readonly state: State;
};

/** Where a secret belongs; it opens nowhere else. */
export type SecretPlace = { readonly subject: string; readonly origin: string };

export type VoidLines = {
  readonly count: number;
  /** The first 100. */
  readonly lines: readonly VoidLine[];
};

export type VerifyProgress = { readonly done: number; readonly total: number };
export type VerifyReport = {
  /** How many lines were checked; all, unless there is damage. */
  readonly lines: number;
  readonly voidLines: VoidLines;
  /** The first line (from 1) that is not authentic. */
  readonly damage?: { readonly line: number; readonly why: string };
  /** `behind`: lines after the head lack one; `wrong`: it names another line, or its signature does not hold. */
  readonly head: 'anchored' | 'behind' | 'missing' | 'wrong';
};

/** Who unlocked, as the log says; the name is that of the key slot. */
export type VaultOperator = {
  readonly id: OperatorId;
  readonly name: string;
  readonly role: OperatorRole;
  readonly teamIds: readonly string[];
};

/** An open vault. */
export interface Vault<State, Event> {
  readonly vaultId: string;
  readonly operator: VaultOperator;
  state(): State;
  /** How many lines the state is made of. */
  seq(): number;
  /**
   * Changes the vault by one line. `decide` is pure: it looks at the newest state and answers with events and a result;
   * it runs again when another process was quicker. No events, no line.
   * @throws LatchkeyError VAULT_CONFLICT, VAULT_BUSY, VAULT_UNAUTHORIZED_EVENT, VAULT_UNAVAILABLE, VAULT_LOCKED,
   * VAULT_WRITES_STOPPED, INVALID_INPUT when the events cannot be stored, and what decide throws
   */
  commit<T>(decide: (state: State, at: DecideAt) => Decision<Event, T>): Promise<Committed<T>>;
  /** Entries of lines `fromSeq` ≤ seq < `toSeq` (default: all there are), read back; void lines bring none. */
  entries(fromSeq: number, toSeq?: number): AsyncIterable<Entry<Event>>;
  voidLines(): VoidLines;
  /** Where it stands, without anything secret: from there the log can be followed while the vault is locked. */
  place(): PublicPlace;
  /** The format that the log declares, and the newest that this program writes. */
  format(): { readonly declared: number; readonly supported: number };
  /** How many lines were checked fully so far, and whether nothing is left for the check in the background. */
  checked(): { readonly done: boolean; readonly lines: number };
  /** Told after every change, own or foreign. @returns the function that ends it */
  onCommit(listener: (change: Change<State, Event>) => void): () => void;
  onAlarm(listener: (alarm: VaultAlarm) => void): () => void;
  /** The alarms so far, the latest 100. */
  alarms(): readonly VaultAlarm[];
  /** Checks every line fully. Damage is part of the report. @throws LatchkeyError CANCELLED */
  verify(onProgress?: (progress: VerifyProgress) => void, signal?: AbortSignal): Promise<VerifyReport>;
  /** Compact JWE under the vault's `upstream` key. @throws LatchkeyError OPERATION_NOT_ALLOWED without that key */
  sealSecret(plaintext: string, place: SecretPlace): Promise<string>;
  /** @throws LatchkeyError OPERATION_NOT_ALLOWED, VAULT_CORRUPT when it does not open here */
  unsealSecret(sealed: string, place: SecretPlace): Promise<string>;
  /**
   * A key that a gateway sealed to this operator. Nothing else opens by it: the place is part of the ciphertext.
   * @throws LatchkeyError VAULT_CORRUPT when it does not open here
   */
  openLogKey(sealed: string, place: LogKeyPlace): Promise<Uint8Array>;
  /** @throws LatchkeyError VAULT_WRONG_PASSPHRASE, after the KDF's cost */
  verifyPassphrase(passphrase: string): Promise<void>;
  /** @throws LatchkeyError VAULT_WRONG_PASSPHRASE, PASSPHRASE_TOO_WEAK */
  changePassphrase(current: string, next: string): Promise<void>;
  /** Seals the operator's keys a second time, under 32 bytes that the operating system's keychain keeps. */
  setKeychainSlot(secret: Uint8Array): Promise<void>;
  removeKeychainSlot(): Promise<void>;
  hasKeychainSlot(): boolean;
  /** Forgets the keys, ends watch and work in the background. Writes nothing. */
  lock(): Promise<void>;
}

/** What a vault is made of; everything that a test may want to replace. */
export type VaultParts<State, Event> = {
  readonly domain: Domain<State, Event>;
  readonly now: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly keyStore: KeyStore;
  readonly openBackend: OpenBackend;
  readonly headCopies: HeadCopyStore;
  readonly checkpoints: CheckpointStore;
  /** Costs for new slots; tests lower them within the bounds. */
  readonly kdf?: KdfParameters;
  /** How a key is derived (Argon2id unless a test counts the calls). */
  readonly deriveKey?: DeriveKey;
  /** Threads that check signatures; by default as many as there are processors, two at most. */
  readonly workers?: number;
};

/** Lines that this computer has read and that are gone: from `fromSeq` on; the last was `lostSeq`. */
export type LostLines = { readonly fromSeq: number; readonly lostSeq: number; readonly lostHash: string };

/** How an admin takes a log that lost lines: what says so in it, and what the lost lines denied, denied again. */
export type AcceptRestored<State, Event> = {
  readonly restored: (lost: LostLines) => Event;
  /** @param line where the events will stand */
  readonly denyAgain: (state: State, denials: readonly ClearDenials[], line: LineContext) => readonly Event[];
};

/** What an operator should be told after an unlock; the alarms say the rest. */
export type OpenReport = {
  readonly usedCheckpoint: boolean;
  readonly replayedLines: number;
  readonly restoredKeyFile?: boolean;
};
