/**
 * Rows that wait to be written, as text already: bounded in number and in bytes, whatever clients send. What does not
 * fit is counted.
 */
import type { LogCount, LogRow } from './log-row.ts';
import type { LogDrop } from './row-codec.ts';
import { encodeCount, encodePerson, encodeRow } from './row-codec.ts';
import type { BatchTexts } from './segment-writer.ts';

export const maxWaitingRows = 20_000;
const maxWaitingChars = 16 * 1024 * 1024;
/** A millisecond or two of the thread that writes. */
const maxBatchRows = 1_000;
const maxBatchChars = 1024 * 1024;
/** Different (hour, token, channel); further ones are counted without their token. */
const maxCounts = 5_000;

type Chunk = {
  readonly atMs: number;
  readonly rows: string[];
  readonly who: Map<string, number>;
  readonly addresses: string[];
  readonly users: string[];
  hasUsers: boolean;
  chars: number;
};
type Count = { -readonly [K in keyof LogCount]: LogCount[K] };
export type CountOutcome = 'allowed' | 'denied' | 'failed';

export class WaitingRows {
  #chunks: Chunk[] = [];
  #rows = 0;
  #chars = 0;
  #counts = new Map<string, Count>();
  #dropped = new Map<LogDrop['why'], number>();
  #droppedEver = 0;

  get rows(): number {
    return this.#rows;
  }

  /** Since the start. */
  get dropped(): number {
    return this.#droppedEver;
  }

  /** Whether there is enough for a whole batch. */
  get isBatch(): boolean {
    return this.#chunks.length > 1;
  }

  get isEmpty(): boolean {
    return this.#rows === 0 && this.#counts.size === 0 && this.#dropped.size === 0;
  }

  /** @param why what it is told by where there is no room */
  add(row: LogRow, nowMs: number, why: LogDrop['why']): void {
    if (this.#rows >= maxWaitingRows || this.#chars >= maxWaitingChars) return this.drop(1, why);
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.rows.length >= maxBatchRows || chunk.chars >= maxBatchChars) {
      chunk = { atMs: nowMs, rows: [], who: new Map(), addresses: [], users: [], hasUsers: false, chars: 0 };
      this.#chunks.push(chunk);
    }
    const before = chunk.chars;
    const text = encodeRow(row, chunk.atMs, personOf(chunk, row));
    chunk.rows.push(text);
    chunk.chars += text.length;
    this.#chars += chunk.chars - before;
    this.#rows += 1;
  }

  count(
    hourMs: number,
    tokenId: string | undefined,
    channelId: string | undefined,
    outcome: CountOutcome,
  ): void {
    const isFull = this.#counts.size >= maxCounts;
    let key = `${hourMs} ${tokenId ?? ''} ${channelId ?? ''}`;
    if (isFull && !this.#counts.has(key)) key = `${hourMs}`;
    let count = this.#counts.get(key);
    if (count === undefined) {
      count = { hourMs, allowed: 0, denied: 0, failed: 0 };
      if (!isFull) {
        if (tokenId !== undefined) count.tokenId = tokenId;
        if (channelId !== undefined) count.channelId = channelId;
      }
      this.#counts.set(key, count);
    }
    count[outcome] += 1;
  }

  drop(rows: number, why: LogDrop['why']): void {
    this.#dropped.set(why, (this.#dropped.get(why) ?? 0) + rows);
    this.#droppedEver += rows;
  }

  /** Counts and drops alone, and the rows that wait as dropped; nothing is here any more. */
  giveUp(nowMs: number, why: LogDrop['why']): BatchTexts {
    if (this.#rows > 0) this.drop(this.#rows, why);
    this.#chunks = [];
    this.#rows = 0;
    this.#chars = 0;
    return this.take(nowMs);
  }

  /** The oldest rows with all counts and drops so far; what is taken is here no more. */
  take(nowMs: number): BatchTexts {
    const chunk = this.#chunks.shift();
    const counts = [...this.#counts.values()];
    const dropped = [...this.#dropped].map(([why, rows]) => ({ rows, why }));
    this.#counts = new Map();
    this.#dropped = new Map();
    this.#rows -= chunk?.rows.length ?? 0;
    this.#chars -= chunk?.chars ?? 0;
    return {
      atMs: chunk?.atMs ?? nowMs,
      rows: chunk?.rows.join(',') ?? '',
      rowCount: chunk?.rows.length ?? 0,
      counts: counts.map(encodeCount).join(','),
      dropped,
      who: chunk === undefined ? nobody : personsIn(chunk),
    };
  }
}

function personOf(chunk: Chunk, { who }: LogRow): number {
  // A line feed stands in no address.
  const key = who.ciUser === undefined ? who.address : `${who.address}\n${who.ciUser}`;
  let place = chunk.who.get(key);
  if (place === undefined) {
    place = chunk.addresses.length;
    const [address, user] = [encodePerson(who.address), encodePerson(who.ciUser)];
    chunk.who.set(key, place);
    chunk.addresses.push(address);
    chunk.users.push(user);
    chunk.hasUsers ||= who.ciUser !== undefined;
    chunk.chars += address.length + user.length;
  }
  return place;
}

const nobody: BatchTexts['who'] = { address: '', ciUser: '' };

function personsIn({ addresses, users, hasUsers }: Chunk): BatchTexts['who'] {
  return { address: `[${addresses.join(',')}]`, ciUser: hasUsers ? `[${users.join(',')}]` : '' };
}
