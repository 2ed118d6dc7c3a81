/**
 * How many guesses a passphrase takes, by zxcvbn with its lists of leaked passwords, words and names (1.7 MB). Imported on
 * demand, by `judge.ts` alone: a file of its own in every bundle.
 */
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common';
import { dictionary as english } from '@zxcvbn-ts/language-en';

const factory = new ZxcvbnFactory({ dictionary: { ...common, ...english }, graphs: adjacencyGraphs });

/** Work grows with length: what is beyond cannot make it worse. */
const maxJudgedChars = 100;

export type GuessEstimate = {
  /** Decimal logarithm of the guesses. */
  readonly guessesLog10: number;
  /** zxcvbn's name for what makes it easy, e.g. `recentYears`. */
  readonly warning: string | null;
};

/** @param names words that others would try first: of the organization and the person */
export function estimateGuesses(passphrase: string, names: readonly string[]): GuessEstimate {
  try {
    const { guessesLog10, feedback } = factory.check(passphrase.slice(0, maxJudgedChars), [...names]);
    return { guessesLog10, warning: feedback.warning };
  } finally {
    // The factory keeps what it looked at last: so that is nothing.
    factory.check('', []);
  }
}
