/**
 * The one union of error codes with the details that each carries, and the error that carries them. A code is stable:
 * scripts and tests match on it; the message is for people and may change. Details are plain JSON and never hold a
 * secret; `cause` never crosses a process border.
 */
import type { Reason } from './model/decision.ts';

type NoDetails = Readonly<Record<string, never>>;

/** Something that names what somebody wants to remove. */
export type User = { readonly kind: string; readonly id: string; readonly name: string };

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
  PASSPHRASE_TOO_WEAK: { readonly minChars: number };
  PASSPHRASE_REQUIRED: NoDetails;
  KEYCHAIN_UNAVAILABLE: { readonly backend?: string };
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
    readonly field?: 'url';
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
  CANCELLED: NoDetails;
  /** Which fields are wrong and how; values are not repeated. */
  IPC_BAD_INPUT: { readonly issues?: readonly string[] };
  IPC_UNKNOWN_METHOD: NoDetails;
  IPC_UNTRUSTED_SENDER: NoDetails;
  IPC_TOO_LARGE: NoDetails;
  /** `status`: of an HTTP answer that was none of ours; `connection`: no answer at all. */
  INTERNAL: { readonly status?: number; readonly connection?: 'lost' };
};

export type ErrorCode = keyof ErrorDetailsByCode;

type Rest<C extends ErrorCode> =
  Record<never, never> extends ErrorDetailsByCode[C]
    ? [options?: { readonly details?: ErrorDetailsByCode[C]; readonly cause?: unknown }]
    : [options: { readonly details: ErrorDetailsByCode[C]; readonly cause?: unknown }];

class CodedError<C extends ErrorCode> extends Error {
  readonly code: C;
  readonly details: ErrorDetailsByCode[C];

  constructor(code: C, message: string, ...[options]: Rest<C>) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'LatchkeyError';
    this.code = code;
    // `Rest` lets details be left out only where an empty object is one of theirs.
    this.details = options?.details ?? ({} as ErrorDetailsByCode[C]);
  }
}

/** A union over the codes: comparing `code` narrows `details`. */
export type LatchkeyError<C extends ErrorCode = ErrorCode> = { [K in C]: CodedError<K> }[C];

/** An error with a stable code. Everything that an operator can cause is one of these; anything else is a bug. */
export const LatchkeyError = CodedError as {
  new <C extends ErrorCode>(code: C, message: string, ...rest: Rest<C>): CodedError<C>;
  /** What `instanceof` narrows to. */
  readonly prototype: LatchkeyError;
};

/** What crosses a process border instead of an exception: a union over the codes, as the error is. */
export type WireError<C extends ErrorCode = ErrorCode> = {
  [K in C]: { readonly code: K; readonly message: string; readonly details: ErrorDetailsByCode[K] };
}[C];

export type WireResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireError };

/** The error without its cause and stack. */
export function toWireError(error: LatchkeyError): WireError {
  const { code, message, details } = error;
  // Code and details come from one error, so they belong together; TypeScript cannot follow that.
  return { code, message, details } as WireError;
}

/** The error on the other side of the border. */
export function fromWireError(error: WireError): LatchkeyError {
  const { code, message, details } = error;
  return new CodedError<ErrorCode>(code, message, { details }) as LatchkeyError;
}

/** Marks a switch as exhaustive: it does not compile when a case is missing. Throws if it is reached at run time. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected case: ${JSON.stringify(value)}`);
}
