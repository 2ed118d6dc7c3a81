import { LRUCache } from 'lru-cache';
import type { ChannelRequest, ChannelResponse } from '../types.ts';
import type { PypiSource } from './source.ts';

/** A part of the second within which a new file shows up (folder-source.ts): no work at all for a busy page. */
export const readyMs = 250;
const maxReady = 64;
const maxReadyBytes = 256 * 1024;

/** Emptied when it leaves the cache: whoever remembers it keeps no page by that. */
type Ready = { response: ChannelResponse | undefined; readonly madeAtMs: number };
/** What was answered last to these very segments: the core hands out the same array for the same path. */
type Last = {
  readonly source: PypiSource;
  readonly accept: string | undefined;
  readonly acceptEncoding: string | string[] | undefined;
  readonly ready: Ready;
};

/** Pages that were just made: the same object for every client that asks alike. Bounded, for all channels together. */
export class ReadyAnswers {
  readonly #ids = new WeakMap<PypiSource, number>();
  readonly #answers = new LRUCache<string, Ready>({
    max: maxReady,
    dispose: (ready) => (ready.response = undefined),
  });
  readonly #last = new WeakMap<readonly string[], Last>();
  readonly #now: () => number;
  #lastId = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The answer to the same request, if it is not older. */
  last(source: PypiSource, { segments, headers }: ChannelRequest): ChannelResponse | undefined {
    const last = this.#last.get(segments);
    return last?.source === source &&
      last.accept === headers.accept &&
      last.acceptEncoding === headers['accept-encoding'] &&
      this.#isFresh(last.ready)
      ? last.ready.response
      : undefined;
  }

  /** @param key names project, format and coding of the request */
  get(source: PypiSource, key: string, { segments, headers }: ChannelRequest): ChannelResponse | undefined {
    const ready = this.#answers.get(this.#keyOf(source, key));
    if (ready === undefined || !this.#isFresh(ready)) return undefined;
    const { accept, 'accept-encoding': acceptEncoding } = headers;
    this.#last.set(segments, { source, accept, acceptEncoding, ready });
    return ready.response;
  }

  /** Counted from before it was made: what changes meanwhile is seen in time. */
  async keep(source: PypiSource, key: string, making: Promise<ChannelResponse>): Promise<ChannelResponse> {
    const madeAtMs = this.#now();
    const response = await making;
    const { status, body } = response;
    if (status === 200 && body.type === 'bytes' && body.bytes.length <= maxReadyBytes)
      this.#answers.set(this.#keyOf(source, key), { response, madeAtMs });
    return response;
  }

  /** A clock that was set back makes an age negative: not fresh. */
  #isFresh({ madeAtMs }: Ready): boolean {
    const ageMs = this.#now() - madeAtMs;
    return ageMs >= 0 && ageMs < readyMs;
  }

  #keyOf(source: PypiSource, key: string): string {
    let id = this.#ids.get(source);
    if (id === undefined) {
      id = this.#lastId += 1;
      this.#ids.set(source, id);
    }
    return `${id}\0${key}`;
  }
}
