/** The segments of a request log's folder, for the store: which are closed, and what stands in them. */
import { open, stat } from 'node:fs/promises';
import { codeOf, isSystemError } from '../../disk/disk-error.ts';
import { readSegment } from '../read-segment.ts';
import type { SegmentFile, SegmentName } from '../segment-files.ts';
import { listSegments, nextPlace, segmentPath } from '../segment-files.ts';
import type { SegmentBatch, SegmentInfo, SegmentSource } from './segment-source.ts';
import { UnreadSegment } from './segment-source.ts';

/** The last line of a closed segment: its root, a signature and a MAC. */
const endBytes = 4096;
const endStart = '{"end":';

export type FolderOptions = {
  /** Whether the process of a segment's run is gone, so that nothing is added. None is where it is left out. */
  readonly isRunOver?: (segment: SegmentName) => Promise<boolean>;
};

export class FolderSegments implements SegmentSource {
  readonly #dir: string;
  readonly #options: FolderOptions;
  /** Once closed, always closed; with the size of then, which packing does not change for whoever has read it. */
  readonly #closed = new Map<string, number>();
  readonly damaged = new Set<string>();

  /** @param dir of the request log */
  constructor(dir: string, options: FolderOptions = {}) {
    this.#dir = dir;
    this.#options = options;
  }

  async segments(): Promise<readonly SegmentInfo[]> {
    const files = await listSegments(this.#dir);
    const found = await Promise.all(files.map((file, index) => this.#infoOf(file, files[index + 1])));
    return found.filter((info) => info !== undefined);
  }

  async #infoOf(file: SegmentFile, next: SegmentFile | undefined): Promise<SegmentInfo | undefined> {
    const { name, path } = file;
    try {
      const known = this.#closed.get(name);
      if (known !== undefined) return { name, isClosed: true, sizeBytes: known };
      const { size } = await stat(path);
      const isClosed = file.isPacked || isOfOneRun(file, next) || (await this.#hasEnded(file, size));
      if (isClosed) this.#closed.set(name, size);
      return { name, isClosed, sizeBytes: size };
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      // Packed, put aside, or taken by retention between two looks.
      const elsewhere = nextPlace(path);
      if (elsewhere === undefined) return undefined;
      return await this.#infoOf({ ...file, path: elsewhere, isPacked: elsewhere.endsWith('.gz') }, next);
    }
  }

  async #hasEnded(file: SegmentFile, sizeBytes: number): Promise<boolean> {
    return (await endsWithEnd(file.path, sizeBytes)) || (await this.#options.isRunOver?.(file)) === true;
  }

  async *read({ name }: SegmentInfo): AsyncGenerator<SegmentBatch> {
    const path = segmentPath(this.#dir, name);
    try {
      // A torn last line is what a killed gateway leaves.
      const onDamage = (_line: number, isTorn: boolean) => void (isTorn || this.damaged.add(name));
      yield* readSegment(path, { onDamage });
    } catch (error) {
      // Of a damaged one counts what stands before the damage, and the other segments do.
      if (codeOf(error) === 'ENOENT') return;
      this.damaged.add(name);
      if (isSystemError(error)) throw new UnreadSegment(name, error);
    }
  }
}

/** A run begins its next segment when the one before has ended. */
const isOfOneRun = (file: SegmentFile, next: SegmentFile | undefined): boolean =>
  next?.gateway === file.gateway && next.run === file.run;

async function endsWithEnd(path: string, sizeBytes: number): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const length = Math.min(sizeBytes, endBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, sizeBytes - length);
    const text = buffer.toString('latin1', 0, bytesRead);
    const isWhole = text.endsWith('\n');
    return isWhole && text.slice(text.lastIndexOf('\n', text.length - 2) + 1).startsWith(endStart);
  } finally {
    await file.close();
  }
}
