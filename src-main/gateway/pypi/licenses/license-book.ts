/**
 * Licences that were read out of files of a channel, by the SHA-256 that its pages give, kept for good: a file never
 * changes what it says. Invariant: a channel's book holds only what was read from this channel's upstream, so that no index
 * speaks for the files of another; a line that is not ours, or broke off, is passed over. Bounded in memory and on disk;
 * what is forgotten is read again.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { appendFile, mkdir, open, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LRUCache } from 'lru-cache';

/** Of one channel; 100 bytes each. */
const maxFiles = 50_000;
const maxFileBytes = 32 * 1024 * 1024;
/** Channels in memory. */
const maxBooks = 64;
/** Where a page gives no hash, another file may stand under the same name soon. */
const unhashedForMs = 600_000;
/** A file that could not be read is not tried again at once, unless somebody wants this very file. */
const failedForMs = 60_000;

export type KnownLicense = { readonly version: string; readonly text: string };
type Entry = KnownLicense & { readonly untilMs?: number };
type Project = { readonly files: Map<string, Entry>; version: number };
export type LicenseSource = { readonly channelId: string; readonly place: string };

let versions = 0;

/** One channel's. */
export class LicenseBook {
  readonly #path: string | undefined;
  readonly #now: () => number;
  readonly #projects = new Map<string, Project>();
  readonly #failedAtMs = new LRUCache<string, number>({ max: 10_000 });
  #size = 0;
  #unwritten: string[] = [];
  #writing: Promise<void> | undefined;
  #isTooLong = false;

  /** @param path undefined: in memory only */
  constructor(path: string | undefined, now: () => number) {
    this.#path = path;
    this.#now = now;
  }

  /** What is known of a project's files, by key. */
  of(project: string): ReadonlyMap<string, KnownLicense> {
    const files = this.#projects.get(project)?.files ?? new Map<string, Entry>();
    for (const [key, { untilMs }] of files)
      if (untilMs !== undefined && untilMs <= this.#now()) files.delete(key);
    return files;
  }

  /** Another one after every change of what is known of a project. */
  version(project: string): number {
    return this.#projects.get(project)?.version ?? 0;
  }

  has(project: string, key: string): boolean {
    const entry = this.#projects.get(project)?.files.get(key);
    return entry !== undefined && (entry.untilMs === undefined || this.#now() < entry.untilMs);
  }

  /** @param isHashed the key is a digest of the file: kept for good */
  put(project: string, key: string, known: KnownLicense, isHashed: boolean): void {
    this.#add(project, key, isHashed ? known : { ...known, untilMs: this.#now() + unhashedForMs });
    if (!isHashed || this.#path === undefined) return;
    this.#unwritten.push(JSON.stringify([project, key, known.version, known.text]));
    this.#writing ??= this.#write(this.#path).finally(() => (this.#writing = undefined));
  }

  failed(project: string, key: string): void {
    this.#failedAtMs.set(`${project} ${key}`, this.#now());
  }

  /** Whether it could not be read a moment ago. */
  hasFailed(project: string, key: string): boolean {
    const ageMs = this.#now() - (this.#failedAtMs.get(`${project} ${key}`) ?? Number.NEGATIVE_INFINITY);
    return ageMs >= 0 && ageMs < failedForMs;
  }

  /** Reads what was kept. A file that is none of ours counts as empty. */
  async load(): Promise<void> {
    if (this.#path === undefined) return;
    const bytes = await readBounded(this.#path);
    const lines = bytes?.toString('utf8').split('\n') ?? [];
    for (const line of lines) {
      const entry = entryOf(line);
      if (entry !== undefined) this.#add(entry[0], entry[1], { version: entry[2], text: entry[3] });
    }
    this.#isTooLong = lines.length > 2 * maxFiles || (bytes?.length ?? 0) >= maxFileBytes;
  }

  /** Everything that was put so far is on disk, or cannot be. */
  async written(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  #add(project: string, key: string, entry: Entry): void {
    let found = this.#projects.get(project);
    if (found === undefined) this.#projects.set(project, (found = { files: new Map(), version: 0 }));
    if (!found.files.has(key)) this.#size += 1;
    found.files.set(key, entry);
    versions += 1;
    found.version = versions;
    for (const [name, { files }] of this.#projects) {
      if (this.#size <= maxFiles || name === project) break;
      this.#projects.delete(name);
      this.#size -= files.size;
    }
  }

  async #write(path: string): Promise<void> {
    // What comes in the same moment goes along.
    await Promise.resolve();
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      while (this.#unwritten.length > 0) {
        const lines = this.#unwritten;
        this.#unwritten = [];
        if (this.#isTooLong) await this.#rewrite(path);
        // Begins on a line of its own, also after one that broke off.
        else await appendFile(path, `\n${lines.join('\n')}`, { mode: 0o600 });
      }
    } catch {
      // A disk that is full costs reading it again after a restart, not the answer.
    }
  }

  async #rewrite(path: string): Promise<void> {
    this.#isTooLong = false;
    const lines: string[] = [];
    for (const [project, { files }] of this.#projects)
      for (const [key, { version, text, untilMs }] of files)
        if (untilMs === undefined) lines.push(JSON.stringify([project, key, version, text]));
    await writeFile(`${path}.new`, lines.join('\n'), { mode: 0o600 });
    await rename(`${path}.new`, path);
  }
}

/** All channels'. */
export class LicenseBooks {
  readonly #folder: string | undefined;
  readonly #now: () => number;
  readonly #books = new LRUCache<string, Promise<LicenseBook>>({ max: maxBooks });

  /** @param dataDir undefined: in memory only */
  constructor(dataDir: string | undefined, now: () => number) {
    this.#folder = dataDir === undefined ? undefined : join(dataDir, 'licenses');
    this.#now = now;
  }

  /** @param source the channel, and where its files come from: another upstream's say nothing about this one's */
  of({ channelId, place }: LicenseSource): Promise<LicenseBook> {
    const name = createHash('sha256').update(`${channelId}\0${place}`).digest('hex').slice(0, 32);
    let book = this.#books.get(name);
    if (book === undefined) {
      book = opened(this.#folder === undefined ? undefined : join(this.#folder, `${name}.jsonl`), this.#now);
      this.#books.set(name, book);
    }
    return book;
  }
}

async function opened(path: string | undefined, now: () => number): Promise<LicenseBook> {
  const book = new LicenseBook(path, now);
  await book.load();
  return book;
}

async function readBounded(path: string): Promise<Buffer | undefined> {
  let file;
  try {
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return undefined;
  }
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return undefined;
    const bytes = Buffer.alloc(Math.min(facts.size, maxFileBytes));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

function entryOf(line: string): readonly [string, string, string, string] | undefined {
  if (line === '') return undefined;
  try {
    const value: unknown = JSON.parse(line);
    if (!Array.isArray(value) || value.length !== 4 || !value.every((part) => typeof part === 'string'))
      return undefined;
    return value as unknown as readonly [string, string, string, string];
  } catch {
    return undefined;
  }
}
