import type { Texts } from './texts.ts';
import { texts } from './texts.ts';

type Sentences = Texts['said'];

/**
 * A sentence that is not made yet: its name in the catalogue, and the facts for it. Plain JSON, so that it crosses a
 * process border, and becomes words in the language of whoever shows it.
 */
export type Said = {
  [K in keyof Sentences]: readonly [
    name: K,
    ...facts: Sentences[K] extends (...facts: infer F) => string ? F : [],
  ];
}[keyof Sentences];

/** The sentence itself. */
export function sentenceOf([name, ...facts]: Said): string {
  // The facts of a tuple are those of its name; TypeScript cannot follow that.
  return (texts.said[name] as (...facts: readonly unknown[]) => string)(...facts);
}
