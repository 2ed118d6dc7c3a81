import { LatchkeyError } from '../../shared/errors.ts';

export function lockedError(): LatchkeyError {
  return new LatchkeyError('VAULT_LOCKED', ['locked']);
}
