import type { DropCause } from '../../../shared/model/channel-health.ts';
import type { Coding } from '../documents/codings.ts';
import { hasZstd } from '../documents/codings.ts';
import type { Validators } from '../documents/document-cache.ts';
import type { Documents } from '../documents/documents.ts';
import type { StoredDocument } from '../documents/stored-document.ts';
import { KeptAnswers } from '../documents/kept-answers.ts';
import { PolicyForms } from '../documents/policy-forms.ts';
import type { ChannelRequest } from '../types.ts';
import type { CondaFactsResult } from './name-facts.ts';
import type { CondaPolicyResult } from './policy-filter.ts';

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
  readonly forms: PolicyForms<CondaPolicyResult>;
  /** What it says about all files of a name. */
  readonly names: KeptAnswers<CondaFactsResult>;
  readonly weightBytes: number;
};

export type IndexRequest = {
  readonly documents: Documents;
  readonly channel: ChannelRequest['channel'];
  /** Subdir and name, without `.zst`. */
  readonly segments: readonly string[];
  readonly validators: Validators;
  readonly onGrow: () => void;
};

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
  return {
    ...read,
    forms: new PolicyForms(documents.forms),
    names: new KeptAnswers(maxNames),
    get weightBytes() {
      return read.document.weightBytes;
    },
  };
}
