/**
 * Regular expressions that are not linear, or that `recheck` cannot judge, and why each is harmless all the same: the
 * longest text that it meets, and what bounds it. An entry without its pattern is an error.
 */
export const boundedRegexes = [];
