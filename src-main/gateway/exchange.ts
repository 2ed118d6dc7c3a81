/**
 * One request and its answer, as they are reported. Invariant: whatever became of a request, it is reported once and in
 * one form; no secret reaches the event, because it is made of ids and redacted texts only.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Decision } from '../../shared/model/decision.ts';
import type { GatewayRequestEvent, RequestCause } from '../../shared/model/gateway.ts';
import { WrongFileError } from '../package-cache/expected-file.ts';
import type { Access } from './access.ts';
import type { Sent, Wire } from './answer.ts';
import { redactPath } from './redact.ts';
import type { RequestHead } from './request-head.ts';
import type { ChannelResponse } from './types.ts';
import { UpstreamError } from './types.ts';
import type { RequestTarget } from './request-target.ts';

type Event = { -readonly [K in keyof GatewayRequestEvent]: GatewayRequestEvent[K] };

export type ExchangeDeps = {
  readonly now: () => number;
  readonly report: (event: GatewayRequestEvent) => void;
  /** Keeps it in the request log. */
  readonly record: (exchange: Exchange, sent: Sent, cause: RequestCause | undefined) => void;
};

export class Exchange implements Wire {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly head: RequestHead;
  readonly address: string;
  /** The first product of the User-Agent, as it may be shown. */
  readonly client: string;
  readonly startedAtMs: number;
  target: RequestTarget | undefined;
  access: Access | undefined;
  /** What policies said about the package. */
  packageDecision: Decision | undefined;
  about: ChannelResponse['about'];
  /** Why it is refused, where no rule says so. */
  cause: RequestCause | undefined;
  readonly #deps: ExchangeDeps;
  #isDone = false;

  constructor(
    deps: ExchangeDeps,
    req: IncomingMessage,
    res: ServerResponse,
    head: RequestHead,
    { address, client }: { readonly address: string; readonly client: string },
  ) {
    this.#deps = deps;
    this.req = req;
    this.res = res;
    this.head = head;
    this.address = address;
    this.client = client;
    this.startedAtMs = deps.now();
  }

  failed(error: unknown): void {
    const cause = error instanceof UpstreamError ? error.cause : error;
    if (cause instanceof WrongFileError) this.cause = 'channel.wrong-file';
  }

  done(sent: Sent): void {
    if (this.#isDone) return;
    this.#isDone = true;
    const { req, target, access, startedAtMs } = this;
    const event: Event = {
      atMs: startedAtMs,
      method: req.method ?? '?',
      path: target === undefined ? redactPath(req.url ?? '') : target.shownPath,
      status: sent.status,
      reason: sent.reason,
      outcome: outcomeOf(sent.status, access),
      client: this.client,
      address: this.address,
      bytes: sent.bytes,
      durationMs: Math.max(0, this.#deps.now() - startedAtMs),
    };
    if (access !== undefined) {
      event.decision = this.packageDecision ?? access.decision;
      if ('token' in access && access.token !== undefined) event.tokenId = access.token.id;
      // Only a channel that the token may reach: others are not even named.
      if (access.outcome === 'allow') {
        event.channel = access.channel.name;
        if (this.about !== undefined) Object.assign(event, this.about);
      }
    }
    const cause = this.#causeOf(sent.status);
    if (cause !== undefined) event.cause = cause;
    this.#deps.record(this, sent, cause);
    this.#deps.report(event);
  }

  #causeOf(status: number): RequestCause | undefined {
    if (this.cause !== undefined) return this.cause;
    if (this.access?.outcome === 'deny') return this.access.decision.reasons[0]?.rule;
    if (this.packageDecision?.effect === 'deny') return this.packageDecision.reasons[0]?.rule;
    if (status >= 400) return causes.get(status) ?? 'channel.refused';
    // Told after the end of the response, or right when it was handed over: then it is not destroyed.
    return this.res.destroyed && !this.res.writableFinished ? 'answer.cut' : undefined;
  }
}

const causes: ReadonlyMap<number, RequestCause> = new Map([
  [404, 'channel.not-found'],
  [499, 'answer.cut'],
  [500, 'gateway.failed'],
  [502, 'channel.upstream'],
  [503, 'gateway.busy'],
  [504, 'channel.upstream'],
]);

function outcomeOf(status: number, access: Access | undefined): GatewayRequestEvent['outcome'] {
  if (access?.outcome === 'deny') return access.status === 400 || access.status === 503 ? 'error' : 'deny';
  if (status === 401 || status === 403) return 'deny';
  return access === undefined || status >= 500 ? 'error' : 'allow';
}
