/** Buffers of files that are sent are used again: nobody gets a byte of another file. */
import { randomBytes } from 'node:crypto';
import { truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { FileStream, pieceWritten } from '../../../src-main/gateway/file-stream.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();
const kib = 1024;

/** Reads as a socket does that takes a piece some turns later than it was given. */
async function readSlowly(stream: FileStream, turns: number, mostBytes = Infinity): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    // oxlint-disable-next-line no-await-in-loop
    for (let turn = 0; turn < turns; turn += 1) await nextTurn();
    pieces.push(Buffer.from(piece));
    pieceWritten(piece);
    bytes += piece.length;
    if (bytes >= mostBytes) break;
  }
  return Buffer.concat(pieces);
}

it('gives each of many readers its own file, slow ones and ones that leave', async () => {
  const dir = tempDir();
  const read = async (index: number): Promise<void> => {
    const bytes = randomBytes((300 + 150 * index) * kib);
    const path = join(dir, `f${index}`);
    writeFileSync(path, bytes);
    for (const start of [0, 7]) {
      // oxlint-disable-next-line no-await-in-loop
      const stream = new FileStream(await open(path), { start, end: bytes.length - 1 });
      const most = index % 3 === 2 ? 200 * kib : Infinity;
      // oxlint-disable-next-line no-await-in-loop
      const got = await readSlowly(stream, index % 4, most);
      expect(got.equals(bytes.subarray(start, start + got.length))).toBe(true);
      expect(got.length >= Math.min(most, bytes.length - start)).toBe(true);
    }
  };
  await Promise.all(Array.from({ length: 9 }, (_, index) => read(index)));
});

it('ends early where the file became shorter, and closes it', async () => {
  const path = join(tempDir(), 'file');
  writeFileSync(path, randomBytes(600 * kib));
  const handle = await open(path);
  const stream = new FileStream(handle, { start: 0, end: 600 * kib - 1 });
  truncateSync(path, 10 * kib);
  expect(await readSlowly(stream, 0)).toHaveLength(10 * kib);
  await finished(stream).catch(() => undefined);
  await expect(handle.stat()).rejects.toMatchObject({ code: 'EBADF' });
});

it('does not use a buffer again that did not leave', async () => {
  const path = join(tempDir(), 'file');
  writeFileSync(path, randomBytes(512 * kib));
  const pieces: Buffer[] = [];
  for await (const piece of new FileStream(await open(path), { start: 0, end: 512 * kib - 1 }))
    pieces.push(piece as Buffer);
  const [first, second] = pieces;
  pieceWritten(first!, new Error('gone'));
  pieceWritten(second!);
  const stream = new FileStream(await open(path), { start: 0, end: 512 * kib - 1 });
  const again: Buffer[] = [];
  for await (const piece of stream as AsyncIterable<Buffer>) again.push(piece);
  expect(again.map(({ buffer }) => buffer)).toContain(second!.buffer);
  expect(again.map(({ buffer }) => buffer)).not.toContain(first!.buffer);
});
