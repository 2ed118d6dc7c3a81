/**
 * One request from its first byte to the last of its answer. Invariant: `decideAccess` is called here, once, for every
 * request, and nothing of a channel is touched before it allows; whatever a format throws becomes an error without
 * detail; no secret reaches an event or a log line, because both are made from ids and redacted paths only.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { BundleChannel, BundleToken } from '../../shared/model/bundle.ts';
import type { GatewayRequestEvent, ProtocolCause } from '../../shared/model/gateway.ts';
import { texts } from '../../shared/texts/texts.ts';
import { TextCache } from '../base/text-cache.ts';
import type { Access, RequestFacts } from './access.ts';
import { decideAccess } from './access.ts';
import type { AllowedRequestDeps } from './allowed-request.ts';
import { AllowedRequest } from './allowed-request.ts';
import { breakOff, maxTextBytes, sendAnswer, sendNow, sendProblem } from './answer.ts';
import { clientAddress, clientProduct } from './client-facts.ts';
import type { ConnectionMemo } from './connection-memo.ts';
import { newMemo } from './connection-memo.ts';
import type { Credential } from './credential.ts';
import { readCredential } from './credential.ts';
import { statusForDeadToken } from './dead-token.ts';
import type { PackageDecision } from './decision-memory.ts';
import { decisionPage } from './decision-page.ts';
import type { ExchangeDeps } from './exchange.ts';
import { Exchange } from './exchange.ts';
import { FairSlots } from './fair-slots.ts';
import { socketName } from './probe.ts';
import { dropAnswer } from './policy-scope.ts';
import type { PublicUrl } from './public-url.ts';
import { brokenChannel, reasonPhrase } from './reason.ts';
import type { RequestHead } from './request-head.ts';
import { headProblem, readHead } from './request-head.ts';
import type { RequestTarget } from './request-target.ts';
import { parseTarget } from './request-target.ts';
import { RunningAnswers } from './running-answers.ts';
import type { BundleTables } from './tables.ts';
import type { ChannelRequest, ChannelResponse } from './types.ts';
import { BusyError, UpstreamError } from './types.ts';
import type { After } from './wrong-tokens.ts';
import { WrongTokens } from './wrong-tokens.ts';

const words = texts.refusals.requests;

/** Answers allowed requests of one kind. May answer at once when it has everything in memory. */
export type ChannelHandler = { handle(request: ChannelRequest): ChannelResponse | Promise<ChannelResponse> };

export type RequestPipelineDeps = {
  readonly now: () => number;
  readonly handlers: { readonly conda: ChannelHandler; readonly pypi: ChannelHandler };
  readonly tables: BundleTables;
  /** CIDR blocks whose X-Forwarded-For is believed. */
  readonly trustedProxies: () => readonly string[];
  /** As clients see the gateway; undefined: from the Host header. */
  readonly publicUrl: () => PublicUrl | undefined;
  /** http://host:port of the listening socket. */
  readonly localUrl: () => string;
  /** A signed answer to "is this gateway ours?"; undefined when there is none. @param asked the end of the connection here */
  readonly answerProbe: (url: string, asked: string) => string | undefined;
  readonly report: (event: GatewayRequestEvent) => void;
  readonly record: ExchangeDeps['record'];
  /** Told of a connection that ends with the answer being sent: what follows on it is not looked at. */
  readonly isClosing: (req: IncomingMessage) => void;
  readonly after: After;
  readonly scopeOf: AllowedRequestDeps['scopeOf'];
  /** A decision about a package that was made lately. */
  readonly decisionOf: (id: string) => PackageDecision | undefined;
  /** Told of every failure that a client only sees as 500. */
  readonly onFailure: (error: unknown) => void;
};

const wwwAuthenticate = { 'www-authenticate': 'Basic realm="Latchkey", charset="UTF-8"' } as const;
const closing = { connection: 'close' } as const;
/** Files that are sent at once, each with a descriptor or a connection and some 200 kB. A token has its share. */
const sends = { total: 512, perOwner: 128, waiting: 4096 };
const jsonType = { 'content-type': 'application/json' } as const;
const open: Readonly<Record<'health' | 'notices', ChannelResponse>> = {
  health: {
    status: 200,
    headers: jsonType,
    body: { type: 'bytes', bytes: Buffer.from('{"status":"ok"}\n') },
  },
  notices: {
    status: 200,
    headers: jsonType,
    body: { type: 'bytes', bytes: Buffer.from('{"notices":[]}\n') },
  },
};

export class RequestPipeline {
  readonly #deps: RequestPipelineDeps;
  /** What is the same for the same text. Bounded, and emptied with every change of what is enforced: secrets are among the keys. */
  readonly #targets = new TextCache<RequestTarget | 'bad'>(2048, 512);
  readonly #credentials = new TextCache<Credential>(1024, 1024);
  /** Of the open connections. */
  #memos = new WeakMap<Socket, ConnectionMemo>();
  readonly #running = new RunningAnswers();
  readonly #wrongTokens = new WrongTokens();
  readonly #allowed: AllowedRequestDeps;

