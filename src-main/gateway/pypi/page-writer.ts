/**
 * Writes index pages in JSON (PEP 691), while the files come. Every link is relative and built from the project's and the
 * file's checked names only: it leads to this gateway by whatever host and with whatever credentials the client came, and
 * neither a token nor a location of an upstream can get into it.
 */
import type { Hashes, ProjectFile, ProjectStatus } from './model.ts';
import { PieceWriter } from './piece-writer.ts';

/** Version of the simple API in what is served (PEP 792). */
export const apiVersion = '1.4';

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

/** One file of a page. */
export type FileJson = {
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
