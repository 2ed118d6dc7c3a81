/**
 * A request that was allowed, as a format sees it. Invariant: nothing of the token's secret or of the socket is in reach;
 * what is sent long waits for its turn, and gives it back with the end of the answer.
 */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { BundleToken } from '../../shared/model/bundle.ts';
import { breakOff } from './answer.ts';
import { validHost } from './client-facts.ts';
import type { Exchange } from './exchange.ts';
import type { FairSlots, Holder } from './fair-slots.ts';
import type { PublicUrl } from './public-url.ts';
import type { ChannelRequest, PolicyScope, ServedChannel } from './types.ts';

/** A client that takes nothing for so long gives way to those who wait. */
const stuckMs = 5_000;

export type AllowedRequestDeps = {
  /** As clients see the gateway; undefined: from the Host header. */
  readonly publicUrl: () => PublicUrl | undefined;
  /** http://host:port of the listening socket. */
  readonly localUrl: () => string;
  readonly sends: FairSlots;
  readonly scopeOf: (token: BundleToken) => PolicyScope;
};

/** The costly parts are made when they are first asked for. */
export class AllowedRequest implements ChannelRequest {
  readonly method: 'GET' | 'HEAD';
  readonly channel: ServedChannel;
  readonly token: BundleToken;
  readonly segments: readonly string[];
  readonly #exchange: Exchange;
  readonly #deps: AllowedRequestDeps;
  #signal: AbortSignal | undefined;
  #turn: Promise<void> | undefined;

  constructor(
    exchange: Exchange,
    channel: ServedChannel,
    token: BundleToken,
    segments: readonly string[],
    deps: AllowedRequestDeps,
  ) {
    this.#exchange = exchange;
    this.#deps = deps;
    this.method = exchange.req.method === 'HEAD' ? 'HEAD' : 'GET';
    this.channel = channel;
    this.token = token;
    this.segments = segments;
  }

  get baseUrl(): string {
    const { publicUrl, localUrl } = this.#deps;
    const { kind, name } = this.channel;
    const origin = publicUrl()?.href ?? hostUrl(this.#exchange.head.host) ?? localUrl();
    return `${origin}/${kind}/${name}`;
  }

  /** Those that are in force when it is asked. */
  get scope(): PolicyScope {
    return this.#deps.scopeOf(this.token);
  }

  get headers(): IncomingHttpHeaders {
    return this.#exchange.req.headers;
  }

  /** One for the whole request, however often it is asked for. */
  async turn(): Promise<void> {
    this.#turn ??= this.#takeTurn();
    await this.#turn;
  }

  async #takeTurn(): Promise<void> {
    const { res } = this.#exchange;
    const owner = `${this.channel.id}\0${this.token.id}`;
    const giveBack = await this.#deps.sends.take(owner, this.signal, holderOf(res));
    if (res.destroyed) giveBack();
    else res.once('close', giveBack);
  }

  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      const controller = new AbortController();
      const { res } = this.#exchange;
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

/** Stuck is an answer of which nothing is taken, whoever is to blame: the client, or an upstream that sends no more. */
function holderOf(res: ServerResponse): Holder {
  let written = res.socket?.bytesWritten;
  let atMs = performance.now();
  return {
    isStuck: () => {
      if (!res.headersSent) return false;
      const nowMs = performance.now();
      const writtenNow = res.socket?.bytesWritten;
      if (writtenNow === written) return nowMs - atMs > stuckMs;
      written = writtenNow;
      atMs = nowMs;
      return false;
    },
    cut: () => breakOff(res),
  };
}

function hostUrl(host: string | undefined): string | undefined {
  const valid = validHost(host);
  return valid === undefined ? undefined : `http://${valid}`;
}