  constructor(deps: RequestPipelineDeps) {
    this.#deps = deps;
    const { publicUrl, localUrl, scopeOf } = deps;
    this.#allowed = { publicUrl, localUrl, scopeOf, sends: new FairSlots(sends) };
  }

  forget(): void {
    this.#targets.clear();
    this.#credentials.clear();
    this.#memos = new WeakMap();
  }

  /** Ends answers under way whose token or channel is denied by now. */
  endDenied(): void {
    this.#running.endDenied(this.#deps.tables, this.#deps.now());
  }

  /** Answers one request. Never throws, never rejects. */
  handle(req: IncomingMessage, res: ServerResponse): void {
    const head = readHead(req.rawHeaders);
    const memo = this.#memoOf(req, head);
    const exchange = new Exchange(this.#deps, req, res, head, memo);
    const problem = headProblem(req, head, memo.host);
    if (problem !== undefined) {
      exchange.cause = problem.cause;
      this.#deps.isClosing(req);
      return sendProblem(exchange, problem.status, problem.reason, problem.headers);
    }
    memo.host = head.host;
    // Node loses what comes behind it in one packet, so that the rest could be taken for a request of its own.
    if (head.isUpgrade) {
      res.shouldKeepAlive = false;
      this.#deps.isClosing(req);
    }
    const target = this.#target(req.url ?? '');
    if (target === undefined) {
      exchange.cause = 'request.path';
      return sendProblem(exchange, 400, words.badPath);
    }
    exchange.target = target;
    const credential: Credential =
      head.authorizations > 1
        ? { type: 'ambiguous', what: words.twoAuthorizations }
        : this.#credential(target, head.authorization, memo);
    const facts: RequestFacts = {
      route: target.route,
      channelName: target.channelName,
      isNotices: target.isNotices,
      credential,
      address: exchange.address,
    };
    const access = decideAccess(this.#deps.tables, facts, exchange.startedAtMs);
    exchange.access = access;
    switch (access.outcome) {
      case 'open':
        if (access.what === 'probe') return this.#probe(exchange);
        if (access.what !== 'decision') return sendNow(exchange, open[access.what]);
        return sendNow(
          exchange,
          decisionPage(this.#deps.decisionOf(target.segments[0] ?? ''), req.headers.accept),
        );
      case 'deny':
        return this.#deny(exchange, access);
      case 'allow':
        return this.#serve(exchange, target, access, facts);
    }
  }

  /** Refuses one that is not to be looked at, and ends its connection. */
  refuse(
    req: IncomingMessage,
    res: ServerResponse,
    status: number,
    reason: string,
    cause: ProtocolCause,
  ): void {
    const head = readHead(req.rawHeaders);
    const exchange = new Exchange(this.#deps, req, res, head, this.#memoOf(req, head));
    exchange.cause = cause;
    this.#deps.isClosing(req);
    const retry = status === 503 ? { ...closing, 'retry-after': '1' } : closing;
    sendProblem(exchange, status, reason, retry);
  }

  /** What is known of the connection, brought up to this request. */
  #memoOf(req: IncomingMessage, { forwardedFor, userAgent }: RequestHead): ConnectionMemo {
    let memo = this.#memos.get(req.socket);
    if (memo === undefined) {
      memo = newMemo(clientAddress(req.socket.remoteAddress, undefined, []));
      this.#memos.set(req.socket, memo);
    }
    if (memo.forwardedFor !== forwardedFor) {
      memo.forwardedFor = forwardedFor;
      memo.address = clientAddress(req.socket.remoteAddress, forwardedFor, this.#deps.trustedProxies());
    }
    if (memo.userAgent !== userAgent) {
      memo.userAgent = userAgent;
      memo.client = clientProduct(userAgent);
    }
    return memo;
  }

  #probe(exchange: Exchange): void {
    const { req } = exchange;
    const { localAddress, localPort } = req.socket;
    const answer = this.#deps.answerProbe(req.url ?? '', socketName(localAddress, localPort));
    if (answer !== undefined) {
      const headers = { 'content-type': 'application/jose' };
      return sendNow(exchange, {
        status: 200,
        headers,
        body: { type: 'bytes', bytes: Buffer.from(answer) },
      });
    }
    exchange.access = undefined;
    exchange.cause = 'access.path-unknown';
    sendProblem(exchange, 404, words.noSuchPath);
  }

  #deny(exchange: Exchange, { decision, status }: Extract<Access, { outcome: 'deny' }>): void {
    const reason = reasonPhrase(decision.reasons.map(texts.reasons.of).join('; '));
    const rule = decision.reasons[0]?.rule;
    const shown = statusForDeadToken(rule, exchange.client, exchange.target) ?? status;
    const headers = shown === 401 ? wwwAuthenticate : {};
    const isWrong = rule === 'access.token-unknown' || rule === 'access.credential-malformed';
    const slow = isWrong ? this.#wrongTokens.next(exchange.address, exchange.startedAtMs) : undefined;
    if (slow === undefined || slow.type === 'now') return sendProblem(exchange, shown, reason, headers);
    if (slow.type === 'refuse') {
      exchange.cause = 'request.too-many-wrong-tokens';
      return sendProblem(exchange, 429, words.tooManyWrong(reason, exchange.address), {
        'retry-after': String(slow.retryAfterSeconds),
      });
    }
    const { res } = exchange;
    const takeBack = this.#deps.after(slow.delayMs, () => {
      res.off('close', leave);
      slow.done();
      sendProblem(exchange, shown, reason, headers);
    });
    const leave = (): void => {
      takeBack();
      slow.done();
      exchange.done({ status: 499, reason: words.clientGone, bytes: 0 });
    };
    res.once('close', leave);
  }

