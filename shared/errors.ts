/**
 * The one union of error codes, and the error that carries one. A code is stable: scripts and tests match on it;
 * the message is for people and may change. `details` never holds a secret; `cause` never crosses a process border.
 */
export const errorCodes = [
  'VAULT_NOT_FOUND',
  'VAULT_EXISTS',
  'VAULT_LOCKED',
  'VAULT_CORRUPT',
  'VAULT_WRONG_PASSPHRASE',
  'VAULT_ROLLED_BACK',
  'VAULT_UNAUTHORIZED_EVENT',
  'VAULT_BUSY',
  'VAULT_CONFLICT',
  'VAULT_UNAVAILABLE',
  'VAULT_KDF_OUT_OF_BOUNDS',
  'VAULT_KEYCHAIN_REFUSED',
  'PASSPHRASE_TOO_WEAK',
  'PASSPHRASE_REQUIRED',
  'KEYCHAIN_UNAVAILABLE',
  'NOT_FOUND',
  'NAME_TAKEN',
  'IN_USE',
  'INVALID_INPUT',
  'OPERATION_NOT_ALLOWED',
  'TOKEN_MALFORMED',
  'TOKEN_REVOKED',
  'TOKEN_EXPIRED',
  'TOKEN_NOT_ACTIVE',
  'TOKEN_SECRET_GONE',
  'POLICY_DENIED',
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_REFUSED',
  'UPSTREAM_INVALID',
  'GATEWAY_PORT_IN_USE',
  'GATEWAY_NOT_RUNNING',
  'EXPORT_UNSUPPORTED',
  'FILE_EXISTS',
  'FILE_NOT_WRITABLE',
  'CANCELLED',
  'IPC_BAD_INPUT',
  'IPC_UNKNOWN_METHOD',
  'IPC_UNTRUSTED_SENDER',
  'IPC_TOO_LARGE',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** JSON-safe facts about an error: ids, names, line numbers, limits. Never a secret. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** An error with a stable code. Everything that an operator can cause is one of these; anything else is a bug. */
export class LatchkeyError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'LatchkeyError';
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** What crosses a process border instead of an exception. */
export type WireError = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
};

export type WireResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireError };

/** Marks a switch as exhaustive: it does not compile when a case is missing. Throws if it is reached at run time. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected case: ${JSON.stringify(value)}`);
}
