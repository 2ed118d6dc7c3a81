/**
 * What all channels of a gateway share for their index documents: threads, turns, memory and what was found out.
 * Invariant: these are bounds over everybody; a channel has its share of each.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ChannelId } from '../../../shared/model/ids.ts';
import type { Coding } from './codings.ts';
import type { PackageCache } from '../../package-cache/package-cache.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { Affected, PackageFacts } from '../../policy/packages/facts.ts';
import type { Verdict } from '../../policy/packages/judge.ts';
import { FirstSights } from '../conda/first-sights.ts';
import { ShardStore } from '../conda/shards/shard-store.ts';
import { DocumentCache } from './document-cache.ts';
import { EntityTags } from './entity-tags.ts';
import { FormEncoder } from './encode-form.ts';
import { KeptDocuments } from './kept-documents.ts';
import { FairSlots } from '../fair-slots.ts';
import { FolderWorker } from './folder-worker.ts';
import { HealthBook } from './health-book.ts';
import { LicenseBooks } from '../pypi/licenses/license-book.ts';
import type { HtmlJob } from '../pypi/write-html.ts';
import type { DocumentJob, PolicyJob, ResultOf } from './jobs.ts';
import { DocumentError, readDocument } from './read-document.ts';
import { formOf, StoredDocument } from './stored-document.ts';
import { IndexStore } from '../index-store/index-store.ts';
import type { RowDependencies } from '../index-store/row-dependencies.ts';
import type { StoredRows } from '../index-store/stored-rows.ts';
import { FormBudget } from './policy-forms.ts';
import type { FindNamesJob } from '../names-like.ts';
import { ReleasesFile } from '../kept-releases.ts';
import type { SpokenPackage } from './spoken-files.ts';
import { spokenBy } from './spoken-files.ts';
import { SpokenBook } from '../spoken-book.ts';
import type { UpstreamDeadline } from './upstream-deadline.ts';
import type { About } from './worker.ts';
import { WorkerThreads } from './worker-threads.ts';

/** Documents of an organization's daily work; the largest public one has 60 MB compressed. No document is larger. */
const maxCacheBytes = 128 * 1024 * 1024;
/** Fetches of documents at once. uv asks for 50 pages; a channel leaves room for others. */
const fetches = { total: 128, perOwner: 48, waiting: 1024 };
/**
 * Documents over 1 MB that are read at once: what comes of one may take 200 MB. As many of ours are read again for HTML, in
 * turns of their own: behind all the others they would wait in memory, as JSON.
 */
const longReads = { total: 2, perOwner: 1, waiting: 128 };

/** A handful for each project that is asked for, each up to 16 MB where an index knows no ranges (upstream-license.ts). */
const licenseReads = { total: 12, perOwner: 8, waiting: 4096 };

/** Documents of ours that are read again. */
const ownJobs: ReadonlySet<DocumentJob['type']> = new Set([
  'own-html',
  'conda-rows',
  'conda-dependencies',
  'conda-digests',
  'policy-pypi',
  'pypi-facts',
  'conda-listed-names',
  'conda-run-exports',
  'conda-channeldata',
]);
/** What several policies leave of them, for all channels together; a form of conda-forge's largest has 60 MB. */
const maxFormBytes = 192 * 1024 * 1024;
/** Shards of all channels under all policies; those of conda-forge's largest subdir have 50 MB. */
const maxShardBytes = 128 * 1024 * 1024;

export type DocumentsOptions = {
  readonly now: () => number;
  /** Shared between tests, so that not each starts its own. */
  readonly threads?: WorkerThreads;
  readonly maxBytes?: number;
  /** The gateway's own folder; undefined: nothing is kept over a restart. */
  readonly dataDir?: string | undefined;
  readonly tags?: EntityTags;
  /** Files that were served. */
  readonly packages?: PackageCache | undefined;
  /** Whether `tags` are the same after a restart, so that what is kept beside is found again. */
  readonly keepsDocuments?: boolean;
};

export type Source<J extends DocumentJob> = {
  readonly owner: ChannelId;
  readonly job: J;
  readonly body: Readable;
  /** Content-Encoding. */
  readonly coding: string | undefined;
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  /** Stands while a long document waits for its turn. */
  readonly deadline?: UpstreamDeadline;
};

