/**
 * Finds the one token of a request. Invariant: a request has no token, exactly one, or is refused: two places that name
 * different tokens are never weighed against each other. What is none of ours (another service's login that a client
 * took from `.netrc`) counts for nothing beside a token. What leaves this file is a digest; the text goes no further.
 */
import { parseToken, tokenDigest } from '../tokens/format.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.credential;

export type Credential =
  | { readonly type: 'none' }
  /** Something that is none of ours, and nothing else; `what` is a fixed word. */
  | { readonly type: 'foreign'; readonly what: string }
  /** Begins like one of our tokens and is none; `what` is a fixed word. */
  | { readonly type: 'malformed'; readonly what: string }
  /** Two different tokens, or two Authorization headers; `what` is a fixed sentence. */
  | { readonly type: 'ambiguous'; readonly what: string }
  /** SHA-256 of a well-formed token, hex. */
  | { readonly type: 'token'; readonly digest: string };

type Place = 'inPath' | 'asPassword' | 'asUser' | 'asBearer';
type Found = { readonly text: string; readonly place: Place };

/** Longer than any login that clients send (a JWT as password is about 2,000); nothing longer is looked at. */
const maxAuthorizationChars = 4096;
/** As every token of ours begins; what begins otherwise is of another service. */
const ours = 'lk-';
const notOurs = words.notOurs;

/**
 * @param pathTokens the token segments of the path
 * @param authorization the only Authorization header: Basic (RFC 7617; the token as password or as user name) or Bearer
 */
export function readCredential(pathTokens: readonly string[], authorization: string | undefined): Credential {
  const found: Found[] = [];
  let foreign: string | undefined;
  for (const text of pathTokens) {
    if (text.startsWith(ours)) found.push({ text, place: 'inPath' });
    else foreign = notOurs;
  }
  if (authorization !== undefined) {
    const read = readAuthorization(authorization);
    found.push(...read.found);
    foreign = read.foreign ?? foreign;
  }
  const [first, ...others] = found;
  if (first === undefined)
    return foreign === undefined ? { type: 'none' } : { type: 'foreign', what: foreign };
  const other = others.find(({ text }) => text !== first.text);
  if (other !== undefined) return { type: 'ambiguous', what: twoTokens(first.place, other.place) };
  const parsed = parseToken(first.text);
  return parsed.ok
    ? { type: 'token', digest: tokenDigest(first.text) }
    : { type: 'malformed', what: parsed.reason };
}

function twoTokens(first: Place, second: Place): string {
  return first === second ? words.two(words[first]) : words.twoPlaces(words[first], words[second]);
}

type Read = { readonly found: readonly Found[]; readonly foreign?: string };

function readAuthorization(header: string): Read {
  if (header.length > maxAuthorizationChars) return { found: [], foreign: words.tooLong };
  const match = /^([A-Za-z]{1,32}) +([A-Za-z0-9\-._~+/]+=*) *$/.exec(header);
  const scheme = match?.[1]?.toLowerCase();
  const value = match?.[2] ?? '';
  if (scheme === 'bearer') {
    return value.startsWith(ours)
      ? { found: [{ text: value, place: 'asBearer' }] }
      : { found: [], foreign: notOurs };
  }
  if (scheme !== 'basic') return { found: [], foreign: words.scheme };
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  const colonAt = decoded.indexOf(':');
  if (colonAt < 0) return { found: [], foreign: words.credentials };
  return readLogin(decoded.slice(0, colonAt), decoded.slice(colonAt + 1));
}

/** Some clients have one field only, so a token may be the user name; a user name like `lk-ab12cd34` is a token's id. */
function readLogin(user: string, password: string): Read {
  const found: Found[] = [];
  if (password.startsWith(ours)) found.push({ text: password, place: 'asPassword' });
  if (user.startsWith(ours) && (found.length === 0 || parseToken(user).ok)) {
    found.push({ text: user, place: 'asUser' });
  }
  // Without a password it says nothing.
  return found.length > 0 || password === '' ? { found } : { found, foreign: notOurs };
}
