/** Streams of bytes under bounds: unpacked, counted, cut into lines. */
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FeedBounds } from './bounds.ts';
import { FeedError } from './problem.ts';

/** What all of one feed has taken so far; one for a whole reading. */
export class Tally {
  readonly bounds: FeedBounds;
  #unpacked = 0;
  #packed = 0;
  #entries = 0;

  constructor(bounds: FeedBounds) {
    this.bounds = bounds;
  }

  countEntry(place: string): void {
    this.#entries += 1;
    if (this.#entries > this.bounds.entries)
      throw new FeedError('too-large', place, `more than ${this.bounds.entries} files`);
  }

  countPacked(bytes: number): void {
    this.#packed += bytes;
  }

  countUnpacked(bytes: number, place: string): void {
    this.#unpacked += bytes;
    const { totalBytes, ratio, ratioFromBytes } = this.bounds;
    if (this.#unpacked > totalBytes) throw new FeedError('too-large', place, `more than ${totalBytes} bytes`);
    if (this.#unpacked > ratioFromBytes && this.#unpacked > ratio * this.#packed)
      throw new FeedError('too-large', place, `more than ${ratio} times its packed size`);
  }
}

/** Unpacks where the name ends with `.gz`. Counts what comes out. */
export async function* plainBytes(
  source: Readable,
  place: string,
  isPacked: boolean,
  tally: Tally,
): AsyncGenerator<Buffer> {
  const countIn = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of source as AsyncIterable<Buffer>) {
      tally.countPacked(piece.length);
      yield piece;
    }
  };
  if (!isPacked) {
    for await (const piece of countIn()) {
      tally.countUnpacked(piece.length, place);
      yield piece;
    }
    return;
  }
  const unpacked = createGunzip();
  const { Readable: NodeReadable } = await import('node:stream');
  const input = NodeReadable.from(countIn());
  input.on('error', (error) => unpacked.destroy(error));
  input.pipe(unpacked);
  try {
    for await (const piece of unpacked as AsyncIterable<Buffer>) {
      tally.countUnpacked(piece.length, place);
      yield piece;
    }
  } catch (error) {
    if (error instanceof FeedError) throw error;
    throw new FeedError('broken', place, error instanceof Error ? error.message : undefined, {
      cause: error,
    });
  } finally {
    input.destroy();
    unpacked.destroy();
    source.destroy();
  }
}

/** All of it, when it is not more than that. */
export async function wholeBytes(
  pieces: AsyncIterable<Buffer>,
  place: string,
  maxBytes: number,
): Promise<Buffer> {
  const all: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > maxBytes) throw new FeedError('too-large', place, `more than ${maxBytes} bytes`);
    all.push(piece);
  }
  return Buffer.concat(all, length);
}

/** Lines without their ends, empty ones left out; `line` counts from 1. */
export async function* linesOf(
  pieces: AsyncIterable<Buffer>,
  place: string,
  maxBytes: number,
): AsyncGenerator<{ readonly line: number; readonly bytes: Buffer }> {
  let rest: Buffer[] = [];
  let restLength = 0;
  let line = 0;
  const take = (end: Buffer): Buffer => {
    const whole = rest.length === 0 ? end : Buffer.concat([...rest, end]);
    rest = [];
    restLength = 0;
    line += 1;
    return whole.at(-1) === 0x0d ? whole.subarray(0, -1) : whole;
  };
  for await (const piece of pieces) {
    let from = 0;
    for (let end = piece.indexOf(0x0a); end !== -1; end = piece.indexOf(0x0a, from)) {
      const bytes = take(piece.subarray(from, end));
      from = end + 1;
      if (bytes.length > maxBytes)
        throw new FeedError('too-large', `${place}:${line}`, `more than ${maxBytes} bytes`);
      if (bytes.length > 0) yield { line, bytes };
    }
    restLength += piece.length - from;
    if (restLength > maxBytes)
      throw new FeedError('too-large', `${place}:${line + 1}`, `more than ${maxBytes} bytes`);
    rest.push(piece.subarray(from));
  }
  const bytes = take(Buffer.alloc(0));
  if (bytes.length > 0) yield { line, bytes };
}