export class Documents {
  /** An index of conda without a record. */
  readonly emptyDocument = new StoredDocument('empty', [['identity', formOf([Buffer.from('{}')])]], 2);
  readonly threads: WorkerThreads;
  readonly cache: DocumentCache;
  readonly health: HealthBook;
  readonly fetches = new FairSlots(fetches);
  readonly longReads = new FairSlots(longReads);
  readonly forms = new FormBudget(maxFormBytes);
  readonly shards: ShardStore;
  readonly rows = new IndexStore();
  readonly sights: FirstSights;
  readonly tags: EntityTags;
  readonly book: SpokenBook;
  readonly now: () => number;
  readonly licenses: LicenseBooks;
  readonly packages: PackageCache | undefined;
  /** Over a restart. */
  readonly kept: KeptDocuments;
  /** Files whose licences are read at once. */
  readonly licenseReads = new FairSlots(licenseReads);
  readonly #ownReads = new FairSlots(longReads);
  readonly #texts = new WeakMap<readonly Policy[], string>();
  readonly #ownsThreads: boolean;
  readonly #dataDir: string | undefined;
  readonly #maxBytes: number;

  constructor({
    now,
    threads,
    maxBytes = maxCacheBytes,
    dataDir,
    tags,
    packages,
    keepsDocuments,
  }: DocumentsOptions) {
    this.packages = packages;
    this.tags = tags ?? new EntityTags();
    this.kept = new KeptDocuments(keepsDocuments ? packages?.documents : undefined, this.tags);
    this.book = new SpokenBook(
      now,
      dataDir === undefined ? undefined : new ReleasesFile(join(dataDir, 'releases.json')),
    );
    this.#dataDir = dataDir;
    this.now = now;
    this.sights = new FirstSights(dataDir);
    this.shards = new ShardStore(now, maxShardBytes);
    this.licenses = new LicenseBooks(dataDir, now);
    this.#maxBytes = maxBytes;
    this.#ownsThreads = threads === undefined;
    this.threads = threads ?? new WorkerThreads();
    this.health = new HealthBook(now);
    this.cache = new DocumentCache(now, maxBytes, (owner, name) => {
      this.health.dropped(owner as ChannelId, name, {});
      // Behind the upstream (conda/index-documents.ts).
      this.rows.delete(owner, name.slice(name.indexOf('\0') + 1));
    });
  }

