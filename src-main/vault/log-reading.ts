/**
 * Reading the log file as a stream. Invariant: memory is bounded by one line, whatever the size of the file; a read sees
 * the file as long as it was when it began; only regular files are read, and nothing waits without giving way.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { Disk, Steps } from '../disk/operations.ts';
import { closeQuietly, run } from '../disk/operations.ts';
import { readUpTo } from '../disk/read-file.ts';
import { maxLineBytes } from './backend.ts';
import type { LogPosition } from './log-position.ts';
import { encoding, isWholeLine, logStart, positionAt, positionBehind } from './log-position.ts';

/** Large enough that calls cost little, small enough that looking through it does not hold up the event loop. */
const chunkBytes = 512 * 1024;
const newline = 0x0a;

/** Lines of an open file from a position on, each with the position behind it. */
export async function* readLines(
  disk: Disk,
  fd: number,
  size: number,
  from: LogPosition,
): AsyncGenerator<{ readonly line: string; readonly behind: LogPosition }> {
  const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(size - from.bytes, 0)));
  let { bytes, lines } = from;
  /** Parts of a line that goes beyond the chunk. */
  let parts: Buffer[] = [];
  let partBytes = 0;
  const finish = (rest: Buffer): string => {
    const line = parts.length === 0 ? rest : Buffer.concat([...parts, rest]);
    parts = [];
    partBytes = 0;
    assertLineBounded(line.length, lines);
    return line.toString(encoding);
  };
  for (let at = bytes; at < size;) {
    // One chunk after the other: that is what bounds memory.
    // oxlint-disable-next-line no-await-in-loop
    const got = await disk.async.read(fd, chunk, 0, Math.min(chunk.length, size - at), at);
    if (got === 0) break;
    at += got;
    const filled = chunk.subarray(0, got);
    let begin = 0;
    for (let end = filled.indexOf(newline); end !== -1; end = filled.indexOf(newline, begin)) {
      const line = finish(filled.subarray(begin, end));
      begin = end + 1;
      lines += 1;
      bytes += line.length + 1;
      yield { line, behind: positionBehind(line, lines, bytes) };
    }
    if (begin < got) {
      assertLineBounded(partBytes + got - begin, lines);
      parts.push(Buffer.from(filled.subarray(begin)));
      partBytes += got - begin;
    }
  }
  if (partBytes === 0) return;
  const tail = finish(Buffer.alloc(0));
  if (!isWholeLine(tail)) return;
  yield { line: tail, behind: positionBehind(tail, lines + 1, bytes + tail.length + 1) };
}

function assertLineBounded(length: number, linesBefore: number): void {
  if (length <= maxLineBytes) return;
  throw new LatchkeyError('VAULT_CORRUPT', ['lineTooLong', linesBefore + 1], {
    details: { line: linesBefore + 1 },
  });
}

/** What follows a position: whole lines, counted and not kept, and the end that has no newline. */
export type Counted = {
  /** Behind the last line; one whose newline is missing counts when it is whole. */
  readonly position: LogPosition;
  /** Bytes of an incomplete last line. */
  readonly tornTailBytes: number;
};

/**
 * Counts lines of an open file.
 * @param upTo how many at most are to stand before the position
 */
export async function countLines(
  disk: Disk,
  fd: number,
  size: number,
  from: LogPosition,
  upTo: number = Number.POSITIVE_INFINITY,
): Promise<Counted> {
  const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(size - from.bytes, 0)));
  let { bytes, lines } = from;
  for (let at = bytes; at < size && lines < upTo;) {
    // oxlint-disable-next-line no-await-in-loop
    const got = await disk.async.read(fd, chunk, 0, Math.min(chunk.length, size - at), at);
    if (got === 0) break;
    const filled = chunk.subarray(0, got);
    for (
      let end = filled.indexOf(newline);
      end !== -1 && lines < upTo;
      end = filled.indexOf(newline, end + 1)
    ) {
      lines += 1;
      bytes = at + end + 1;
    }
    at += got;
  }
  const position = lines === from.lines ? from : await run(disk, positionAt(fd, lines, bytes));
  if (lines >= upTo || bytes >= size) return { position, tornTailBytes: 0 };
  return run(disk, judgeTail(fd, size, position));
}

/** What stands at the end of an open file, found from behind: without counting lines. */
export function* findTail(
  fd: number,
  size: number,
): Steps<{ readonly bytes: number; readonly isWhole: boolean }> {
  let begin = size;
  while (begin > 0) {
    const from = Math.max(0, begin - chunkBytes);
    const chunk = yield* readUpTo(fd, begin - from, from);
    const last = chunk.lastIndexOf(newline);
    if (last !== -1) {
      begin = from + last + 1;
      break;
    }
    begin = from;
    assertShortTail(size - begin);
  }
  const { position, tornTailBytes } = yield* judgeTail(fd, size, { ...logStart, bytes: begin });
  return { bytes: size - begin, isWhole: tornTailBytes === 0 && position.lines === 1 };
}

function* judgeTail(fd: number, size: number, before: LogPosition): Steps<Counted> {
  const tailBytes = size - before.bytes;
  assertShortTail(tailBytes);
  const tail = (yield* readUpTo(fd, tailBytes, before.bytes)).toString(encoding);
  return isWholeLine(tail)
    ? { position: positionBehind(tail, before.lines + 1, size + 1), tornTailBytes: 0 }
    : { position: before, tornTailBytes: tailBytes };
}

/** Longer than any line that was begun: not ours to cut off. */
function assertShortTail(bytes: number): void {
  if (bytes <= maxLineBytes) return;
  throw new LatchkeyError('VAULT_CORRUPT', ['endTooLong']);
}

/** Opens a file, hands it to work, and closes it whatever happens. */
export async function withOpen<T>(
  disk: Disk,
  open: Steps<{ fd: number; stats: { size: number } }>,
  work: (fd: number, size: number) => Promise<T>,
): Promise<T> {
  const { fd, stats } = await run(disk, open);
  try {
    return await work(fd, stats.size);
  } finally {
    await run(disk, closeQuietly(fd));
  }
}
