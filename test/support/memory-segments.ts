/** Segments in memory, as the store is given them. */
import type {
  SegmentBatch,
  SegmentInfo,
  SegmentSource,
} from '../../src-main/request-log/store/segment-source.ts';

export class MemorySegments implements SegmentSource {
  readonly #segments = new Map<string, { batches: SegmentBatch[]; isClosed: boolean }>();
  /** How often one was read. */
  reads = 0;

  /** Appends a batch to a segment, which is there from then on. */
  write(name: string, batch: Partial<SegmentBatch>): void {
    const found = this.#segments.get(name) ?? { batches: [], isClosed: false };
    this.#segments.set(name, found);
    const number = found.batches.length;
    found.batches.push({ batch: number, atMs: 0, rows: [], counts: [], dropped: [], ...batch });
  }

  close(name: string): void {
    const found = this.#segments.get(name);
    if (found !== undefined) found.isClosed = true;
  }

  /** All that was written, as it is read. */
  written(): readonly { readonly segment: string; readonly batches: readonly SegmentBatch[] }[] {
    return [...this.#segments].map(([segment, { batches }]) => ({ segment, batches }));
  }

  segments(): Promise<readonly SegmentInfo[]> {
    const list = [...this.#segments].map(([name, { batches, isClosed }]) => ({
      name,
      isClosed,
      sizeBytes: batches.length,
    }));
    return Promise.resolve(list);
  }

  // oxlint-disable-next-line require-await
  async *read({ name }: SegmentInfo): AsyncGenerator<SegmentBatch> {
    this.reads += 1;
    yield* this.#segments.get(name)?.batches ?? [];
  }
}

export async function everyPage<T>(
  ask: (page: { limit: number; cursor?: string }) => Promise<{ items: readonly T[]; next?: string }>,
  limit: number,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop
    const page = await ask({ limit, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return items;
}
