/** Keeps the request log as long as the organization says, and no longer. */
import type { Retention } from '../../shared/model/log-keeping.ts';
import type { Retired } from '../request-log/retire-segments.ts';
import { retireSegments } from '../request-log/retire-segments.ts';
import type { RowStore } from '../request-log/store/row-store.ts';

/**
 * Takes what is older: segments, keys of personal fields, rows and sums. Sums outlive their rows, so what is not summed
 * up yet is before its segment goes.
 * @param log its folder, and the store over it
 * @throws the system's error; what the signal was aborted with
 */
export async function pruneLog(
  { dir, store }: { readonly dir: string; readonly store: Pick<RowStore, 'index' | 'prune'> },
  { rowsDays, personalDays, rollupDays }: Retention,
  nowMs: number,
  signal?: AbortSignal,
): Promise<Retired> {
  await store.index();
  const retired = await retireSegments(dir, {
    rowsDays,
    personalDays,
    nowMs,
    ...(signal === undefined ? {} : { signal }),
  });
  await store.prune({ rowsDays, rollupDays }, nowMs);
  return retired;
}
