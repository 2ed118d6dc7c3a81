import type { ErrorCode, ErrorDetailsByCode } from '../../error-details.ts';
import { formatCount } from '../format.ts';

/** A headline per code, above the sentence that the error says. */
const titles: Readonly<Record<ErrorCode, string>> = {
  VAULT_NOT_FOUND: 'No organization yet',
  VAULT_EXISTS: 'There is already an organization',
  VAULT_LOCKED: 'The organization is locked',
  VAULT_CORRUPT: 'The vault is damaged',
  VAULT_WRONG_PASSPHRASE: 'Wrong passphrase',
  POLICY_PLAN_STALE: 'The policies have changed',
  POLICY_TESTS_FAILED: 'Tests of policies failed',
  POLICY_INVALID: 'This policy cannot be used',
  VAULT_ROLLED_BACK: 'An older or different vault was put in place',
  VAULT_UNAUTHORIZED_EVENT: 'You may not make this change',
  VAULT_NEEDS_NEWER_VERSION: 'This vault needs a newer Latchkey',
  VAULT_KEY_MISSING: 'A key to this vault is missing',
  VAULT_WRITES_STOPPED: 'The vault can only be read',
  VAULT_KDF_OUT_OF_BOUNDS: 'The vault’s key file was changed',
  LOCK_UNSUPPORTED: 'The vault cannot be locked here',
  VAULT_BUSY: 'Another Latchkey uses this vault',
  VAULT_CONFLICT: 'Someone else changed this at the same time',
  VAULT_UNAVAILABLE: 'The vault cannot be reached',
  PASSPHRASE_TOO_WEAK: 'This passphrase is too weak',
  PASSPHRASE_REQUIRED: 'Passphrase required',
  KEYCHAIN_UNAVAILABLE: 'The keychain cannot be used',
  VAULT_KEYCHAIN_REFUSED: 'The keychain did not open the vault',
  NOT_FOUND: 'Not found',
  NAME_TAKEN: 'This name is taken',
  IN_USE: 'Still in use',
  INVALID_INPUT: 'Check what you entered',
  OPERATION_NOT_ALLOWED: 'Not allowed',
  TOKEN_MALFORMED: 'Not the secret of this token',
  TOKEN_REVOKED: 'This token is revoked',
  TOKEN_EXPIRED: 'This token has expired',
  POLICY_DENIED: 'A policy does not allow this',
  UPSTREAM_UNREACHABLE: 'The upstream can’t be reached',
  GATEWAY_PORT_IN_USE: 'The gateway’s port is in use',
  GATEWAY_NOT_RUNNING: 'The gateway isn’t running',
  GATEWAY_NOT_OURS: 'Another program answers at the gateway’s address',
  CONFIG_PROBLEMS: 'The configuration has problems',
  EXPORT_UNSUPPORTED: 'The token doesn’t fit this format',
  FILE_EXISTS: 'This file already exists',
  FILE_NOT_READABLE: 'The file cannot be read',
  FILE_NOT_WRITABLE: 'The file cannot be written',
  FILE_NOT_REGULAR: 'This is not a file',
  FILE_TOO_LARGE: 'This file is too large',
  LOG_QUERY_TOO_SLOW: 'This takes too long',
  LOG_QUERY_TOO_LARGE: 'This is too much at once',
  CANCELLED: 'Cancelled',
  IPC_BAD_INPUT: 'Check what you entered',
  IPC_UNKNOWN_METHOD: 'That did not work',
  IPC_UNTRUSTED_SENDER: 'That did not work',
  IPC_TOO_LARGE: 'Too much at once',
  AGENT_UNTRUSTED: 'The agent is not used',
  AGENT_REFUSED: 'The agent cannot be used',
  AGENT_LOST: 'The agent ended',
  INTERNAL: 'That did not work',
};

export const errors = {
  titles,
  bug: {
    title: 'Something went wrong in Latchkey',
    text: 'This is a bug. Try again. If it happens again, reload the window and report what you did.',
  },
  /** What still needs something, one line each, and how many more there are. */
  users: ({ users, total }: ErrorDetailsByCode['IN_USE']): readonly string[] => {
    const named = users.map(({ kind, id, name }) =>
      kind === 'token' ? `token lk-${id} of ${name}` : `${kind} ${name}`,
    );
    const more = total - users.length;
    return more > 0 ? [...named, `and ${formatCount(more)} more`] : named;
  },
};
