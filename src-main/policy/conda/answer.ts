/**
 * Answers of three values. Undefined means that it cannot be said: the program whose reading it is would stop with an
 * error, or the record lacks what is asked about. Never taken for a yes where that would let something through.
 */
export type Answer = boolean | undefined;

/** In order, and no further than to the first `false`, as the programs do it. */
export function allOf<T>(items: readonly T[], ask: (item: T) => Answer): Answer {
  for (const item of items) {
    const answer = ask(item);
    if (answer !== true) return answer;
  }
  return true;
}

/** In order, and no further than to the first `true`. */
export function anyOf<T>(items: readonly T[], ask: (item: T) => Answer): Answer {
  for (const item of items) {
    const answer = ask(item);
    if (answer !== false) return answer;
  }
  return false;
}
