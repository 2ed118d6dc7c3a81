/**
 * Documents beside a channel's indexes, `run_exports.json` and `channeldata.json`, under policies. Invariant: they tell of
 * nothing that the indexes under the same policies do not list; each is made once however many wait for it, within a bound
 * of memory over all channels.
 */
import { LRUCache } from 'lru-cache';
import type { ChannelId } from '../../../../shared/model/ids.ts';
import type { Documents } from '../../documents/documents.ts';
import type { StoredDocument } from '../../documents/stored-document.ts';
import { condaFileOf } from '../names.ts';
import { keptCoding } from '../conda-index.ts';
import type { ServedIndex } from '../served-index.ts';
import type { ListedSubdir } from './channel-data.ts';

/** conda-forge's run exports of one subdir have 10 MB. */
const maxBytes = 32 * 1024 * 1024;
/** A channel has a dozen. */
const maxSubdirs = 32;
/** Of all indexes that are read for one document. Beyond, there is none. */
const maxIndexBytes = 512 * 1024 * 1024;

export type SideRequest = {
  readonly channelId: ChannelId;
  /** Without `.zst`. */
  readonly segments: readonly string[];
  readonly scopeKey: string;
  /** As the upstream has it. */
  readonly raw: StoredDocument;
  /** An index as these policies leave it. */
  readonly servedOf: (subdir: string) => Promise<ServedIndex | undefined>;
};
export type SideDocument = { readonly document: StoredDocument; readonly changesAtMs: number | undefined };

export class SideDocuments {
  readonly #documents: Documents;
  readonly #made = new LRUCache<string, StoredDocument>({
    maxSize: maxBytes,
    sizeCalculation: ({ weightBytes }) => Math.min(maxBytes, 1024 + weightBytes),
  });
  readonly #making = new Map<string, Promise<StoredDocument>>();

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  /** @returns undefined where it cannot be made @throws UpstreamError */
  async of(request: SideRequest): Promise<SideDocument | undefined> {
    const { segments } = request;
    const subdirs = segments.length === 1 ? await this.#subdirs(request) : [segments[0] ?? ''];
    const served: [subdir: string, index: ServedIndex][] = [];
    // One after the other: each may be large.
    for (const subdir of subdirs) {
      // oxlint-disable-next-line no-await-in-loop
      const index = await request.servedOf(subdir);
      if (index !== undefined) served.push([subdir, index]);
    }
    const bytes = served.reduce((sum, [, { document }]) => sum + document.plainBytes, 0);
    if (bytes > maxIndexBytes) return undefined;
    const parts = [
      segments,
      request.scopeKey,
      request.raw.digest,
      served.map(([, { document }]) => document.digest),
    ];
    const key = JSON.stringify([request.channelId, ...parts]);
    const changes = served.flatMap(([, { changesAtMs }]) => changesAtMs ?? []);
    const changesAtMs = changes.length === 0 ? undefined : Math.min(...changes);
    return { document: await this.#once(key, () => this.#make(request, served)), changesAtMs };
  }

  async #once(key: string, make: () => Promise<StoredDocument>): Promise<StoredDocument> {
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    let making = this.#making.get(key);
    if (making === undefined) {
      making = make()
        .then((document) => {
          this.#made.set(key, document);
          return document;
        })
        .finally(() => this.#making.delete(key));
      this.#making.set(key, making);
    }
    return await making;
  }

  async #make(
    { channelId, segments, raw }: SideRequest,
    served: readonly (readonly [string, ServedIndex])[],
  ): Promise<StoredDocument> {
    const [subdir = ''] = segments;
    if (segments.length === 2) {
      const [, index] = served[0] ?? [];
      const { files } =
        index === undefined ? { files: undefined } : await this.#names(channelId, subdir, index);
      if (files === undefined) return this.#documents.emptyDocument;
      return await this.#filter(channelId, segments, raw, { type: 'conda-run-exports', subdir, files });
    }
    const listed: ListedSubdir[] = [];
    for (const [name, index] of served) {
      // oxlint-disable-next-line no-await-in-loop
      const { names } = await this.#names(channelId, name, index);
      listed.push({ subdir: name, names });
    }
    return await this.#filter(channelId, segments, raw, { type: 'conda-channeldata', listed });
  }

  async #names(channelId: ChannelId, subdir: string, { document }: ServedIndex) {
    const job = { type: 'conda-listed-names', channelId, subdir } as const;
    return (await this.#documents.underPolicies(channelId, document, job, keptCoding, () => {})).result;
  }

  async #filter(
    channelId: ChannelId,
    segments: readonly string[],
    raw: StoredDocument,
    job: Parameters<Documents['underPolicies']>[2],
  ): Promise<StoredDocument> {
    const { document, result } = await this.#documents.underPolicies(
      channelId,
      raw,
      job,
      keptCoding,
      () => {},
    );
    const unknown = 'unknown' in result ? result.unknown : 0;
    const drops = unknown === 0 ? {} : { 'unknown-record': unknown };
    this.#documents.health.dropped(channelId, `policies ${segments.join('/')}`, drops);
    return document;
  }

  /** Those that the channel says it has. */
  async #subdirs({ channelId, raw }: SideRequest): Promise<readonly string[]> {
    const job = { type: 'conda-channeldata', listed: undefined } as const;
    const { result } = await this.#documents.underPolicies(channelId, raw, job, keptCoding, () => {});
    const isSubdir = (name: string): boolean => condaFileOf([name, 'repodata.json']).kind === 'index';
    return [...new Set(result.subdirs)].filter(isSubdir).slice(0, maxSubdirs);
  }
}
