/**
 * Rows and counts as they stand in a segment: arrays of a fixed order, 0 for what is not known. Invariant: what is
 * written is bounded whatever a client sent, and what is read is checked: a row that has another form is no row.
 */
import type { LogCount, LogRow, LogRowKind } from './log-row.ts';

/** A row as it is read: whom it was stands in the sealed part of its batch, under this number. */
export type StoredRow = Omit<LogRow, 'who'> & { readonly who: number };

/** Rows that were not written. */
export type LogDrop = {
  readonly rows: number;
  /** `busy`: more came than could be written. `disk`: the disk took none. `failed`: the thread that writes died. */
  readonly why: 'busy' | 'disk' | 'failed';
};

type Cell = string | number;

const kinds: readonly LogRowKind[] = ['download', 'cut', 'refusal'];
/** The texts of a row, in their order, and how long they may be. */
const texts = [
  ['tokenId', 64],
  ['teamId', 64],
  ['environmentId', 64],
  ['channelId', 64],
  ['ecosystem', 16],
  ['name', 256],
  ['version', 128],
  ['filename', 256],
  ['sha256', 64],
  ['cache', 8],
  ['cause', 64],
  ['policyName', 128],
  ['decisionId', 64],
  ['client', 64],
  ['ciProject', 256],
  ['ciJob', 256],
] as const;
const firstText = 5;
const cells = firstText + texts.length;
/** NUL parts names in keys, and half of a pair is no character of UTF-8: no database gives them back. */
const noText = /[\0\p{Surrogate}]/u;
/** An address, or a name of a CI's user. */
const maxWhoChars = 256;

const cut = (text: string | undefined, maxChars: number): Cell => {
  if (text === undefined) return 0;
  return text.length <= maxChars ? text : text.slice(0, maxChars);
};

/** @param who the place in the sealed part of the batch */
export function encodeRow(row: LogRow, batchAtMs: number, who: number): string {
  const list: Cell[] = [row.atMs - batchAtMs, kinds.indexOf(row.kind), row.bytes, row.status, who];
  for (const [name, maxChars] of texts) list.push(cut(row[name], maxChars));
  return JSON.stringify(list);
}

/** undefined when it is no row. */
export function decodeRow(list: unknown, batchAtMs: number): StoredRow | undefined {
  if (!Array.isArray(list) || list.length !== cells) return undefined;
  const [offsetMs, kindAt, bytes, status, who] = list as readonly unknown[];
  const kind = kinds[kindAt as number];
  if (kind === undefined || !isInteger(offsetMs) || !isCount(bytes) || !isCount(status) || !isCount(who))
    return undefined;
  const row: Record<string, unknown> = { atMs: batchAtMs + offsetMs, kind, bytes, status, who, client: '' };
  for (const [index, [name, maxChars]] of texts.entries()) {
    const text: unknown = list[firstText + index];
    if (text === 0) continue;
    if (typeof text !== 'string' || text.length > maxChars || noText.test(text)) return undefined;
    row[name] = text;
  }
  return row as StoredRow;
}

export function encodeCount(count: LogCount): string {
  const { hourMs, tokenId = 0, channelId = 0, allowed, denied, failed } = count;
  return JSON.stringify([hourMs, tokenId, channelId, allowed, denied, failed]);
}

/** undefined when it is no count. */
export function decodeCount(list: unknown): LogCount | undefined {
  if (!Array.isArray(list) || list.length !== 6) return undefined;
  const [hourMs, tokenId, channelId, allowed, denied, failed] = list as readonly unknown[];
  if (!isCount(hourMs) || !isCount(allowed) || !isCount(denied) || !isCount(failed)) return undefined;
  if (!isIdOrNone(tokenId) || !isIdOrNone(channelId)) return undefined;
  return {
    hourMs,
    ...(tokenId === 0 ? {} : { tokenId }),
    ...(channelId === 0 ? {} : { channelId }),
    allowed,
    denied,
    failed,
  };
}

/** undefined when it is no such list. */
export function decodeDrops(list: unknown): readonly LogDrop[] | undefined {
  if (list === undefined) return [];
  if (!Array.isArray(list) || list.length > 8) return undefined;
  const drops: LogDrop[] = [];
  for (const drop of list as readonly Partial<LogDrop>[]) {
    const why = (['busy', 'disk', 'failed'] as const).find((known) => known === drop?.why);
    if (why === undefined || !isCount(drop.rows)) return undefined;
    drops.push({ rows: drop.rows, why });
  }
  return drops;
}

/** An address or a user of CI as its sealed list has it; 0 for none. */
export const encodePerson = (text: string | undefined): string => JSON.stringify(cut(text, maxWhoChars));

/** A list of them; undefined when it is none. */
export function decodePersons(text: string): readonly (string | undefined)[] | undefined {
  const list = JSON.parse(text) as unknown;
  if (!Array.isArray(list)) return undefined;
  return list.map((one: unknown) => (typeof one === 'string' && one.length <= maxWhoChars ? one : undefined));
}

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);
const isCount = (value: unknown): value is number => isInteger(value) && value >= 0;
const isIdOrNone = (value: unknown): value is string | 0 =>
  value === 0 || (typeof value === 'string' && value.length <= 64);
