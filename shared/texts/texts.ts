/**
 * The words in use, for main, renderer and CLI alike: `texts.tokens.revoke`. Another language is one more file like
 * `en.ts`, of the type `Texts`, and a choice here.
 */
import { en } from './en.ts';

/** The same keys and arguments, with any words. */
export type WordsOf<T> = T extends string
  ? string
  : T extends (...facts: infer F) => infer R
    ? (...facts: F) => WordsOf<R>
    : { readonly [K in keyof T]: WordsOf<T[K]> };

export type Texts = WordsOf<typeof en>;

export const texts: Texts = en;
