/**
 * Sees whether a package came whole where only the end of the connection says so. Invariant: what ends before its
 * format's own end fails, so that a client gets a broken connection and no short file.
 */
import type { TransformCallback } from 'node:stream';
import { Transform } from 'node:stream';
import type { Gunzip } from 'node:zlib';
import { createGunzip } from 'node:zlib';

/** The record at a zip's end, and its longest comment (APPNOTE 4.3.16). */
const zipTailBytes = 22 + 65_535;
const zipEnd = Buffer.from('PK\u0005\u0006', 'latin1');
/** Of a bzip2 stream: sqrt(pi), then a checksum of 32 bits, then up to 7 bits to fill the byte. */
const bzip2End = 0x177245385090n;
const bzip2TailBytes = 11;
/** Beyond, unpacking costs more than it tells. */
const maxUnpackedBytes = 4 * 1024 * 1024 * 1024;

class CutError extends Error {
  override readonly name = 'CutError';
}

/** @returns a stream that passes the file's bytes on and fails at a wrong end; undefined for a format without one */
export function endCheckFor(filename: string): Transform | undefined {
  if (/\.(?:conda|whl|zip)$/.test(filename)) return new TailCheck(zipTailBytes, isZipEnd);
  if (filename.endsWith('.tar.bz2')) return new TailCheck(bzip2TailBytes, isBzip2End);
  if (filename.endsWith('.tar.xz')) return new TailCheck(2, (tail) => tail.toString('latin1') === 'YZ');
  return /\.(?:tar\.gz|tgz)$/.test(filename) ? new GzipCheck() : undefined;
}

/** By the last bytes alone. */
class TailCheck extends Transform {
  readonly #tailBytes: number;
  readonly #isEnd: (tail: Buffer, bytes: number) => boolean;
  #parts: Buffer[] = [];
  #held = 0;
  #bytes = 0;

  constructor(tailBytes: number, isEnd: (tail: Buffer, bytes: number) => boolean) {
    super();
    this.#tailBytes = tailBytes;
    this.#isEnd = isEnd;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytes += chunk.length;
    this.#held += chunk.length;
    this.#parts.push(chunk);
    for (let first = this.#parts[0]; first !== undefined; first = this.#parts[0]) {
      if (this.#held - first.length < this.#tailBytes) break;
      this.#held -= first.length;
      this.#parts.shift();
    }
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    const tail = Buffer.concat(this.#parts).subarray(-this.#tailBytes);
    done(this.#isEnd(tail, this.#bytes) ? null : new CutError('The file ends before its end'));
  }
}

function isZipEnd(tail: Buffer, bytes: number): boolean {
  for (let at = tail.lastIndexOf(zipEnd); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(zipEnd, at - 1)) {
    if (tail.length - at < 22 || at + 22 + tail.readUInt16LE(at + 20) !== tail.length) continue;
    const [size, offset] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
    const endsAt = bytes - tail.length + at;
    // All ones: the numbers stand in zip64's own record.
    if (size === 0xffffffff || offset === 0xffffffff || offset + size <= endsAt) return true;
  }
  return false;
}

function isBzip2End(tail: Buffer): boolean {
  if (tail.length < bzip2TailBytes) return false;
  const bits = BigInt(`0x${tail.toString('hex')}`);
  for (let filled = 0n; filled < 8n; filled += 1n)
    if (((bits >> (32n + filled)) & 0xffff_ffff_ffffn) === bzip2End) return true;
  return false;
}

/** By unpacking it beside: gzip's end says nothing by itself. */
class GzipCheck extends Transform {
  readonly #gunzip: Gunzip = createGunzip();
  #unpacked = 0;
  #problem: Error | undefined;
  #isOver = false;
  /** Of the chunk under way: `gunzip` does not call back for one that it fails at. */
  #goOn: (() => void) | undefined;

  constructor() {
    super();
    this.#gunzip.on('data', (piece: Buffer) => {
      this.#unpacked += piece.length;
      if (this.#unpacked > maxUnpackedBytes) this.#stop();
    });
    this.#gunzip.on('error', (error) => {
      this.#problem = error;
      this.#goOn?.();
    });
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#isOver || this.#problem !== undefined) return done(null, chunk);
    this.#goOn = () => {
      this.#goOn = undefined;
      done(null, chunk);
    };
    this.#gunzip.write(chunk, () => this.#goOn?.());
  }

  override _flush(done: TransformCallback): void {
    const finish = (): void =>
      done(this.#problem === undefined ? null : new CutError('The file ends before its end'));
    if (this.#isOver || this.#problem !== undefined) return finish();
    this.#gunzip.once('close', finish);
    this.#gunzip.end();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#gunzip.destroy();
    done(error);
  }

  #stop(): void {
    this.#isOver = true;
    this.#gunzip.removeAllListeners('data').destroy();
  }
}
