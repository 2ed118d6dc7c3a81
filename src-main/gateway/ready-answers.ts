/**
 * Answers that were just made: the same object for every client that asks alike. Bounded, for all channels together.
 * Invariant: an answer that left the cache, or is too old, is nowhere any more: whoever remembers it keeps no bytes by that.
 */
import { LRUCache } from 'lru-cache';
import type { ChannelRequest, ChannelResponse } from './types.ts';

/** Well within the promise that a change of a folder takes effect within a second, and no work at all for a busy answer. */
export const readyMs = 250;
const maxReady = 256;
const maxAnswerBytes = 1024 * 1024;
const maxBytes = 16 * 1024 * 1024;

/** Emptied when it leaves the cache. */
type Ready = { response: ChannelResponse | undefined; readonly madeAtMs: number };
/** What was answered last to these very segments: the core hands out the same array for the same path. */
type Last = {
  readonly source: object;
  readonly accept: string | undefined;
  readonly acceptEncoding: string | string[] | undefined;
  /** Of the policies that it was made under. */
  readonly scopeKey: string;
  readonly ready: Ready;
};
/** An answer, and the policies that it was made under. */
export type MadeAnswer = { readonly response: ChannelResponse; readonly scopeKey: string };
type Asked = Pick<ChannelRequest, 'segments' | 'headers' | 'scope'>;

const isShort = ({ status, body }: ChannelResponse): boolean =>
  status === 200 && body.type === 'bytes' && body.bytes.length <= maxAnswerBytes;

export class ReadyAnswers {
  readonly #ids = new WeakMap<object, number>();
  readonly #answers = new LRUCache<string, Ready>({
    max: maxReady,
    maxSize: maxBytes,
    sizeCalculation: ({ response }) => 1 + (response?.body.type === 'bytes' ? response.body.bytes.length : 0),
    dispose: (ready) => (ready.response = undefined),
  });
  /** Under way; undefined: nothing that others can have. */
  readonly #making = new Map<
    string,
    { readonly made: Promise<ChannelResponse | undefined>; readonly madeAtMs: number }
  >();
  readonly #last = new WeakMap<readonly string[], Last>();
  readonly #now: () => number;
  #lastId = 0;

  /** @param now milliseconds, since whenever */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * The answer to the same request, if it is not older.
   * @param source whose answers they are: another object has others
   */
  last(source: object, { segments, headers, scope }: Asked): ChannelResponse | undefined {
    const last = this.#last.get(segments);
    return last?.source === source &&
      last.scopeKey === scope.key &&
      last.accept === headers.accept &&
      last.acceptEncoding === headers['accept-encoding'] &&
      this.#isFresh(last.ready)
      ? last.ready.response
      : undefined;
  }

  /** @param key names what is answered, with format and coding */
  get(source: object, key: string, { segments, headers, scope }: Asked): ChannelResponse | undefined {
    const ready = this.#answers.get(this.#keyOf(source, key, scope.key));
    if (ready === undefined || !this.#isFresh(ready)) return undefined;
    const { accept, 'accept-encoding': acceptEncoding } = headers;
    this.#last.set(segments, { source, accept, acceptEncoding, scopeKey: scope.key, ready });
    return ready.response;
  }

  /**
   * Makes an answer, once for all who ask alike meanwhile. Counted from before it was made: what changes meanwhile is seen in
   * time; one that was made under other policies, or while they changed, is nobody else's.
   * @throws what `make` throws
   */
  async keep(
    source: object,
    key: string,
    request: Asked,
    make: () => Promise<MadeAnswer>,
  ): Promise<ChannelResponse> {
    const { key: scopeKey } = request.scope;
    const place = this.#keyOf(source, key, scopeKey);
    const others = this.#making.get(place);
    if (others !== undefined && this.#isFresh(others)) {
      const response = await others.made;
      if (response !== undefined && request.scope.key === scopeKey) return response;
      return (await make()).response;
    }
    const madeAtMs = this.#now();
    const making = make();
    // What changes kept overtaking may have been made under policies that are not in force any more.
    const isOurs = (made: MadeAnswer) =>
      isShort(made.response) && made.scopeKey === scopeKey && request.scope.key === scopeKey;
    const made = making.then(
      (answer) => (isOurs(answer) ? answer.response : undefined),
      () => undefined,
    );
    const entry = { made, madeAtMs };
    this.#making.set(place, entry);
    try {
      const answer = await making;
      const { response } = answer;
      if (isOurs(answer)) this.#answers.set(place, { response, madeAtMs });
      return response;
    } finally {
      if (this.#making.get(place) === entry) this.#making.delete(place);
    }
  }

  /** A clock that was set back makes an age negative: not fresh. */
  #isFresh({ madeAtMs }: Pick<Ready, 'madeAtMs'>): boolean {
    const ageMs = this.#now() - madeAtMs;
    return ageMs >= 0 && ageMs < readyMs;
  }

  #keyOf(source: object, key: string, scopeKey: string): string {
    let id = this.#ids.get(source);
    if (id === undefined) {
      id = this.#lastId += 1;
      this.#ids.set(source, id);
    }
    return `${id}\0${scopeKey}\0${key}`;
  }
}