  #serve(
    exchange: Exchange,
    target: RequestTarget,
    { channel, token }: { channel: BundleChannel; token: BundleToken },
    facts: RequestFacts,
  ): void {
    // Here and not in a format: no route of a broken channel is served, whatever formats there are.
    if (channel.problem !== undefined) {
      exchange.cause = 'channel.broken';
      return sendProblem(exchange, 502, brokenChannel(channel.name, channel.problem));
    }
    const request = new AllowedRequest(exchange, channel, token, target.segments, this.#allowed);
    try {
      const response = this.#deps.handlers[channel.kind].handle(request);
      if (response instanceof Promise || !isShort(response)) this.#running.add(exchange.res, token, channel);
      if (!(response instanceof Promise) && response.body.type !== 'file') {
        exchange.packageDecision = response.decision;
        exchange.about = response.about;
        sendNow(exchange, response);
      } else
        this.#sendLater(exchange, response, facts).catch((error: unknown) => this.#fail(exchange, error));
    } catch (error) {
      this.#fail(exchange, error);
    }
  }

  /** The token is judged again: what was waited for may have taken longer than it is good for. */
  async #sendLater(
    exchange: Exchange,
    pending: ChannelResponse | Promise<ChannelResponse>,
    facts: RequestFacts,
  ): Promise<void> {
    const response = await pending;
    const access = decideAccess(this.#deps.tables, facts, this.#deps.now());
    if (access.outcome === 'deny') {
      dropAnswer(response);
      exchange.access = access;
      return this.#deny(exchange, access);
    }
    exchange.packageDecision = response.decision;
    exchange.about = response.about;
    await sendAnswer(exchange, response);
  }

  #fail(exchange: Exchange, error: unknown): void {
    const { res } = exchange;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP';
    // Also when the client cannot be told any more: whoever runs the gateway wants to know.
    const isClientGone = res.destroyed && isAborted(error);
    if (!isMissing && !(error instanceof UpstreamError) && !isClientGone) this.#deps.onFailure(error);
    if (res.headersSent) return breakOff(res);
    if (res.destroyed) return exchange.done({ status: 499, reason: words.clientGone, bytes: 0 });
    if (error instanceof UpstreamError) {
      const { status, reason, retryAfter } = error;
      exchange.cause = error instanceof BusyError ? 'gateway.busy' : 'channel.upstream';
      exchange.failed(error);
      const retry = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
      return sendProblem(exchange, status, reason, retry);
    }
    if (isMissing) return sendProblem(exchange, 404, words.notFound);
    const shown = typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? ` (${code})` : '';
    sendProblem(exchange, 500, words.failed(shown));
  }

  #target(url: string): RequestTarget | undefined {
    const target = this.#targets.getOrMake(
      url,
      (text) => parseTarget(text, this.#deps.publicUrl()?.base) ?? 'bad',
    );
    return target === 'bad' ? undefined : target;
  }

  #credential(target: RequestTarget, authorization: string | undefined, memo: ConnectionMemo): Credential {
    const { pathTokens } = target;
    if (authorization === undefined) return target.credential;
    if (pathTokens.length > 0) {
      // A blank cannot stand in a path token, so the parts cannot be taken for one another.
      const key = `${pathTokens.join(' ')}\n${authorization}`;
      return this.#credentials.getOrMake(key, () => readCredential(pathTokens, authorization));
    }
    if (memo.authorization !== authorization) {
      memo.credential = this.#credentials.getOrMake(authorization, (text) => readCredential([], text));
      memo.authorization = authorization;
    }
    return memo.credential;
  }
}

const isAborted = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/** Handed over whole: nothing of it is under way when the next change comes. */
const isShort = ({ body }: ChannelResponse): boolean =>
  body.type === 'none' || (body.type === 'bytes' && body.bytes.length <= maxTextBytes);
