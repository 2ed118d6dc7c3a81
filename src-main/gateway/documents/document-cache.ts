/**
 * Keeps what upstreams said, for all channels together. Invariant: memory is bounded over everybody, half of it at
 * most is one channel's (but for a single document that is longer), and who has most gives way; a document is fetched once however many wait for it; it is fresh for a short time, then
 * confirmed by its validator or replaced; while the upstream is away the last good one is given, marked stale.
 */
import { LRUCache } from 'lru-cache';
import { UpstreamError } from '../types.ts';
import { DocumentError } from './read-document.ts';

export type Validators = Readonly<Record<string, string>>;
export type Weighed = { readonly weightBytes: number };

export type Fetched<T> =
  | { readonly type: 'value'; readonly value: T; readonly validators: Validators }
  /** The answer to a conditional request. */
  | { readonly type: 'unchanged' }
  | { readonly type: 'missing' };

/** What is kept elsewhere over a restart, for where nothing is in memory. */
export type KeptBeside<T> = {
  readonly validators: () => Promise<Validators>;
  /** @returns undefined where there is none that is good */
  readonly read: () => Promise<Fetched<T> | undefined>;
};

export type Cached<T> = { readonly value: T | undefined; readonly isStale: boolean };

type Entry = {
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
/** Documents that are none; more than a broken upstream has. */
const maxBad = 1_000;
/** So often a document may turn out to be none before it is left alone for a while: it may have been mended meanwhile. */
const maxTries = 3;

type Bad = { readonly error: DocumentError; readonly readAtMs: number; readonly tries: number };

const keyOf = (owner: string, name: string): string => `${owner}\0${name}`;

export class DocumentCache {
  readonly #maxBytes: number;
  readonly #now: () => number;
  readonly #onGone: (owner: string, name: string) => void;
  /** Those that have something. */
  readonly #owners = new Map<string, LRUCache<string, Entry>>();
  #bytes = 0;
  readonly #running = new Map<string, Promise<Cached<Weighed>>>();
  /** What was read last and is no document, where nothing good is known: to read it again for every client costs a thread. */
  readonly #bad = new LRUCache<string, Bad>({ max: maxBad });

  constructor(now: () => number, maxBytes: number, onGone: (owner: string, name: string) => void = () => {}) {
    this.#now = now;
    this.#maxBytes = maxBytes;
    this.#onGone = onGone;
  }

  /**
   * What is known under the key, asking `fetch` unless it is fresh.
   * @param owner the channel
   * @param maxAgeMs how fresh it must be; 0 for the default, less than 0 to ask in any case
   * @param onStale told why the last good one is given
   * @param beside where the last good one may be, if it is not in memory
   * @throws what `fetch` throws, where there is no last good one or the upstream is there
   */
  async get<T extends Weighed>(
    owner: string,
    name: string,
    maxAgeMs: number,
    fetch: (validators: Validators) => Promise<Fetched<T>>,
    onStale: (error: UpstreamError) => void = () => {},
    beside?: KeptBeside<T>,
  ): Promise<Cached<T>> {
    const entry = this.#owners.get(owner)?.get(name);
    if (entry !== undefined) {
      const ageMs = this.#now() - entry.checkedAtMs;
      // A clock that was set back makes an age negative: not fresh.
      // What is missing may come.
      const wantedMs = maxAgeMs === 0 ? freshMs : maxAgeMs;
      if (ageMs >= 0 && ageMs < (entry.value === undefined ? Math.min(wantedMs, freshMs) : wantedMs))
        return { value: entry.value as T | undefined, isStale: entry.isStale };
    }
    const key = keyOf(owner, name);
    const bad = this.#bad.get(key);
    if (bad !== undefined && maxAgeMs >= 0 && bad.tries >= maxTries && this.#isRecent(bad)) throw bad.error;
    let fetching = this.#running.get(key);
    if (fetching === undefined) {
      fetching = this.#refresh(owner, name, fetch, onStale, beside).finally(() => this.#running.delete(key));
      this.#running.set(key, fetching);
    }
    return (await fetching) as Cached<T>;
  }

  #noteBad(key: string, error: DocumentError): void {
    const before = this.#bad.get(key);
    const tries = before !== undefined && this.#isRecent(before) ? before.tries + 1 : 1;
    this.#bad.set(key, { error, readAtMs: this.#now(), tries });
  }

  #isRecent({ readAtMs }: Bad): boolean {
    const ageMs = this.#now() - readAtMs;
    return ageMs >= 0 && ageMs < retryAfterMs;
  }

  /** Keeps what was not fetched from an upstream: a folder's page. */
  put(owner: string, name: string, value: Weighed): void {
    const checkedAtMs = this.#now();
    this.#put(owner, name, { value, validators: {}, isStale: false, checkedAtMs });
  }

  /** What is there, however old. */
  peek<T extends Weighed>(owner: string, name: string): T | undefined {
    return this.#owners.get(owner)?.get(name)?.value as T | undefined;
  }

  /** Whether its upstream said, when it was asked last and answered, that there is none. */
  wasMissing(owner: string, name: string): boolean {
    const entry = this.#owners.get(owner)?.get(name);
    return entry !== undefined && entry.value === undefined;
  }

  /**
   * To be called when another form of a document was made: weighs it again. Made here, and not where the document is: a
   * function keeps what stands around it, and there that is the request, with its token, for as long as the document.
   */
  growerOf(owner: string, name: string): () => void {
    return () => {
      const entry = this.#owners.get(owner)?.peek(name);
      if (entry !== undefined) this.#put(owner, name, { ...entry });
    };
  }

  /** Forgets all of a channel. */
  forget(owner: string): void {
    for (const key of this.#bad.keys()) if (key.startsWith(keyOf(owner, ''))) this.#bad.delete(key);
    const entries = this.#owners.get(owner);
    if (entries === undefined) return;
    this.#bytes -= entries.calculatedSize;
    entries.clear();
    this.#owners.delete(owner);
  }

  async #refresh(
    owner: string,
    name: string,
    fetch: (validators: Validators) => Promise<Fetched<Weighed>>,
    onStale: (error: UpstreamError) => void,
    beside: KeptBeside<Weighed> | undefined,
  ): Promise<Cached<Weighed>> {
    const old = this.#owners.get(owner)?.get(name);
    let fetched: Fetched<Weighed>;
    try {
      if (old?.value !== undefined) fetched = await fetch(old.validators);
      else fetched = await (beside === undefined ? fetch({}) : fetchBeside(fetch, beside));
    } catch (error) {
      const kept =
        old?.value === undefined && error instanceof UpstreamError && error.isAway
          ? await beside?.read()
          : undefined;
      if (kept !== undefined && kept.type !== 'unchanged' && error instanceof UpstreamError) {
        onStale(error);
        return this.#putStale(owner, name, kept);
      }
      if (old?.value === undefined && error instanceof DocumentError)
        this.#noteBad(keyOf(owner, name), error);
      if (old?.value === undefined || !(error instanceof UpstreamError) || !error.isAway) throw error;
      onStale(error);
      const checkedAtMs = this.#now() - freshMs + retryAfterMs;
      this.#put(owner, name, { ...old, isStale: true, checkedAtMs });
      return { value: old.value, isStale: true };
    }
    this.#bad.delete(keyOf(owner, name));
    const checkedAtMs = this.#now();
    if (fetched.type === 'unchanged' && old !== undefined) {
      this.#put(owner, name, { ...old, isStale: false, checkedAtMs });
      return { value: old.value, isStale: false };
    }
    const [value, validators] =
      fetched.type === 'value' ? [fetched.value, fetched.validators] : [undefined, {}];
    this.#put(owner, name, { value, validators, isStale: false, checkedAtMs });
    return { value, isStale: false };
  }

  /** What was kept, while the upstream is away. */
  #putStale(
    owner: string,
    name: string,
    kept: Exclude<Fetched<Weighed>, { type: 'unchanged' }>,
  ): Cached<Weighed> {
    const [value, validators] = kept.type === 'value' ? [kept.value, kept.validators] : [undefined, {}];
    const checkedAtMs = this.#now() - freshMs + retryAfterMs;
    this.#put(owner, name, { value, validators, isStale: true, checkedAtMs });
    return { value, isStale: true };
  }

  #put(owner: string, name: string, entry: NewEntry): void {
    let entries = this.#owners.get(owner);
    if (entries === undefined) {
      entries = this.#makeEntries(owner);
      this.#owners.set(owner, entries);
    }
    const before = entries.calculatedSize;
    entries.set(name, { ...entry, weightBytes: entryWeightBytes + (entry.value?.weightBytes ?? 0) });
    this.#bytes += entries.calculatedSize - before;
    // The newest stays even if it is alone too heavy: its files are asked for next.
    while (entries.size > 1 && entries.calculatedSize > this.#maxBytes / 2) this.#pop(owner, entries);
    while (this.#bytes > this.#maxBytes) {
      const [largest, all] = this.#largest(owner) ?? [];
      if (largest === undefined || all === undefined) break;
      this.#pop(largest, all);
    }
  }

  #makeEntries(owner: string): LRUCache<string, Entry> {
    return new LRUCache<string, Entry>({
      // Bounded above, over all together.
      maxSize: Number.MAX_SAFE_INTEGER,
      sizeCalculation: ({ weightBytes }) => weightBytes,
      dispose: (_entry, name, why) => {
        if (why !== 'set') this.#onGone(owner, name);
      },
    });
  }

  /** Who has most, and more than what was just put there. */
  #largest(newest: string): readonly [owner: string, entries: LRUCache<string, Entry>] | undefined {
    let found: readonly [string, LRUCache<string, Entry>] | undefined;
    for (const [owner, entries] of this.#owners) {
      if (owner === newest && entries.size === 1) continue;
      if (entries.calculatedSize > (found?.[1].calculatedSize ?? 0)) found = [owner, entries];
    }
    return found;
  }

  /** The least used of an owner goes. */
  #pop(owner: string, entries: LRUCache<string, Entry>): void {
    const before = entries.calculatedSize;
    entries.pop();
    this.#bytes -= before - entries.calculatedSize;
    if (entries.size === 0) this.#owners.delete(owner);
  }
}

/** Asks for what is newer than what is kept beside, and reads that where there is nothing newer. */
async function fetchBeside(
  fetch: (validators: Validators) => Promise<Fetched<Weighed>>,
  beside: KeptBeside<Weighed>,
): Promise<Fetched<Weighed>> {
  const fetched = await fetch(await beside.validators());
  if (fetched.type !== 'unchanged') return fetched;
  const kept = await beside.read();
  return kept?.type === 'value' ? kept : await fetch({});
}
