/** What a gateway reports. No vault, no renderer knows more of it. */
import type { Decision, Reason, Rule } from './decision.ts';
import type { TokenId } from './ids.ts';
import type { Ecosystem } from './packages.ts';

/** Why a request was refused before it was judged, or failed after it. */
export type ProtocolCause =
  /** Not HTTP as RFC 9112 has it: Node's parser gave up. */
  | 'request.unreadable'
  /** The head did not come in time. */
  | 'request.timeout'
  | 'request.too-large'
  /** No Host, two, or a malformed one. */
  | 'request.host'
  | 'request.version'
  | 'request.method'
  | 'request.expectation'
  | 'request.content'
  | 'request.path'
  /** Too many at once on one connection. */
  | 'request.pipelined'
  /** Too many wrong tokens from one address. */
  | 'request.too-many-wrong-tokens'
  /** The channel's credentials or folder are missing. */
  | 'channel.broken'
  /** The channel has no such file. */
  | 'channel.not-found'
  /** The channel's upstream gave no usable answer. */
  | 'channel.upstream'
  | 'channel.wrong-file'
  /** Another refusal of the package format, such as 406 or 416. */
  | 'channel.refused'
  | 'gateway.busy'
  | 'gateway.failed'
  /** The answer ended before it was whole: the client went away, or the upstream or the file ended early. */
  | 'answer.cut';

/** What requests are counted by: the rule that denied one, or what else went wrong. */
export type RequestCause = Rule | ProtocolCause;

/**
 * How often one rule of a policy spoke about what was asked for: `blocked` it, would have (`observed`), or had a newer
 * version `hidden` when an older one was taken.
 */
export type PolicyUse = {
  readonly what: 'blocked' | 'observed' | 'hidden';
  readonly policyName: string;
  readonly rule: Rule;
  readonly count: number;
  readonly lastAtMs: number;
  /** The last ones, name and version. */
  readonly packages: readonly string[];
};

/** Several requests with one token by one client. */
export type TokenUses = {
  readonly tokenId: TokenId;
  readonly client: string;
  readonly address: string;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly requests: number;
  readonly allowed: number;
  readonly denied: number;
  readonly bytes: number;
  /** What policies said. */
  readonly policies?: readonly PolicyUse[];
};

/** That a package was asked for, with any token. */
export type PackageUse = {
  readonly ecosystem: Ecosystem;
  /** Normalised. */
  readonly name: string;
  /** Absent: its page, and no file of it. */
  readonly version?: string;
  readonly lastAtMs: number;
};

/** How many requests came to that. There are only so many causes, so that their counts are bounded. */
export type CauseCount = {
  readonly outcome: GatewayRequestEvent['outcome'];
  readonly cause: RequestCause;
  readonly count: number;
};

/** One answered request, safe to show and to log: paths come without the token segment, clients by product name only. */
export type GatewayRequestEvent = {
  readonly atMs: number;
  readonly method: string;
  /** Path with any token segment taken out. */
  readonly path: string;
  readonly status: number;
  /** The reason phrase, for refusals. */
  readonly reason: string;
  /** What became of it: `error` is a request that could not be read or an answer that failed. */
  readonly outcome: 'allow' | 'deny' | 'error';
  /** Absent when the request could not be judged. */
  readonly decision?: Decision;
  /** Absent when it was answered as asked. */
  readonly cause?: RequestCause;
  readonly tokenId?: TokenId;
  readonly channel?: string;
  /** Of a file that policies speak about. */
  readonly package?: { readonly ecosystem: Ecosystem; readonly name: string; readonly version: string };
  /** Of a refusal by a policy: it stands in the reason phrase and can be looked up. */
  readonly decisionId?: string;
  /** A newer version of the package that is hidden, and why. */
  readonly insteadOf?: { readonly version: string; readonly reason: Reason };
  /**
   * Of a package file of an upstream: it was kept (`hit`), came and is being kept (`fill`), or came and is not (`miss`).
   */
  readonly cache?: 'hit' | 'miss' | 'fill';
  /** Of that file, where its index or the cache says it. */
  readonly sha256?: string;
  /** First product of the User-Agent, e.g. `pip/26.3`; bounded, printable. */
  readonly client: string;
  readonly address: string;
  readonly bytes: number;
  readonly durationMs: number;
};
