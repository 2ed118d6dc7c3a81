import type { DropCause } from '../../../shared/model/channel-health.ts';
import { maxReasonChars, maxRequiresPythonChars } from './file-entry.ts';
import { looksLikeFile, parseFileNameOf } from './file-names.ts';
import { parseHashText } from './hashes.ts';
import type { Anchor } from './html-anchors.ts';
import { lastPathSegment } from './link.ts';
import type { LinkReader } from './link.ts';
import type { Hashes, ProjectFile, ProjectStatus } from './model.ts';
import { projectStatuses } from './model.ts';
import { cleanText } from './text.ts';

/** @returns the file that an anchor of a project's page links to, why it is dropped, or undefined if it means no file */
export function readAnchor(
  { attributes }: Anchor,
  project: string,
  links: LinkReader,
): ProjectFile | DropCause | undefined {
  const href = (attributes.get('href') ?? '').trim();
  const url = links.read(href);
  if (typeof url === 'string') return looksLikeFile(withoutFragment(href)) ? url : undefined;
  // Like pip and uv, by the link and not by the text, which some servers shorten.
  const filename = lastPathSegment(url);
  const name = filename === undefined ? undefined : parseFileNameOf(project, filename);
  if (filename === undefined || name === undefined)
    return looksLikeFile(filename ?? url.pathname) ? 'project' : undefined;
  const yanked = attributes.get('data-yanked');
  return {
    filename,
    version: name.version,
    location: url.href,
    hashes: parseHashText(href.includes('#') ? href.slice(href.indexOf('#') + 1) : ''),
    requiresPython: cleanText(attributes.get('data-requires-python') ?? '', maxRequiresPythonChars),
    coreMetadata: metadataOf(
      attributes.get('data-core-metadata') ?? attributes.get('data-dist-info-metadata'),
    ),
    yanked: yanked === undefined ? false : (cleanText(yanked, maxReasonChars) ?? true),
  };
}

function withoutFragment(href: string): string {
  const end = href.search(/[?#]/);
  return end === -1 ? href : href.slice(0, end);
}

function metadataOf(value: string | undefined): boolean | Hashes {
  if (value === undefined || value.trim().toLowerCase() === 'false') return false;
  const hashes = parseHashText(value.trim());
  return Object.keys(hashes).length > 0 ? hashes : true;
}

/** PEP 792 in an HTML page's `meta`. */
export function statusOfMeta(meta: ReadonlyMap<string, string>): ProjectStatus | undefined {
  return statusOf(meta.get('pypi:project-status')?.trim(), meta.get('pypi:project-status-reason'));
}

/** A status that is known, with its reason where that is text. */
export function statusOf(given: unknown, givenReason: unknown): ProjectStatus | undefined {
  const status = projectStatuses.find((candidate) => candidate === given);
  if (status === undefined) return undefined;
  const reason = typeof givenReason === 'string' ? cleanText(givenReason, maxReasonChars) : undefined;
  return reason === undefined ? { status } : { status, reason };
}
