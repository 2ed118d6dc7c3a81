/**
 * What a record of a conda index says about its file. Invariant: a record that two readers could read differently (a key
 * twice, no name, a name or a place that is not its file's) gives no facts, and so is not served.
 */
import type { PackageFacts } from '../../policy/packages/facts.ts';
import type { ChannelId } from '../../../shared/model/ids.ts';

export type RecordPlace = {
  readonly channelId: ChannelId;
  readonly subdir: string;
  /** The container's file extension, where keys have none (CEP 48). */
  readonly extension: string | undefined;
};

export type CondaRecord = {
  readonly facts: PackageFacts;
  /** What its builder says: believed only of what was there when the channel was first seen. */
  readonly builtAtMs: number | undefined;
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const extensions = ['.conda', '.tar.bz2'] as const;
/** Times below this are seconds: conda-build wrote them until 2016. */
const firstMillisecond = 100_000_000_000;

/**
 * @param key of the record: the file's name, or what comes before its extension
 * @param commas between the record's members; undefined for one that was read before
 * @returns undefined for a record that cannot be relied on
 */
export function readRecord(
  key: string,
  value: Uint8Array,
  commas: number | undefined,
  place: RecordPlace,
): CondaRecord | undefined {
  let record: Record<string, unknown>;
  try {
    record = JSON.parse(utf8.decode(value)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (record === null || typeof record !== 'object' || Array.isArray(record)) return undefined;
  // A key that stands twice counts once in the object, and twice in the commas.
  const keys = plainKeysOf(record);
  if (keys === 0 || (commas !== undefined && keys !== commas + 1)) return undefined;
  const { name, version, build, build_number: buildNumber, license, subdir, fn } = record;
  if (typeof name !== 'string' || typeof version !== 'string' || typeof build !== 'string') return undefined;
  const filename = place.extension === undefined ? key : `${key}.${place.extension}`;
  if (!isNamed(filename, name, version, build)) return undefined;
  // Clients go by the place where it stands, others by what it says.
  if (subdir !== undefined && subdir !== place.subdir) return undefined;
  if (fn !== undefined && fn !== filename) return undefined;
  const { indexed_timestamp: indexed, timestamp } = record;
  const publishedAtMs = millisecondsOf(indexed);
  if (indexed !== undefined && publishedAtMs === undefined) return undefined;
  return {
    facts: {
      ecosystem: 'conda',
      channelId: place.channelId,
      name: name.toLowerCase(),
      version,
      filename,
      kind: 'conda',
      build,
      ...(typeof buildNumber === 'number' ? { buildNumber } : {}),
      platforms: [place.subdir],
      ...(typeof license === 'string' ? { license } : {}),
      // The channel's own clock (CEP 47).
      ...(publishedAtMs === undefined ? {} : { publishedAtMs }),
    },
    builtAtMs: millisecondsOf(timestamp),
  };
}

/**
 * How many keys it has; none where one holds a backslash. V8 13.6 (Node 24) reads an escaped key as another one that it
 * expects there, which then always begins with a backslash: `"licens\u0065"` must not hide a licence.
 */
function plainKeysOf(record: object): number {
  let count = 0;
  for (const key in record) {
    if (key.includes('\\')) return 0;
    count += 1;
  }
  return count;
}

/** CEP 26: `<name>-<version>-<build>.<extension>`; the names may differ in case. */
function isNamed(filename: string, name: string, version: string, build: string): boolean {
  const extension = extensions.find((known) => filename.endsWith(known));
  if (extension === undefined) return false;
  const told = `${name}-${version}-${build}${extension}`;
  return filename === told || filename.toLowerCase() === told.toLowerCase();
}

/** A time of an index; undefined for what is none. */
export function millisecondsOf(time: unknown): number | undefined {
  if (typeof time !== 'number' || !Number.isFinite(time) || time < 0 || time > Number.MAX_SAFE_INTEGER)
    return undefined;
  return time < firstMillisecond ? time * 1000 : time;
}

/** What the name of a file alone says, for one that stands in no index. */
export function factsOfFilename(
  filename: string,
  place: Omit<RecordPlace, 'extension'>,
): PackageFacts | undefined {
  const named = nameOfFile(filename);
  if (named === undefined) return undefined;
  return {
    ecosystem: 'conda',
    channelId: place.channelId,
    filename,
    kind: 'unlisted',
    platforms: [place.subdir],
    ...named,
  };
}

/** Name, version and build that a file's name says (CEP 26). */
export function nameOfFile(
  filename: string,
): { readonly name: string; readonly version: string; readonly build: string } | undefined {
  const extension = extensions.find((known) => filename.endsWith(known));
  if (extension === undefined) return undefined;
  const stem = filename.slice(0, -extension.length);
  const buildAt = stem.lastIndexOf('-');
  const versionAt = stem.lastIndexOf('-', buildAt - 1);
  if (versionAt < 1) return undefined;
  const version = stem.slice(versionAt + 1, buildAt);
  const build = stem.slice(buildAt + 1);
  if (version === '' || build === '') return undefined;
  return { name: stem.slice(0, versionAt).toLowerCase(), version, build };
}
