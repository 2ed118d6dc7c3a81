/**
 * What a conda channel's name may not begin with, as the format of the vault has it (docs/vault-format.md): frozen, while
 * the door's list (shared/model/conda-names.ts) may grow with the clients. Clients look for a known subdir after a slash.
 */
const subdirs = [
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

/** Whether conda and rattler take the name for a platform. */
export const readsAsPlatform = (name: string): boolean => subdirs.some((subdir) => name.startsWith(subdir));
