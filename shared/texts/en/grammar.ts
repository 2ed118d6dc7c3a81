/** Helpers of the English files: numbers in words and lists. */

const list = new Intl.ListFormat('en-GB');
/** `a, b and c`. */
export const listed = (parts: readonly string[]): string => list.format(parts);
