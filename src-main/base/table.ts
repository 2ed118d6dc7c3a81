/**
 * Maps whose changes are new maps. Invariant: a version never changes for whoever holds it, also in the middle of a walk.
 * All versions of one table share one native map, which holds the newest; an older one knows how it differs from the next
 * (Baker's version trees). So a change costs the same at any size and leaves nothing to collect, the newest version reads
 * as fast as a native map, and an older one, of which there are few and for short, a little more for each change since.
 */

/** A map whose changes are new maps. Read like a ReadonlyMap. */
export interface Table<K, V> {
  readonly size: number;
  get(key: K): V | undefined;
  has(key: K): boolean;
  keys(): IterableIterator<K>;
  values(): IterableIterator<V>;
  entries(): IterableIterator<[K, V]>;
  [Symbol.iterator](): IterableIterator<[K, V]>;
  set(key: K, value: V): Table<K, V>;
  delete(key: K): Table<K, V>;
}

/** A table of entries, by their ids unless another key is given. `undefined` is no value. */
export function tableOf<K, V extends object | string>(entries: Iterable<readonly [K, V]> = []): Table<K, V> {
  return new Version(new Store(new Map(entries)));
}

/** A table that takes a map over: whoever made it does not touch it any more. */
export function tableOver<K, V extends object | string>(map: Map<K, V>): Table<K, V> {
  return new Version(new Store(map));
}

/** A table of things by their own ids. */
export function tableById<T extends { readonly id: string }>(items: Iterable<T>): Table<T['id'], T> {
  const map = new Map<T['id'], T>();
  for (const item of items) map.set(item.id, item);
  return new Version(new Store(map));
}

/** What all versions of a table share. */
class Store<K, V> {
  readonly map: Map<K, V>;
  /** Walks over the newest version that have not come to their end. */
  readonly walks = new Set<Walk<unknown>>();

  constructor(map: Map<K, V>) {
    this.map = map;
  }

  /** @returns what was there before */
  put(key: K, value: V | undefined): V | undefined {
    if (this.walks.size > 0) {
      for (const walk of this.walks) walk.settle();
      this.walks.clear();
    }
    const before = this.map.get(key);
    if (value === undefined) this.map.delete(key);
    else this.map.set(key, value);
    return before;
  }
}

/** What an older version has other than the next. */
type Difference<K, V extends object | string> = {
  readonly next: Version<K, V>;
  readonly key: K;
  readonly value: V | undefined;
};

class Version<K, V extends object | string> implements Table<K, V> {
  readonly size: number;
  /** The first when this is the newest version, the second when not. */
  #store: Store<K, V> | undefined;
  #difference: Difference<K, V> | undefined;

  constructor(store: Store<K, V>) {
    this.#store = store;
    this.size = store.map.size;
  }

  get(key: K): V | undefined {
    if (this.#store !== undefined) return this.#store.map.get(key);
    let difference = this.#difference;
    while (difference !== undefined) {
      if (difference.key === key) return difference.value;
      const { next }: Difference<K, V> = difference;
      if (next.#store !== undefined) return next.#store.map.get(key);
      difference = next.#difference;
    }
    throw new Error('a version leads to no map');
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  keys(): IterableIterator<K> {
    return this.#walk((map) => map.keys());
  }

  values(): IterableIterator<V> {
    return this.#walk((map) => map.values());
  }

  entries(): IterableIterator<[K, V]> {
    return this.#walk((map) => map.entries());
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries();
  }

  set(key: K, value: V): Table<K, V> {
    return this.get(key) === value ? this : this.#changed(key, value);
  }

  delete(key: K): Table<K, V> {
    return this.has(key) ? this.#changed(key, undefined) : this;
  }

  #changed(key: K, value: V | undefined): Version<K, V> {
    const store = this.#becomeNewest();
    const before = store.put(key, value);
    const next = new Version(store);
    this.#store = undefined;
    this.#difference = { next, key, value: before };
    return next;
  }

  /** Takes the map over from whichever version has it; those on the way then differ from this one. */
  #becomeNewest(): Store<K, V> {
    if (this.#store !== undefined) return this.#store;
    const [newest, ...older] = this.#path();
    let last = newest as Version<K, V>;
    const store = last.#store as Store<K, V>;
    for (const version of older) {
      const { key, value } = version.#difference as Difference<K, V>;
      last.#difference = { next: version, key, value: store.put(key, value) };
      last.#store = undefined;
      version.#difference = undefined;
      version.#store = store;
      last = version;
    }
    return store;
  }

  /** From the newest version to this one. */
  #path(): readonly Version<K, V>[] {
    const path: Version<K, V>[] = [this];
    for (let at = this.#difference?.next; at !== undefined; at = at.#difference?.next) path.push(at);
    return path.toReversed();
  }

  #walk<R>(iterate: (map: Map<K, V>) => IterableIterator<R>): IterableIterator<R> {
    const store = this.#store;
    if (store !== undefined) return new Walk(iterate(store.map), store.walks);
    const [newest, ...older] = this.#path();
    const copy = new Map((newest as Version<K, V>).#store?.map);
    for (const version of older) {
      const { key, value } = version.#difference as Difference<K, V>;
      if (value === undefined) copy.delete(key);
      else copy.set(key, value);
    }
    return iterate(copy);
  }
}

/** A walk over the shared map, which takes what is left with it before the map changes. */
class Walk<R> implements IterableIterator<R> {
  readonly #walks: Set<Walk<unknown>>;
  #source: Iterator<R>;

  constructor(source: IterableIterator<R>, walks: Set<Walk<unknown>>) {
    this.#source = source;
    this.#walks = walks;
    walks.add(this);
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<R> {
    const result = this.#source.next();
    if (result.done === true) this.#walks.delete(this);
    return result;
  }

  return(): IteratorResult<R> {
    this.#walks.delete(this);
    this.#source = [][Symbol.iterator]();
    return { done: true, value: undefined };
  }

  settle(): void {
    const rest: R[] = [];
    for (let next = this.#source.next(); next.done !== true; next = this.#source.next())
      rest.push(next.value);
    this.#source = rest[Symbol.iterator]();
  }
}
