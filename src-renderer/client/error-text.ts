import type { ErrorCode } from '../../shared/errors.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { reasonText } from '../../shared/texts/reason-text.ts';

export type ErrorText = {
  readonly title: string;
  /** What is wrong and what to do. */
  readonly text: string;
  readonly code: string;
  /** Several reasons, e.g. of a policy's refusal. */
  readonly reasons: readonly string[];
};

/** Titles by code; the message of the error itself says the particulars. */
const titles: Readonly<Record<ErrorCode, string>> = {
  VAULT_NOT_FOUND: 'There is no vault yet',
  VAULT_EXISTS: 'There is a vault already',
  VAULT_LOCKED: 'The vault is locked',
  VAULT_CORRUPT: 'The vault is damaged',
  VAULT_WRONG_PASSPHRASE: 'Wrong passphrase',
  VAULT_ROLLED_BACK: 'The vault is older than expected',
  VAULT_UNAUTHORIZED_EVENT: 'The vault holds an entry that nobody was allowed to write',
  VAULT_NEEDS_NEWER_VERSION: 'This vault needs a newer Latchkey',
  VAULT_KEY_MISSING: 'A key to this vault is missing',
  VAULT_WRITES_STOPPED: 'The vault can only be read',
  VAULT_KDF_OUT_OF_BOUNDS: 'The vault’s key file was changed',
  LOCK_UNSUPPORTED: 'The vault cannot be locked here',
  VAULT_BUSY: 'Another Latchkey uses this vault',
  VAULT_CONFLICT: 'Someone else changed this at the same time',
  VAULT_UNAVAILABLE: 'The vault cannot be reached',
  PASSPHRASE_TOO_WEAK: 'This passphrase is too weak',
  PASSPHRASE_REQUIRED: 'The passphrase is needed',
  KEYCHAIN_UNAVAILABLE: 'The keychain cannot be used',
  VAULT_KEYCHAIN_REFUSED: 'The keychain did not open the vault',
  NOT_FOUND: 'Not found',
  NAME_TAKEN: 'This name is taken',
  IN_USE: 'Still in use',
  INVALID_INPUT: 'Something is not right yet',
  OPERATION_NOT_ALLOWED: 'Not allowed',
  TOKEN_MALFORMED: 'This is not the token’s secret',
  TOKEN_REVOKED: 'This token is revoked',
  TOKEN_EXPIRED: 'This token has expired',
  CHANNEL_CREDENTIALS_BROKEN: 'The channel’s credentials cannot be opened',
  FOLDER_NOT_MAPPED: 'This folder is not known on this computer',
  POLICY_DENIED: 'A policy does not allow this',
  UPSTREAM_UNREACHABLE: 'The upstream cannot be reached',
  GATEWAY_PORT_IN_USE: 'The gateway’s port is taken',
  GATEWAY_NOT_RUNNING: 'The gateway does not run',
  EXPORT_UNSUPPORTED: 'This format does not fit the token',
  FILE_EXISTS: 'This file exists already',
  FILE_NOT_READABLE: 'The file cannot be read',
  FILE_NOT_WRITABLE: 'The file cannot be written',
  FILE_NOT_REGULAR: 'This is not a file',
  FILE_TOO_LARGE: 'This file is too large',
  CANCELLED: 'Cancelled',
  IPC_BAD_INPUT: 'Something is not right yet',
  IPC_UNKNOWN_METHOD: 'That did not work',
  IPC_UNTRUSTED_SENDER: 'That did not work',
  IPC_TOO_LARGE: 'That is too much at once',
  INTERNAL: 'That did not work',
};

/** Sentences for codes whose own message is about the machine rather than about what to do. */
const help: Partial<Record<ErrorCode, string>> = {
  VAULT_WRONG_PASSPHRASE:
    'That passphrase does not open this vault. Check Caps Lock and the keyboard layout, then try again.',
  VAULT_LOCKED: 'The vault was locked. Unlock it and try again.',
  VAULT_CONFLICT:
    'Someone else changed this at the same time. Look at the list again and repeat your change.',
};

/** What people read about an error: a title, a sentence that helps, and the stable code. */
export function errorText(error: unknown): ErrorText {
  if (!(error instanceof LatchkeyError)) {
    return {
      title: 'Something went wrong in Latchkey',
      text: 'This is a bug. Try again; if it stays, reload the window and report what you did.',
      code: 'INTERNAL',
      reasons: [],
    };
  }
  return {
    title: titles[error.code],
    text: help[error.code] ?? error.message,
    code: error.code,
    reasons: error.code === 'POLICY_DENIED' ? error.details.reasons.map(reasonText) : [],
  };
}

export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof LatchkeyError && error.code === code;
}