  /**
   * Reads a document and makes it in the coding that is wanted first, both while it comes in.
   * @param onGrow told when another form of it takes more memory
   */
  async read<J extends DocumentJob>(
    source: Source<J>,
    coding: Coding,
    onGrow: () => void,
  ): Promise<{ readonly document: StoredDocument; readonly result: ResultOf<J> }> {
    let encoder = new FormEncoder(coding, this.#maxBytes);
    try {
      let last: readonly Uint8Array[] = [];
      const { result } = await readDocument({
        ...source,
        threads: this.threads,
        longSlots: ownJobs.has(source.job.type) ? this.#ownReads : this.longReads,
        // One behind, since the last may take the place of all.
        onPieces: async (pieces) => {
          await encoder.add(last);
          if (encoder.isOver) throw new DocumentError('too-large', undefined);
          last = pieces;
        },
      });
      if ('replaces' in result && result.replaces) {
        encoder.destroy();
        encoder = new FormEncoder(coding, this.#maxBytes);
      }
      await encoder.add(last);
      const form = await encoder.end();
      if (encoder.isOver) throw new DocumentError('too-large', undefined);
      const document = new StoredDocument(result.digest, [[coding, form]], encoder.plainBytes, onGrow);
      return { document, result };
    } catch (error) {
      encoder.destroy();
      throw error;
    }
  }

  /** What a worker knows of a folder of packages. */
  folder(owner: ChannelId, path: string): FolderWorker {
    const name = createHash('sha256').update(`${owner}\0${path}`).digest('hex').slice(0, 32);
    const firstSeenPath =
      this.#dataDir === undefined ? undefined : join(this.#dataDir, 'first-seen', `${name}.jsonl`);
    return new FolderWorker(this.threads.laneOf(name), this.fetches, owner, path, firstSeenPath);
  }

  /** Names that have a text in them, in the rows of a channel that are in memory. */
  async namesLike(owner: ChannelId, wanted: string, limit: number): Promise<readonly string[]> {
    const tables = this.rows.of(owner).map(({ columns }) => columns.names);
    if (tables.length === 0) return [];
    const job: FindNamesJob = { tables, wanted, limit };
    return await this.threads.lane().run<readonly string[]>('findNames', [job]);
  }

  /** A page or list of ours in HTML: read again, step by step. */
  async html(
    owner: ChannelId,
    json: StoredDocument,
    what: Omit<HtmlJob, 'type'>,
    coding: Coding,
    onGrow: () => void,
  ): Promise<StoredDocument> {
    const job: HtmlJob = { type: 'own-html', ...what };
    const body = json.unpacked();
    const { document } = await this.read(
      { owner, job, body, coding: undefined, maxBytes: json.plainBytes },
      coding,
      onGrow,
    );
    return document;
  }

  /** What a reader makes of a document of ours, in pieces that are kept as they are. */
  async piecesOf<J extends PolicyJob>(
    owner: ChannelId,
    raw: StoredDocument,
    job: J,
  ): Promise<{ readonly pieces: readonly Uint8Array[]; readonly result: ResultOf<J> }> {
    const kept: Uint8Array[] = [];
    const { result } = await readDocument({
      owner,
      job,
      body: raw.unpacked(),
      ownsBody: raw.isPacked,
      coding: undefined,
      maxBytes: raw.plainBytes,
      threads: this.threads,
      longSlots: this.#ownReads,
      onPieces: (pieces) => void kept.push(...pieces),
    });
    return { pieces: kept, result };
  }

  /** What the records of an index depend on, read out of its kept entries. */
  async dependenciesOf(owner: ChannelId, rows: StoredRows): Promise<RowDependencies> {
    const { starts, ends, count } = rows.columns;
    const bytes = ends[count - 1] ?? 0;
    const { result } = await readDocument({
      owner,
      job: { type: 'conda-dependencies', starts, ends } as const,
      body: Readable.from(rows.views(0, bytes)),
      coding: undefined,
      maxBytes: bytes,
      threads: this.threads,
      longSlots: this.#ownReads,
      onPieces: () => {},
    });
    return result;
  }

  /** What policies leave of a document of ours: read again, step by step. */
  async underPolicies<J extends PolicyJob>(
    owner: ChannelId,
    raw: StoredDocument,
    job: J,
    coding: Coding,
    onGrow: () => void,
  ): Promise<{ readonly document: StoredDocument; readonly result: ResultOf<J> }> {
    const source = { owner, job, body: raw.unpacked(), coding: undefined, maxBytes: raw.plainBytes };
    return await this.read(source, coding, onGrow);
  }

  /** Verdicts about some packages by each set of policies, with what is known now. */
  async judge(
    sets: readonly (readonly Policy[])[],
    packages: readonly PackageFacts[],
    nowMs: number,
  ): Promise<readonly (readonly Verdict[])[]> {
    const { knowledgeVersion } = this.threads;
    const texts = sets.map((policies) => this.#textOf(policies));
    return await this.threads.lane().run('judge', [knowledgeVersion, texts, packages, nowMs]);
  }

  /** What policies say to one package, with what is known now; undefined: nothing. */
  async judgeOne(
    policies: readonly Policy[],
    facts: PackageFacts,
    nowMs: number,
  ): Promise<SpokenPackage | undefined> {
    const [[verdict] = []] = await this.judge([policies], [facts], nowMs);
    if (verdict === undefined) throw new Error('No verdict.');
    return spokenBy(facts, verdict);
  }

  /** A text is handed to a thread in no time, hundreds of objects are not. */
  #textOf(policies: readonly Policy[]): string {
    let text = this.#texts.get(policies);
    if (text === undefined) {
      text = JSON.stringify(policies);
      this.#texts.set(policies, text);
    }
    return text;
  }

  /** What is known about one version of a package. */
  async about(what: Affected): Promise<About> {
    return await this.threads.lane().run('about', [this.threads.knowledgeVersion, what]);
  }

  async close(): Promise<void> {
    if (this.#ownsThreads) this.threads.close();
    await this.book.close();
  }
}
