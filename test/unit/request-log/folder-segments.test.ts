import { readFileSync, renameSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { segmentPath } from '../../../src-main/request-log/segment-files.ts';
import { FolderSegments } from '../../../src-main/request-log/store/folder-segments.ts';
import { UnreadSegment } from '../../../src-main/request-log/store/segment-source.ts';
import { openStoreThread } from '../../../src-main/request-log/store/open-store-thread.ts';
import { all, atMs, identity, newAdmin, newWriter, row, textsOf } from '../../support/log-rows.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const name = (n: number) => `${identity.gatewayId}.${atMs}.${n}`;

/** Two closed segments and an open one, of two rows each. */
async function written(dir: string): Promise<void> {
  const writer = newWriter(dir, [(await newAdmin()).recipient]);
  for (const n of [1, 2, 3]) {
    writer.write(textsOf([row({ tokenId: `token-${n}` })]));
    writer.write(textsOf([row({ atMs: atMs + n, tokenId: 'token-9' })]));
    if (n < 3) writer.end();
  }
  writer.sync();
}

describe('the segments of a folder', () => {
  it('says which are closed', async () => {
    const dir = tempDir();
    await written(dir);
    const closed = async (source: FolderSegments) =>
      (await source.segments()).filter(({ isClosed }) => isClosed).map((info) => info.name);
    expect(await closed(new FolderSegments(dir))).toEqual([name(1), name(2)]);
    unlinkSync(segmentPath(dir, name(3)));
    expect(await closed(new FolderSegments(dir))).toEqual([name(1), name(2)]);
    // Killed while it wrote the end.
    truncateSync(segmentPath(dir, name(2)), readFileSync(segmentPath(dir, name(2))).length - 1);
    expect(await closed(new FolderSegments(dir))).toEqual([name(1)]);
    const isRunOver = ({ gateway, run }: { gateway: string; run: number }) =>
      Promise.resolve(gateway === identity.gatewayId && run === atMs);
    expect(await closed(new FolderSegments(dir, { isRunOver }))).toEqual([name(1), name(2)]);
  });

  it('reads one that was packed since it was listed, and names one that is damaged', async () => {
    const dir = tempDir();
    await written(dir);
    const source = new FolderSegments(dir);
    const [first, second] = await source.segments();
    const plain = segmentPath(dir, name(1));
    writeFileSync(`${plain}.gz`, gzipSync(readFileSync(plain)));
    unlinkSync(plain);
    const rows = async (info = first) => (info === undefined ? [] : await all(source.read(info)));
    expect(await rows()).toHaveLength(2);
    writeFileSync(`${segmentPath(dir, name(2))}.gz`, 'no gzip');
    unlinkSync(segmentPath(dir, name(2)));
    expect(await rows(second)).toEqual([]);
    expect([...source.damaged]).toEqual([name(2)]);
    unlinkSync(`${plain}.gz`);
    expect(await rows()).toEqual([]);
    expect([...source.damaged]).toEqual([name(2)]);
  });

  it('lists files only, each with the same size every time, and says what cannot be read now', async () => {
    const dir = tempDir();
    await written(dir);
    const source = new FolderSegments(dir);
    const [first, ...others] = await source.segments();
    expect(await source.segments()).toEqual([first, ...others]);
    symlinkSync(segmentPath(dir, name(2)), segmentPath(dir, name(7)));
    expect(await source.segments()).toEqual([first, ...others]);
    renameSync(join(dir, 'segments'), join(dir, 'elsewhere'));
    writeFileSync(join(dir, 'segments'), 'no folder');
    await expect(all(source.read(first!))).rejects.toThrow(UnreadSegment);
  });

  it('is asked through a thread, with what stands in open ones', async () => {
    const dir = tempDir();
    await written(dir);
    const store = openStoreThread(dir);
    try {
      const before = await store.rows({ tokenId: 'token-9' });
      expect(before.items.map(({ place }) => place)).toEqual(
        [3, 2, 1].map((n) => ({ segment: name(n), row: 1, batch: 1, who: 0 })),
      );
      expect(await store.index()).toMatchObject({ segments: 2, rows: 4 });
      expect(await store.rows({ tokenId: 'token-9' })).toEqual(before);
      expect(await store.index()).toMatchObject({ segments: 0 });
      const { items } = await store.whoHas({ sha256: 'ab'.repeat(32) });
      expect(items.map(({ subject, count }) => [subject.tokenId, count])).toEqual([
        ['token-9', 3],
        ['token-1', 1],
        ['token-2', 1],
        ['token-3', 1],
      ]);
    } finally {
      store.close();
    }
  });
});
