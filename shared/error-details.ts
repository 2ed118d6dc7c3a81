/**
 * The one union of error codes, with the details that each carries. A code is stable: scripts and tests match on it.
 * Details are plain JSON, never hold a secret, and are all that the catalogue (`texts/en/errors.ts`) makes the words of.
 */
import type { Reason } from './model/decision.ts';
import type { PassphraseLack } from './passphrase/judge.ts';

type NoDetails = Readonly<Record<string, never>>;

/** Something that names what somebody wants to remove. */
export type User = { readonly kind: string; readonly id: string; readonly name: string };

/** Settings about the network, by their fields in a form. */
export type NetworkField = 'ca-file' | 'proxy-url' | 'proxy-password-file';

/** A file that the disk did not give or take. */
export type FileFailure = {
  readonly path: string;
  /** The system's code, e.g. ENOSPC. */
  readonly reason?: string;
  /** Of a write: whether the old file certainly stands. */
  readonly outcome?: 'unchanged' | 'unknown';
};

/** Every code, with the facts that it carries. */
export type ErrorDetailsByCode = {
  VAULT_NOT_FOUND: NoDetails;
  VAULT_EXISTS: NoDetails;
  VAULT_LOCKED: NoDetails;
  VAULT_CORRUPT: {
    /** Counts from 1. */
    readonly line?: number;
    readonly path?: string;
    /** The log is whole, but shorter than it was (`foundSeq` lines), or another one. */
    readonly lost?: 'shorter' | 'replaced';
    readonly foundSeq?: number;
  };
  VAULT_WRONG_PASSPHRASE: NoDetails;
  /** This computer has read the log up to `seenSeq`; what is there now ends earlier or goes another way. */
  VAULT_ROLLED_BACK: {
    readonly seenSeq: number;
    readonly seenHash: string;
    readonly foundSeq: number;
    /** Of the line at `seenSeq`, or of the last one where the log ends earlier; null for an empty log. */
    readonly foundHash: string | null;
  };
  VAULT_NEEDS_NEWER_VERSION: { readonly format?: number; readonly supported?: number };
  /** No grant of this key for this operator is in the log. */
  VAULT_KEY_MISSING: { readonly key: string; readonly epoch: number; readonly line: number };
  /** Damage was found while the vault was open: it can be read, not written. */
  VAULT_WRITES_STOPPED: { readonly reason: string };
  VAULT_UNAUTHORIZED_EVENT: { readonly event?: string; readonly line?: number };
  VAULT_BUSY: {
    readonly pid?: number;
    readonly host?: string;
    readonly program?: string;
    readonly sinceMs?: number;
  };
  VAULT_CONFLICT: NoDetails;
  VAULT_UNAVAILABLE: FileFailure | NoDetails;
  VAULT_KDF_OUT_OF_BOUNDS: {
    readonly parameter: string;
    readonly value: number;
    readonly min: number;
    readonly max: number;
  };
  VAULT_KEYCHAIN_REFUSED: NoDetails;
  /** The file system, or this system, offers no lock that holds between processes and containers. */
  LOCK_UNSUPPORTED: { readonly path?: string };
  PASSPHRASE_TOO_WEAK: { readonly lack: PassphraseLack };
  PASSPHRASE_REQUIRED: NoDetails;
  KEYCHAIN_UNAVAILABLE: { readonly backend?: string };
  /** The policies changed since the plan was made. */
  POLICY_PLAN_STALE: { readonly baseHash: string };
  /** A text of policies that cannot be used; `line` counts from 1. */
  POLICY_INVALID: {
    readonly line?: number;
    readonly policyName?: string;
    readonly code?: string;
    /** From 0. */
    readonly ruleNo?: number;
  };
  /** Tests of policies that came out in another way than they expect. */
  POLICY_TESTS_FAILED: { readonly failed: number; readonly total: number };
  NOT_FOUND: { readonly what?: string; readonly id?: string };
  NAME_TAKEN: { readonly what: string; readonly name: string };
  /** `users` is a beginning of the list; `total` counts all. */
  IN_USE: {
    readonly what: string;
    readonly id: string;
    readonly users: readonly User[];
    readonly total: number;
  };
  INVALID_INPUT: {
    readonly network?: string;
    readonly channel?: string;
    readonly environment?: string;
    /** A path that is no folder of this computer. */
    readonly folder?: string;
    /** An entry of a channel's private hosts. */
    readonly privateHost?: string;
    /** What is wrong is the upstream's URL; it is not repeated, as a secret may stand in it. */
    readonly field?: 'url' | NetworkField;
    readonly event?: string;
  };
  OPERATION_NOT_ALLOWED: NoDetails;
  TOKEN_MALFORMED: NoDetails;
  TOKEN_REVOKED: NoDetails;
  TOKEN_EXPIRED: NoDetails;
  POLICY_DENIED: { readonly reasons: readonly Reason[] };
  UPSTREAM_UNREACHABLE: NoDetails;
  GATEWAY_PORT_IN_USE: { readonly host: string; readonly port: number };
  GATEWAY_NOT_RUNNING: { readonly host: string; readonly port: number };
  /** Something else answers where clients would send their tokens. */
  GATEWAY_NOT_OURS: { readonly url: string };
  /** What `latchkey doctor` found; the report says what. */
  CONFIG_PROBLEMS: { readonly problems: number };
  EXPORT_UNSUPPORTED: { readonly format: string; readonly tokenId?: string };
  FILE_EXISTS: { readonly path: string };
  FILE_NOT_READABLE: FileFailure;
  FILE_NOT_WRITABLE: FileFailure;
  /** A FIFO, device or folder where a file was meant. */
  FILE_NOT_REGULAR: { readonly path: string; readonly kind: string };
  FILE_TOO_LARGE: { readonly path: string; readonly maxBytes: number };
  /** A question to the request log that was ended. */
  LOG_QUERY_TOO_SLOW: { readonly seconds: number };
  LOG_QUERY_TOO_LARGE: { readonly maxGroups: number };
  CANCELLED: NoDetails;
  /** Which fields are wrong and how; values are not repeated. */
  IPC_BAD_INPUT: { readonly issues?: readonly string[] };
  /** Another user could have put what stands where the agent should be. */
  AGENT_UNTRUSTED: NoDetails;
  /** Something is there, and is not, or no longer, the agent of this vault. */
  AGENT_REFUSED: NoDetails;
  /** The connection ended in the middle of a call: whether it was done is not known. */
  AGENT_LOST: NoDetails;
  IPC_UNKNOWN_METHOD: NoDetails;
  IPC_UNTRUSTED_SENDER: NoDetails;
  IPC_TOO_LARGE: NoDetails;
  /** `status`: of an HTTP answer that was none of ours; `connection`: no answer at all. */
  INTERNAL: { readonly status?: number; readonly connection?: 'lost' };
};

export type ErrorCode = keyof ErrorDetailsByCode;
