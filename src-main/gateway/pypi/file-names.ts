/**
 * Names of projects and of their files. Invariant: a file name that passes here is printable ASCII without a slash or a
 * leading dot, names exactly one project and one version, and so can be judged, linked and looked up by its name alone.
 */
import { normalizeVersion } from './version.ts';

export type ParsedFileName = {
  readonly kind: 'wheel' | 'sdist';
  /** Normalised. */
  readonly project: string;
  /** Normalised. */
  readonly version: string;
};

const maxProjectNameChars = 200;
/** NAME_MAX of the usual file systems; clients store the file under this name. */
const maxFileNameChars = 255;

const projectName = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const safeFileName = /^[A-Za-z0-9][A-Za-z0-9._+!-]*$/;
const wheelTag = /^[A-Za-z0-9_.]+$/;
const buildTag = /^[0-9][A-Za-z0-9_.]*$/;

/** What PEP 625 allows, and zip, its older sibling. */
const sdistSuffixes = ['.tar.gz', '.zip'] as const;
/** Found on old pages of public indexes only. In a folder `.tar.bz2` is more likely a conda package. */
const allSdistSuffixes = [...sdistSuffixes, '.tar.bz2', '.tgz', '.tar.xz'] as const;

export const metadataSuffix = '.metadata';

/** PEP 503's normalised name, or undefined if the text is not a name (PEP 508). */
export function normalizeProjectName(text: string): string | undefined {
  if (text.length > maxProjectNameChars || !projectName.test(text)) return undefined;
  return text.replace(/[-_.]+/g, '-').toLowerCase();
}

/** Reads a wheel's (PEP 427) or an sdist's (PEP 625) file name; undefined if it is neither. */
export function parseFileName(filename: string): ParsedFileName | undefined {
  if (!isSafeFileName(filename)) return undefined;
  if (filename.endsWith('.whl')) return parseWheel(filename);
  const stem = withoutSuffix(filename, sdistSuffixes);
  if (stem === undefined) return undefined;
  const hyphen = stem.lastIndexOf('-');
  // `2024.zip` is a folder's archive, not version 2024 of a project.
  if (hyphen === -1) return undefined;
  return parseSdist(stem.slice(0, hyphen), stem.slice(hyphen + 1));
}

/**
 * Reads a file name found on the page of `project`; undefined if it is another project's. Older sdists have hyphens in
 * the name and in the version, which only the page's name can tell apart; clients do it the same way.
 */
export function parseFileNameOf(project: string, filename: string): ParsedFileName | undefined {
  if (!isSafeFileName(filename)) return undefined;
  if (filename.endsWith('.whl')) {
    const wheel = parseWheel(filename);
    return wheel?.project === project ? wheel : undefined;
  }
  const stem = withoutSuffix(filename, allSdistSuffixes);
  if (stem === undefined) return undefined;
  const hyphen = endOfName(project, stem);
  const version = hyphen === -1 ? undefined : normalizeVersion(stem.slice(hyphen + 1));
  return version === undefined ? undefined : { kind: 'sdist', project, version };
}

/**
 * Where the name of this project ends in a stem: at the hyphen before the version; -1 if it begins with another name.
 * One pass: a hyphen-heavy name was once tried at every hyphen.
 */
function endOfName(project: string, stem: string): number {
  let at = 0;
  for (const character of project) {
    if (character === '-') {
      const from = at;
      while (isSeparator(stem[at])) at += 1;
      if (at === from) return -1;
    } else {
      if (stem[at]?.toLowerCase() !== character) return -1;
      at += 1;
    }
  }
  return stem[at] === '-' ? at : -1;
}

/** PEP 503 takes any run of them for one hyphen. */
function isSeparator(character: string | undefined): boolean {
  return character === '-' || character === '_' || character === '.';
}

function isSafeFileName(filename: string): boolean {
  return filename.length <= maxFileNameChars && safeFileName.test(filename);
}

function withoutSuffix(filename: string, suffixes: readonly string[]): string | undefined {
  const suffix = suffixes.find((candidate) => filename.endsWith(candidate));
  return suffix === undefined ? undefined : filename.slice(0, -suffix.length);
}

function parseWheel(filename: string): ParsedFileName | undefined {
  const parts = filename.slice(0, -'.whl'.length).split('-');
  if (parts.length !== 5 && parts.length !== 6) return undefined;
  const [name = '', versionText = ''] = parts;
  if (parts.length === 6 && !buildTag.test(parts[2] ?? '')) return undefined;
  if (!parts.slice(-3).every((tag) => wheelTag.test(tag))) return undefined;
  const project = normalizeProjectName(name);
  // A wheel's name writes the hyphen of `1.0-1` as an underscore.
  const version = normalizeVersion(versionText.replace(/_/g, '-'));
  return project === undefined || version === undefined ? undefined : { kind: 'wheel', project, version };
}

function parseSdist(name: string, versionText: string): ParsedFileName | undefined {
  const project = normalizeProjectName(name);
  const version = normalizeVersion(versionText);
  return project === undefined || version === undefined ? undefined : { kind: 'sdist', project, version };
}

/** Whether a link's end means a package's file at all, of whichever project. */
export function looksLikeFile(text: string): boolean {
  return text.endsWith('.whl') || withoutSuffix(text, allSdistSuffixes) !== undefined;
}
