/**
 * What a record of a conda index says about its file. Invariant: a record that two readers could read differently (a key
 * twice, no name, a name that is not its file's) gives no facts, and so is not served.
 */
import type { PackageFacts } from '../../policy/packages/facts.ts';
import type { ChannelId } from '../../../shared/model/ids.ts';

export type RecordPlace = {
  readonly channelId: ChannelId;
  readonly subdir: string;
  /** The container's file extension, where keys have none (CEP 48). */
  readonly extension: string | undefined;
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const extensions = ['.conda', '.tar.bz2'] as const;
/** Times below this are seconds: conda-build wrote them until 2016. */
const firstMillisecond = 100_000_000_000;

/**
 * @param key of the record: the file's name, or what comes before its extension
 * @param commas between the record's members
 * @returns undefined for a record that cannot be relied on
 */
export function readRecord(
  key: string,
  value: Uint8Array,
  commas: number,
  place: RecordPlace,
): PackageFacts | undefined {
  let record: Record<string, unknown>;
  try {
    record = JSON.parse(utf8.decode(value)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (record === null || typeof record !== 'object' || Array.isArray(record)) return undefined;
  // A key that stands twice counts once in the object, and twice in the commas.
  if (Object.keys(record).length !== commas + 1) return undefined;
  const { name, version, build, build_number: buildNumber, license, subdir } = record;
  if (typeof name !== 'string' || typeof version !== 'string' || typeof build !== 'string') return undefined;
  const filename = place.extension === undefined ? key : `${key}.${place.extension}`;
  if (!isNamed(filename, name, version, build)) return undefined;
  return {
    ecosystem: 'conda',
    channelId: place.channelId,
    name: name.toLowerCase(),
    version,
    filename,
    kind: 'conda',
    build,
    ...(typeof buildNumber === 'number' ? { buildNumber } : {}),
    // Clients install by the place where it stands; a record that says something else is judged as both.
    platforms: [typeof subdir === 'string' && subdir !== place.subdir ? subdir : place.subdir],
    ...(typeof license === 'string' ? { license } : {}),
    ...publishedAt(record),
  };
}

/** CEP 26: `<name>-<version>-<build>.<extension>`; the names may differ in case. */
function isNamed(filename: string, name: string, version: string, build: string): boolean {
  const extension = extensions.find((known) => filename.endsWith(known));
  if (extension === undefined) return false;
  const stem = filename.slice(0, -extension.length);
  return stem.toLowerCase() === `${name}-${version}-${build}`.toLowerCase();
}

/** `indexed_timestamp` (CEP 47) is the channel's own clock; `timestamp` is the builder's, and may say anything. */
function publishedAt(record: Record<string, unknown>): { readonly publishedAtMs?: number } {
  const { indexed_timestamp: indexed } = record;
  if (typeof indexed !== 'number' || !Number.isFinite(indexed) || indexed < 0) return {};
  return { publishedAtMs: indexed < firstMillisecond ? indexed * 1000 : indexed };
}

/** What the name of a file alone says, for one that stands in no index. */
export function factsOfFilename(filename: string, place: Omit<RecordPlace, 'extension'>): PackageFacts | undefined {
  const extension = extensions.find((known) => filename.endsWith(known));
  if (extension === undefined) return undefined;
  const stem = filename.slice(0, -extension.length);
  const buildAt = stem.lastIndexOf('-');
  const versionAt = stem.lastIndexOf('-', buildAt - 1);
  if (versionAt < 1) return undefined;
  return {
    ecosystem: 'conda',
    channelId: place.channelId,
    name: stem.slice(0, versionAt).toLowerCase(),
    version: stem.slice(versionAt + 1, buildAt),
    filename,
    kind: 'unlisted',
    build: stem.slice(buildAt + 1),
    platforms: [place.subdir],
  };
}
