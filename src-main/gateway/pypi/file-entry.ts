/**
 * One file's entry of a JSON index (PEP 691, 700, 714) as the model has it. Tolerant of what is unknown or odd in an
 * optional field (it counts as absent); nothing is passed on that is not named here. Checked by hand and not by a
 * schema: a page has up to 100,000 of them.
 */
import type { DropCause } from '../../../shared/model/channel-health.ts';
import { parseFileName, parseFileNameOf } from './file-names.ts';
import type { ParsedFileName } from './file-names.ts';
import { pickHashes } from './hashes.ts';
import { lastPathSegment } from './link.ts';
import type { LinkReader } from './link.ts';
import type { Hashes, ProjectFile } from './model.ts';
import { cleanText } from './text.ts';

export const maxReasonChars = 1000;
export const maxRequiresPythonChars = 500;
const uploadTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/;
const maxUploadTimeChars = 27;

/** @returns the file, or why it is dropped */
export function readFileEntry(entry: unknown, project: string, links: LinkReader): ProjectFile | DropCause {
  if (!isTable(entry)) return 'malformed';
  const { filename, url: href, hashes, size } = entry;
  if (typeof filename !== 'string' || typeof href !== 'string') return 'malformed';
  const name = parseFileNameOf(project, filename);
  if (name === undefined) return 'project';
  const url = links.read(href);
  if (typeof url === 'string') return url;
  if (!url.pathname.endsWith(`/${filename}`) && isOther(name, url)) return 'project';
  const requiresPython = entry['requires-python'];
  const time = entry['upload-time'];
  return {
    filename,
    version: name.version,
    location: url.href,
    hashes: isTable(hashes) ? pickHashes(Object.entries(hashes)) : {},
    requiresPython:
      typeof requiresPython === 'string' ? cleanText(requiresPython, maxRequiresPythonChars) : undefined,
    coreMetadata: metadataOf(entry['core-metadata'] ?? entry['dist-info-metadata']),
    sizeBytes: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : undefined,
    uploadTime: typeof time === 'string' && isTime(time) ? time : undefined,
    yanked: yankedOf(entry['yanked']),
  };
}

/**
 * Whether a link's own end names another file than its entry does. Some clients go by the one and some by the other, and it
 * is judged by the entry. An end that is no package's name says nothing.
 */
function isOther({ kind, project, version }: ParsedFileName, url: URL): boolean {
  const end = lastPathSegment(url);
  const linked = end === undefined ? undefined : (parseFileNameOf(project, end) ?? parseFileName(end));
  return (
    linked !== undefined && (linked.project !== project || linked.version !== version || linked.kind !== kind)
  );
}

/** A day or an hour that does not exist is no time: what has none gets the gateway's own, so that rules about age hold. */
const isTime = (text: string): boolean =>
  text.length <= maxUploadTimeChars && uploadTime.test(text) && !Number.isNaN(Date.parse(text));

function metadataOf(flag: unknown): boolean | Hashes {
  if (typeof flag === 'boolean') return flag;
  if (!isTable(flag)) return false;
  const entries = Object.entries(flag);
  const hashes = pickHashes(entries);
  // Only unknown hashes: the file exists. An empty table is false in the client's language.
  return Object.keys(hashes).length > 0 ? hashes : entries.length > 0;
}

function yankedOf(value: unknown): boolean | string {
  if (value === undefined || value === null || value === false) return false;
  // An empty string is false in JSON's own terms (PEP 691: a truthy value); an unknown type the careful reading.
  if (typeof value === 'string') return value === '' ? false : (cleanText(value, maxReasonChars) ?? true);
  return true;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
