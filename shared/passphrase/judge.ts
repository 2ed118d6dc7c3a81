/**
 * The one judge of passphrases: the meter shows what it says while one types, and the service refuses by it. Invariant:
 * what the meter calls good, the service takes, and the other way round; both hand in the same names.
 */
import { minPassphraseChars } from './min-chars.ts';

/**
 * Below 10^10 guesses a passphrase is refused. The key derivation (Argon2id, 64 MiB) holds a strong computer to about a
 * thousand guesses a second: 10^8 fall in a day, 10^10 take months, and from 10^12 on it is decades.
 */
const enoughLog10 = 10;
const strongLog10 = 12;
const veryWeakBelowLog10 = 6;

/** Fewer letters and digits than this besides known names are no secret. */
const minCharsBesideNames = 6;
const minDifferentChars = 6;

/** What a passphrase lacks. */
export type PassphraseLack =
  | { readonly kind: 'empty' }
  | { readonly kind: 'too-short'; readonly missingChars: number }
  | { readonly kind: 'names' | 'repeats' | 'keyboard' | 'dates' | 'leaked' | 'guessable' };

export type PassphraseJudgement = {
  readonly level: 'very-weak' | 'weak' | 'good' | 'strong';
  /** Absent where it is good enough. */
  readonly lack?: PassphraseLack;
};

/**
 * Judges a passphrase. Loads the lists of words with the first call.
 * @param names of the organization and of the person, whole; they and their words count as known
 */
export async function judgePassphrase(
  passphrase: string,
  names: readonly string[],
): Promise<PassphraseJudgement> {
  if (passphrase === '') return { level: 'very-weak', lack: { kind: 'empty' } };
  const known = knownWords(names);
  const { estimateGuesses } = await import('./guess-estimate.ts');
  const { guessesLog10, warning } = estimateGuesses(passphrase, known);
  const lack = lackOf(passphrase, known, guessesLog10, warning);
  if (lack === undefined) return { level: guessesLog10 < strongLog10 ? 'good' : 'strong' };
  const isVeryWeak = guessesLog10 < veryWeakBelowLog10;
  return { level: isVeryWeak ? 'very-weak' : 'weak', lack };
}

function lackOf(
  passphrase: string,
  known: readonly string[],
  guessesLog10: number,
  warning: string | null,
): PassphraseLack | undefined {
  const chars = [...passphrase];
  const missingChars = minPassphraseChars - chars.length;
  if (missingChars > 0) return { kind: 'too-short', missingChars };
  if (new Set(chars).size < minDifferentChars) return { kind: 'repeats' };
  if (charsBesideNames(passphrase, known) < minCharsBesideNames) return { kind: 'names' };
  return guessesLog10 < enoughLog10 ? { kind: kinds[warning ?? ''] ?? 'guessable' } : undefined;
}

/** Each name, its words, and our own name. */
const knownWords = (names: readonly string[]): readonly string[] =>
  [...new Set([...names, 'latchkey'].flatMap((name) => [name, ...name.split(/[^\p{L}\p{N}]+/u)]))].filter(
    (word) => word.length > 2,
  );

const bare = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

function charsBesideNames(passphrase: string, known: readonly string[]): number {
  const words = known.map(bare).filter((word) => word.length > 2);
  // The longest first: a name as a whole, then its parts.
  const rest = [...words]
    .sort((one, other) => other.length - one.length)
    .reduce((text, word) => text.replaceAll(word, ''), bare(passphrase));
  return [...rest].length;
}

/** By zxcvbn's names for what makes a passphrase easy. */
const kinds: Readonly<Record<string, Exclude<PassphraseLack['kind'], 'empty' | 'too-short'>>> = {
  userInputs: 'names',
  namesByThemselves: 'names',
  commonNames: 'names',
  simpleRepeat: 'repeats',
  extendedRepeat: 'repeats',
  sequences: 'repeats',
  straightRow: 'keyboard',
  keyPattern: 'keyboard',
  recentYears: 'dates',
  associatedYears: 'dates',
  dates: 'dates',
  topTen: 'leaked',
  topHundred: 'leaked',
  common: 'leaked',
  similarToCommon: 'leaked',
  pwned: 'leaked',
};
