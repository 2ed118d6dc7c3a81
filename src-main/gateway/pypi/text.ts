/** Free text from outside (yank reasons, version ranges) on its way into the model. */

const plain = /^[\x21-\x7e]*$/;

/**
 * One line without control characters and lone surrogates, at most `maxChars` long; undefined if nothing is left. So
 * HTML and JSON can both carry it unchanged, and a terminal that prints it is not steered by it.
 */
export function cleanText(text: string, maxChars: number): string | undefined {
  const short = text.slice(0, maxChars);
  // Nearly all are: `>=3.9`.
  if (plain.test(short)) return short === '' ? undefined : short;
  const cleaned = short
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .trim();
  return cleaned === '' ? undefined : cleaned;
}
