/**
 * Finds `PKG-INFO` in a source distribution while it comes in (PEP 643, PEP 625: `<name>-<version>/PKG-INFO`). Looks at the
 * heads of the archive's entries only, and no further than to that file; all of it is bounded.
 */
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Packed. Most sdists are smaller; of a larger one nothing is known. */
const maxPackedBytes = 8 * 1024 * 1024;
const maxPlainBytes = 64 * 1024 * 1024;
const maxInfoBytes = 4 * 1024 * 1024;
const blockBytes = 512;

/** @returns undefined where there is none, or where it would take too much to find */
export async function pkgInfoOf(body: Readable): Promise<Uint8Array | undefined> {
  const gunzip = createGunzip();
  let packed = 0;
  body.on('data', (chunk: Buffer) => {
    packed += chunk.length;
    if (packed > maxPackedBytes) body.destroy();
  });
  const plain = pipeline(body, gunzip, () => undefined);
  const tar = new TarSearch();
  try {
    for await (const chunk of plain as AsyncIterable<Buffer>) {
      if (tar.push(chunk)) break;
    }
  } catch (error) {
    // What the connection did is no property of the archive.
    if (body.errored !== null) throw body.errored;
    if (!(error instanceof Error)) throw error;
  } finally {
    body.destroy();
    gunzip.destroy();
  }
  return tar.found;
}

/** The heads of a tar file (ustar, pax), one after the other. */
class TarSearch {
  found: Uint8Array | undefined;
  #head = Buffer.alloc(0);
  /** Of the entry that it is in, with its padding. */
  #skip = 0;
  #wanted: { readonly bytes: number; readonly chunks: Buffer[]; filled: number } | undefined;
  #plain = 0;

  /** @returns whether it is over */
  push(chunk: Buffer): boolean {
    this.#plain += chunk.length;
    if (this.#plain > maxPlainBytes) return true;
    for (let at = 0; at < chunk.length;) {
      if (this.#wanted !== undefined) {
        const part = chunk.subarray(at, at + this.#wanted.bytes - this.#wanted.filled);
        this.#wanted.chunks.push(part);
        this.#wanted.filled += part.length;
        at += part.length;
        if (this.#wanted.filled < this.#wanted.bytes) continue;
        this.found = Buffer.concat(this.#wanted.chunks);
        return true;
      }
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - at);
        this.#skip -= skipped;
        at += skipped;
        continue;
      }
      const part = chunk.subarray(at, at + blockBytes - this.#head.length);
      this.#head = Buffer.concat([this.#head, part]);
      at += part.length;
      if (this.#head.length === blockBytes && this.#isEnd()) return true;
    }
    return false;
  }

  /** Reads a head. @returns whether it is none */
  #isEnd(): boolean {
    const head = this.#head;
    this.#head = Buffer.alloc(0);
    const size = octal(head.toString('latin1', 124, 136));
    if (size === undefined || head[0] === 0) return true;
    const type = head.toString('latin1', 156, 157);
    const name = textOf(head, 0, 100);
    const prefix = textOf(head, 345, 500);
    const path = prefix === '' ? name : `${prefix}/${name}`;
    if ((type === '0' || type === '\0') && /^[^/]+\/PKG-INFO$/.test(path.replace(/^\.\//, ''))) {
      if (size === 0 || size > maxInfoBytes) return true;
      this.#wanted = { bytes: size, chunks: [], filled: 0 };
    } else this.#skip = Math.ceil(size / blockBytes) * blockBytes;
    return false;
  }
}

function textOf(head: Buffer, from: number, to: number): string {
  const end = head.indexOf(0, from);
  return head.toString('latin1', from, end === -1 || end > to ? to : end);
}

function octal(text: string): number | undefined {
  const digits = text.replaceAll(/[\0 ]+/g, '');
  return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}
