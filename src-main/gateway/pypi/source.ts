/** Where a channel's pages and files come from: a folder or another index. The handler knows no more than this. */
import type { BundleUpstream } from '../../../shared/model/bundle.ts';
import type { Coding } from '../documents/codings.ts';
import type { ChannelRequest, ChannelResponse } from '../types.ts';
import type { IndexPage } from './index-page.ts';
import type { KeptFile } from './kept-file.ts';

export type UrlUpstream = Extract<BundleUpstream, { type: 'url' }>;

/** A page, and whether its upstream is away meanwhile. */
export type Found = { readonly page: IndexPage; readonly isStale: boolean };

/**
 * Everything answers from memory while it is fresh.
 * All methods throw UpstreamError where the folder or the upstream gives no usable answer.
 */
export type PypiSource = {
  /** @param coding in which it will be sent: made while the document comes in, if it is not there */
  list(request: ChannelRequest, coding: Coding): Promise<Found | undefined>;
  /** @param name normalised; undefined if there is no such project */
  page(name: string, request: Pick<ChannelRequest, 'headers'>, coding: Coding): Promise<Found | undefined>;
  /** The file's entry on its page, after a second look if the page in memory may be too old to have it. */
  find(name: string, filename: string, request: ChannelRequest): Promise<KeptFile | undefined>;
  /** @param part the file itself, or its core metadata, which `file` says it has; undefined if it is gone */
  send(
    filename: string,
    file: KeptFile,
    part: 'file' | 'metadata',
    request: ChannelRequest,
  ): Promise<ChannelResponse | undefined>;
  /**
   * What the file says about its licence: '' where it says nothing, or can never be read; undefined if it is gone.
   * Nothing is kept.
   */
  license(project: string, filename: string, file: KeptFile): Promise<string | undefined>;
  /** The list, as it was read last; undefined where it is not in memory. */
  lastList(): IndexPage | undefined;
  close(): void;
};

/**
 * The content type of a file. Ours, never an upstream's: what a package holds must not be a page of this origin
 * to a browser.
 */
export function fileContentType(filename: string, part: 'file' | 'metadata'): string {
  if (part === 'metadata') return 'text/plain; charset=utf-8';
  return filename.endsWith('.gz') || filename.endsWith('.tgz')
    ? 'application/gzip'
    : 'application/octet-stream';
}
