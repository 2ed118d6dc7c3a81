/**
 * What the core of the gateway and its package formats say to each other. The core reads the request line, the token and
 * the decision; a format only ever sees a request that was allowed, names what to send, and never touches the socket.
 * So no format can forget the token check, a range, a cache header, or leave an upstream's header in an answer.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { LatchkeyError } from '../../shared/errors.ts';
import type { BundleChannel, BundleToken } from '../../shared/model/bundle.ts';
import type { Decision } from '../../shared/model/decision.ts';
import type { UpstreamCredentials } from '../../shared/model/domain.ts';
import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.requests;

/** A channel without a problem: only such a one reaches a format. */
export type ServedChannel = Extract<BundleChannel, { readonly problem?: undefined }>;

/** The policies that speak about packages, and a key that is another one after each change of what they depend on. */
export type PolicyScope = {
  readonly policies: readonly Policy[];
  readonly key: string;
  /** What they say, and by which facts: the same for the same, also in another process. */
  readonly tag: string;
};

/** An allowed request below one channel's root. */
export type ChannelRequest = {
  readonly method: 'GET' | 'HEAD';
  readonly channel: ServedChannel;
  readonly token: BundleToken;
  /** Policies that speak about packages here. */
  readonly scope: PolicyScope;
  /** Decoded, validated path segments below the channel root, e.g. ['simple','requests',''] or ['noarch','repodata.json']. */
  readonly segments: readonly string[];
  readonly headers: IncomingHttpHeaders;
  /** Absolute base URL of this channel as the client sees it, WITHOUT token, e.g. http://127.0.0.1:8700/pypi/internal */
  readonly baseUrl: string;
  /** Aborts when the client goes away or the gateway stops. */
  readonly signal: AbortSignal;
  /**
   * Waits for the turn to send a file, which is over with the answer. To be called before one is opened or asked for, so
   * that clients who take nothing keep neither others nor an upstream waiting. @throws BusyError
   */
  turn(): Promise<void>;
};

/**
 * What a format answers. The core adds `Cache-Control`, `Vary: Authorization`, `X-Content-Type-Options` and, for bodies
 * of type `bytes` and `file`, the ETag, conditional requests, ranges (`file`), Content-Length and HEAD. `headers` may
 * hold a lower-case `vary` with further names; the core joins it. A status ≥ 400 with body `none` gets a problem+json body.
 */
export type ChannelResponse = {
  readonly status: number;
  /** Reason phrase; made printable and bounded by the core. */
  readonly reason?: string;
  /** Lower-case names. */
  readonly headers: Record<string, string>;
  readonly body: ResponseBody;
  /** What policies said about the package, where one spoke: denied, or only observed. */
  readonly decision?: Decision;
  /** Which package it is about, where policies speak, and where a file came from. */
  readonly about?: Pick<GatewayRequestEvent, 'package' | 'decisionId' | 'insteadOf' | 'cache' | 'sha256'>;
  /** Further members of a refusal's problem document (RFC 9457 §3.2). */
  readonly problem?: Readonly<Record<string, unknown>>;
};

export type ResponseBody =
  | { readonly type: 'none' }
  /** An optional `etag` (quoted) spares the core the hashing of the same bytes for every request. */
  | { readonly type: 'bytes'; readonly bytes: Uint8Array; readonly etag?: string }
  /** The same for what is too long to be one array. */
  | {
      readonly type: 'pieces';
      readonly pieces: readonly Uint8Array[];
      readonly length: number;
      readonly etag: string;
    }
  /** A regular file whose path the format has checked. */
  | {
      readonly type: 'file';
      readonly path: string;
      readonly size: number;
      readonly mtimeMs: number;
      /** Which file it was when the format checked it (file-stamp.ts); another one is not sent. */
      readonly stamp: string;
      /** With its quotes; its stamp where there is none. */
      readonly etag?: string;
      /** Told when it could not be read to its end, while the client was still there. */
      readonly onCut?: () => void;
    }
  /** Piped with backpressure; destroyed when the client goes away. */
  | {
      readonly type: 'stream';
      readonly stream: Readable;
      /**
       * Nobody but the core ever looks at a chunk again, so its memory is given back as soon as it is sent. Set it for
       * `body` of an upstream's answer that is passed on untouched; not where chunks are also hashed later or kept.
       */
      readonly ownsChunks?: true;
      /** Of a body whose length is not in the headers: one that ends earlier or later is broken off. */
      readonly expectedBytes?: number;
      /** Told when the stream broke off or had another length, while the client was still there. */
      readonly onCut?: () => void;
    };

export type UpstreamRequest = {
  /** Absolute http(s) URL. */
  readonly url: string;
  readonly method: 'GET' | 'HEAD';
  /** Headers of ours or picked ones of the client (accept, range, if-…); never the client's authorization or cookie. */
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials?: UpstreamCredentials;
  /** Origin of the channel's upstream URL (`new URL(upstream.url).origin`): the only one that ever sees the credentials. */
  readonly credentialsOrigin: string;
  /** Of the channel: what of the local network may be connected to. */
  readonly privateHosts?: readonly string[] | undefined;
  /** The client's User-Agent; its first product is named after ours. */
  readonly clientAgent?: string | undefined;
  readonly signal: AbortSignal;
};

export type UpstreamResponse = {
  readonly status: number;
  /** Allow-listed, lower-case headers only; see upstream-client.ts. */
  readonly headers: Record<string, string>;
  /** Must be consumed or destroyed. */
  readonly body: Readable;
  /** After redirects; without any conda token that was put into the path. */
  readonly finalUrl: string;
  /** Nothing but the end of the connection says where the body ends: it may be cut anywhere. */
  readonly endsWithConnection: boolean;
};

/**
 * Sends one request upstream and follows redirects. Any HTTP status is an answer, not an error.
 * @throws UpstreamError (status 502 or 504, `reason` safe for a reason phrase) when there is no answer
 */
export type OpenUpstream = (request: UpstreamRequest) => Promise<UpstreamResponse>;

/** No usable answer from an upstream. Thrown through the format; the core answers `status` with `reason`. */
export class UpstreamError extends LatchkeyError<'UPSTREAM_UNREACHABLE'> {
  readonly status: 502 | 503 | 504;
  readonly reason: string;
  /** Seconds or a date, for the client. */
  readonly retryAfter: string | undefined;
  /** The upstream said nothing that counts: what was known of it goes on to hold. */
  readonly isAway: boolean;
  /** It is about what was asked for: that the upstream gave something else says nothing of it. */
  readonly isOfPath: boolean;
  /** What whoever runs the gateway can do about it; not for clients. */
  readonly hint: string | undefined;

  constructor(
    status: 502 | 503 | 504,
    reason: string,
    options: {
      readonly cause?: unknown;
      readonly retryAfter?: string | undefined;
      readonly isAway?: boolean;
      readonly isOfPath?: boolean;
      readonly hint?: string;
    } = {},
  ) {
    super('UPSTREAM_UNREACHABLE', reason, options);
    this.status = status;
    this.reason = reason;
    this.retryAfter = options.retryAfter;
    this.isAway = options.isAway ?? true;
    this.isOfPath = options.isOfPath ?? !this.isAway;
    this.hint = options.hint;
  }
}

/** Too much waits already: come back in a moment. */
export class BusyError extends UpstreamError {
  constructor() {
    super(503, words.busy, { retryAfter: '2' });
  }
}
