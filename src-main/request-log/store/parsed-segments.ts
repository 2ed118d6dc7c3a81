/**
 * Segments in memory, read as a whole: to take one into the database, or to answer from it beside. Invariant: few are
 * kept, the smallest part of what a query may need, and one that has grown is read again.
 */
import { isUsableTime } from './days.ts';
import type { PlainRow, StoredRow } from './row-store.ts';
import type { SegmentBatch, SegmentInfo, SegmentSource } from './segment-source.ts';
import { SegmentSums } from './segment-sums.ts';

export type ParsedSegment = {
  readonly name: string;
  readonly rows: readonly StoredRow[];
  readonly sums: SegmentSums;
};

/** As text; rows take about five times as much in memory. A segment has at most 8 MiB. */
const maxKeptBytes = 24 * 1024 * 1024;

/** A time of another century, or a number that is none, counts as damage. */
const isUsable = ({ atMs, bytes, status }: PlainRow): boolean =>
  isUsableTime(atMs) && Number.isSafeInteger(bytes) && Number.isSafeInteger(status);

export async function parseSegment(source: SegmentSource, info: SegmentInfo): Promise<ParsedSegment> {
  const rows: StoredRow[] = [];
  const sums = new SegmentSums();
  let number = 0;
  for await (const batch of source.read(info)) {
    for (const { who, ...row } of batch.rows) {
      const place = { segment: info.name, row: number, batch: batch.batch, who };
      if (isUsable(row)) rows.push({ ...row, place });
      number += 1;
    }
    sums.add(usablePart(batch));
  }
  return { name: info.name, rows, sums };
}

function usablePart(batch: SegmentBatch): SegmentBatch {
  const counts = batch.counts.filter(({ hourMs }) => isUsableTime(hourMs));
  const dropped = isUsableTime(batch.atMs) ? batch.dropped : [];
  return { ...batch, rows: batch.rows.filter(isUsable), counts, dropped };
}

export class ParsedSegments {
  readonly #source: SegmentSource;
  readonly #kept = new Map<string, { readonly sizeBytes: number; readonly parsed: ParsedSegment }>();

  constructor(source: SegmentSource) {
    this.#source = source;
  }

  async get(info: SegmentInfo): Promise<ParsedSegment> {
    const known = this.#kept.get(info.name);
    if (known?.sizeBytes === info.sizeBytes) return known.parsed;
    const parsed = await parseSegment(this.#source, info);
    this.#kept.delete(info.name);
    this.#kept.set(info.name, { sizeBytes: info.sizeBytes, parsed });
    this.#makeRoom();
    return parsed;
  }

  /** Of all that are not among these. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#kept.keys()) if (!names.has(name)) this.#kept.delete(name);
  }

  #makeRoom(): void {
    let bytes = 0;
    for (const { sizeBytes } of this.#kept.values()) bytes += sizeBytes;
    for (const [name, { sizeBytes }] of this.#kept) {
      if (bytes <= maxKeptBytes) return;
      this.#kept.delete(name);
      bytes -= sizeBytes;
    }
  }
}
