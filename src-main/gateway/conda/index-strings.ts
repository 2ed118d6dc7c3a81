/** Strings of a conda index as they stand in its bytes: where they end, and what a client would make of them. */

export class LinkFilterError extends Error {
  override readonly name = 'LinkFilterError';
}

/** What the string in front of a colon means. */
export type KeyMeaning =
  /** It makes a client load from somewhere else. */
  | 'link'
  /** Its value is taken for a part of a path: libsolv reads both from a record. */
  | 'name'
  /** It has a list of such parts. */
  | 'names'
  /** It is taken for a part of a path itself, and is none. */
  | 'misleading'
  | 'other';

const meanings: ReadonlyMap<string, KeyMeaning> = new Map([
  ['base_url', 'link'],
  ['shards_base_url', 'link'],
  ['channel_relations', 'link'],
  ['url', 'link'],
  ['fn', 'name'],
  ['subdir', 'name'],
  ['removed', 'names'],
  ['subdirs', 'names'],
]);
/** By their length; most keys are of another, or differ at once. */
const bytesOfMeanings: (readonly [bytes: Buffer, meaning: KeyMeaning])[][] = [];
for (const [key, meaning] of meanings) (bytesOfMeanings[key.length] ??= []).push([Buffer.from(key), meaning]);
const indexKeys: ReadonlySet<string> = new Set(['info', 'packages', 'packages.conda', 'subdirs']);

/** A file's name has 255 characters at most (names.ts), each perhaps written as \\uXXXX. */
export const maxStringBytes = 255 * 6;
/** What leads out of a folder or to another server, by the rules of paths and of URLs (which leave control characters out). */
const misleadingChars = /[\u0000-\u001f\u007f/\\:?#%]/;

const plain = 0;
const quote = 1;
const backslash = 2;
const nul = 3;
/** One of `misleadingChars`. */
const odd = 4;
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (character === '"') return quote;
  if (character === '\\') return backslash;
  if (byte === 0) return nul;
  return misleadingChars.test(character) ? odd : plain;
});

const hasEscape = 1;
const hasOdd = 2;

/**
 * Where a string ends that begins before `from`, and what is in it, in one number: it is asked for every string.
 * @returns 0 when it is longer than `maxStringBytes`, or than the input; else to be read by `endOf`
 * @throws LinkFilterError
 */
export function scanString(input: Buffer, from: number): number {
  const limit = Math.min(input.length, from + maxStringBytes + 1);
  let marks = 0;
  for (let at = from; at < limit; at += 1) {
    const kind = kinds[input[at] ?? 0];
    if (kind === plain) continue;
    if (kind === quote) return (at + 1) * 4 + marks;
    if (kind === backslash) {
      at += 1;
      marks |= hasEscape;
    } else if (kind === odd) marks |= hasOdd;
    if (input[at] === 0) throw new LinkFilterError('NUL byte');
  }
  return 0;
}

/** Just after the closing quote. */
export const endOf = (scanned: number): number => scanned >>> 2;

/** @param start of its first quote @throws LinkFilterError */
export function meaningOf(input: Buffer, start: number, scanned: number): KeyMeaning {
  if (isMisleading(input, start, scanned)) return 'misleading';
  if ((scanned & hasEscape) !== 0) return meanings.get(textOf(input, start, scanned)) ?? 'other';
  for (const [bytes, meaning] of bytesOfMeanings[endOf(scanned) - start - 2] ?? [])
    if (standsAt(input, start + 1, bytes)) return meaning;
  return 'other';
}

function standsAt(input: Buffer, start: number, bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += 1) if (input[start + at] !== bytes[at]) return false;
  return true;
}

/** Whether it is no name of one file or folder, wherever it is put. @throws LinkFilterError */
export function isMisleading(input: Buffer, start: number, scanned: number): boolean {
  if ((scanned & (hasEscape | hasOdd)) === 0) {
    const first = input[start + 1];
    // A dot or a blank.
    if (first !== 0x2e && first !== 0x20) return false;
  }
  const text = textOf(input, start, scanned);
  const trimmed = text.trim();
  return trimmed === '.' || trimmed === '..' || misleadingChars.test(text);
}

/** Characters beyond ASCII come as several; none of them is looked for. */
export function textOf(input: Buffer, start: number, scanned: number): string {
  const text = input.toString('latin1', start + 1, endOf(scanned) - 1);
  if ((scanned & hasEscape) === 0) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch (error) {
    throw new LinkFilterError('A string that is not JSON', { cause: error });
  }
}

/** Whether an index of conda has this key at its top. */
export function isIndexKey(input: Buffer, start: number, scanned: number): boolean {
  const length = endOf(scanned) - start - 2;
  return (
    (length === 4 || length === 7 || length === 8 || length === 14) &&
    indexKeys.has(input.toString('latin1', start + 1, start + 1 + length))
  );
}
