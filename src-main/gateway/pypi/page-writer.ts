/**
 * Writes index pages: JSON (PEP 691) while the files come, HTML (PEP 503) from that JSON when somebody asks for it. Every
 * link is relative and built from the project's and the file's checked names only: it leads to this gateway by whatever
 * host and with whatever credentials the client came, and neither a token nor a location of an upstream can get into it.
 */
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { strongestHash } from './hashes.ts';
import type { Hashes, ProjectFile, ProjectStatus } from './model.ts';

/** Version of the simple API in what is served (PEP 792). */
export const apiVersion = '1.4';

/** Large enough to be worth a message to another thread, small enough to begin early. */
const pieceChars = 128 * 1024;

/** Text that is given away in pieces and hashed on the way. */
class PieceWriter {
  readonly #hash: Hash = createHash('sha256');
  readonly #encoder = new TextEncoder();
  #texts: string[] = [];
  #chars = 0;

  write(text: string): void {
    this.#texts.push(text);
    this.#chars += text.length;
  }

  /** What has come together; all of it at the end, else only where it is worth it. */
  take(isEnd: boolean): Uint8Array[] {
    if (this.#chars === 0 || (!isEnd && this.#chars < pieceChars)) return [];
    const bytes = this.#encoder.encode(this.#texts.join(''));
    this.#texts = [];
    this.#chars = 0;
    this.#hash.update(bytes);
    return [bytes];
  }

  digest(): string {
    return digestText(this.#hash);
  }
}

/** 160 bits of it: as good as all for telling versions apart. */
function digestText(hash: Hash): string {
  return hash.digest('base64url').slice(0, 27);
}

export function digestOf(bytes: Uint8Array): string {
  return digestText(createHash('sha256').update(bytes));
}

/** The JSON of one project's page. */
export class PageWriter {
  readonly #project: string;
  readonly #out = new PieceWriter();
  readonly #versions = new Set<string>();
  #files = 0;

  constructor(project: string) {
    this.#project = project;
    this.#out.write(`{"meta":{"api-version":"${apiVersion}"},"name":${JSON.stringify(project)},"files":[`);
  }

  add(file: ProjectFile): void {
    this.#versions.add(file.version);
    this.#out.write(`${this.#files === 0 ? '' : ','}${JSON.stringify(fileAsJson(this.#project, file))}`);
    this.#files += 1;
  }

  take(): Uint8Array[] {
    return this.#out.take(false);
  }

  end(status: ProjectStatus | undefined): { readonly pieces: Uint8Array[]; readonly digest: string } {
    const more = status === undefined ? '' : `,"project-status":${JSON.stringify(status)}`;
    this.#out.write(`],"versions":${JSON.stringify([...this.#versions])}${more}}`);
    const pieces = this.#out.take(true);
    return { pieces, digest: this.#out.digest() };
  }
}

type FileJson = {
  filename: string;
  url: string;
  hashes: Hashes;
  'requires-python'?: string | undefined;
  size?: number | undefined;
  'upload-time'?: string | undefined;
  yanked: boolean | string;
  'core-metadata': boolean | Hashes;
};

function fileAsJson(project: string, file: ProjectFile): FileJson {
  return {
    filename: file.filename,
    // Without a fragment; JSON has its own place for hashes.
    url: `../../files/${project}/${encodeURIComponent(file.filename)}`,
    hashes: file.hashes,
    'requires-python': file.requiresPython,
    size: file.sizeBytes,
    'upload-time': file.uploadTime,
    yanked: file.yanked,
    // Not under its older name too: pip 22.3 to 23.1 breaks on that (PEP 714).
    'core-metadata': file.coreMetadata,
  };
}

/** The JSON of a project list. @param names normalised */
export function listAsJson(names: Iterable<string>): { pieces: Uint8Array[]; digest: string } {
  const out = new PieceWriter();
  const pieces: Uint8Array[] = [];
  out.write(`{"meta":{"api-version":"${apiVersion}"},"projects":[`);
  let isFirst = true;
  for (const name of names) {
    out.write(`${isFirst ? '' : ','}{"name":"${name}"}`);
    isFirst = false;
    pieces.push(...out.take(false));
  }
  out.write(']}');
  pieces.push(...out.take(true));
  return { pieces, digest: out.digest() };
}

/** A page or list of ours as HTML. @param json what PageWriter or `listAsJson` wrote */
export function htmlOf(json: Uint8Array): Uint8Array {
  const page = JSON.parse(new TextDecoder().decode(json)) as
    { name: string; files: FileJson[]; 'project-status'?: ProjectStatus } | { projects: { name: string }[] };
  const text =
    'projects' in page
      ? htmlPage(
          'Simple index',
          [],
          page.projects.map(({ name }) => `<a href="${name}/">${name}</a>`),
        )
      : htmlPage(`Links for ${page.name}`, metaOf(page['project-status']), page.files.map(fileAsAnchor));
  return new TextEncoder().encode(text);
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

function htmlPage(
  title: string,
  meta: readonly (readonly [string, string])[],
  anchors: readonly string[],
): string {
  const metaTags = [['pypi:repository-version', apiVersion] as const, ...meta].map(
    ([name, content]) => `    <meta name="${name}" content="${escape(content)}">\n`,
  );
  return (
    `<!DOCTYPE html>\n<html>\n  <head>\n    <meta charset="utf-8">\n${metaTags.join('')}` +
    `    <title>${escape(title)}</title>\n  </head>\n  <body>\n    <h1>${escape(title)}</h1>\n` +
    `${anchors.map((anchor) => `    ${anchor}<br>\n`).join('')}  </body>\n</html>\n`
  );
}

/** For text and quoted attributes. All that is not plain ASCII becomes a number, so no charset can be misread. */
function escape(text: string): string {
  return text.replace(/[^\x20-\x7e]|[&<>"'`]/gu, (character) => `&#${character.codePointAt(0) ?? 0xfffd};`);
}
