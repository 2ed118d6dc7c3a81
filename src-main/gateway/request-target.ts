/**
 * Reads a request target. Invariant: what passes is in origin form and has only one reading. Each segment is decoded
 * exactly once and holds no separator, dot segment, percent sign, control or non-character; so the decision, the file
 * system, the upstream and every proxy on the way see the same path. Anything else is refused, never repaired
 * (STANDARDS, hole 9). No text from here is shown without `redactPath`, because a client may put a secret anywhere.
 */
import type { ChannelKind } from '../../shared/model/domain.ts';
import { redactTokens } from '../tokens/format.ts';

export type Route = 'health' | ChannelKind;

export type RequestTarget = {
  readonly route: Route | 'unknown';
  readonly channelName: string;
  /** Below the channel's root. */
  readonly segments: readonly string[];
  /** Tokens found in the path, in order: at most one before the route and one after `conda`. */
  readonly pathTokens: readonly string[];
  /** Without token and query: for logs and events. */
  readonly shownPath: string;
};

/** Longer than any channel path; short enough that a flood of paths cannot fill the memory. */
const maxTargetChars = 4096;

/** Every route, as the documentation and the tests list them. `…` is the rest below the channel. */
export const routes = [
  '/healthz',
  '/conda/<channel>/…',
  '/conda/t/<token>/<channel>/…',
  '/t/<token>/conda/<channel>/…',
  '/pypi/<channel>/…',
] as const;

/** @returns undefined for a target that is not clean: answer 400 */
export function parseTarget(target: string): RequestTarget | undefined {
  if (target.length > maxTargetChars || !target.startsWith('/')) return undefined;
  const queryAt = target.indexOf('?');
  const path = queryAt < 0 ? target : target.slice(0, queryAt);
  if (queryAt >= 0 && /[^\x21-\x7e]|#/.test(target.slice(queryAt))) return undefined;
  const parts = path.slice(1).split('/');
  const segments: string[] = [];
  for (const [index, part] of parts.entries()) {
    const segment = decodeSegment(part);
    if (segment === undefined || (segment === '' && index < parts.length - 1)) return undefined;
    segments.push(segment);
  }
  return routeOf(segments);
}

/** Names and versions of both ecosystems need no `%`, `;`, `\`, blank or control character, encoded or not. */
// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029\ufeff\ufffd/\\;%#?]/;

function decodeSegment(part: string): string | undefined {
  if (/[^\x21-\x7e]/.test(part)) return undefined;
  let segment: string;
  try {
    // Refuses overlong and truncated UTF-8, surrogates, and a % without two hex digits.
    segment = part.includes('%') ? decodeURIComponent(part) : part;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
  return forbidden.test(segment) || segment === '.' || segment === '..' ? undefined : segment;
}

function routeOf(segments: readonly string[]): RequestTarget {
  const pathTokens: string[] = [];
  let rest = segments;
  if (rest[0] === 't' && rest.length > 2 && rest[2] === 'conda') {
    pathTokens.push(rest[1] ?? '');
    rest = rest.slice(2);
  }
  const root = rest[0];
  if (root === 'conda' && rest[1] === 't' && rest.length > 2) {
    // So a conda channel cannot be called "t".
    pathTokens.push(rest[2] ?? '');
    rest = ['conda', ...rest.slice(3)];
  }
  if (root === 'conda' || root === 'pypi') {
    const below = rest.slice(2);
    return {
      route: root,
      channelName: rest[1] ?? '',
      segments: below,
      pathTokens,
      shownPath: redactPath(`/${rest.join('/')}`),
    };
  }
  const isHealth = segments.length === 1 && root === 'healthz';
  return {
    route: isHealth ? 'health' : 'unknown',
    channelName: '',
    segments: [],
    pathTokens,
    shownPath: redactPath(`/${segments.join('/')}`),
  };
}

/**
 * A path that may be shown: no query, no token segment, and nothing that looks like one of our tokens wherever it
 * stands; control characters and non-ASCII as `?`; bounded. Takes any text, clean or not.
 */
export function redactPath(path: string): string {
  const bare = path
    .slice(0, maxTargetChars)
    .replace(/[?#].*$/s, '')
    .replace(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/[?#].*$/s, '')
    .replace(/([/\\])t[/\\]+[^/\\]*/g, '$1t/***');
  const shown = redactTokens(bare)
    .replace(/:\/\/[^/\\]*@/g, '://***@')
    .replace(/[^\x21-\x7e]/g, '?');
  return shown.length <= 200 ? shown : `${shown.slice(0, 197)}...`;
}
