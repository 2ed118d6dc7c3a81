/**
 * Names that a conda channel may not have: clients find the platform in a URL by looking for a known subdir after a
 * slash, and take it out wherever it stands first. `/conda/linux-64-x/noarch` becomes `/conda-x/noarch`.
 */

/** conda 26.8's KNOWN_SUBDIRS, and those that rattler knows beside them. */
const knownSubdirs = [
  'noarch',
  'emscripten-wasm32',
  'wasi-wasm32',
  'freebsd-64',
  'linux-32',
  'linux-64',
  'linux-aarch64',
  'linux-armv6l',
  'linux-armv7l',
  'linux-loongarch64',
  'linux-loong64',
  'linux-ppc64',
  'linux-ppc64le',
  'linux-riscv32',
  'linux-riscv64',
  'linux-s390x',
  'osx-32',
  'osx-64',
  'osx-arm64',
  'win-32',
  'win-64',
  'win-arm64',
  'zos-z',
] as const;

/** The platform that conda would read at the start of a channel's name; undefined for a name that can be had. */
export function subdirAtStart(name: string): string | undefined {
  return knownSubdirs.find((known) => name.toLowerCase().startsWith(known));
}
