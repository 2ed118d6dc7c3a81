/** What goes when the cache is full: what nobody may have first, then what was not used for longest. */
import { quietly } from './cache-disk.ts';
import type { CacheFolder, KeptEntry } from './cache-folder.ts';

/** Which of them nobody may have. */
export type DeniedOf = (entries: readonly KeptEntry[]) => Promise<ReadonlySet<string>>;

/** Clocks differ by less; what was used later than that was used under a clock that was wrong. */
const slackMs = 86_400_000;

/** When it was used last, as far as that can be; else never, so that it is not kept for ever. */
export const usedAtOf = ({ usedAtMs }: Pick<KeptEntry, 'usedAtMs'>, nowMs: number): number =>
  usedAtMs > nowMs + slackMs ? 0 : usedAtMs;

/**
 * @param freeBytes that must go
 * @returns how many went
 */
export async function evict(
  folder: CacheFolder,
  freeBytes: number,
  deniedOf: DeniedOf | undefined,
  nowMs: number,
): Promise<number> {
  const entries: KeptEntry[] = [];
  for await (const entry of folder.entries()) entries.push(entry);
  const denied = await deniedOf?.(entries);
  const rank = ({ sha256 }: KeptEntry): number => (denied?.has(sha256) === true ? 0 : 1);
  entries.sort((a, b) => rank(a) - rank(b) || usedAtOf(a, nowMs) - usedAtOf(b, nowMs));
  let gone = 0;
  for (const { sha256, sizeBytes } of entries) {
    if (gone >= freeBytes) break;
    // One that cannot be taken away must not keep all others.
    // oxlint-disable-next-line no-await-in-loop
    const removed = await quietly(() => folder.remove(sha256));
    // Also where another process took it away: it is not there any more.
    if (removed !== undefined) gone += sizeBytes;
  }
  return gone;
}
