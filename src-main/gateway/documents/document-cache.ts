/**
 * Keeps what upstreams said, for all channels together. Invariant: memory is bounded over everybody, and half of it at
 * most is one channel's; a document is fetched once however many wait for it; it is fresh for a short time, then
 * confirmed by its validator or replaced; while the upstream is away the last good one is given, marked stale.
 */
import { LRUCache } from 'lru-cache';
import { UpstreamError } from '../types.ts';

export type Validators = Readonly<Record<string, string>>;
export type Weighed = { readonly weightBytes: number };

export type Fetched<T> =
  | { readonly type: 'value'; readonly value: T; readonly validators: Validators }
  /** The answer to a conditional request. */
  | { readonly type: 'unchanged' }
  | { readonly type: 'missing' };

export type Cached<T> = { readonly value: T | undefined; readonly isStale: boolean };

type Entry = {
  readonly owner: string;
  value: Weighed | undefined;
  validators: Validators;
  checkedAtMs: number;
  isStale: boolean;
  /** When it was put there: its value may have grown since. */
  weightBytes: number;
};
type NewEntry = Omit<Entry, 'weightBytes'>;

/** An installer asks for page and files within this time; a new release shows up soon enough. */
const freshMs = 30_000;
/** An upstream that is away is asked again so often, not by every client. */
const retryAfterMs = 5_000;
/** What an entry costs beside its document: also "no such project" takes memory. */
const entryWeightBytes = 512;

export class DocumentCache {
  readonly #maxBytes: number;
  readonly #now: () => number;
  readonly #entries: LRUCache<string, Entry>;
  readonly #ownerBytes = new Map<string, number>();
  readonly #running = new Map<string, Promise<Cached<Weighed>>>();

  constructor(now: () => number, maxBytes: number, onGone: (owner: string, key: string) => void = () => {}) {
    this.#now = now;
    this.#maxBytes = maxBytes;
    this.#entries = new LRUCache<string, Entry>({
      maxSize: maxBytes,
      // Not more than there is room: the newest stays even if it is alone too heavy, since its files are asked for next.
      sizeCalculation: ({ weightBytes }) => Math.min(weightBytes, maxBytes),
      dispose: (entry, key, why) => {
        this.#count(entry.owner, -entry.weightBytes);
        if (why !== 'set') onGone(entry.owner, key);
      },
    });
  }

  /**
   * What is known under the key, asking `fetch` unless it is fresh.
   * @param owner the channel, which the key begins with
   * @param maxAgeMs how fresh it must be; 0 for the default, less than 0 to ask in any case
   * @param onStale told why the last good one is given
   * @throws what `fetch` throws, where there is no last good one or the upstream is there
   */
  async get<T extends Weighed>(
    owner: string,
    name: string,
    maxAgeMs: number,
    fetch: (validators: Validators) => Promise<Fetched<T>>,
    onStale: (error: UpstreamError) => void = () => {},
  ): Promise<Cached<T>> {
    const key = `${owner}\0${name}`;
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      const ageMs = this.#now() - entry.checkedAtMs;
      // A clock that was set back makes an age negative: not fresh.
      // What is missing may come.
      const wantedMs = maxAgeMs === 0 ? freshMs : maxAgeMs;
      if (ageMs >= 0 && ageMs < (entry.value === undefined ? Math.min(wantedMs, freshMs) : wantedMs))
        return { value: entry.value as T | undefined, isStale: entry.isStale };
    }
    let fetching = this.#running.get(key);
    if (fetching === undefined) {
      fetching = this.#refresh(owner, key, fetch, onStale).finally(() => this.#running.delete(key));
      this.#running.set(key, fetching);
    }
    return (await fetching) as Cached<T>;
  }

  /** Keeps what was not fetched from an upstream: a folder's page. */
  put(owner: string, name: string, value: Weighed): void {
    const checkedAtMs = this.#now();
    this.#put(`${owner}\0${name}`, { owner, value, validators: {}, isStale: false, checkedAtMs });
  }

  /** What is there, however old. */
  peek<T extends Weighed>(owner: string, name: string): T | undefined {
    return this.#entries.get(`${owner}\0${name}`)?.value as T | undefined;
  }

  /**
   * To be called when another form of a document was made: weighs it again. Made here, and not where the document is: a
   * function keeps what stands around it, and there that is the request, with its token, for as long as the document.
   */
  growerOf(owner: string, name: string): () => void {
    const key = `${owner}\0${name}`;
    return () => {
      const entry = this.#entries.peek(key);
      if (entry !== undefined) this.#put(key, { ...entry });
    };
  }

  /** Forgets all of a channel. */
  forget(owner: string): void {
    const keys = Array.from(this.#entries.keys());
    for (const key of keys) if (key.startsWith(`${owner}\0`)) this.#entries.delete(key);
  }

  async #refresh(
    owner: string,
    key: string,
    fetch: (validators: Validators) => Promise<Fetched<Weighed>>,
    onStale: (error: UpstreamError) => void,
  ): Promise<Cached<Weighed>> {
    const old = this.#entries.get(key);
    let fetched: Fetched<Weighed>;
    try {
      fetched = await fetch(old?.value === undefined ? {} : old.validators);
    } catch (error) {
      if (old?.value === undefined || !(error instanceof UpstreamError) || !error.isAway) throw error;
      onStale(error);
      const checkedAtMs = this.#now() - freshMs + retryAfterMs;
      this.#put(key, { ...old, isStale: true, checkedAtMs });
      return { value: old.value, isStale: true };
    }
    const checkedAtMs = this.#now();
    if (fetched.type === 'unchanged' && old !== undefined) {
      this.#put(key, { ...old, isStale: false, checkedAtMs });
      return { value: old.value, isStale: false };
    }
    const [value, validators] =
      fetched.type === 'value' ? [fetched.value, fetched.validators] : [undefined, {}];
    this.#put(key, { owner, value, validators, isStale: false, checkedAtMs });
    return { value, isStale: false };
  }

  #put(key: string, entry: NewEntry): void {
    const weightBytes = entryWeightBytes + (entry.value?.weightBytes ?? 0);
    this.#count(entry.owner, weightBytes);
    this.#entries.set(key, { ...entry, weightBytes });
    if ((this.#ownerBytes.get(entry.owner) ?? 0) > this.#maxBytes / 2) this.#shrink(entry.owner, key);
  }

  /** One channel's oldest go, so that it does not push out the others'. */
  #shrink(owner: string, newest: string): void {
    // All at once: what is deleted meanwhile would confuse the walk.
    const keys = Array.from(this.#entries.rkeys());
    for (const key of keys) {
      if ((this.#ownerBytes.get(owner) ?? 0) <= this.#maxBytes / 2) return;
      if (key !== newest && key.startsWith(`${owner}\0`)) this.#entries.delete(key);
    }
  }

  #count(owner: string, bytes: number): void {
    const sum = (this.#ownerBytes.get(owner) ?? 0) + bytes;
    if (sum > 0) this.#ownerBytes.set(owner, sum);
    else this.#ownerBytes.delete(owner);
  }
}
