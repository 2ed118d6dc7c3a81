/** Keeps what an upstream's index said: fresh for a short time, then confirmed or replaced; bounded by size. */
import { LRUCache } from 'lru-cache';

type Validators = Readonly<Record<string, string>>;

export type Fetched<T> =
  | {
      readonly type: 'value';
      readonly value: T;
      readonly weightBytes: number;
      readonly validators: Validators;
    }
  /** The answer to a conditional request. */
  | { readonly type: 'unchanged' }
  | { readonly type: 'missing' };

type Entry<T> = {
  value: T | undefined;
  validators: Validators;
  weightBytes: number;
  checkedAtMs: number;
};

export type PageCache<T> = {
  /**
   * What is known under the key, asking `fetch` unless it is fresh. Callers at the same time share one fetch. What
   * `fetch` throws is thrown; the old value stays for the next attempt but is not served.
   * @param maxAgeMs how fresh it must be; 0 for the default
   */
  get(
    key: string,
    maxAgeMs: number,
    fetch: (validators: Validators) => Promise<Fetched<T>>,
  ): Promise<T | undefined>;
};

/** An installer asks for page and files within this time; a new release shows up soon enough. */
const freshMs = 30_000;
/** Of upstream bytes; model and rendered forms take a small multiple. */
const maxWeightBytes = 48 * 1024 * 1024;
/** What an entry costs beside its page: also "no such project" takes memory. */
const entryWeightBytes = 512;

export function createPageCache<T>(now: () => number): PageCache<T> {
  const entries = new LRUCache<string, Entry<T>>({
    maxSize: maxWeightBytes,
    // Not more than there is room: the newest stays even if it is alone too heavy, since its files are asked for next.
    sizeCalculation: ({ weightBytes }) => Math.min(weightBytes, maxWeightBytes),
  });
  const running = new Map<string, Promise<T | undefined>>();

  async function refresh(
    key: string,
    fetch: (validators: Validators) => Promise<Fetched<T>>,
  ): Promise<T | undefined> {
    const old = entries.get(key);
    const fetched = await fetch(old?.value === undefined ? {} : old.validators);
    const checkedAtMs = now();
    if (fetched.type === 'unchanged' && old !== undefined) {
      entries.set(key, { ...old, checkedAtMs });
      return old.value;
    }
    const isValue = fetched.type === 'value';
    entries.set(key, {
      value: isValue ? fetched.value : undefined,
      validators: isValue ? fetched.validators : {},
      weightBytes: entryWeightBytes + (isValue ? fetched.weightBytes : 0),
      checkedAtMs,
    });
    return isValue ? fetched.value : undefined;
  }

  return {
    async get(key, maxAgeMs, fetch) {
      const entry = entries.get(key);
      if (entry !== undefined) {
        const ageMs = now() - entry.checkedAtMs;
        // A clock that was set back makes an age negative: not fresh.
        if (ageMs >= 0 && ageMs < (maxAgeMs === 0 ? freshMs : maxAgeMs)) {
          return entry.value;
        }
      }
      let fetching = running.get(key);
      if (fetching === undefined) {
        fetching = refresh(key, fetch).finally(() => running.delete(key));
        running.set(key, fetching);
      }
      return await fetching;
    },
  };
}
