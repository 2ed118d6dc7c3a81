/**
 * The parts of a conda spec before they mean anything (CEP 29, "Syntax"), and what no reading of ours takes: a spec of a
 * policy has to be clear, so regular expressions, comments, namespaces, URLs of packages and keys about solving are refused.
 */

/** Room for a URL of a channel and a long version part. */
export const maxSpecLength = 512;

export type SpecKey =
  | 'name'
  | 'version'
  | 'build'
  | 'build_number'
  | 'channel'
  | 'subdir'
  | 'fn'
  | 'md5'
  | 'sha256'
  | 'license'
  | 'license_family';

/** What is asked, in the order in which it is written. Of one key the last counts; a name for any is `*`. */
export type SpecFields = readonly (readonly [SpecKey, string])[];

/** The keys that may stand between brackets; conda passes over a name there, rattler refuses it. */
const bracketKeys: readonly SpecKey[] = [
  'version',
  'build',
  'build_number',
  'channel',
  'subdir',
  'fn',
  'md5',
  'sha256',
  'license',
  'license_family',
];

export function isBracketKey(text: string): text is SpecKey {
  return bracketKeys.some((key) => key === text);
}

const allowed = /^[\w .*+!=<>~,|()[\]'"/:@%-]+$/;

/** Whether a trimmed text is worth reading at all; what is refused here is refused in both readings. */
export function isPlainSpec(text: string): boolean {
  return (
    text.length <= maxSpecLength &&
    allowed.test(text) &&
    !text.startsWith('/') &&
    !text.endsWith('@') &&
    !text.includes(' if ') &&
    !/\.(?:conda|tar\.bz2)$/.test(text)
  );
}

/**
 * Cuts the channel off.
 *
 * @param text a spec without its brackets
 * @returns undefined if there is a namespace or anything else with a colon
 */
export function splitAtChannel(
  text: string,
): { readonly rest: string; readonly place: SpecFields } | undefined {
  const at = text.lastIndexOf('::');
  const rest = at === -1 ? text : text.slice(at + 2);
  if (rest.includes(':')) return undefined;
  return { rest, place: at > 0 ? placeOf(text.slice(0, at)) : [] };
}

/** @param channel e.g. `conda-forge/linux-64`; a last part that is no subdir belongs to the channel */
function placeOf(channel: string): SpecFields {
  const slash = channel.lastIndexOf('/');
  const subdir = channel.slice(slash + 1);
  if (slash <= 0 || !subdirs.has(subdir)) return [['channel', channel]];
  return [
    ['channel', channel.slice(0, slash)],
    ['subdir', subdir],
  ];
}

/** A subdir in the channel's place gives way to one of its own. */
export function withPlaces(fields: SpecFields): SpecFields {
  const channels = fields.filter(([key]) => key === 'channel').flatMap(([, channel]) => placeOf(channel));
  return [...channels, ...fields.filter(([key]) => key !== 'channel')];
}

/** conda/base/constants.py, `KNOWN_SUBDIRS`. */
const subdirs: ReadonlySet<string> = new Set([
  'noarch',
  'emscripten-wasm32',
  'wasi-wasm32',
  'freebsd-64',
  'linux-32',
  'linux-64',
  'linux-aarch64',
  'linux-armv6l',
  'linux-armv7l',
  'linux-ppc64',
  'linux-ppc64le',
  'linux-riscv64',
  'linux-s390x',
  'osx-64',
  'osx-arm64',
  'win-32',
  'win-64',
  'win-arm64',
  'zos-z',
]);
