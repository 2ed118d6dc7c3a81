/**
 * The files of a zip archive, one after the other as its bytes come. Invariant: one file is in memory at a time, and no
 * more than its bound; names are only names, nothing is ever written by them.
 */
import { Unzip, UnzipInflate, UnzipPassThrough } from 'fflate';
import type { UnzipFile } from 'fflate';
import type { Tally } from './bytes.ts';
import { printable } from '../printable.ts';
import { FeedError } from './problem.ts';

/** Packed bytes at a time: what a step unpacks of a bomb is a thousand times as much. */
const stepBytes = 16 * 1024;

export type ZipEntry = { readonly name: string; readonly bytes: Buffer };

/**
 * @param isWanted by name; others are unpacked, counted and dropped
 * @throws FeedError broken, too-large
 */
export async function* zipEntries(
  source: AsyncIterable<Buffer>,
  place: string,
  isWanted: (name: string) => boolean,
  tally: Tally,
): AsyncGenerator<ZipEntry> {
  const ready: ZipEntry[] = [];
  let problem: FeedError | undefined;
  let [opened, closed] = [0, 0];
  const unzip = new Unzip((file) => {
    opened += 1;
    const where = `${place}/${printable(file.name, 200)}`;
    const fail = (error: unknown): void => {
      problem ??= asFeedError(error, where);
    };
    try {
      tally.countEntry(where);
      collect(file, where, isWanted(file.name), tally, fail, (bytes) => {
        closed += 1;
        if (bytes !== undefined) ready.push({ name: file.name, bytes });
      });
    } catch (error) {
      fail(error);
    }
  });
  unzip.register(UnzipInflate);
  unzip.register(UnzipPassThrough);
  const push = (bytes: Uint8Array, isLast: boolean): void => {
    try {
      unzip.push(bytes, isLast);
    } catch (error) {
      problem ??= asFeedError(error, place);
    }
    if (problem !== undefined) throw problem;
  };
  const end = new ArchiveEnd();
  for await (const piece of source) {
    tally.countPacked(piece.length);
    end.push(piece);
    for (let from = 0; from < piece.length; from += stepBytes) {
      push(piece.subarray(from, from + stepBytes), false);
      yield* ready.splice(0);
    }
  }
  push(new Uint8Array(0), true);
  yield* ready.splice(0);
  const listed = end.entries();
  if (listed === undefined || opened !== closed)
    throw new FeedError('broken', place, 'the archive ends too early');
  // What the directory does not name other programs do not see, and the other way round.
  if (listed !== opened % 65_536 && listed !== 65_535)
    throw new FeedError('broken', place, `its directory names ${listed} files, and ${opened} are in it`);
}

function collect(
  file: UnzipFile,
  place: string,
  isWanted: boolean,
  tally: Tally,
  fail: (error: unknown) => void,
  done: (bytes: Buffer | undefined) => void,
): void {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let hasFailed = false;
  file.ondata = (error, bytes, isLast) => {
    if (hasFailed) return;
    try {
      if (error !== null) throw error;
      length += bytes.length;
      tally.countUnpacked(bytes.length, place);
      if (isWanted) {
        if (length > tally.bounds.documentBytes)
          throw new FeedError('too-large', place, `more than ${tally.bounds.documentBytes} bytes`);
        pieces.push(bytes);
      }
      if (isLast) done(isWanted ? Buffer.concat(pieces, length) : undefined);
    } catch (cause) {
      hasFailed = true;
      fail(cause);
    }
  };
  // Each is begun: one that is not is kept as it came, for later.
  file.start();
}

const asFeedError = (error: unknown, place: string): FeedError =>
  error instanceof FeedError
    ? error
    : new FeedError('broken', place, error instanceof Error ? error.message : undefined, { cause: error });

/** The end of an archive says how many files it has; a comment of up to 64 kB may follow. */
class ArchiveEnd {
  #tail = Buffer.alloc(0);

  push(piece: Buffer): void {
    const last = piece.subarray(-maxEndBytes);
    this.#tail = Buffer.concat([this.#tail, last]).subarray(-maxEndBytes);
  }

  /** Undefined: there is no end. */
  entries(): number | undefined {
    for (let at = this.#tail.length - endBytes; at >= 0; at -= 1) {
      if (this.#tail.readUInt32LE(at) !== endMark) continue;
      if (this.#tail.readUInt16LE(at + 20) === this.#tail.length - at - endBytes)
        return this.#tail.readUInt16LE(at + 10);
    }
    return undefined;
  }
}
/** "End of central directory record" of APPNOTE 4.3.16. */
const endMark = 0x06054b50;
const endBytes = 22;
const maxEndBytes = endBytes + 65_535;
