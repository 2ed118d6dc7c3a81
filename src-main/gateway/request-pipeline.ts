/**
 * One request from its first byte to the last of its answer. Invariant: `decideAccess` is called here, once, for every
 * request, and nothing of a channel is touched before it allows; whatever a format throws becomes an error without
 * detail; no secret reaches an event or a log line, because both are made from ids and redacted paths only.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { BundleChannel, BundleToken } from '../../shared/model/bundle.ts';
import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';
import { reasonText } from '../../shared/texts/reason-text.ts';
import { TextCache } from '../base/text-cache.ts';
import type { Access } from './access.ts';
import { decideAccess } from './access.ts';
import type { Wire } from './answer.ts';
import { sendAnswer, sendNow, sendProblem } from './answer.ts';
import { clientAddress, clientProduct, validHost } from './client-facts.ts';
import type { Credential } from './credential.ts';
import { readCredential } from './credential.ts';
import { brokenChannel, reasonPhrase } from './reason.ts';
import type { RequestTarget } from './request-target.ts';
import { parseTarget, redactPath } from './request-target.ts';
import { RunningAnswers } from './running-answers.ts';
import type { BundleTables } from './tables.ts';
import type { ChannelRequest, ChannelResponse, ServedChannel } from './types.ts';
import { UpstreamError } from './types.ts';

/** Answers allowed requests of one kind. May answer at once when it has everything in memory. */
export type ChannelHandler = { handle(request: ChannelRequest): ChannelResponse | Promise<ChannelResponse> };

export type RequestPipelineDeps = {
  readonly now: () => number;
  readonly handlers: { readonly conda: ChannelHandler; readonly pypi: ChannelHandler };
  readonly tables: BundleTables;
  readonly trustedProxies: readonly string[];
  /** Without a slash at the end; undefined: from the Host header. */
  readonly publicUrl: () => string | undefined;
  /** http://host:port of the listening socket. */
  readonly localUrl: () => string;
  readonly report: (event: GatewayRequestEvent) => void;
  /** Told of every failure that a client only sees as 500. */
  readonly onFailure: (error: unknown) => void;
};

const wwwAuthenticate = { 'www-authenticate': 'Basic realm="Latchkey", charset="UTF-8"' } as const;
const allowHeader = { allow: 'GET, HEAD', connection: 'close' } as const;
const healthy: ChannelResponse = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: { type: 'bytes', bytes: Buffer.from('{"status":"ok"}\n') },
};

export class RequestPipeline {
  readonly #deps: RequestPipelineDeps;
  /** What is the same for the same text. Bounded, and emptied with every change of what is enforced: secrets are among the keys. */
  readonly #targets = new TextCache<RequestTarget | 'bad'>(2048, 512);
  readonly #credentials = new TextCache<Credential>(1024, 1024);
  readonly #addresses = new TextCache<string>(1024, 64);
  readonly #products = new TextCache<string>(256, 512);
  readonly #running = new RunningAnswers();

  constructor(deps: RequestPipelineDeps) {
    this.#deps = deps;
  }

  forget(): void {
    this.#targets.clear();
    this.#credentials.clear();
  }

  /** Ends answers under way whose token or channel is denied by now. */
  endDenied(): void {
    this.#running.endDenied(this.#deps.tables, this.#deps.now());
  }

  /** Answers one request. Never throws, never rejects. */
  handle(req: IncomingMessage, res: ServerResponse): void {
    const startedAtMs = this.#deps.now();
    const single = singleHeaders(req.rawHeaders);
    const target = this.#target(req.url ?? '');
    const address = this.#address(req);
    // oxlint-disable-next-line prefer-const -- `wire.done` reads it, and a request can end before it is decided
    let access: Access | undefined;
    const wire: Wire = {
      req,
      res,
      done: (sent) => {
        this.#deps.report({
          atMs: startedAtMs,
          method: req.method ?? '?',
          path: target === undefined ? redactPath(req.url ?? '') : target.shownPath,
          status: sent.status,
          reason: sent.reason,
          outcome: outcomeOf(sent.status, access),
          ...(access === undefined ? {} : { decision: access.decision }),
          ...(access !== undefined && 'token' in access && access.token !== undefined
            ? { tokenId: access.token.id }
            : {}),
          // Only a channel that the token may reach: others are not even named.
          ...(access?.outcome === 'allow' ? { channel: access.channel.name } : {}),
          client: this.#products.getOrMake(single.userAgent, clientProduct),
          address,
          bytes: sent.bytes,
          durationMs: Math.max(0, this.#deps.now() - startedAtMs),
        });
      },
    };

    if (req.method !== 'GET' && req.method !== 'HEAD')
      return sendProblem(wire, 405, 'Only GET and HEAD', allowHeader);
    if (target === undefined) return sendProblem(wire, 400, 'Bad request path');
    if (single.hosts > 1) return sendProblem(wire, 400, 'Two Host headers');
    const credential: Credential =
      single.authorizations > 1
        ? { type: 'ambiguous', what: 'Two Authorization headers' }
        : this.#credential(target.pathTokens, single.authorization);

