/**
 * JSON that somebody else may have written. Invariant: what is small as text and huge in memory, or nested so deeply that
 * going through it ends the stack, is refused before it is made.
 */

export type JsonBounds = {
  /** Most of `,`, `[` and `{` outside of texts: a value each. */
  readonly marks: number;
  readonly depth: number;
};

/** Files of settings, keys and folders: far more than they ever hold. */
const fileBounds: JsonBounds = { marks: 200_000, depth: 64 };

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Whether a text stays within bounds, if it is JSON at all. */
export function isWithinBounds(text: string, { marks, depth }: JsonBounds): boolean {
  let [count, level] = [0, 0];
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) isInText = !isInText;
    else if (isInText) at += code === backslash ? 1 : 0;
    else if (code === comma) count += 1;
    else if (code === openBracket || code === openBrace) [count, level] = [count + 1, level + 1];
    else if (code === closeBracket || code === closeBrace) level -= 1;
    if (count > marks || level > depth) return false;
  }
  return true;
}

/** Parses the text of a file of ours. @throws SyntaxError when it is no JSON, or beyond what such a file holds */
export function parseFileJson(text: string): unknown {
  if (!isWithinBounds(text, fileBounds))
    throw new SyntaxError('it holds too many values, or nests too deeply');
  return JSON.parse(text);
}
