/**
 * YAML of others, parsed within bounds. Invariant: what would be too many values, or too many errors, is refused before
 * the parser makes them: it costs microseconds and hundreds of bytes for each.
 */
import { parseDocument } from 'yaml';
import type { Document, ParseOptions, DocumentOptions, SchemaOptions } from 'yaml';

/** Of a list of 100,000 packages, one a line, which is about what a text of policies may hold. */
export const maxYamlMarks = 250_000;

/** What begins or parts a value: brackets, commas, quotes, `- `, `: `, `? `, anchors, tags, escapes and lines. */
const mark = /[,[\]{}"'&*!\\\n]|[-?:](?=[ \t\r\n])/g;

export const hasTooManyMarks = (text: string): boolean => {
  let count = 0;
  mark.lastIndex = 0;
  while (mark.test(text)) {
    count += 1;
    if (count > maxYamlMarks) {
      mark.lastIndex = 0;
      return true;
    }
  }
  return false;
};

/**
 * @param text of few enough marks
 * @returns the document with its errors, which have no stacks: a stack costs ten times what the error does, and a text of
 * commas alone has one for each
 */
export function yamlDocument(
  text: string,
  options: ParseOptions & DocumentOptions & SchemaOptions,
): Document.Parsed {
  // The parser compares each key with all before it, and draws the place of each error.
  const whole = { ...options, uniqueKeys: false, prettyErrors: false };
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return parseDocument(text, whole);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
