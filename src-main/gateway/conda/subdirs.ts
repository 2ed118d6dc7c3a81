/** Subdirs that conda channels have (CEP 26; conda's own list of known ones). Others are learned from what clients ask for. */
export const knownSubdirs = [
  'noarch',
  'linux-64',
  'linux-aarch64',
  'osx-64',
  'osx-arm64',
  'win-64',
  'emscripten-wasm32',
  'wasi-wasm32',
  'freebsd-64',
  'linux-32',
  'linux-armv6l',
  'linux-armv7l',
  'linux-ppc64',
  'linux-ppc64le',
  'linux-riscv32',
  'linux-riscv64',
  'linux-s390x',
  'win-32',
  'win-arm64',
  'zos-z',
] as const;

/** Further ones of one channel. */
const maxLearned = 64;

/** Those of one channel. */
export class Subdirs {
  readonly #all = new Set<string>(knownSubdirs);

  /** One that has an index. */
  learn(subdir: string): void {
    if (this.#all.size < knownSubdirs.length + maxLearned) this.#all.add(subdir);
  }

  all(): readonly string[] {
    return [...this.#all];
  }
}
