/**
 * Segments in memory, read as a whole: to take one into the database, or to answer from it beside. Invariant: few are
 * kept, the smallest part of what a query may need, and one that has grown is read again.
 */
import { isUsableTime } from './days.ts';
import type { PlainRow, StoredRow } from './row-store.ts';
import type { SegmentBatch, SegmentInfo, SegmentSource } from './segment-source.ts';
import { UnreadSegment } from './segment-source.ts';
import { SegmentSums } from './segment-sums.ts';

export type ParsedSegment = {
  readonly name: string;
  readonly rows: readonly StoredRow[];
  readonly sums: SegmentSums;
  /** About, of its rows as text. */
  readonly chars: number;
  /** Of what could not be read now, the rest is missing. */
  readonly isWhole: boolean;
};

/** Rows take about five times as much in memory. A segment of 8 MiB has two thirds of that in its rows. */
const maxKeptChars = 20 * 1024 * 1024;
/** Of a row, beside its texts. */
const numbersChars = 32;
const countChars = 64;

/** A time of another century, or a number that is none, counts as damage. */
const isUsable = ({ atMs, bytes, status }: PlainRow): boolean =>
  isUsableTime(atMs) && Number.isSafeInteger(bytes) && Number.isSafeInteger(status);

export async function parseSegment(source: SegmentSource, info: SegmentInfo): Promise<ParsedSegment> {
  const rows: StoredRow[] = [];
  const sums = new SegmentSums();
  let number = 0;
  let chars = 0;
  let isWhole = true;
  for await (const batch of whatThereIs(source.read(info), () => (isWhole = false))) {
    for (const { who, ...row } of batch.rows) {
      const place = { segment: info.name, row: number, batch: batch.batch, who };
      if (isUsable(row)) rows.push({ ...row, place });
      number += 1;
      chars += charsOf(row);
    }
    chars += batch.counts.length * countChars;
    sums.add(usablePart(batch));
  }
  return { name: info.name, rows, sums, chars, isWhole };
}

async function* whatThereIs<T>(items: AsyncIterable<T>, onEnd: () => void): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    if (!(error instanceof UnreadSegment)) throw error;
    onEnd();
  }
}

function charsOf(row: PlainRow): number {
  let chars = numbersChars;
  for (const value of Object.values(row)) if (typeof value === 'string') chars += value.length;
  return chars;
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
    if (!parsed.isWhole) return parsed;
    this.#kept.set(info.name, { sizeBytes: info.sizeBytes, parsed });
    this.#makeRoom();
    return parsed;
  }

  /** Of all that are not among these. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#kept.keys()) if (!names.has(name)) this.#kept.delete(name);
  }

  #makeRoom(): void {
    let chars = 0;
    for (const { parsed } of this.#kept.values()) chars += parsed.chars;
    for (const [name, { parsed }] of this.#kept) {
      if (chars <= maxKeptChars) return;
      this.#kept.delete(name);
      chars -= parsed.chars;
    }
  }
}
