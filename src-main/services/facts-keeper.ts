/**
 * Keeps facts about packages up to date on this computer: fetches or reads each feed when it is due, makes one file of
 * all, and tells who judges by it. Invariant: the last good facts stand until better ones are written; what goes wrong is
 * kept and said. Feeds are public lists, so that it goes on while the vault is locked.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Feed } from '../../shared/model/curation.ts';
import { createExclusive } from '../base/exclusive.ts';
import { compileInThread } from '../curation/feeds/facts-thread.ts';
import { FeedError } from '../curation/feeds/problem.ts';
import type { FactsFile } from '../curation/knowledge-data.ts';
import { codeOf } from '../disk/disk-error.ts';
import { withFileLock } from '../disk/file-lock.ts';
import { isStale, makeFactsDir, readManifest, writeManifest } from './facts-manifest.ts';
import type { FactsManifest, KeptFeed } from './facts-manifest.ts';
import { partsOf, partsText, withoutDamaged } from './facts-compiling.ts';
import type { FeedReadingDeps, UpdateOptions } from './feed-reading.ts';
import { readFeedNow, removeQuietly } from './feed-reading.ts';
import { WholeFile } from './whole-file.ts';

export type FactsKeeperDeps = FeedReadingDeps & {
  readonly now: () => number;
  /** Told when there are other facts. */
  readonly onFacts: (facts: FactsFile | undefined) => void;
  /** Told when anything that is shown changed. */
  readonly onChange: () => void;
  /** How they are joined; a test does it without threads. */
  readonly compile?: typeof compileInThread | undefined;
};

const lookEveryMs = 60_000;
/** A source that failed is tried again after so long at the latest. */
const retryAfterMs = 15 * 60_000;
const hourMs = 3_600_000;

