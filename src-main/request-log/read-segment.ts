/**
 * Reading a segment, plain or packed, step by step. Invariant: no more of it is in memory than one line and one piece of
 * the file; a line that is damaged is told and left out, and what stands behind it is read. What is no regular file is
 * never waited for, and no link is followed.
 */
import type { ReadStream } from 'node:fs';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { codeOf } from '../disk/disk-error.ts';
import { run, systemDisk } from '../disk/operations.ts';
import { openRegular } from '../disk/read-file.ts';
import type { SegmentBatch, SegmentEnd, SegmentHead, SegmentLine } from './segment-lines.ts';
import { nextPlace } from './segment-files.ts';
import { maxLineBytes, parseLine } from './segment-lines.ts';

const pieceBytes = 256 * 1024;
/** A segment ends at 8 MiB and one batch; sealed parts are half as much again. What is larger was not written by us. */
export const maxSegmentBytes = 64 * 1024 * 1024;

/** One line of a file. */
export type RawLine = {
  /** From 1. */
  readonly number: number;
  /** Without its end; empty where the line is longer than any of ours. */
  readonly text: string;
  /** The file ends within it: its writer was killed. */
  readonly isTorn: boolean;
};

/**
 * The lines of a segment; of the packed one where the plain one is not there any more, or of what was put aside.
 * @throws the system's error, or zlib's where a packed one is damaged
 */
export async function* readLines(path: string): AsyncGenerator<RawLine, void> {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let total = 0;
  let number = 0;
  const take = (rest: Buffer): string => {
    const whole = kept.length === 0 ? rest : Buffer.concat([...kept, rest]);
    const text = keptBytes + rest.length > maxLineBytes ? '' : whole.toString('utf8');
    kept = [];
    keptBytes = 0;
    return text;
  };
  for await (const piece of piecesOf(path)) {
    total += piece.length;
    if (total > maxSegmentBytes) throw new Error('the segment is larger than any that is written');
    let from = 0;
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, from)) {
      number += 1;
      yield { number, text: take(piece.subarray(from, at)), isTorn: false };
      from = at + 1;
    }
    const rest = piece.subarray(from);
    keptBytes += rest.length;
    // Of a line that is too long, only its length is kept.
    if (keptBytes <= maxLineBytes && rest.length > 0) kept.push(rest);
  }
  if (keptBytes > 0) yield { number: number + 1, text: take(Buffer.alloc(0)), isTorn: true };
}

async function* piecesOf(path: string): AsyncGenerator<Buffer, void> {
  let file: ReadStream;
  try {
    file = await openSegment(path);
  } catch (error) {
    const elsewhere = nextPlace(path);
    // A link or a pipe is no segment: it hides none.
    if (!['ENOENT', 'FILE_NOT_REGULAR'].includes(codeOf(error) ?? '') || elsewhere === undefined) throw error;
    return yield* piecesOf(elsewhere);
  }
  if (!path.endsWith('.gz')) return yield* file as AsyncIterable<Buffer>;
  const unpacked = createGunzip({ chunkSize: pieceBytes });
  file.on('error', (error) => unpacked.destroy(error));
  try {
    yield* file.pipe(unpacked) as AsyncIterable<Buffer>;
  } finally {
    file.destroy();
  }
}

/** @throws the system's error; LatchkeyError FILE_NOT_REGULAR */
export async function openSegment(path: string): Promise<ReadStream> {
  const { fd } = await run(systemDisk, openRegular(path, { refuseLink: true }));
  return createReadStream(path, { fd, start: 0, highWaterMark: pieceBytes });
}

/** The first line of a segment; undefined where that is none, or cannot be read. */
export async function readSegmentHead(path: string): Promise<SegmentHead | undefined> {
  try {
    for await (const { text, isTorn } of readLines(path)) {
      const line = isTorn ? undefined : parseLine(text);
      return line?.type === 'head' ? line.head : undefined;
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  return undefined;
}

export type ReadSegmentOptions = {
  readonly onHead?: (head: SegmentHead) => void;
  /** The segment was closed, and this is what it says of itself; nothing of it is proved. */
  readonly onEnd?: (end: SegmentEnd) => void;
  /** A line that is none. @param isTorn it is the last one, and its writer was killed */
  readonly onDamage?: (line: number, isTorn: boolean) => void;
};

/**
 * Rows, counts and drops of a segment, a batch at a time; open, closed, or left open by one that was killed.
 * @throws the system's error when it cannot be read, or zlib's where a packed one is damaged
 */
export async function* readSegment(
  path: string,
  options: ReadSegmentOptions = {},
): AsyncGenerator<SegmentBatch, void> {
  for await (const { number, text, isTorn } of readLines(path)) {
    const line: SegmentLine | undefined = isTorn ? undefined : parseLine(text);
    if (line === undefined) options.onDamage?.(number, isTorn);
    else if (line.type === 'batch') yield line.value;
    else if (line.type === 'head') options.onHead?.(line.head);
    else if (line.type === 'end') options.onEnd?.(line.end);
  }
}
