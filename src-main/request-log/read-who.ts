/** Opening the personal fields of a segment, by whoever has its key. */
import { openTextNow } from '../base/seal-text.ts';
import type { LogWho } from './log-row.ts';
import { readLines } from './read-segment.ts';
import { whoBinding } from './recipients.ts';
import { decodeWho } from './row-codec.ts';
import type { SegmentHead } from './segment-lines.ts';
import { parseLine } from './segment-lines.ts';

/** Who stood behind the rows of a batch, by the numbers that its rows have; undefined where one cannot be read. */
export type BatchWho = { readonly batch: number; readonly who: readonly (LogWho | undefined)[] };

/**
 * The personal fields of a segment, a batch at a time. What does not open with the key is left out.
 * @param key of the segment's personal fields
 * @throws the system's error when the segment cannot be read
 */
export async function* readWho(path: string, key: Uint8Array): AsyncGenerator<BatchWho, void> {
  let head: SegmentHead | undefined;
  let sealed: string | undefined;
  for await (const { text, isTorn } of readLines(path)) {
    const line = isTorn ? undefined : parseLine(text);
    if (line?.type === 'head') head = line.head;
    if (line?.type === 'batch' && sealed !== undefined && head !== undefined) {
      const who = openBatch(key, sealed, head, line.value.batch);
      if (who !== undefined) yield { batch: line.value.batch, who };
    }
    sealed = line?.type === 'sealed' ? line.jwe : undefined;
  }
}

function openBatch(
  key: Uint8Array,
  jwe: string,
  head: SegmentHead,
  batch: number,
): BatchWho['who'] | undefined {
  try {
    const list = JSON.parse(openTextNow(key, jwe, whoBinding(head, batch))) as unknown;
    return Array.isArray(list) ? list.map(decodeWho) : undefined;
  } catch {
    // Sealed under another key, or changed: nobody can say who it was.
    return undefined;
  }
}
