import type { PassphraseJudgement, PassphraseLack } from '../../passphrase/judge.ts';
import { minPassphraseChars } from '../../passphrase/min-chars.ts';

const advice = 'Use four or more unrelated words.';

const levels: Readonly<Record<PassphraseJudgement['level'], string>> = {
  'very-weak': 'Very weak',
  weak: 'Weak',
  good: 'Good',
  strong: 'Strong',
};

const lackText = (lack: PassphraseLack): string => {
  switch (lack.kind) {
    case 'empty':
      return 'Enter a passphrase.';
    case 'too-short':
      return `${lack.missingChars} more ${lack.missingChars === 1 ? 'character' : 'characters'} needed.`;
    case 'names':
      return `Names that others know are tried first. ${advice}`;
    case 'repeats':
      return `Repeated characters and sequences are easy to guess. ${advice}`;
    case 'keyboard':
      return `Rows of keys are easy to guess. ${advice}`;
    case 'dates':
      return `Dates and years are easy to guess. ${advice}`;
    case 'leaked':
      return `It resembles a password that has leaked before. ${advice}`;
    case 'guessable':
      return `Easy to guess. ${advice}`;
  }
};

/** Words for choosing a passphrase: meter, refusal and command line say the same. */
export const passphrase = {
  /** Before anything is typed. */
  hint: `At least ${minPassphraseChars} characters. Four unrelated words are strong and easy to type.`,
  /** What the meter says while one types. */
  judged: ({ level, lack }: PassphraseJudgement): string =>
    `${levels[level]}. ${lack === undefined ? 'Hard to guess.' : lackText(lack)}`,
  /** Why it is refused. */
  lack: lackText,
  differ: 'The passphrases don’t match.',
};
