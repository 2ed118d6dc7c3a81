/**
 * How often the cache had what was asked for, by day. Lines that are only ever added, each by one call, so that several
 * processes write one file without a lock; a line that was cut is left out. A file per day, kept for a quarter.
 */
import { join } from 'node:path';
import type { CacheDisk } from './cache-disk.ts';
import { ifThere, makeFolder, namesIn, quietly } from './cache-disk.ts';

export type CacheCounts = {
  readonly hits: number;
  readonly hitBytes: number;
  readonly misses: number;
  readonly missBytes: number;
};

/** One line a minute at most; after a pause the first comes soon, for who looks whether the cache helps. */
const writeEveryMs = 60_000;
const soonMs = 2_000;
const keptDays = 92;
const dayMs = 86_400_000;
const dayName = /^\d{4}-\d{2}-\d{2}\.jsonl$/;
/** Of a day: some hundred processes. */
const maxFileBytes = 16 * 1024 * 1024;

export const noCounts: CacheCounts = { hits: 0, hitBytes: 0, misses: 0, missBytes: 0 };

const sum = (a: CacheCounts, b: CacheCounts): CacheCounts => ({
  hits: a.hits + b.hits,
  hitBytes: a.hitBytes + b.hitBytes,
  misses: a.misses + b.misses,
  missBytes: a.missBytes + b.missBytes,
});

export class DayCounts {
  readonly #disk: CacheDisk;
  readonly #dir: string;
  readonly #now: () => number;
  #counts = noCounts;
  #timer: NodeJS.Timeout | undefined;
  #wroteAt = -Infinity;
  #writing: Promise<void> = Promise.resolve();

  constructor(disk: CacheDisk, dir: string, now: () => number) {
    this.#disk = disk;
    this.#dir = join(dir, 'counters');
    this.#now = now;
  }

  add(kind: 'hit' | 'miss', bytes: number): void {
    const one = kind === 'hit' ? { hits: 1, hitBytes: bytes } : { misses: 1, missBytes: bytes };
    this.#counts = sum(this.#counts, { ...noCounts, ...one });
    const waitMs = Math.max(soonMs, this.#wroteAt + writeEveryMs - performance.now());
    this.#timer ??= setTimeout(() => void this.flush(), waitMs).unref();
  }

  /** Writes what was counted; what the disk does not take is counted on. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wroteAt = performance.now();
    this.#writing = this.#writing.then(async () => {
      const counts = this.#counts;
      if (counts === noCounts) return;
      this.#counts = noCounts;
      const isWritten = await quietly(async () => {
        await makeFolder(this.#disk, this.#dir);
        const path = join(this.#dir, `${dayOf(this.#now())}.jsonl`);
        const there = await ifThere(() => this.#disk.lstat(path));
        // A pipe would be waited for, a link followed.
        if (there?.isFile() === false) return true;
        await this.#disk.writeFile(path, `${JSON.stringify(counts)}\n`, { flag: 'a', mode: 0o600 });
        return true;
      });
      if (isWritten !== true) this.#counts = sum(this.#counts, counts);
    });
    return this.#writing;
  }

  /** Of the last days, this one among them, by all processes. */
  async read(days: number): Promise<CacheCounts> {
    const first = dayOf(this.#now() - (days - 1) * dayMs);
    let all = this.#counts;
    for (const name of await this.#names())
      // oxlint-disable-next-line no-await-in-loop
      if (name >= first) all = sum(all, await this.#readDay(name));
    return all;
  }

  /** Takes away what is older than a quarter. */
  async sweep(): Promise<void> {
    const first = dayOf(this.#now() - keptDays * dayMs);
    for (const name of await this.#names())
      // oxlint-disable-next-line no-await-in-loop
      if (name < first) await quietly(() => this.#disk.unlink(join(this.#dir, name)));
  }

  async #names(): Promise<readonly string[]> {
    const names = await namesIn(this.#disk, this.#dir);
    return names.filter((name) => dayName.test(name));
  }

  async #readDay(name: string): Promise<CacheCounts> {
    const text = (await this.#disk.readFile(join(this.#dir, name), maxFileBytes))?.toString() ?? '';
    return text.split('\n').reduce((all, line) => sum(all, readLine(line)), noCounts);
  }
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

function readLine(line: string): CacheCounts {
  let found: unknown;
  try {
    found = JSON.parse(line);
  } catch {
    return noCounts;
  }
  if (found === null || typeof found !== 'object') return noCounts;
  const given = found as Record<string, unknown>;
  const of = (name: keyof CacheCounts): number =>
    Number.isSafeInteger(given[name]) ? Math.max(0, given[name] as number) : 0;
  return { hits: of('hits'), hitBytes: of('hitBytes'), misses: of('misses'), missBytes: of('missBytes') };
}
