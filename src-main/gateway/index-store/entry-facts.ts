/** An entry of an index that was kept: its key and its record. */
import type { RecordPlace } from '../conda/record-facts.ts';
import { readRecord } from '../conda/record-facts.ts';
import type { PackageFacts } from '../../policy/packages/facts.ts';
import { isBlank } from './json-tokens.ts';
import type { NewestColumns } from './newest-rows.ts';
import { NewestRows } from './newest-rows.ts';

/**
 * @param entry `"key": { … }`, as it was scanned
 * @returns views of both
 */
export function splitEntry(entry: Uint8Array): { readonly key: string; readonly record: Uint8Array } {
  let end = 1;
  while (entry[end] !== 0x22) end += entry[end] === 0x5c ? 2 : 1;
  const key = JSON.parse(Buffer.from(entry.subarray(0, end + 1)).toString()) as string;
  let from = end + 1;
  while (isBlank(entry[from]) || entry[from] === 0x3a) from += 1;
  return { key, record: entry.subarray(from) };
}

/** What it says; it always has a time. */
export function factsOfEntry(entry: Uint8Array, place: RecordPlace): PackageFacts | undefined {
  const { key, record } = splitEntry(entry);
  return readRecord(key, record, undefined, place)?.facts;
}

export type EntryFactsJob = {
  readonly rows: Uint32Array;
  /** One for each row. */
  readonly entries: readonly Uint8Array[];
  readonly places: readonly RecordPlace[];
  readonly columns: NewestColumns;
};

/** What some entries say, with the newest version of each name in the same index; undefined for one that cannot be relied on. */
export function factsOfEntries({
  rows,
  entries,
  places,
  columns,
}: EntryFactsJob): readonly (PackageFacts | undefined)[] {
  const newestRows = new NewestRows(columns);
  return entries.map((entry, index) => {
    const place = places[index];
    const facts = place === undefined ? undefined : factsOfEntry(entry, place);
    const newest = facts === undefined ? undefined : newestRows.of(rows[index] ?? 0);
    return facts === undefined || newest === undefined ? facts : { ...facts, newest };
  });
}
