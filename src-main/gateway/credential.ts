/**
 * Finds the one token of a request. Invariant: a request has no token, exactly one, or is refused: two places that say
 * different things are never weighed against each other. What leaves this file is a digest; the text goes no further.
 */
import { parseToken, tokenDigest } from '../tokens/format.ts';

export type Credential =
  | { readonly type: 'none' }
  /** Not one of our tokens, whoever made it; `what` is a fixed word. */
  | { readonly type: 'malformed'; readonly what: string }
  /** Two different tokens, or an Authorization header that cannot be read in one way. */
  | { readonly type: 'ambiguous'; readonly what: string }
  /** SHA-256 of a well-formed token, hex. */
  | { readonly type: 'token'; readonly digest: string };

/**
 * @param pathTokens the token segments of the path
 * @param authorization the only Authorization header: Basic (RFC 7617; any user name, the token as password) or Bearer
 */
export function readCredential(pathTokens: readonly string[], authorization: string | undefined): Credential {
  const texts = new Set(pathTokens);
  if (authorization !== undefined) {
    const fromHeader = readAuthorization(authorization);
    if (typeof fromHeader !== 'string') return fromHeader;
    if (fromHeader !== '') texts.add(fromHeader);
  }
  if (texts.size > 1) return { type: 'ambiguous', what: 'Two different tokens' };
  const [text] = texts;
  if (text === undefined) return { type: 'none' };
  const parsed = parseToken(text);
  return parsed.ok
    ? { type: 'token', digest: tokenDigest(text) }
    : { type: 'malformed', what: parsed.reason };
}

/** The token's text; empty for Basic credentials without a password, which say nothing. */
function readAuthorization(header: string): string | Credential {
  const match = /^([A-Za-z]+) +([A-Za-z0-9\-._~+/]+=*) *$/.exec(header);
  const scheme = match?.[1]?.toLowerCase();
  const value = match?.[2] ?? '';
  if (scheme === 'bearer') return value;
  if (scheme !== 'basic') return { type: 'malformed', what: 'authorization scheme' };
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  const colonAt = decoded.indexOf(':');
  return colonAt < 0 ? { type: 'malformed', what: 'credentials' } : decoded.slice(colonAt + 1);
}
