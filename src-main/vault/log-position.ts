/**
 * Places between two lines of the log file. Invariant: a place is believed only when the bytes before it are the end of
 * the line that was there when it was noted; so a log that was cut, replaced or confused with another is told at once,
 * without reading it.
 */
import type { Steps } from '../disk/operations.ts';
import { readUpTo } from '../disk/read-file.ts';

export type LogPosition = {
  /** Where the next line begins. One beyond the end when the last line lacks its newline. */
  readonly bytes: number;
  /** How many lines stand before. */
  readonly lines: number;
  /** The end of the last of them. */
  readonly mark: string;
};

export const logStart: LogPosition = { bytes: 0, lines: 0, mark: '' };

/** Characters of a signature that are kept: 192 bits, so that no two lines share them. */
const markBytes = 32;

/** Bytes are read one to one, so that no two files give the same text; a line that counts is ASCII in any case. */
export const encoding = 'latin1';

/** Behind a line. */
export function positionBehind(line: string, lines: number, bytes: number): LogPosition {
  // A copy: a slice would keep the whole line in memory.
  return { bytes, lines, mark: Buffer.from(line.slice(-markBytes), encoding).toString(encoding) };
}

/** Before the byte at a place, where a line begins. */
export function* positionAt(fd: number, lines: number, bytes: number): Steps<LogPosition> {
  const count = Math.min(markBytes, bytes - 1);
  const mark = yield* readUpTo(fd, count, bytes - 1 - count);
  return { bytes, lines, mark: mark.toString(encoding) };
}

/** Whether a file of a size still has what stood before a position. */
export function* comparePosition(
  fd: number,
  size: number,
  position: LogPosition,
): Steps<'same' | 'shorter' | 'replaced'> {
  if (position.bytes === 0) return 'same';
  const lineEnd = position.bytes - 1;
  if (size < lineEnd) return 'shorter';
  const { mark } = position;
  const wanted = size === lineEnd ? mark : `${mark}\n`;
  const found = yield* readUpTo(fd, wanted.length, lineEnd - mark.length);
  return found.toString(encoding) === wanted ? 'same' : 'replaced';
}

export const toBookmark = ({ lines, bytes, mark }: LogPosition): string => `${lines}.${bytes}.${mark}`;

/** @returns undefined when it is none for this place */
export function fromBookmark(bookmark: string, seq: number): LogPosition | undefined {
  const [, lines, bytes, mark] = /^(\d{1,15})\.(\d{1,15})\.(.*)$/s.exec(bookmark) ?? [];
  if (lines === undefined || bytes === undefined || mark === undefined) return undefined;
  const position = { lines: Number(lines), bytes: Number(bytes), mark };
  const isPossible = position.lines === seq && mark.length <= markBytes && mark.length < position.bytes;
  return isPossible ? position : undefined;
}

/**
 * Whether text without a newline is a whole line and not its beginning: three parts, the last as long as an Ed25519
 * signature is. Whether it is signed right is checked by who has keys.
 */
export function isWholeLine(text: string): boolean {
  return /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}$/.test(text);
}