    access = decideAccess(
      this.#deps.tables,
      { route: target.route, channelName: target.channelName, credential, address },
      startedAtMs,
    );
    switch (access.outcome) {
      case 'open':
        return sendNow(wire, healthy);
      case 'deny':
        return sendProblem(
          wire,
          access.status,
          reasonPhrase(access.decision.reasons.map(reasonText).join('; ')),
          access.status === 401 ? wwwAuthenticate : {},
        );
      case 'allow':
        return this.#serve(wire, target, access, single.host);
    }
  }

  #serve(
    wire: Wire,
    target: RequestTarget,
    { channel, token }: { channel: BundleChannel; token: BundleToken },
    host: string | undefined,
  ): void {
    // Here and not in a format: no route of a broken channel is served, whatever formats there are.
    if (channel.problem !== undefined)
      return sendProblem(wire, 502, brokenChannel(channel.name, channel.problem));
    const origin = this.#deps.publicUrl() ?? hostUrl(host) ?? this.#deps.localUrl();
    const request = new AllowedRequest(
      wire,
      channel,
      token,
      target.segments,
      `${origin}/${channel.kind}/${channel.name}`,
    );
    try {
      const response = this.#deps.handlers[channel.kind].handle(request);
      const isShort = !(response instanceof Promise) && response.body.type === 'bytes';
      if (!isShort) this.#running.add(wire.res, token, channel);
      if (!(response instanceof Promise) && response.body.type !== 'file') sendNow(wire, response);
      else this.#sendLater(wire, response).catch((error: unknown) => this.#fail(wire, error));
    } catch (error) {
      this.#fail(wire, error);
    }
  }

  async #sendLater(wire: Wire, pending: ChannelResponse | Promise<ChannelResponse>): Promise<void> {
    await sendAnswer(wire, await pending);
  }

  #fail(wire: Wire, error: unknown): void {
    const { res } = wire;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP';
    // Also when the client cannot be told any more: whoever runs the gateway wants to know.
    if (!isMissing && !(error instanceof UpstreamError) && !isAborted(error)) this.#deps.onFailure(error);
    if (res.headersSent) {
      res.destroy();
      return;
    }
    if (res.destroyed) return wire.done({ status: 499, reason: 'Client closed the connection', bytes: 0 });
    if (error instanceof UpstreamError) {
      const { status, reason, retryAfter } = error;
      return sendProblem(wire, status, reason, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
    }
    if (isMissing) return sendProblem(wire, 404, 'Not found');
    const shown = typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? ` (${code})` : '';
    sendProblem(wire, 500, `The gateway failed${shown}`);
  }

  #address(req: IncomingMessage): string {
    const { trustedProxies } = this.#deps;
    const peer = req.socket.remoteAddress ?? '';
    return trustedProxies.length === 0
      ? this.#addresses.getOrMake(peer, (text) => clientAddress(text, undefined, trustedProxies))
      : clientAddress(peer, joinHeader(req.headers['x-forwarded-for']), trustedProxies);
  }

  #target(url: string): RequestTarget | undefined {
    const target = this.#targets.getOrMake(url, (text) => parseTarget(text) ?? 'bad');
    return target === 'bad' ? undefined : target;
  }

  #credential(pathTokens: readonly string[], authorization: string | undefined): Credential {
    if (pathTokens.length === 0 && authorization === undefined) return { type: 'none' };
    // A blank cannot stand in a path token, so the parts cannot be taken for one another.
    const key = `${pathTokens.join(' ')}\n${authorization ?? '\n'}`;
    return this.#credentials.getOrMake(key, () => readCredential(pathTokens, authorization));
  }
}

/** What a format sees. The costly parts are made when they are first asked for. */
class AllowedRequest implements ChannelRequest {
  readonly method: 'GET' | 'HEAD';
  readonly channel: ServedChannel;
  readonly token: BundleToken;
  readonly segments: readonly string[];
  readonly baseUrl: string;
  readonly #wire: Wire;
  #signal: AbortSignal | undefined;

  constructor(
    wire: Wire,
    channel: ServedChannel,
    token: BundleToken,
    segments: readonly string[],
    baseUrl: string,
  ) {
    this.#wire = wire;
    this.method = wire.req.method === 'HEAD' ? 'HEAD' : 'GET';
    this.channel = channel;
    this.token = token;
    this.segments = segments;
    this.baseUrl = baseUrl;
  }

  get headers(): IncomingHttpHeaders {
    return this.#wire.req.headers;
  }

  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      const controller = new AbortController();
      const { res } = this.#wire;
      if (res.destroyed) controller.abort();
      else {
        res.once('close', () => {
          // After a complete answer there is nothing left to stop.
          if (!res.writableFinished) controller.abort();
        });
      }
      this.#signal = controller.signal;
    }
    return this.#signal;
  }
}

const isAborted = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

function outcomeOf(status: number, access: Access | undefined): GatewayRequestEvent['outcome'] {
  if (status === 401 || status === 403) return 'deny';
  if (access?.outcome === 'deny') return access.status === 404 ? 'deny' : 'error';
  return access === undefined || status >= 500 ? 'error' : 'allow';
}

type SingleHeaders = {
  authorization: string | undefined;
  authorizations: number;
  host: string | undefined;
  hosts: number;
  userAgent: string;
};

/** Headers that may be there once only: node would keep the first in silence, another reader the last. */
function singleHeaders(raw: readonly string[]): SingleHeaders {
  const found: SingleHeaders = {
    authorization: undefined,
    authorizations: 0,
    host: undefined,
    hosts: 0,
    userAgent: '',
  };
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? '';
    if (name.length === 13 && name.toLowerCase() === 'authorization') {
      found.authorization = raw[index + 1];
      found.authorizations += 1;
    } else if (name.length === 4 && name.toLowerCase() === 'host') {
      found.host = raw[index + 1];
      found.hosts += 1;
    } else if (name.length === 10 && name.toLowerCase() === 'user-agent') {
      found.userAgent = raw[index + 1] ?? '';
    }
  }
  return found;
}

function hostUrl(host: string | undefined): string | undefined {
  const valid = validHost(host);
  return valid === undefined ? undefined : `http://${valid}`;
}

function joinHeader(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header;
}
