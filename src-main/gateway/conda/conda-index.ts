import type { DropCause } from '../../../shared/model/channel-health.ts';
import type { Coding } from '../documents/codings.ts';
import { hasZstd } from '../documents/codings.ts';
import type { Validators } from '../documents/document-cache.ts';
import type { Documents } from '../documents/documents.ts';
import type { StoredDocument } from '../documents/stored-document.ts';
import { KeptAnswers } from '../documents/kept-answers.ts';
import type { KeptDocument } from '../documents/kept-documents.ts';
import { KeptForms } from '../documents/policy-forms.ts';
import type { ChannelRequest } from '../types.ts';
import type { PackageFacts } from '../../policy/packages/facts.ts';
import type { IndexForm } from '../index-store/index-form.ts';
import type { FileDigests } from './index-digests.ts';
import { membersOf } from './index-shape.ts';
import type { CondaJob, CondaResult } from './read-index.ts';

/** What an index says about all files of a name. */
export type NameFacts = {
  readonly facts: readonly PackageFacts[];
  /** Files that were taken out of the index. */
  readonly removed: readonly string[];
};

/** What one of them was made from, and what it says. */
export type CondaIndex = {
  readonly document: StoredDocument;
  readonly lastModified: string | undefined;
  readonly dropped: Partial<Record<DropCause, number>>;
  /** A folder's own file, where nothing had to be taken out. */
  readonly file?: {
    readonly path: string;
    readonly stamp: string;
    readonly size: number;
    readonly mtimeMs: number;
  };
  /** What policies leave of it. */
  readonly forms: KeptForms<IndexForm>;
  /** What it says about all files of a name. */
  readonly names: KeptAnswers<NameFacts>;
  /** What it says of its files' content, once somebody asked for one. */
  digests: Promise<FileDigests> | undefined;
  digestBytes: number;
  readonly weightBytes: number;
};

export type IndexRequest = {
  readonly documents: Documents;
  readonly channel: ChannelRequest['channel'];
  /** Subdir and name, without `.zst`. */
  readonly segments: readonly string[];
  readonly validators: Validators;
  readonly onGrow: () => void;
  readonly nowMs: number;
  /** Of it, over a restart. */
  readonly kept: KeptDocument;
};

/** Documents whose records are those of an index (CEP 36): they are judged, and have a clock. */
const indexes: ReadonlySet<string> = new Set([
  'repodata.json',
  'current_repodata.json',
  'repodata_from_packages.json',
]);

/** @param segments without `.zst` */
export const hasRecords = (segments: readonly string[]): boolean => indexes.has(segments[1] ?? '');

/** How one that comes in is read. */
export function readingOf({ documents, channel, segments, nowMs }: IndexRequest): CondaJob {
  const [subdir = '', name = ''] = segments;
  const job = { type: 'conda-index', members: membersOf(segments.at(-1) ?? '') } as const;
  if (!hasRecords(segments)) return job;
  const clock = { ...documents.sights.of(channel, subdir, name), nowMs };
  return { ...job, records: { channelId: channel.id, subdir, clock } };
}

/** Keeps for good what was seen for the first time in one. */
export async function keepSights(
  { documents, channel, segments, nowMs }: IndexRequest,
  { sights }: CondaResult,
): Promise<void> {
  const [subdir = '', name = ''] = segments;
  if (sights !== undefined) await documents.sights.keep(channel, subdir, name, sights, nowMs);
}

/** Kept as this; the other codings are made of it. */
export const keptCoding: Coding = hasZstd ? 'zstd' : 'gzip';
/** conda-forge's largest has 350 MB; beyond, somebody fills our memory. */
export const maxIndexBytes = 1024 * 1024 * 1024;

/** Names of an index that were asked about one by one. */
const maxNames = 64;

/** One that was just read; its forms are made when policies ask for them. */
export function condaIndex(
  documents: Pick<Documents, 'forms'>,
  read: Pick<CondaIndex, 'document' | 'lastModified' | 'dropped' | 'file'>,
): CondaIndex {
  const index: CondaIndex = {
    ...read,
    forms: new KeptForms(documents.forms),
    names: new KeptAnswers(maxNames),
    digests: undefined,
    digestBytes: 0,
    get weightBytes() {
      return read.document.weightBytes + index.digestBytes;
    },
  };
  return index;
}
