/** Where a channel's pages and files come from: a folder or another index. The handler knows no more than this. */
import type { ChannelRequest, ChannelResponse } from '../types.ts';
import type { ProjectFile, ProjectList, ProjectPage } from './model.ts';

/**
 * Everything answers from memory while it is fresh.
 * All methods throw UpstreamError where the folder or the upstream gives no usable answer.
 */
export type PypiSource = {
  list(request: ChannelRequest): Promise<ProjectList | undefined>;
  /** @param name normalised; undefined if there is no such project */
  page(name: string, request: ChannelRequest): Promise<ProjectPage | undefined>;
  /** The file's entry on its page, after a second look if the page in memory may be too old to have it. */
  find(name: string, filename: string, request: ChannelRequest): Promise<ProjectFile | undefined>;
  /** @param part the file itself, or its core metadata, which `file` says it has; undefined if it is gone */
  send(
    file: ProjectFile,
    part: 'file' | 'metadata',
    request: ChannelRequest,
  ): Promise<ChannelResponse | undefined>;
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
