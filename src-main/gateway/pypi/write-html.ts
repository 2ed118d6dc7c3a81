/**
 * Writes our own pages and lists in HTML (PEP 503), from our JSON, piece by piece as it comes. Runs in a worker. Invariant:
 * in memory is one batch, however long the page is.
 */
import type { DocumentReader } from '../documents/document-reader.ts';
import { JsonMembers } from '../documents/json-members.ts';
import { strongestHash } from './hashes.ts';
import type { ProjectStatus } from './model.ts';
import type { FileJson } from './page-writer.ts';
import { apiVersion } from './page-writer.ts';
import { PieceWriter } from './piece-writer.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.refusals.pages;

export type HtmlJob = {
  readonly type: 'own-html';
  /** Whose page it is; undefined for the list of projects. */
  readonly project: string | undefined;
  /** It stands behind the files in JSON and before them in HTML. */
  readonly status: ProjectStatus | undefined;
};
export type HtmlResult = { readonly digest: string };

/** Versions of the longest page: the one member of ours that grows with it. */
const maxMemberBytes = 16 * 1024 * 1024;

export class HtmlWriter implements DocumentReader<HtmlResult> {
  readonly #out = new PieceWriter();
  readonly #members: JsonMembers;
  #pieces: Uint8Array[] = [];

  constructor({ project, status }: HtmlJob) {
    this.#out.write(head(project === undefined ? words.index : words.links(project), metaOf(status)));
    const line =
      project === undefined
        ? (entry: unknown) => projectAsAnchor(entry as { name: string })
        : (entry: unknown) => fileAsAnchor(entry as FileJson);
    this.#members = new JsonMembers(
      project === undefined ? 'projects' : 'files',
      {
        elements: (entries) => {
          for (const entry of entries) {
            this.#out.write(`    ${line(entry)}<br>\n`);
            this.#take(false);
          }
        },
        member: () => {},
        emptyList: () => {},
      },
      maxMemberBytes,
    );
  }

  push(chunk: Buffer): Uint8Array[] {
    this.#members.push(chunk);
    return this.#given();
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: HtmlResult } {
    this.#members.end();
    this.#out.write('  </body>\n</html>\n');
    this.#take(true);
    return { pieces: this.#given(), result: { digest: this.#out.digest() } };
  }

  #take(isEnd: boolean): void {
    for (const piece of this.#out.take(isEnd)) this.#pieces.push(piece);
  }

  #given(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }
}

function projectAsAnchor({ name }: { readonly name: string }): string {
  return `<a href="${name}/">${name}</a>`;
}

function metaOf(status: ProjectStatus | undefined): (readonly [string, string])[] {
  if (status === undefined) return [];
  const meta: (readonly [string, string])[] = [['pypi:project-status', status.status]];
  if (status.reason !== undefined) meta.push(['pypi:project-status-reason', status.reason]);
  return meta;
}

function fileAsAnchor(file: FileJson): string {
  const hash = strongestHash(file.hashes);
  let attributes = ` href="${escape(file.url)}${hash === undefined ? '' : `#${hash}`}"`;
  const requiresPython = file['requires-python'];
  if (requiresPython !== undefined) attributes += ` data-requires-python="${escape(requiresPython)}"`;
  const metadata = file['core-metadata'];
  if (metadata !== false) {
    const value = metadata === true ? 'true' : (strongestHash(metadata) ?? 'true');
    attributes += ` data-core-metadata="${value}" data-dist-info-metadata="${value}"`;
  }
  if (file.yanked !== false)
    attributes += ` data-yanked="${escape(file.yanked === true ? '' : file.yanked)}"`;
  return `<a${attributes}>${escape(file.filename)}</a>`;
}

function head(title: string, meta: readonly (readonly [string, string])[]): string {
  const metaTags = [['pypi:repository-version', apiVersion] as const, ...meta].map(
    ([name, content]) => `    <meta name="${name}" content="${escape(content)}">\n`,
  );
  return (
    `<!DOCTYPE html>\n<html>\n  <head>\n    <meta charset="utf-8">\n${metaTags.join('')}` +
    `    <title>${escape(title)}</title>\n  </head>\n  <body>\n    <h1>${escape(title)}</h1>\n`
  );
}

/** For text and quoted attributes. All that is not plain ASCII becomes a number, so no charset can be misread. */
function escape(text: string): string {
  return text.replace(/[^\x20-\x7e]|[&<>"'`]/gu, (character) => `&#${character.codePointAt(0) ?? 0xfffd};`);
}
