/** The bound of the request log on the disk. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { dayMs } from '../../../shared/model/time.ts';
import { keyOfSeed, publicX } from '../../../src-main/base/seed-key.ts';
import { folderSource } from '../../../src-main/request-log/folder-source.ts';
import { makeRoom, rowsBytesOf } from '../../../src-main/request-log/make-room.ts';
import { readRetired } from '../../../src-main/request-log/retired-file.ts';
import { runsDir, takeRunLock } from '../../../src-main/request-log/run-lock.ts';
import { listSegments, segmentPath } from '../../../src-main/request-log/segment-files.ts';
import { verifyLog } from '../../../src-main/request-log/verify-log.ts';
import { atMs, identity, newWriter, row, textsOf } from '../../support/log-rows.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();
const nowMs = atMs + 50 * dayMs;
const nameOf = (n: number, run = atMs) => `${identity.gatewayId}.${run}.${n}`;
let dir: string;
beforeEach(() => {
  dir = tempDir();
  mkdirSync(runsDir(dir));
});

/** One segment a day from a day on. @returns the writer; its last segment is open */
function write(count: number, fromDay = 0) {
  let clockMs = atMs + fromDay * dayMs;
  const writer = newWriter(dir, [], { run: clockMs, now: () => clockMs });
  for (let n = 1; n <= count; n += 1, clockMs += dayMs) {
    writer.write(textsOf([row({ atMs: clockMs })], { atMs: clockMs }));
    if (n < count) writer.end();
  }
  return writer;
}
const there = async () => (await listSegments(dir)).map(({ name }) => name);
const bytes = async () => (await rowsBytesOf(dir)).segments;
const make = (maxBytes: number, isPlan = false) =>
  makeRoom(dir, { maxBytes, nowMs, isPlan, signer: identity });

describe('the room of a request log', () => {
  it('is kept by the oldest segments that have ended, whose gateways say so', async () => {
    write(6).end();
    const before = await bytes();
    expect(await make(before)).toBeUndefined();
    const half = Math.floor(before / 2);
    const plan = await make(half, true);
    expect(await there()).toHaveLength(6);
    expect(await make(half)).toEqual(plan);
    expect(plan).toMatchObject({ segments: 4, toMs: atMs + 3 * dayMs + 1 });
    expect(await bytes()).toBeLessThanOrEqual(half);
    expect(await there()).toEqual([5, 6].map((n) => nameOf(n)));
    const lines = [...(await readRetired(dir)).values()];
    expect(lines.map(({ why, endMs }) => [why, (endMs - atMs) / dayMs])).toEqual(
      [0, 1, 2, 3].map((day) => ['room', day]),
    );
    const found = await verifyLog(folderSource(dir), {
      gatewayKey: () => publicX(keyOfSeed(identity.seed)),
      retired: { nowMs, keptFromMs: 0, anchors: [] },
    });
    expect(found.map(({ state }) => state).toSorted()).toEqual([
      ...Array<string>(4).fill('retired'),
      'whole',
      'whole',
    ]);
  });

  it('takes nothing that is written, whatever there is', async () => {
    const lock = await takeRunLock(dir, identity.gatewayId, atMs);
    const writer = write(3);
    expect(await make(1)).toMatchObject({ segments: 2 });
    expect(await there()).toEqual([nameOf(3)]);
    expect(await make(1)).toBeUndefined();
    writer.end();
    await lock.release();
    expect(await make(1)).toMatchObject({ segments: 1 });
  });

  it('goes by when segments were begun, over all runs', async () => {
    write(2, 10).end();
    write(2, 3).end();
    const plan = await make((await bytes()) - 1, true);
    expect(plan).toMatchObject({ segments: 1 });
    await make((await bytes()) - 1);
    expect(await there()).not.toContain(nameOf(1, atMs + 3 * dayMs));
    expect(await there()).toHaveLength(3);
  });

  it('counts rows in the store, and leaves what cannot be read', async () => {
    write(4).end();
    writeFileSync(segmentPath(dir, nameOf(1)), 'x\n');
    mkdirSync(join(dir, 'store', 'v2'), { recursive: true });
    const segments = await bytes();
    for (const file of ['rows-2026-11.sqlite', 'rows-2026-11.sqlite-wal', 'rollup.sqlite'])
      writeFileSync(join(dir, 'store', 'v2', file), Buffer.alloc(segments));
    expect(await rowsBytesOf(dir)).toEqual({ segments, store: 2 * segments });
    expect(await make(3 * segments)).toBeUndefined();
    // A third of what is to go is the segments' part.
    expect(await make(2.5 * segments)).toMatchObject({ segments: 1 });
    expect(await there()).toEqual([1, 3, 4].map((n) => nameOf(n)));
  });
});
