/**
 * Opening the personal fields of a segment, by whoever has their keys: on his own thread, as keys go to no other. Invariant:
 * only what is wanted is decrypted, rows are not parsed, and after some milliseconds others have their turn.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openTextNow } from '../base/seal-text.ts';
import type { OpenedWho } from './log-row.ts';
import { readLines } from './read-segment.ts';
import { fieldBinding } from './recipients.ts';
import { decodePersons } from './row-codec.ts';
import type { PersonField } from './segment-files.ts';
import { personFields } from './segment-files.ts';
import type { SealedFields, SegmentHead } from './segment-lines.ts';
import { parseLine } from './segment-lines.ts';

const turnMs = 10;
const batchStart = /^\{"b":(\d{1,9}),/;

/** Who stood behind the rows of a batch, by the numbers that its rows have, as far as it can be read. */
export type BatchWho = { readonly batch: number; readonly who: readonly OpenedWho[] };
/** As far as somebody has them. */
export type FieldKeys = Readonly<Partial<Record<PersonField, Uint8Array>>>;

/**
 * The personal fields of a segment, a batch at a time. What does not open with its key is left out.
 * @param wanted numbers of batches; all where it is left out
 * @throws the system's error when the segment cannot be read
 */
export async function* readWho(
  path: string,
  keys: FieldKeys,
  wanted?: ReadonlySet<number>,
): AsyncGenerator<BatchWho, void> {
  let head: SegmentHead | undefined;
  let before = '';
  let turnAtMs = performance.now();
  for await (const { number, text, isTorn } of readLines(path)) {
    if (number === 1) {
      const line = parseLine(text);
      head = line?.type === 'head' ? line.head : undefined;
    }
    // Without it, nothing opens.
    if (head === undefined) return;
    const batch = Number(batchStart.exec(text.slice(0, 16))?.[1] ?? -1);
    if (batch >= 0 && !isTorn && before !== '' && (wanted === undefined || wanted.has(batch))) {
      const sealed = parseLine(before);
      const who = sealed?.type === 'sealed' ? openBatch(keys, sealed.fields, head, batch) : [];
      if (who.length > 0) yield { batch, who };
    }
    before = text.startsWith('{"s":') ? text : '';
    if (performance.now() - turnAtMs < turnMs) continue;
    await nextTurn();
    turnAtMs = performance.now();
  }
}

function openBatch(keys: FieldKeys, sealed: SealedFields, head: SegmentHead, batch: number): OpenedWho[] {
  const who: { -readonly [K in keyof OpenedWho]: OpenedWho[K] }[] = [];
  for (const field of personFields) {
    const [key, jwe] = [keys[field], sealed[field]];
    if (key === undefined || jwe === undefined) continue;
    for (const [index, text] of (openField(key, jwe, field, head, batch) ?? []).entries()) {
      const one = (who[index] ??= {});
      if (text !== undefined) one[field] = text;
    }
  }
  return who;
}

function openField(
  key: Uint8Array,
  jwe: string,
  field: PersonField,
  head: SegmentHead,
  batch: number,
): ReturnType<typeof decodePersons> {
  try {
    return decodePersons(openTextNow(key, jwe, fieldBinding(field, head, batch)));
  } catch {
    // Sealed under another key, or changed: nobody can say who it was.
    return undefined;
  }
}
