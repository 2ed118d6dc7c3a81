/**
 * Renders the model as HTML (PEP 503) and JSON (PEP 691). Every link is relative and built from the project's and the
 * file's checked names only: it leads to this gateway by whatever host and with whatever credentials the client came,
 * and neither a token nor a location of an upstream can get into it.
 */
import { createHash } from 'node:crypto';
import { strongestHash } from './hashes.ts';
import type { ProjectFile, ProjectList, ProjectPage } from './model.ts';
import type { IndexFormat } from './negotiate.ts';

/** Version of the simple API in what is served (PEP 792). */
export const apiVersion = '1.4';

export type Rendered = { readonly bytes: Uint8Array; readonly etag: string };

const cache = new WeakMap<ProjectPage | ProjectList, Map<IndexFormat, Rendered>>();

/** The bytes of a page or list and its strong ETag: the same instance for the same page, so that a hit costs a look-up. */
export function render(page: ProjectPage | ProjectList, format: IndexFormat): Rendered {
  let formats = cache.get(page);
  if (formats === undefined) {
    formats = new Map();
    cache.set(page, formats);
  }
  let rendered = formats.get(format);
  if (rendered === undefined) {
    rendered = renderNow(page, format);
    formats.set(format, rendered);
  }
  return rendered;
}

function renderNow(page: ProjectPage | ProjectList, format: IndexFormat): Rendered {
  const isList = 'names' in page;
  const text =
    format === 'json'
      ? JSON.stringify(isList ? listAsJson(page) : pageAsJson(page))
      : isList
        ? listAsHtml(page)
        : pageAsHtml(page);
  const bytes = new TextEncoder().encode(text);
  const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 27);
  // The two HTML types have the same bytes, but are two representations (RFC 9110 §8.8.3).
  return { bytes, etag: `"${format}-${digest}"` };
}

/** Without a fragment; JSON has its own place for hashes. */
function fileLink(page: ProjectPage, file: ProjectFile): string {
  return `../../files/${page.name}/${encodeURIComponent(file.filename)}`;
}

function pageAsJson(page: ProjectPage): Record<string, unknown> {
  return {
    meta: { 'api-version': apiVersion },
    name: page.name,
    ...(page.status === undefined ? {} : { 'project-status': page.status }),
    versions: [...new Set(page.files.map((file) => file.version))],
    files: page.files.map((file) => ({
      filename: file.filename,
      url: fileLink(page, file),
      hashes: file.hashes,
      'requires-python': file.requiresPython,
      size: file.sizeBytes,
      'upload-time': file.uploadTime,
      yanked: file.yanked,
      // Not under its older name too: pip 22.3 to 23.1 breaks on that (PEP 714).
      'core-metadata': file.coreMetadata,
    })),
  };
}

function pageAsHtml(page: ProjectPage): string {
  const title = `Links for ${page.name}`;
  const meta: (readonly [string, string])[] = [];
  if (page.status !== undefined) {
    meta.push(['pypi:project-status', page.status.status]);
    if (page.status.reason !== undefined) meta.push(['pypi:project-status-reason', page.status.reason]);
  }
  return htmlPage(
    title,
    meta,
    page.files.map((file) => fileAsAnchor(page, file)),
  );
}

function fileAsAnchor(page: ProjectPage, file: ProjectFile): string {
  const hash = strongestHash(file.hashes);
  let attributes = ` href="${escape(fileLink(page, file))}${hash === undefined ? '' : `#${hash}`}"`;
  if (file.requiresPython !== undefined)
    attributes += ` data-requires-python="${escape(file.requiresPython)}"`;
  if (file.coreMetadata !== false) {
    const value = file.coreMetadata === true ? 'true' : (strongestHash(file.coreMetadata) ?? 'true');
    attributes += ` data-core-metadata="${value}" data-dist-info-metadata="${value}"`;
  }
  if (file.yanked !== false)
    attributes += ` data-yanked="${escape(file.yanked === true ? '' : file.yanked)}"`;
  return `<a${attributes}>${escape(file.filename)}</a>`;
}

function listAsJson(list: ProjectList): Record<string, unknown> {
  return { meta: { 'api-version': apiVersion }, projects: list.names.map((name) => ({ name })) };
}

function listAsHtml(list: ProjectList): string {
  return htmlPage(
    'Projects',
    [],
    list.names.map((name) => `<a href="${name}/">${name}</a>`),
  );
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
