import type { DropCause } from '../../../shared/model/channel-health.ts';
import type { Coding } from '../documents/codings.ts';
import { hasZstd } from '../documents/codings.ts';
import type { Validators } from '../documents/document-cache.ts';
import type { Documents } from '../documents/documents.ts';
import type { StoredDocument } from '../documents/stored-document.ts';
import type { PolicyForms } from '../documents/policy-forms.ts';
import type { ChannelRequest } from '../types.ts';
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
