/**
 * What goes when the cache is full: what nobody may have first, then what was not used for longest. All files are looked at
 * once, and in memory stand those that are next to go, so many at most. Several processes may do so at once: each counts
 * what it finds, and what another took away is gone.
 */
import { quietly } from './cache-disk.ts';
import type { CacheFolder } from './cache-folder.ts';
import type { KeptEntry, KeptFile } from './kept-files.ts';
import { usedAtOf } from './kept-files.ts';

/** Which of them nobody may have. */
export type DeniedOf = (entries: readonly KeptEntry[]) => Promise<ReadonlySet<string>>;

/** Their texts stand in memory while they are judged. */
const judgedAtOnce = 1000;
/** Each takes 200 bytes of memory. Where more must go, the next look finds them. */
const maxCandidates = 50_000;

type Candidate = Pick<KeptFile, 'sha256' | 'sizeBytes'> & {
  readonly isDenied: boolean;
  readonly usedAtMs: number;
};
const inOrder = (a: Candidate, b: Candidate): number =>
  Number(b.isDenied) - Number(a.isDenied) || a.usedAtMs - b.usedAtMs;

/**
 * @param excess of so many bytes that are kept, how many must go
 * @returns how many are left, and went
 */
export async function evict(
  folder: CacheFolder,
  excess: (keptBytes: number) => number,
  deniedOf: DeniedOf | undefined,
  nowMs: number,
): Promise<{ readonly left: number; readonly gone: number }> {
  const { bytes, candidates } = await look(folder, deniedOf, nowMs);
  const mustGo = excess(bytes);
  let gone = 0;
  for (const { sha256, sizeBytes } of candidates) {
    if (gone >= mustGo) break;
    // One that cannot be taken away must not keep all others.
    // oxlint-disable-next-line no-await-in-loop
    const removed = await quietly(() => folder.remove(sha256));
    // Also where another process took it away: it is not there any more.
    if (removed !== undefined) gone += sizeBytes;
  }
  return { left: bytes - gone, gone };
}

/** How much is kept, and what is next to go. */
async function look(
  folder: CacheFolder,
  deniedOf: DeniedOf | undefined,
  nowMs: number,
): Promise<{ readonly bytes: number; readonly candidates: readonly Candidate[] }> {
  const candidates: Candidate[] = [];
  let bytes = 0;
  const first = (): void => {
    candidates.sort(inOrder);
    candidates.splice(maxCandidates);
  };
  const take = async (some: readonly KeptFile[]): Promise<void> => {
    const denied = await deniedOf?.(await folder.withTexts(some));
    for (const { sha256, sizeBytes, usedAtMs } of some) {
      bytes += sizeBytes;
      const isDenied = denied?.has(sha256) === true;
      candidates.push({ sha256, sizeBytes, isDenied, usedAtMs: usedAtOf({ usedAtMs }, nowMs) });
    }
    if (candidates.length >= 2 * maxCandidates) first();
  };
  let some: KeptFile[] = [];
  for await (const more of folder.files()) {
    some.push(...more);
    if (some.length < judgedAtOnce) continue;
    await take(some);
    some = [];
  }
  await take(some);
  first();
  return { bytes, candidates };
}
