/**
 * What versions of conda packages are compared by (CEP 33): segments between dots, each a list of numbers and words. One
 * form for both readings, so that one function orders them: `post` is Infinity, `dev` is `DEV`, which sorts before `_`,
 * letters and numbers.
 */
import type { Numeral } from '../numeral.ts';

/** CEP 26 allows 64; real ones have been longer. */
export const maxCondaVersionLength = 256;

type Part = Numeral | string;
export type Segment = readonly Part[];

export const post: Part = Number.POSITIVE_INFINITY;
export const dev: Part = 'DEV';

const none: Segment = [];

/** The part of a run of digits or letters that has a meaning of its own. @param word in lower case */
export function wordPart(word: string): Part {
  if (word === 'post') return post;
  return word === 'dev' ? dev : word;
}

/** Missing segments and parts count as 0. @returns below 0, 0 or above 0 */
export function compareSegments(a: readonly Segment[], b: readonly Segment[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = compareParts(a[index] ?? none, b[index] ?? none);
    if (order !== 0) return order;
  }
  return 0;
}

function compareParts(a: Segment, b: Segment): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = comparePart(a[index] ?? 0, b[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

/** Words before numbers; among themselves by their characters. */
function comparePart(a: Part, b: Part): number {
  if (a === b) return 0;
  if ((typeof a === 'string') !== (typeof b === 'string')) return typeof a === 'string' ? -1 : 1;
  return a < b ? -1 : 1;
}

/** The same as `compareSegments(…) === 0`. */
export function equalSegments(a: readonly Segment[], b: readonly Segment[]): boolean {
  return compareSegments(a, b) === 0;
}
