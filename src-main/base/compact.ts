/**
 * The outer form of JWS and JWE. Invariant: a text has one spelling: base64url without padding whose unused bits are
 * zero, JSON as UTF-8 without a byte order mark; everything else is refused, never repaired.
 */
import { isWithinBounds } from './bounded-json.ts';

/** Thrown by readers of stored bytes; the message says what is wrong, without quoting them. */
export class FormError extends Error {}

/** The parts of a compact serialization, or undefined when there are more or fewer. */
export function splitCompact(text: string, count: 3 | 5): readonly string[] | undefined {
  const parts = text.split('.', count + 1);
  return parts.length === count ? parts : undefined;
}

/** The bytes of a part, or undefined when it is not their one spelling. */
export function decodeCanonical(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

export const encodePart = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');

// A byte order mark is kept, so that it is no JSON: a decoder that drops it would allow a second spelling.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws TypeError when the bytes are not UTF-8 */
export const decodeUtf8 = (bytes: Uint8Array): string => utf8.decode(bytes);

/** 32 bytes as base64url: 43 characters, the last of which has two unused bits. */
export const b64u32 = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** Most values in one JSON text: a line of 20,000 events with fifty each. More would take a gigabyte to parse. */
export const maxJsonMarks = 1_000_000;

/**
 * Parses a part of a line.
 * @throws FormError when it has more than `maxJsonMarks` of `,`, `[` and `{` outside of texts
 * @throws SyntaxError when it is no JSON
 */
export function parseJson(text: string): unknown {
  // Most texts are shorter than that, and need no look.
  if (text.length > maxJsonMarks && !isWithinBounds(text, { marks: maxJsonMarks, depth: Infinity }))
    throw new FormError('it holds too many values');
  return JSON.parse(text);
}
