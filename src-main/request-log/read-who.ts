/** Opening the personal fields of a segment, by whoever has their keys. */
import { openTextNow } from '../base/seal-text.ts';
import type { OpenedWho } from './log-row.ts';
import { readLines } from './read-segment.ts';
import { fieldBinding } from './recipients.ts';
import { decodePersons } from './row-codec.ts';
import type { PersonField } from './segment-files.ts';
import { personFields } from './segment-files.ts';
import type { SealedFields, SegmentHead } from './segment-lines.ts';
import { parseLine } from './segment-lines.ts';

/** Who stood behind the rows of a batch, by the numbers that its rows have, as far as it can be read. */
export type BatchWho = { readonly batch: number; readonly who: readonly OpenedWho[] };
/** As far as somebody has them. */
export type FieldKeys = Readonly<Partial<Record<PersonField, Uint8Array>>>;

/**
 * The personal fields of a segment, a batch at a time. What does not open with its key is left out.
 * @throws the system's error when the segment cannot be read
 */
export async function* readWho(path: string, keys: FieldKeys): AsyncGenerator<BatchWho, void> {
  let head: SegmentHead | undefined;
  let sealed: SealedFields | undefined;
  for await (const { text, isTorn } of readLines(path)) {
    const line = isTorn ? undefined : parseLine(text);
    if (line?.type === 'head') head = line.head;
    if (line?.type === 'batch' && sealed !== undefined && head !== undefined) {
      const who = openBatch(keys, sealed, head, line.value.batch);
      if (who.length > 0) yield { batch: line.value.batch, who };
    }
    sealed = line?.type === 'sealed' ? line.fields : undefined;
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
