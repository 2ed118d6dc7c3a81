/**
 * Which packages are asked for, added up between two batches: names and versions, without tokens or addresses. Bounded;
 * only what a channel has (or a policy denies) counts, so that nobody fills it with names that they made up.
 */
import type { GatewayRequestEvent, PackageUse } from '../../shared/model/gateway.ts';
import type { Ecosystem } from '../../shared/model/packages.ts';
import { factsOfFilename } from './conda/record-facts.ts';
import { metadataSuffix, parseFileNameOf } from './pypi/file-names.ts';

/** Between two batches, a tenth of a second apart: a large environment has 500. */
const maxPackages = 2_000;
/** Paths whose package is remembered until the next batch; others are looked at again. */
const maxPaths = 4_000;

export type AskedPackage = {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  /** Absent: a project's page. */
  readonly version?: string;
};

/** @param path without the token's segment: `/conda/<channel>/<subdir>/<file>`, `/pypi/<channel>/simple/<project>/` … */
export function packageInPath(path: string): AskedPackage | undefined {
  const [, root, , kind = '', name = '', last = '', ...rest] = path.split('/', 8);
  if (rest.length > 0 || path.includes('…')) return undefined;
  if (root === 'conda') {
    // The channel's id plays no part in what a name says.
    const facts = last === '' ? factsOfFilename(name, condaPlace) : undefined;
    return facts === undefined ? undefined : { ecosystem: 'conda', name: facts.name, version: facts.version };
  }
  if (root !== 'pypi' || name === '') return undefined;
  if (kind === 'simple') return last === '' ? { ecosystem: 'pypi', name } : undefined;
  if (kind !== 'files') return undefined;
  const filename = last.endsWith(metadataSuffix) ? last.slice(0, -metadataSuffix.length) : last;
  const parsed = parseFileNameOf(name, filename);
  return parsed === undefined ? undefined : { ecosystem: 'pypi', name, version: parsed.version };
}
const condaPlace = { channelId: '' as never, subdir: '' };

type Use = { -readonly [K in keyof PackageUse]: PackageUse[K] };

export class PackagesAsked {
  readonly #uses = new Map<string, Use>();
  /** A busy path is taken apart once. */
  readonly #byPath = new Map<string, Use | 'none'>();

  add(
    event: Pick<GatewayRequestEvent, 'path' | 'status' | 'outcome' | 'tokenId' | 'channel' | 'atMs'>,
  ): void {
    const { path, status, outcome, tokenId, channel, atMs } = event;
    const isThere = (status < 400 && status !== 301) || status === 403;
    if (!isThere || outcome === 'error' || tokenId === undefined || channel === undefined) return;
    let use = this.#byPath.get(path);
    if (use === undefined) {
      use = this.#useOf(path, atMs);
      if (this.#byPath.size < maxPaths) this.#byPath.set(path, use);
    }
    if (use !== 'none' && atMs > use.lastAtMs) use.lastAtMs = atMs;
  }

  all(): readonly PackageUse[] {
    return [...this.#uses.values()];
  }

  #useOf(path: string, atMs: number): Use | 'none' {
    const asked = packageInPath(path);
    if (asked === undefined) return 'none';
    const key = `${asked.ecosystem} ${asked.name} ${asked.version ?? ''}`;
    const known = this.#uses.get(key);
    if (known !== undefined) return known;
    if (this.#uses.size >= maxPackages) return 'none';
    const use = { ...asked, lastAtMs: atMs };
    this.#uses.set(key, use);
    return use;
  }
}
