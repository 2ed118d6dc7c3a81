/**
 * Regular expressions that are not linear, or that `recheck` cannot judge, and why each is harmless all the same: the
 * longest text that it meets, and what bounds it. An entry without its pattern is an error.
 */
export const boundedRegexes = [
  {
    file: 'shared/model/text.ts',
    pattern: String.raw`\p{RGI_Emoji_Tag_Sequence}`,
    maxChars: 4_000,
    reason: 'A property of strings, which recheck does not know; a fixed list, matched from each place once.',
  },
];
