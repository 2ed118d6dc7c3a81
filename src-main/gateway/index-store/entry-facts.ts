/** An entry of an index that was kept: its key and its record. */
import type { RecordPlace } from '../conda/record-facts.ts';
import { readRecord } from '../conda/record-facts.ts';
import type { PackageFacts } from '../../policy/packages/facts.ts';
import { isBlank } from './json-tokens.ts';

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