export class FactsKeeper {
  readonly #deps: FactsKeeperDeps;
  readonly #stop = new AbortController();
  /** One after the other: each takes a thread and much memory. */
  readonly #runExclusive = createExclusive();
  readonly #whole = new WholeFile();
  readonly #updating = new Map<string, Promise<void>>();
  #feeds: ReadonlyMap<string, Feed> = new Map();
  #known: FactsManifest | undefined;
  #told: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: FactsKeeperDeps) {
    this.#deps = deps;
  }

  /** The feeds that there are. What is no longer among them counts no more. */
  take(feeds: Iterable<Feed>): void {
    const before = this.#feeds;
    this.#feeds = new Map([...feeds].map((feed) => [feed.name, feed]));
    this.#tell();
    const isOther = [...before.keys()].some((name) => !this.#feeds.has(name));
    if (isOther) this.#compileSoon();
    if (this.#timer !== undefined) this.#updateDue();
  }

  /** From now on feeds are updated when they are due. */
  schedule(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#look(), lookEveryMs).unref();
    // A feed may have gone while nobody was here.
    this.#compileSoon();
    this.#look();
  }

  /** What was made of all feeds; undefined: nothing yet. */
  facts(): FactsFile | undefined {
    const { compiled } = this.manifest();
    return compiled === undefined ? undefined : this.#fileOf(compiled);
  }

  #fileOf({ file, sha256 }: NonNullable<FactsManifest['compiled']>): FactsFile {
    return { path: join(this.#deps.dir, file), sha256 };
  }

  manifest(): FactsManifest {
    return (this.#known ??= readManifest(this.#deps.dir));
  }

  /** Reads again what another process may have written. */
  refresh(): void {
    this.#known = undefined;
    this.#tell();
  }

  isUpdating(name: string): boolean {
    return this.#updating.has(name);
  }

  /** Where what was kept of a feed stands. */
  pathOf({ file }: Pick<KeptFeed, 'file'>): string | undefined {
    return file === undefined ? undefined : join(this.#deps.dir, file);
  }

  /** Resolves when it is done, or went wrong: what of it is in the manifest. */
  update(feed: Feed, options: UpdateOptions = {}): Promise<void> {
    const running = this.#updating.get(feed.name);
    if (running !== undefined) return running;
    const done = this.#runExclusive(() => this.#locked(() => this.#update(feed, options)))
      // Another process is at it: what it finds is seen at the next look.
      .catch((error: unknown) => this.#stopped(error))
      .finally(() => {
        this.#updating.delete(feed.name);
        this.#deps.onChange();
      });
    this.#updating.set(feed.name, done);
    this.#deps.onChange();
    return done;
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#stop.abort(new Error('closed'));
    await this.#runExclusive(async () => undefined);
  }

  #compileSoon(): void {
    this.#runExclusive(() => this.#locked(() => this.#compile())).catch((error: unknown) =>
      this.#stopped(error),
    );
  }

  #look(): void {
    this.refresh();
    this.#updateDue();
    void this.#mend();
    const stale = [...this.#feeds.values()].filter((feed) =>
      isStale(feed, this.manifest(), this.#deps.now()),
    );
    const names = stale.map(({ name }) => name).join(' ');
    if (names === this.#stale) return;
    this.#stale = names;
    this.#deps.onChange();
  }
  #stale = '';

  /** Makes the file of all feeds anew where somebody damaged it: whoever judges by it denies until then. */
  async #mend(): Promise<void> {
    const facts = this.facts();
    if (facts !== undefined && !(await this.#whole.isWhole(facts))) this.#compileSoon();
  }

  #updateDue(): void {
    const nowMs = this.#deps.now();
    for (const feed of this.#feeds.values()) {
      const kept = this.manifest().feeds[feed.name];
      const everyMs = feed.everyHours * hourMs;
      const isGood = kept?.problem === undefined && kept?.isDamaged === undefined;
      const waitMs = isGood ? everyMs : Math.min(everyMs, retryAfterMs);
      // A clock that was set back must not stop it for years.
      const sinceMs = kept === undefined ? Infinity : Math.abs(nowMs - kept.triedAtMs);
      if (sinceMs >= waitMs) void this.update(feed);
    }
  }

  async #update(feed: Feed, options: UpdateOptions): Promise<void> {
    const before = this.#freshManifest().feeds[feed.name];
    const source = JSON.stringify([feed.kind, feed.source]);
    const blank = { kind: feed.kind, source, records: 0, gone: 0, bad: 0 };
    // Of another kind nothing can be used.
    const known = before?.kind === feed.kind ? before : undefined;
    const isSame = known?.source === source && options.path === undefined;
    const triedAtMs = this.#deps.now();
    let next: KeptFeed;
    try {
      const what = { known: isSame ? known : undefined, kept: known };
      const read = await readFeedNow(this.#deps, feed, what, options, this.#stop.signal);
      const fetched = { source, triedAtMs, fetchedAtMs: triedAtMs, problem: undefined };
      next = {
        ...blank,
        ...known,
        ...read,
        ...(read.shrunk === undefined ? fetched : { source, triedAtMs, problem: undefined }),
      };
    } catch (error) {
      if (!(error instanceof FeedError)) throw error;
      next = { ...blank, ...known, source, triedAtMs, problem: error.problem };
    }
    const manifest = this.#freshManifest();
    this.#write({ ...manifest, feeds: { ...manifest.feeds, [feed.name]: next } });
    try {
      await this.#compile();
    } catch (error) {
      if (!(error instanceof FeedError)) throw error;
      // What no file can be made of does not count: what was there before does, and what goes wrong is said.
      this.#putBack(feed.name, { ...blank, ...known, source, triedAtMs, problem: error.problem });
    }
    this.#sweep();
  }

  #putBack(name: string, kept: KeptFeed): void {
    const manifest = this.#freshManifest();
    this.#write({ ...manifest, feeds: { ...manifest.feeds, [name]: kept } });
  }

  /** Makes one file of all, when one of them changed. */
  async #compile(): Promise<void> {
    const manifest = this.#freshManifest();
    const parts = partsOf(this.#deps.dir, manifest, this.#feeds);
    const { compiled: before } = manifest;
    if (before?.of === partsText(parts) && (await this.#whole.isWhole(this.#fileOf(before)))) return;
    if (before === undefined && parts.feeds.length + parts.lacking.length === 0) return;
    const file = `compiled-${randomBytes(6).toString('hex')}.jsonl`;
    const make = this.#deps.compile ?? compileInThread;
    const job = { ...parts, toPath: join(this.#deps.dir, file) };
    const { sha256, counts, damaged } = await make(job, this.#stop.signal);
    const left = withoutDamaged(this.#deps.dir, this.#freshManifest(), damaged);
    const of = partsText(partsOf(this.#deps.dir, left, this.#feeds));
    const compiled = { file, sha256, counts: [...counts], madeAtMs: this.#deps.now(), of };
    this.#write({
      ...left,
      compiled: before === undefined ? compiled : { ...compiled, previous: before.file },
    });
    this.#tell();
    if (damaged.length > 0) this.#deps.onChange();
  }

  #freshManifest(): FactsManifest {
    this.#known = undefined;
    return this.manifest();
  }

  #write(manifest: FactsManifest): void {
    writeManifest(this.#deps.dir, manifest);
    this.#known = manifest;
  }

  #tell(): void {
    const facts = this.facts();
    // With its place: a file that was damaged is written anew. What was told stands until there is something else: no
    // manifest any more is no word about packages.
    const told = facts === undefined ? undefined : `${facts.sha256} ${facts.path}`;
    if (told === this.#told || told === undefined) return;
    this.#told = told;
    this.#deps.onFacts(facts);
    this.#deps.onChange();
  }

  #locked<T>(work: () => Promise<T>): Promise<T> {
    this.#stop.signal.throwIfAborted();
    makeFactsDir(this.#deps.dir);
    return withFileLock(join(this.#deps.dir, 'facts.lock'), { now: this.#deps.now }, work);
  }

  #stopped(error: unknown): void {
    if (this.#stop.signal.aborted || (error instanceof LatchkeyError && error.code === 'VAULT_BUSY')) return;
    const kind =
      error instanceof LatchkeyError || error instanceof FeedError
        ? error.message
        : (codeOf(error) ?? 'unknown');
    process.stderr.write(`latchkey: facts about packages were not updated (${kind})\n`);
  }

  /** Files that no manifest names any more. */
  #sweep(): void {
    const { feeds, compiled } = this.manifest();
    const named = new Set([
      ...Object.values(feeds).map(({ file }) => file),
      compiled?.file,
      compiled?.previous,
    ]);
    for (const name of readdirSync(this.#deps.dir)) {
      // The lock is held, so that nobody is writing any of these.
      const isOurs = /^(?:incoming-[0-9a-f]{12}\..*|.+-[0-9a-f]{12}\.jsonl)$/.test(name);
      if (isOurs && !named.has(name)) removeQuietly(join(this.#deps.dir, name));
    }
  }
}
