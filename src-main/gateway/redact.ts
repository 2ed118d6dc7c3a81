/**
 * Texts of clients that may be shown. Invariant: whatever a client sends, wherever it puts a token, and however it is
 * encoded or cut in two, no part of a token's secret as long as half of it reaches a log, an event or a screen. What is
 * cut into more and shorter pieces than that cannot be told from names.
 */
import { redactTokens } from '../tokens/format.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.requests;

/** What is looked at of a text; a request target that is longer is refused. */
const maxChars = 4096;
const maxShownChars = 200;
/** Percent signs may be encoded themselves, again and again: `%252541` is an A as much as `%41`. */
const encoded = /%(?:25)*([2-7][0-9a-f])/gi;
/** Mixtures of such forms take several turns; who needs more is hiding something. */
const maxTurns = 4;
const unreadable = words.encodedTooOften;

/**
 * A path that may be shown: no query, no token segment, and nothing that looks like a token wherever it stands; control
 * characters and non-ASCII as `?`; bounded. Takes any text, clean or not.
 */
export function redactPath(path: string): string {
  const decoded = decode(path.slice(0, maxChars));
  if (decoded === undefined) return unreadable;
  const queryAt = decoded.search(/[?#]/);
  const bare = (queryAt < 0 ? decoded : decoded.slice(0, queryAt)).replace(
    /([/\\])t[/\\]+[^/\\]*/g,
    '$1t/***',
  );
  return shorten(redactSecrets(bare).replace(/:\/\/[^/\\@]*@/g, '://***@'));
}

/** A word of a client, such as the product of its User-Agent, by the same rules. */
export function redactWord(word: string): string {
  const decoded = decode(word.slice(0, maxChars));
  return decoded === undefined ? unreadable : shorten(redactSecrets(decoded));
}

function decode(text: string): string | undefined {
  let decoded = text;
  for (let turn = 0; turn < maxTurns; turn += 1) {
    const before = decoded;
    decoded = before.replace(encoded, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    if (decoded === before) return decoded;
  }
  return decoded.search(encoded) < 0 ? decoded : undefined;
}

const redactSecrets = (text: string): string =>
  redactNumbers(redactTokens(text)).replace(/[0-9A-Za-z]{16,}/g, (run) => (isHarmless(run) ? run : '***'));

/** One character by its number, as other languages write it: `=6c`, `&#108;`, `\x6c`, `%u006c`, `.108`. */
const numbered = /[^0-9A-Za-z/]{1,4}(?:u00|x)?[0-9A-Fa-f]{2,3}/g;
/** Less than half a secret. */
const maxNumbered = 15;

/** Without long rows of characters that are written by their numbers. */
function redactNumbers(text: string): string {
  let shown = '';
  let shownTo = 0;
  let row = { from: 0, to: 0, count: 0 };
  const endRow = (): void => {
    if (row.count <= maxNumbered) return;
    shown += `${text.slice(shownTo, row.from)}***`;
    shownTo = row.to;
  };
  for (const { index, 0: one } of text.matchAll(numbered)) {
    if (index !== row.to) {
      endRow();
      row = { from: index, to: index, count: 0 };
    }
    row.to = index + one.length;
    row.count += 1;
  }
  endRow();
  return shown + text.slice(shownTo);
}

/** Sixteen letters or digits in hex. A digest has them once in a hundred million times. */
const lettersInHex = /(?:3[0-9]|[46][1-9a-f]|[57][0-9a]){16}/i;

/** Half a secret has so many characters at least in base 32 or 36, where letters have one case. */
const halfInOneCase = 29;

/**
 * A run of letters and digits that may stay: a digest in hex, or a name or build string such as `cuda126py313h0a1b2c3`.
 * Half a secret (19 characters or more) has both cases but for once in 15,000 times.
 */
function isHarmless(run: string): boolean {
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(run))
    return (run.length <= 40 || digestChars.has(run.length)) && !lettersInHex.test(run);
  return run.length < halfInOneCase && (run === run.toLowerCase() || run === run.toUpperCase());
}

/** SHA-224 to SHA-512, and BLAKE2b-256 as PyPI cuts it (`/packages/ab/cd/<60>/`); shorter ones are let through at any length. */
const digestChars: ReadonlySet<number> = new Set([56, 60, 64, 96, 128]);

function shorten(text: string): string {
  const shown = text.replace(/[^\x21-\x7e]/g, '?');
  return shown.length <= maxShownChars ? shown : `${shown.slice(0, maxShownChars - 3)}...`;
}
