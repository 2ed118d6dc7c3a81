/**
 * Reads an upstream's JSON index (PEP 691, 700, 714, 792) into the model. Tolerant of what is unknown or odd in one
 * file (that file is dropped), strict about what makes it an index; nothing is passed on that is not named here.
 */
import * as z from 'zod';
import { parseFileNameOf, normalizeProjectName } from './file-names.ts';
import { pickHashes } from './hashes.ts';
import { resolveFileUrl } from './link.ts';
import type { Hashes, ProjectFile, ProjectPage, ProjectStatus } from './model.ts';
import { makeProjectPage } from './model.ts';
import { cleanText } from './text.ts';
import { UnreadableIndexError } from './unreadable.ts';

export const maxReasonChars = 1000;
export const maxRequiresPythonChars = 500;

const hashTable = z.record(z.string(), z.unknown());
const meta = z.object({ 'api-version': z.string().regex(/^1\.\d+$/) });
const detail = z.object({
  meta,
  name: z.string(),
  files: z.array(z.unknown()),
  'project-status': z
    .object({
      status: z.enum(['active', 'archived', 'quarantined', 'deprecated']),
      reason: z.string().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});
const metadataFlag = z.union([z.boolean(), hashTable]).optional().catch(undefined);
const fileEntry = z.object({
  filename: z.string(),
  url: z.string(),
  hashes: hashTable.catch({}),
  'requires-python': z.string().nullish().catch(undefined),
  'core-metadata': metadataFlag,
  'dist-info-metadata': metadataFlag,
  size: z.number().int().nonnegative().optional().catch(undefined),
  'upload-time': z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/)
    .optional()
    .catch(undefined),
  // Of an unknown type: taken as yanked, the careful reading.
  yanked: z.union([z.boolean(), z.string()]).nullish().catch(true),
});
const projects = z.object({ meta, projects: z.array(z.unknown()) });

/**
 * @param pageUrl where the page came from, after redirects
 * @throws UnreadableIndexError if it is not an index of version 1, or another project's
 */
export function readJsonPage(text: string, project: string, pageUrl: URL): ProjectPage {
  const page = parse(detail, text);
  if (normalizeProjectName(page.name) !== project) throw new UnreadableIndexError();
  return makeProjectPage(project, filesOf(page.files, project, pageUrl), statusOf(page['project-status']));
}

/** @throws UnreadableIndexError if it is not an index of version 1 */
export function readJsonList(text: string): string[] {
  return parse(projects, text).projects.flatMap((entry) => {
    const parsed = z.object({ name: z.string() }).safeParse(entry);
    return parsed.success ? [parsed.data.name] : [];
  });
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UnreadableIndexError({ cause: error });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new UnreadableIndexError({ cause: parsed.error });
  return parsed.data;
}

function* filesOf(entries: readonly unknown[], project: string, pageUrl: URL): Generator<ProjectFile> {
  for (const entry of entries) {
    const parsed = fileEntry.safeParse(entry);
    if (!parsed.success) continue;
    const file = parsed.data;
    const name = parseFileNameOf(project, file.filename);
    const url = resolveFileUrl(file.url, pageUrl, pageUrl);
    if (name === undefined || url === undefined) continue;
    const requiresPython = file['requires-python'];
    yield {
      filename: file.filename,
      version: name.version,
      location: url.href,
      hashes: pickHashes(Object.entries(file.hashes)),
      requiresPython: cleanText(requiresPython ?? '', maxRequiresPythonChars),
      coreMetadata: metadataOf(file['core-metadata'] ?? file['dist-info-metadata']),
      sizeBytes: file.size,
      uploadTime: file['upload-time'],
      yanked: yankedOf(file.yanked),
    };
  }
}

function metadataOf(flag: boolean | Record<string, unknown> | undefined): boolean | Hashes {
  if (flag === undefined || typeof flag === 'boolean') return flag ?? false;
  const entries = Object.entries(flag);
  const hashes = pickHashes(entries);
  // Only unknown hashes: the file exists. An empty table is false in the client's language.
  return Object.keys(hashes).length > 0 ? hashes : entries.length > 0;
}

function yankedOf(value: boolean | string | null | undefined): boolean | string {
  if (typeof value !== 'string') return value ?? false;
  // An empty string is false in JSON's own terms (PEP 691: a truthy value).
  return value === '' ? false : (cleanText(value, maxReasonChars) ?? true);
}

function statusOf(
  given: { status: ProjectStatus['status']; reason?: string | undefined } | undefined,
): ProjectStatus | undefined {
  if (given === undefined) return undefined;
  const reason = given.reason === undefined ? undefined : cleanText(given.reason, maxReasonChars);
  return reason === undefined ? { status: given.status } : { status: given.status, reason };
}
