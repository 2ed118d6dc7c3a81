import { minPassphraseChars } from '../../shared/model/passphrase.ts';

/** What a passphrase must reach beside its length before a vault is made with it. */
export const minPassphraseScore = 3;

export type Strength = {
  /** 0 to 4, as zxcvbn gives it. */
  readonly score: number;
  readonly ok: boolean;
  readonly word: string;
  /** One sentence: what is missing, or that it is good. */
  readonly advice: string;
};

const words = ['Very weak', 'Weak', 'Fair', 'Good', 'Strong'] as const;

/** Judges a passphrase by its length and its zxcvbn score. @param warning zxcvbn's own sentence, if it has one */
export function judgeStrength(passphrase: string, score: number, warning: string | null): Strength {
  const word = words[score] ?? words[0];
  const missing = minPassphraseChars - [...passphrase].length;
  if (missing > 0) {
    return {
      score: Math.min(score, 2),
      ok: false,
      word,
      advice: `${missing} more ${missing === 1 ? 'character' : 'characters'} needed.`,
    };
  }
  if (score < minPassphraseScore) {
    return { score, ok: false, word, advice: warning ?? 'Easy to guess. Add two or three unrelated words.' };
  }
  return { score, ok: true, word, advice: 'Hard to guess.' };
}
