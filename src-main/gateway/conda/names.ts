/**
 * What a path below a conda channel can mean. Invariant: only what is named here is served; a new kind of index
 * document is unknown, so it is refused until somebody has looked at how it could lead a client past the gateway.
 */

export type CondaFile =
  /** JSON that clients take links from: goes through the link filter. */
  | { readonly kind: 'index' }
  /** The same, compressed: served from folders only, and only after its content was checked. */
  | { readonly kind: 'zst-index' }
  /** CEP 16: the index over the shards of a subdir, and a shard, by the SHA-256 of its bytes. Both are ours. */
  | { readonly kind: 'shard-index' }
  | { readonly kind: 'shard'; readonly digest: string }
  | { readonly kind: 'package'; readonly contentType: string }
  | { readonly kind: 'notices' }
  | { readonly kind: 'unknown' };

/** conda's subdirs are `noarch` and `<os>-<cpu>` (CEP 26). */
const subdirShape = /^[a-z0-9](?:[a-z0-9_-]*[a-z0-9_])?$/;
/** The longest in use has 17 characters. */
const maxSubdirChars = 64;
/** CEP 26: names, versions and builds of package files. No leading dot, no colon, no separator. */
const packageShape = /^[A-Za-z0-9_][A-Za-z0-9_.!+-]*$/;
const shardShape = /^([0-9a-f]{64})\.msgpack\.zst$/;
/** NAME_MAX of the usual file systems; clients store the file under this name. */
const maxPackageChars = 255;
const packageTypes = [
  // What conda's own servers send; a browser shall not unpack .tar.bz2 on the way.
  ['.conda', 'application/octet-stream'],
  ['.tar.bz2', 'application/x-tar'],
] as const;
/** Channel-wide documents, in subdirs and (the second list) at the root. */
const subdirIndexes = new Set([
  'repodata.json',
  'current_repodata.json',
  'repodata_from_packages.json',
  'run_exports.json',
]);
const rootIndexes = new Set(['channeldata.json']);

/** @param segments decoded path segments below the channel's root */
export function condaFileOf(segments: readonly string[]): CondaFile {
  const [first = '', second] = segments;
  if (segments.length === 1) {
    if (first === 'notices.json') return { kind: 'notices' };
    return { kind: rootIndexes.has(first) ? 'index' : 'unknown' };
  }
  if (second === undefined || !isSubdir(first)) return { kind: 'unknown' };
  if (segments.length === 3 && second === 'shards') {
    const [digest] = shardShape.exec(segments[2] ?? '')?.slice(1) ?? [];
    return digest === undefined ? { kind: 'unknown' } : { kind: 'shard', digest };
  }
  if (segments.length !== 2) return { kind: 'unknown' };
  if (second === 'repodata_shards.msgpack.zst') return { kind: 'shard-index' };
  if (subdirIndexes.has(second)) return { kind: 'index' };
  if (second.endsWith('.json.zst') && subdirIndexes.has(second.slice(0, -4))) return { kind: 'zst-index' };
  const contentType = packageTypeOf(second);
  return contentType === undefined ? { kind: 'unknown' } : { kind: 'package', contentType };
}

function isSubdir(name: string): boolean {
  return name.length <= maxSubdirChars && subdirShape.test(name);
}

function packageTypeOf(name: string): string | undefined {
  if (name.length > maxPackageChars || !packageShape.test(name)) return undefined;
  return packageTypes.find(([extension]) => name.length > extension.length && name.endsWith(extension))?.[1];
}
