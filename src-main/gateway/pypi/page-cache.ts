/** Keeps what an upstream's index said: fresh for a short time, then confirmed or replaced; bounded by size. */

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
   * @param maxAgeMs freshness demanded; 0 for the usual
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
  /** Least recently used first. */
  const entries = new Map<string, Entry<T>>();
  const running = new Map<string, Promise<T | undefined>>();
  let totalBytes = 0;

  function keep(key: string, entry: Entry<T>): void {
    drop(key);
    entries.set(key, entry);
    totalBytes += entry.weightBytes;
    for (const oldest of entries.keys()) {
      // The newest stays even if it is alone too heavy: the files of its page are asked for next.
      if (totalBytes <= maxWeightBytes || entries.size === 1) break;
      drop(oldest);
    }
  }

  function drop(key: string): void {
    totalBytes -= entries.get(key)?.weightBytes ?? 0;
    entries.delete(key);
  }

  async function refresh(
    key: string,
    fetch: (validators: Validators) => Promise<Fetched<T>>,
  ): Promise<T | undefined> {
    const old = entries.get(key);
    const fetched = await fetch(old?.value === undefined ? {} : old.validators);
    const checkedAtMs = now();
    if (fetched.type === 'unchanged' && old !== undefined) {
      keep(key, { ...old, checkedAtMs });
      return old.value;
    }
    const isValue = fetched.type === 'value';
    keep(key, {
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
          entries.delete(key);
          entries.set(key, entry);
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
