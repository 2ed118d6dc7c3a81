/**
 * JSON of others, read as every reader reads it. Invariant: what nests too deeply or holds too many values is refused
 * before it is made, and so is an object with one key twice, of which one reader takes the first and another the last.
 */
import { isWithinBounds } from '../base/bounded-json.ts';

export type StrictJson =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly why: 'too-large' | 'not-json' | 'duplicate-key';
      readonly detail?: string;
    };

/** @param bounds most values, and how deep */
export function parseStrictJson(
  text: string,
  bounds: { readonly marks: number; readonly depth: number },
): StrictJson {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (!isWithinBounds(body, bounds)) return { ok: false, why: 'too-large' };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    return { ok: false, why: 'not-json', detail: error instanceof Error ? error.message : '' };
  }
  const twice = keyThatStandsTwice(body);
  return twice === undefined ? { ok: true, value } : { ok: false, why: 'duplicate-key', detail: twice };
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/** @param text JSON that was parsed already */
function keyThatStandsTwice(text: string): string | undefined {
  /** Keys of the objects around; undefined is an array. */
  const around: (Set<string> | undefined)[] = [];
  let isKeyNext = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      const from = at + 1;
      let isEscaped = false;
      for (at = from; text.charCodeAt(at) !== quote; at += 1) {
        if (text.charCodeAt(at) !== backslash) continue;
        isEscaped = true;
        at += 1;
      }
      const keys = around.at(-1);
      if (!isKeyNext || keys === undefined) continue;
      isKeyNext = false;
      const raw = text.slice(from, at);
      const key = isEscaped ? (JSON.parse(`"${raw}"`) as string) : raw;
      if (keys.has(key)) return key;
      keys.add(key);
    } else if (code === openBrace) {
      around.push(new Set());
      isKeyNext = true;
    } else if (code === openBracket) {
      around.push(undefined);
      isKeyNext = false;
    } else if (code === closeBrace || code === closeBracket) {
      around.pop();
      isKeyNext = false;
    } else if (code === comma) isKeyNext = around.at(-1) !== undefined;
  }
  return undefined;
}
