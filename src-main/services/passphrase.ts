import { LatchkeyError } from '../../shared/errors.ts';
import { minPassphraseChars } from '../../shared/model/passphrase.ts';

/**
 * The floor that no host goes below; the strength meter of the UI asks for more.
 * @throws LatchkeyError PASSPHRASE_TOO_WEAK
 */
export function assertStrong(passphrase: string, knownWords: readonly string[]): void {
  const refuse = (message: string): never => {
    throw new LatchkeyError('PASSPHRASE_TOO_WEAK', message, { details: { minChars: minPassphraseChars } });
  };
  const chars = Array.from(passphrase);
  if (chars.length < minPassphraseChars) {
    refuse(
      `The passphrase needs at least ${minPassphraseChars} characters. Four or five random words are good.`,
    );
  }
  if (new Set(chars).size < 6) refuse('The passphrase repeats too few characters. Use several random words.');
  const lower = passphrase.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const known = [...knownWords, 'password', 'passphrase', 'latchkey'].map((word) =>
    word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''),
  );
  const rest = known
    .filter((word) => word.length > 2)
    .reduce((text, word) => text.replaceAll(word, ''), lower);
  if (Array.from(rest).length < 6)
    refuse('The passphrase is made of names that others know. Use several random words.');
}
