/**
 * Reads a request target. Invariant: what passes is in origin form and has only one reading. Each segment is decoded
 * exactly once and holds no separator, dot segment, percent sign, control or non-character; so the decision, the file
 * system, the upstream and every proxy on the way see the same path. Anything else is refused, never repaired
 * (STANDARDS, hole 9). No text from here is shown without `redactPath`, because a client may put a secret anywhere.
 */
import type { ChannelKind } from '../../shared/model/domain.ts';
import type { Credential } from './credential.ts';
import { readCredential } from './credential.ts';
import { probeSegments } from './probe.ts';
import { redactPath } from './redact.ts';

export type Route = 'health' | 'probe' | 'decision' | ChannelKind;

export type RequestTarget = {
  readonly route: Route | 'unknown';
  readonly channelName: string;
  /** Below the channel's root. */
  readonly segments: readonly string[];
  /** Tokens found in the path, in order: at most one before the route and one after `conda`. */
  readonly pathTokens: readonly string[];
  /** What the path alone says. */
  readonly credential: Credential;
  /** Without token and query: for logs and events. */
  readonly shownPath: string;
  /** Whether it is a conda channel's `notices.json`. */
  readonly isNotices: boolean;
};

/** Longer than any channel path; short enough that a flood of paths cannot fill the memory. */
export const maxTargetChars = 4096;
/** Deeper than any channel: an upstream's own path may stand in it. */
const maxSegments = 64;
/** File systems end at 255 bytes; an upstream's name may be encoded. */
const maxSegmentChars = 1024;

/** Every route, as the documentation and the tests list them. `…` is the rest below the channel. */
export const routes = [
  '/healthz',
  '/.latchkey/probe',
  '/latchkey/decision/<id>',
  '/conda/<channel>/…',
  '/conda/t/<token>/<channel>/…',
  '/t/<token>/conda/<channel>/…',
  '/pypi/<channel>/…',
] as const;

/**
 * @param base the path of the public URL, as segments: a proxy may pass it on or take it off
 * @returns undefined for a target that is not clean: answer 400
 */
export function parseTarget(target: string, base: readonly string[] = []): RequestTarget | undefined {
  if (target.length > maxTargetChars || !target.startsWith('/')) return undefined;
  const queryAt = target.indexOf('?');
  const path = queryAt < 0 ? target : target.slice(0, queryAt);
  if (queryAt >= 0 && /[^\x21-\x7e]|#/.test(target.slice(queryAt))) return undefined;
  const parts = path.slice(1).split('/', maxSegments + 1);
  if (parts.length > maxSegments) return undefined;
  const segments: string[] = [];
  for (const [index, part] of parts.entries()) {
    const segment = decodeSegment(part);
    if (segment === undefined || (segment === '' && index < parts.length - 1)) return undefined;
    segments.push(segment);
  }
  return routeOf(segments, base);
}

/** Names and versions of both ecosystems need no `%`, `;`, `\`, blank or control character, encoded or not. */
// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029\ufeff\ufffd/\\;%#?]/;

function decodeSegment(part: string): string | undefined {
  if (part.length > maxSegmentChars || /[^\x21-\x7e]/.test(part)) return undefined;
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

function routeOf(segments: readonly string[], base: readonly string[]): RequestTarget {
  const pathTokens: string[] = [];
  let rest = withoutBase(segments, base);
  if (rest[0] === 't' && rest.length > 2) {
    // conda puts the token of a whole URL before the path, so that it comes before the base too.
    const below = withoutBase(rest.slice(2), base);
    if (below[0] === 'conda') {
      pathTokens.push(rest[1] ?? '');
      rest = below;
    }
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
      credential: readCredential(pathTokens, undefined),
      shownPath: redactPath(`/${rest.join('/')}`),
      isNotices: root === 'conda' && below.length === 1 && below[0] === 'notices.json',
    };
  }
  const isHealth = rest.length === 1 && root === 'healthz';
  const isProbe =
    rest.length === probeSegments.length && probeSegments.every((part, at) => rest[at] === part);
  const isDecision = rest.length === 3 && root === 'latchkey' && rest[1] === 'decision';
  return {
    route: isHealth ? 'health' : isProbe ? 'probe' : isDecision ? 'decision' : 'unknown',
    channelName: '',
    segments: isDecision ? rest.slice(2) : [],
    pathTokens,
    credential: readCredential(pathTokens, undefined),
    shownPath: redactPath(`/${rest.join('/')}`),
    isNotices: false,
  };
}

function withoutBase(segments: readonly string[], base: readonly string[]): readonly string[] {
  const isBelow = base.length > 0 && base.every((segment, index) => segments[index] === segment);
  return isBelow ? segments.slice(base.length) : segments;
}
