/**
 * Packing of closed segments, and what killed processes left beside them. Invariant: the packed file is whole, and read
 * back, before the plain one goes; who reads meanwhile finds the one or the other (read-segment.ts).
 */
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { codeOf } from '../disk/disk-error.ts';
import { sweepTemporaryFiles } from '../disk/sweep.ts';
import { replaceFileByPieces } from '../disk/write-file.ts';
import { maxSegmentBytes, openSegment } from './read-segment.ts';
import { isRunOver } from './run-lock.ts';
import {
  asideDir,
  isFolder,
  listSegments,
  parseSegmentFile,
  segmentName,
  segmentPath,
  segmentsDir,
} from './segment-files.ts';
import { sizeOfFile } from './take-away.ts';

/**
 * Of a segment to which nothing is added any more; nothing where it is packed, gone, or larger than any of ours.
 * @throws LatchkeyError FILE_NOT_WRITABLE; then it is as it was
 */
export async function packSegment(dir: string, name: string): Promise<void> {
  const path = segmentPath(dir, name);
  try {
    if ((await sizeOfFile(path)) > maxSegmentBytes) return;
    const plain = await openSegment(path);
    const packed = createGzip({ chunkSize: pieceBytes });
    plain.on('error', (error) => packed.destroy(error));
    const pieces = plain.pipe(packed) as AsyncIterable<Uint8Array>;
    const { confirmed } = await replaceFileByPieces(`${path}.gz`, pieces, { mode: 0o600 });
    if (confirmed) await unlink(path);
  } catch (error) {
    // Another process packed it, or, where that counts, somebody reads it: the next time, then.
    if (!['ENOENT', 'EBUSY', 'EPERM'].includes(codeOf(error) ?? '')) throw error;
  }
}

const pieceBytes = 256 * 1024;

const keysFile = /^(.+)\.(?:mac|address|ci-user)\.json$/;

/** Removes key files without a segment, of runs that are over, and halves of packed files. @throws the system's error */
export async function sweepSegments(dir: string, nowMs: number): Promise<void> {
  sweepTemporaryFiles([segmentsDir(dir)], nowMs);
  // First the keys: a segment is made after them.
  const files = await readdir(segmentsDir(dir)).catch(() => []);
  // A link, perhaps: what lies behind it is not looked at, and its keys are of nobody else.
  if ((await isFolder(asideDir(dir))) === false) return;
  const known = new Set((await listSegments(dir)).map(({ name }) => name));
  for (const file of files) {
    const segment = parseSegmentFile(`${keysFile.exec(file)?.[1] ?? ''}.jsonl`);
    if (segment === undefined || known.has(segmentName(segment))) continue;
    // oxlint-disable-next-line no-await-in-loop
    if (await isRunOver(dir, segment)) await unlink(join(segmentsDir(dir), file)).catch(() => undefined);
  }
}
