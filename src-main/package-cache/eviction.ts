/** What goes when the cache is full: what nobody may have first, then what was not used for longest. */
import type { CacheFolder, KeptEntry } from './cache-folder.ts';

/** Which of them nobody may have. */
export type DeniedOf = (entries: readonly KeptEntry[]) => Promise<ReadonlySet<string>>;

/**
 * @param freeBytes that must go
 * @returns how many went
 */
export async function evict(folder: CacheFolder, freeBytes: number, deniedOf: DeniedOf): Promise<number> {
  const entries: KeptEntry[] = [];
  for await (const entry of folder.entries()) entries.push(entry);
  const denied = await deniedOf(entries);
  const rank = ({ sha256 }: KeptEntry): number => (denied.has(sha256) ? 0 : 1);
  entries.sort((a, b) => rank(a) - rank(b) || a.usedAtMs - b.usedAtMs);
  let gone = 0;
  for (const { sha256, sizeBytes } of entries) {
    if (gone >= freeBytes) break;
    // oxlint-disable-next-line no-await-in-loop
    await folder.remove(sha256);
    // Also where another process took it away: it is not there any more.
    gone += sizeBytes;
  }
  return gone;
}
