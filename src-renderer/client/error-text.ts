import type { ErrorCode } from '../../shared/error-details.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';

export type ErrorText = {
  readonly title: string;
  /** What is wrong and what to do. */
  readonly text: string;
  readonly code: string;
  /** Several reasons of a policy's refusal, or what still uses something. */
  readonly list: readonly string[];
};

/** Titles by code; the message of the error itself says the particulars. */
const titles: Readonly<Record<ErrorCode, string>> = {
  VAULT_NOT_FOUND: 'There is no vault yet',
  VAULT_EXISTS: 'There is a vault already',
  VAULT_LOCKED: 'The vault is locked',
  VAULT_CORRUPT: 'The vault is damaged',
  VAULT_WRONG_PASSPHRASE: 'Wrong passphrase',
  VAULT_ROLLED_BACK: 'This is not the vault that was here last',
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
  POLICY_DENIED: 'A policy does not allow this',
  UPSTREAM_UNREACHABLE: 'The upstream cannot be reached',
  GATEWAY_PORT_IN_USE: 'The gateway’s port is taken',
  GATEWAY_NOT_RUNNING: 'The gateway does not run',
  GATEWAY_NOT_OURS: 'Another program answers at the gateway’s address',
  CONFIG_PROBLEMS: 'The configuration has problems',
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

/**
 * What people read where the message of main alone would not do: because it is about the machine, or because the next
 * step is a matter of this app.
 */
const sentences: { readonly [C in ErrorCode]?: (error: LatchkeyError<C>) => string } = {
  VAULT_WRONG_PASSPHRASE: () =>
    'That passphrase does not open this vault. Check Caps Lock and the keyboard layout, then try again.',
  IPC_BAD_INPUT: () => texts.issues.form,
  VAULT_LOCKED: () => 'The vault was locked. Unlock it and try again.',
  VAULT_CONFLICT: () =>
    'Someone else changed this at the same time. Look at the list again and repeat your change.',
  // Numbers of lines count from 0 there.
  VAULT_ROLLED_BACK: ({ details: { seenSeq, foundSeq } }) =>
    foundSeq < seenSeq
      ? `This computer has already read ${lines(seenSeq + 1)} of this vault; the one that is here now ${foundSeq < 0 ? 'is empty' : `ends after ${lines(foundSeq + 1)}`}. An older copy stands in its place, or lines were cut off. Nothing was changed.`
      : `This computer has already read this vault up to line ${formatLine(seenSeq + 1)}; the one that is here now goes another way. Nothing was changed.`,
  VAULT_NEEDS_NEWER_VERSION: ({ details: { format, supported } }) =>
    'A newer Latchkey has written to this vault' +
    (format === undefined || supported === undefined
      ? ''
      : ` (format ${format}; this one reads up to ${supported})`) +
    '. Nothing is wrong with it, and nothing was changed. Update Latchkey on this computer, then unlock again.',
  VAULT_WRITES_STOPPED: ({ message }) =>
    `${message} What is there can be read, but nothing can be changed until that is mended.`,
  LOCK_UNSUPPORTED: ({ message, details: { path } }) =>
    path === undefined
      ? message
      : `The file system of ${path} offers no lock that holds between programs, so two of them could damage the vault. Move the data folder to a disk of this computer.`,
  VAULT_BUSY: ({ message, details: { program, pid, host } }) =>
    program === undefined && pid === undefined
      ? message
      : `${program ?? 'Another program'}${pid === undefined ? '' : ` (process ${pid}${host === undefined ? '' : ` on ${host}`})`} has this vault open for writing. Wait for it, or end it, then try again.`,
};

const formatLine = (line: number): string => line.toLocaleString('en');
const lines = (count: number): string => `${formatLine(count)} ${count === 1 ? 'line' : 'lines'}`;

/** What people read about an error: a title, a sentence that helps, and the stable code. */
export function errorText(error: unknown): ErrorText {
  if (!(error instanceof LatchkeyError)) {
    return {
      title: 'Something went wrong in Latchkey',
      text: 'This is a bug. Try again; if it stays, reload the window and report what you did.',
      code: 'INTERNAL',
      list: [],
    };
  }
  return { title: titleOf(error), text: sentenceOf(error), code: error.code, list: listOf(error) };
}

function titleOf(error: LatchkeyError): string {
  const isHostGone = error.code === 'INTERNAL' && error.details.connection === 'lost';
  return isHostGone ? texts.parts.hostGone.title : titles[error.code];
}

function sentenceOf(error: LatchkeyError): string {
  // The table has the sentence of this very code; TypeScript cannot follow that.
  const sentence = sentences[error.code] as ((error: LatchkeyError) => string) | undefined;
  return sentence?.(error) ?? error.message;
}

/** Reasons of a refusal, users of what cannot be removed. */
function listOf(error: LatchkeyError): readonly string[] {
  if (error.code === 'POLICY_DENIED') return error.details.reasons.map(texts.reasons.of);
  if (error.code !== 'IN_USE') return [];
  return texts.errors.users(error.details);
}

export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof LatchkeyError && error.code === code;
}
