/** What stands where in an index of conda (CEPs 36, 48). What is not named here is passed over. */
import type { Treatment } from '../documents/json-records.ts';

/** Containers of later ones are left out until somebody has looked at how they could lead a client past the gateway. */
export const knownRevision = 'v3';
/** Of files that are served (names.ts). */
const knownExtensions: ReadonlySet<string> = new Set(['conda', 'tar.bz2']);
const wholes: ReadonlySet<string> = new Set(['info', 'removed', 'repodata_version']);

export function treatmentOf(path: readonly string[]): Treatment {
  const [top = '', second = ''] = path;
  if (path.length === 1) {
    if (top === 'packages' || top === 'packages.conda') return 'records';
    if (top === knownRevision) return 'enter';
    return wholes.has(top) ? 'whole' : 'skip';
  }
  return path.length === 2 && top === knownRevision && knownExtensions.has(second) ? 'records' : 'skip';
}

/** What of an object is served. */
export type Members = {
  readonly [name: string]:
    | Members
    /** As it is. */
    | 'kept'
    /** It is known, and may be wrong of what is served: left out, and not told. */
    | 'left-out';
};

const indexMembers: Members = {
  info: {
    subdir: 'kept',
    arch: 'kept',
    platform: 'kept',
    repodata_version: 'kept',
    // How many records there are, and from when, is the upstream's count; all of that may be absent.
    repodata_revisions: {
      [knownRevision]: { message: 'kept', n_packages: 'left-out', newest: 'left-out', oldest: 'left-out' },
    },
  },
  packages: 'kept',
  'packages.conda': 'kept',
  [knownRevision]: Object.fromEntries([...knownExtensions].map((extension) => [extension, 'kept'])),
  removed: 'kept',
  repodata_version: 'kept',
};
const runExportsMembers: Members = {
  info: { subdir: 'kept', arch: 'kept', platform: 'kept', version: 'kept' },
  packages: 'kept',
  'packages.conda': 'kept',
};
const channelDataMembers: Members = { channeldata_version: 'kept', packages: 'kept', subdirs: 'kept' };

/** What is known of a document (CEPs 12, 36, 38, 48): nothing else of it is served. @param name of its file */
export function membersOf(name: string): Members {
  if (name === 'run_exports.json') return runExportsMembers;
  return name === 'channeldata.json' ? channelDataMembers : indexMembers;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The object that it is, or that its bytes say. */
export function objectIn(value: unknown): Record<string, unknown> | undefined {
  const parsed = value instanceof Uint8Array ? parse(value) : value;
  return parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)
    ? (parsed as Record<string, unknown>)
    : undefined;
}

/** The texts of a list. */
export function namesOf(value: Uint8Array): readonly string[] {
  const parsed = parse(value);
  return Array.isArray(parsed) ? parsed.filter((name) => typeof name === 'string') : [];
}

function parse(value: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(value));
  } catch {
    return undefined;
  }
}
