/**
 * What a file of the cache is: the text beside it. Invariant: it says which channels have sent a file, and no more; what
 * cannot be read is as good as absent, and what stands in it is bounded.
 */
import type { Ecosystem } from '../../shared/model/packages.ts';

/** One place that a file was served at. */
export type FileSource = {
  readonly channelId: string;
  /** Below the channel's root. */
  readonly path: string;
  readonly ecosystem: Ecosystem;
  /** Normalised; absent where the name of the file says none. */
  readonly name?: string;
  readonly version?: string;
  readonly filename: string;
};

export type AboutFile = {
  readonly v: 1;
  readonly sizeBytes: number;
  readonly storedAtMs: number;
  /** Where an index knows no other digest. */
  readonly md5?: string;
  readonly sources: readonly FileSource[];
};

/** A file may stand in as many places; the first ones are kept. */
const maxSources = 32;
const maxTextChars = 512;
/** Above what `maxSources` can take. */
export const maxAboutBytes = 128 * 1024;

/** @returns the same text for the same file */
export const writeAbout = (about: AboutFile): string => `${JSON.stringify(about)}\n`;

/** @returns undefined where it is none of ours */
export function readAbout(text: string): AboutFile | undefined {
  if (text.length > maxAboutBytes) return undefined;
  let found: Partial<Record<keyof AboutFile, unknown>>;
  try {
    found = JSON.parse(text) as typeof found;
  } catch {
    return undefined;
  }
  if (found === null || typeof found !== 'object' || found.v !== 1) return undefined;
  const { sizeBytes, storedAtMs, md5, sources } = found;
  if (!isCount(sizeBytes) || !isCount(storedAtMs) || !Array.isArray(sources)) return undefined;
  return {
    v: 1,
    sizeBytes,
    storedAtMs,
    ...(typeof md5 === 'string' && /^[0-9a-f]{32}$/.test(md5) ? { md5 } : {}),
    sources: sources.slice(0, maxSources).flatMap((source: unknown) => readSource(source) ?? []),
  };
}

/** Adds a place; undefined where nothing changes. */
export function withSource(about: AboutFile, source: FileSource): AboutFile | undefined {
  const isKnown = about.sources.some(
    ({ channelId, path }) => channelId === source.channelId && path === source.path,
  );
  if (isKnown || about.sources.length >= maxSources) return undefined;
  return { ...about, sources: [...about.sources, source] };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= maxTextChars;

function readSource(value: unknown): FileSource | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const { channelId, path, ecosystem, name, version, filename } = value as Record<string, unknown>;
  if (!isText(channelId) || !isText(path) || !isText(filename)) return undefined;
  if (ecosystem !== 'conda' && ecosystem !== 'pypi') return undefined;
  return {
    channelId,
    path,
    ecosystem,
    ...(isText(name) ? { name } : {}),
    ...(isText(version) ? { version } : {}),
    filename,
  };
}
