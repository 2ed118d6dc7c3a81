/** Reads an upstream's list of projects, in whichever form it comes. Runs in a worker. */
import type { DocumentReader } from '../documents/document-reader.ts';
import { JsonMembers } from '../documents/json-members.ts';
import { NotAnIndexError, TooLargeError } from '../documents/not-an-index.ts';
import { normalizeProjectName } from './file-names.ts';
import type { Anchor } from './html-anchors.ts';
import { HtmlAnchors } from './html-anchors.ts';
import { listAsJson } from './page-writer.ts';
import { isTable, VersionCheck } from './read-page.ts';

/** PyPI has 700,000. */
const maxProjects = 2_000_000;
const maxNameChars = 32 * 1024 * 1024;

export type ListJob = { readonly type: 'pypi-list'; readonly isJson: boolean };
export type ListResult = { readonly digest: string };

export class ListReader implements DocumentReader<ListResult> {
  /** Normalised. */
  readonly #names = new Set<string>();
  #chars = 0;
  readonly #push: (chunk: Buffer) => void;
  readonly #end: () => void;

  constructor({ isJson }: ListJob) {
    if (isJson) {
      const version = new VersionCheck();
      let hasProjects = false;
      const reader = new JsonMembers('projects', {
        elements: (entries) => {
          hasProjects = true;
          for (const entry of entries) if (isTable(entry)) this.#add(entry['name']);
        },
        member: (key, value) => version.member(key, value),
        emptyList: () => (hasProjects = true),
      });
      this.#push = (chunk) => reader.push(chunk);
      this.#end = () => {
        reader.end();
        if (!hasProjects) throw new NotAnIndexError('Not a list of projects');
        version.assertKnown();
      };
    } else {
      const anchors = new HtmlAnchors();
      let links = 0;
      const take = (found: readonly Anchor[]) => {
        links += found.length;
        for (const anchor of found) this.#add(nameOf(anchor));
      };
      this.#push = (chunk) => take(anchors.push(chunk));
      this.#end = () => {
        take(anchors.end());
        if (!anchors.saysIndex && (links === 0 || anchors.isInteractive))
          throw new NotAnIndexError('A page for people');
      };
    }
  }

  push(chunk: Buffer): Uint8Array[] {
    this.#push(chunk);
    return [];
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: ListResult } {
    this.#end();
    const { pieces, digest } = listAsJson([...this.#names].sort());
    return { pieces, result: { digest } };
  }

  #add(name: unknown): void {
    const normalized = typeof name === 'string' ? normalizeProjectName(name) : undefined;
    if (normalized === undefined || this.#names.has(normalized)) return;
    this.#chars += normalized.length;
    if (this.#names.size >= maxProjects || this.#chars > maxNameChars) throw new TooLargeError();
    this.#names.add(normalized);
  }
}

/** An anchor's text, or, where that is no name, the last part of its link. */
function nameOf({ text, attributes }: Anchor): string | undefined {
  const byText = text.trim();
  if (normalizeProjectName(byText) !== undefined) return byText;
  const href = attributes.get('href') ?? '';
  const end = href.search(/[?#]/);
  const path = end === -1 ? href : href.slice(0, end);
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  return bare.slice(bare.lastIndexOf('/') + 1);
}
