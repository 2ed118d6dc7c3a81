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
  /** Channels whose upstream gave it; the latest last. */
  readonly sources: readonly FileSource[];
};

/** A file may stand in as many channels; the latest ones are kept, as far as they fit. */
const maxSources = 64;
const maxTextChars = 512;
/** One source alone takes less. */
export const maxAboutBytes = 32 * 1024;

/** @returns the same text for the same file */
export function writeAbout(about: AboutFile): string {
  for (let from = 0; ; from += 1) {
    const text = `${JSON.stringify({ ...about, sources: about.sources.slice(from) })}\n`;
    if (from >= about.sources.length || Buffer.byteLength(text) <= maxAboutBytes) return text;
  }
}

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
  const { sizeBytes, storedAtMs, sources } = found;
  if (!isCount(sizeBytes) || !isCount(storedAtMs) || !Array.isArray(sources)) return undefined;
  return {
    v: 1,
    sizeBytes,
    storedAtMs,
    sources: sources.slice(0, maxSources).flatMap((source: unknown) => readSource(source) ?? []),
  };
}

/** Adds a place; undefined where nothing changes. */
export function withSource(about: AboutFile, source: FileSource): AboutFile | undefined {
  const isKnown = about.sources.some(
    ({ channelId, path }) => channelId === source.channelId && path === source.path,
  );
  if (isKnown) return undefined;
  return { ...about, sources: [...about.sources, source].slice(-maxSources) };
}

/** Whether the upstream of a channel gave it: who may have that channel's files may have this one. */
export const isOfChannel = (about: AboutFile | undefined, channelId: string): boolean =>
  about?.sources.some((source) => source.channelId === channelId) === true;

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
