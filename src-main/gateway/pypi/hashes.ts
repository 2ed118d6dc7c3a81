/** Which digests are taken from an upstream: an algorithm or a length that is not known here is dropped, not passed on. */
import type { Hashes } from './model.ts';

/** hashlib's names that pip and uv check, strongest first, with the length of the hex digest. */
const hexLengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha512', 128],
  ['sha384', 96],
  ['sha224', 56],
  ['sha1', 40],
  ['md5', 32],
]);

const sha256 = /^[0-9a-f]{64}$/;

/** Keeps the known algorithms with a well-formed digest, in a fixed order. */
export function pickHashes(entries: readonly (readonly [string, unknown])[]): Hashes {
  const [only] = entries;
  // Nearly every file of an index has this one alone.
  if (only?.[0] === 'sha256' && entries.length === 1 && typeof only[1] === 'string' && sha256.test(only[1]))
    return { sha256: only[1] };
  const given = new Map<string, string>();
  for (const [name, digest] of entries) {
    if (typeof digest === 'string') given.set(name.toLowerCase(), digest.toLowerCase());
  }
  const picked: Record<string, string> = {};
  for (const [name, hexLength] of hexLengths) {
    const digest = given.get(name);
    if (digest !== undefined && digest.length === hexLength && /^[0-9a-f]+$/.test(digest))
      picked[name] = digest;
  }
  return picked;
}

/** Reads `<name>=<digest>` as in a link's fragment or in `data-core-metadata`; several are joined by `&`. */
export function parseHashText(text: string): Hashes {
  const entries: [string, string][] = [];
  for (const part of text.split('&')) {
    const equals = part.indexOf('=');
    if (equals > 0) entries.push([part.slice(0, equals).trim(), part.slice(equals + 1).trim()]);
  }
  return pickHashes(entries);
}

/** The strongest as `<name>=<digest>`, for HTML, which has room for one; undefined if there is none. */
export function strongestHash(hashes: Hashes): string | undefined {
  const first = Object.entries(hashes)[0];
  return first === undefined ? undefined : `${first[0]}=${first[1]}`;
}
