/**
 * The lines of a segment, as docs/request-log-format.md has them. Invariant: a line is MACed and hashed as the bytes that
 * stand in the file, never as a value that was parsed and written again; its MAC is its last member.
 */
import { createHash, createHmac } from 'node:crypto';
import type { LogCount } from './log-row.ts';
import type { LogDrop, StoredRow } from './row-codec.ts';
import { decodeCount, decodeDrops, decodeRow } from './row-codec.ts';
import type { PersonField } from './segment-files.ts';
import { personFields } from './segment-files.ts';

/** A batch has at most a megabyte of rows, and its sealed part less. */
export const maxLineBytes = 4 * 1024 * 1024;

export type SegmentHead = {
  readonly gateway: string;
  /** The gateway's Ed25519 key: x, base64url. It says so itself; who verifies knows better. */
  readonly key: string;
  readonly run: number;
  readonly n: number;
  readonly openedAtMs: number;
  /** What was there before, by name and root: of this run, or of each run that had ended when it began. */
  readonly before: readonly (readonly [string, string])[];
  /** SHA-256 of the files of keys, base64url: of the MACs, of each personal field. */
  readonly macKeys: string;
  readonly fieldKeys: Readonly<Record<PersonField, string>>;
};

export type SegmentBatch = {
  /** From 0. */
  readonly batch: number;
  readonly atMs: number;
  readonly rows: readonly StoredRow[];
  readonly counts: readonly LogCount[];
  readonly dropped: readonly LogDrop[];
};

export type SegmentEnd = {
  readonly batches: number;
  readonly rows: number;
  readonly root: string;
  readonly atMs: number;
  /** Compact JWS of what `endClaim` makes. */
  readonly sig: string;
};

/** A compact JWE each. */
export type SealedFields = Readonly<Partial<Record<PersonField, string>>>;

export type SegmentLine =
  | { readonly type: 'head'; readonly head: SegmentHead }
  | { readonly type: 'sealed'; readonly fields: SealedFields }
  | {
      readonly type: 'batch';
      readonly value: SegmentBatch;
      /** SHA-256 of the sealed line, base64url. */
      readonly sealed: string;
      readonly maced: string;
      readonly mac: string;
    }
  | { readonly type: 'end'; readonly end: SegmentEnd; readonly maced: string; readonly mac: string };

const macStart = ',"mac":"';
const macShape = /^[\w-]{43}$/;
/** The member, and the end of the object. */
const macTailChars = macStart.length + 43 + 2;

/** What a line says; undefined when it is none that this program writes. */
export function parseLine(text: string): SegmentLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const line = value as Readonly<Record<string, unknown>>;
  if ('s' in line) return parseSealed(line['s']);
  if ('v' in line) return parseHead(line);
  const tail = text.slice(-macTailChars);
  const mac = tail.slice(macStart.length, -2);
  if (!tail.startsWith(macStart) || !macShape.test(mac)) return undefined;
  const maced = `${text.slice(0, -macTailChars)}}`;
  if ('end' in line) {
    const end = parseEnd(line);
    return end === undefined ? undefined : { type: 'end', end, maced, mac };
  }
  const batch = parseBatch(line);
  if (batch === undefined || typeof line['sealed'] !== 'string') return undefined;
  return { type: 'batch', value: batch, sealed: line['sealed'], maced, mac };
}

function parseSealed(value: unknown): SegmentLine | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  const isOurs = Object.entries(fields).every(
    ([field, jwe]) => personFields.includes(field as PersonField) && typeof jwe === 'string',
  );
  return isOurs ? { type: 'sealed', fields } : undefined;
}

function parseHead(line: Readonly<Record<string, unknown>>): SegmentLine | undefined {
  const { v, gateway, key, run, n, openedAtMs, before, macKeys, fieldKeys } = line;
  const { address, ciUser } = (fieldKeys ?? {}) as Readonly<Record<string, unknown>>;
  if (v !== 1 || !areTexts(gateway, key, macKeys, address, ciUser) || !areNumbers(run, n, openedAtMs))
    return undefined;
  if (
    !Array.isArray(before) ||
    !before.every((link) => Array.isArray(link) && link.length === 2 && areTexts(...(link as unknown[])))
  )
    return undefined;
  return {
    type: 'head',
    head: { gateway, key, run, n, openedAtMs, before, macKeys, fieldKeys } as SegmentHead,
  };
}

function parseBatch({
  b,
  at,
  rows,
  counts,
  dropped,
}: Readonly<Record<string, unknown>>): SegmentBatch | undefined {
  if (!areNumbers(b, at) || !Array.isArray(rows) || !Array.isArray(counts)) return undefined;
  const readRows: StoredRow[] = [];
  for (const row of rows) {
    const read = decodeRow(row, at as number);
    if (read === undefined) return undefined;
    readRows.push(read);
  }
  const readCounts: LogCount[] = [];
  for (const count of counts) {
    const read = decodeCount(count);
    if (read === undefined) return undefined;
    readCounts.push(read);
  }
  const drops = decodeDrops(dropped);
  if (drops === undefined) return undefined;
  return { batch: b as number, atMs: at as number, rows: readRows, counts: readCounts, dropped: drops };
}

function parseEnd({ end, sig }: Readonly<Record<string, unknown>>): SegmentEnd | undefined {
  if (typeof end !== 'object' || end === null) return undefined;
  const { batches, rows, root, atMs } = end as Readonly<Record<string, unknown>>;
  if (!areNumbers(batches, rows, atMs) || !areTexts(root, sig)) return undefined;
  return { batches, rows, root, atMs, sig } as SegmentEnd;
}

const areTexts = (...values: readonly unknown[]): boolean =>
  values.every((value) => typeof value === 'string');
const areNumbers = (...values: readonly unknown[]): boolean =>
  values.every((value) => Number.isSafeInteger(value));

/** What the gateway signs at the end of a segment. */
export function endClaim(head: SegmentHead, end: Omit<SegmentEnd, 'sig'>): string {
  const { gateway, run, n, before } = head;
  const { batches, rows, root, atMs } = end;
  return JSON.stringify({ gateway, run, n, before, batches, rows, root, atMs });
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** HKDF-Expand (RFC 5869) to one block: who has a key has those after it, and none before. */
export const nextKey = (key: Uint8Array): Buffer =>
  createHmac('sha256', key).update('lk-log-ratchet\u0001').digest();

/** @param before the MAC of the line before, or the hash of the head */
export const macOf = (key: Uint8Array, before: string, text: string): string =>
  createHmac('sha256', key).update(before).update('\n').update(text).digest('base64url');

/** The line with its MAC as the last member. */
export const withMac = (text: string, mac: string): string => `${text.slice(0, -1)},"mac":"${mac}"}`;
