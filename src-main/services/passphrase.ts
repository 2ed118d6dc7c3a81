import { LatchkeyError } from '../../shared/errors.ts';
import { judgePassphrase } from '../../shared/passphrase/judge.ts';

/**
 * Refuses what the meter of the UI does not call good.
 * @param names of the organization and of the operator
 * @throws LatchkeyError PASSPHRASE_TOO_WEAK
 */
export async function assertStrong(passphrase: string, names: readonly string[]): Promise<void> {
  const { lack } = await judgePassphrase(passphrase, names);
  if (lack === undefined) return;
  throw new LatchkeyError('PASSPHRASE_TOO_WEAK', ['passphraseTooWeak', lack], { details: { lack } });
}
