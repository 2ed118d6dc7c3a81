/** What a gateway reports. No vault, no renderer knows more of it. */
import type { Decision } from './decision.ts';
import type { TokenId } from './ids.ts';

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
  readonly tokenId?: TokenId;
  readonly channel?: string;
  /** First product of the User-Agent, e.g. `pip/26.3`; bounded, printable. */
  readonly client: string;
  readonly address: string;
  readonly bytes: number;
  readonly durationMs: number;
};
