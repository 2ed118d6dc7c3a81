/** Tells the parent of requests, a batch at a time: the next goes out when the last was taken. */
import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';
import { PackagesAsked } from './packages-asked.ts';
import type { RequestBatch } from './protocol.ts';
import { RequestCounter } from './request-counter.ts';
import { TokenUseCounter } from './token-uses.ts';

/** People look at it, and tokens' usage is made of it: soon, but not at once. */
const everyMs = 100;
/**
 * As many as are shown at all. Further ones are added up: telling each of ten thousand a second would cost a fifth of
 * answering them, and a parent that hangs costs no more memory than this.
 */
const maxWaiting = 200;

export class RequestBatches {
  readonly #send: (batch: RequestBatch) => void;
  readonly #health: () => RequestBatch['health'];
  #waiting: GatewayRequestEvent[] = [];
  #untold = new RequestCounter();
  #untoldUses = new TokenUseCounter();
  #packages = new PackagesAsked();
  #isAwaited = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (batch: RequestBatch) => void, health: () => RequestBatch['health']) {
    this.#send = send;
    this.#health = health;
  }

  add(event: GatewayRequestEvent): void {
    this.#packages.add(event);
    if (this.#waiting.length < maxWaiting) this.#waiting.push(event);
    else {
      this.#untold.add(event);
      this.#untoldUses.add(event);
    }
    this.#timer ??= setTimeout(() => this.flush(), everyMs).unref();
  }

  /** The parent took the last batch. */
  taken(): void {
    this.#isAwaited = false;
    if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.flush(), everyMs).unref();
  }

  /** Sends what there is, unless the last batch was not taken yet. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isAwaited || this.#waiting.length === 0) return;
    const batch: RequestBatch = {
      events: this.#waiting,
      untold: this.#untold.counts(),
      untoldUses: this.#untoldUses.all(),
      packages: this.#packages.all(),
      health: this.#health(),
    };
    this.#waiting = [];
    this.#untold = new RequestCounter();
    this.#untoldUses = new TokenUseCounter();
    this.#packages = new PackagesAsked();
    this.#isAwaited = true;
    this.#send(batch);
  }
}
