import { LatchkeyError } from '../../shared/errors.ts';

export function lockedError(): LatchkeyError {
  return new LatchkeyError('VAULT_LOCKED', 'The organization is locked. Unlock it with the passphrase.');
}
