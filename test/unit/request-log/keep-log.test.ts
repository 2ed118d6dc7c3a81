import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { keyOfSeed, publicX } from '../../../src-main/base/seed-key.ts';
import { withFileLock } from '../../../src-main/disk/file-lock.ts';
import { folderSource } from '../../../src-main/request-log/folder-source.ts';
import { pruneLog, takeIn } from '../../../src-main/request-log/keep-log.ts';
import { LogKeeper } from '../../../src-main/request-log/log-keeper.ts';
import { retireSegments } from '../../../src-main/request-log/retire-segments.ts';
import { packSegment } from '../../../src-main/request-log/pack-segments.ts';
import { LatchkeyError } from '../../../shared/errors.ts';
import { rowsBytesOf } from '../../../src-main/request-log/make-room.ts';
import { runsDir, takeRunLock } from '../../../src-main/request-log/run-lock.ts';
import {
  listSegments,
  macKeysPath,
  segmentPath,
  segmentsDir,
  fieldKeysPath,
} from '../../../src-main/request-log/segment-files.ts';
import { openStoreThread } from '../../../src-main/request-log/store/open-store-thread.ts';
import type { RowStore } from '../../../src-main/request-log/store/row-store.ts';
import { verifyLog } from '../../../src-main/request-log/verify-log.ts';
import { atMs, identity, newAdmin, newWriter, row, textsOf } from '../../support/log-rows.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();
const stores: RowStore[] = [];
afterEach(() => stores.splice(0).forEach((store) => store.close()));

const dayMs = 86_400_000;
const retention = { rowsDays: 400, addressDays: 30, ciUserDays: 30, rollupDays: 1830 };
const name = (n: number, run = atMs) => `${identity.gatewayId}.${run}.${n}`;

function open(dir: string): RowStore {
  const store = openStoreThread(dir);
  stores.push(store);
  return store;
}

/** One segment a day, each with a row; the last one stays open. */
async function days(dir: string, count: number): Promise<void> {
  let nowMs = atMs;
  const writer = newWriter(dir, [(await newAdmin()).recipient], { now: () => nowMs });
  for (let day = 0; day < count; day += 1) {
    nowMs = atMs + day * dayMs;
    // Its row is of the same time.
    writer.write(textsOf([row({ filename: `day-${day}.whl` })], { atMs: nowMs }));
    if (day < count - 1) writer.end();
  }
  writer.sync();
}

const statesOf = async (dir: string) => {
  const findings = await verifyLog(folderSource(dir), {
    gatewayKey: () => publicX(keyOfSeed(identity.seed)),
  });
  return Object.fromEntries(findings.map((found) => [found.name.split('.')[2], found.state]));
};
const files = async (dir: string) => (await listSegments(dir)).map(({ isPacked, n }) => [n, isPacked]);

describe('a request log that is kept', () => {
  it('has closed segments in its store, packed, and those of killed gateways', async () => {
    const dir = tempDir();
    await days(dir, 3);
    mkdirSync(runsDir(dir));
    const lock = await takeRunLock(dir, identity.gatewayId, atMs);
    const store = open(dir);
    const before = await store.rows({});
    expect(before.items).toHaveLength(3);
    expect(await takeIn(dir, store)).toBe(true);
    expect(await files(dir)).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ]);
    expect(await store.sizes()).toMatchObject({ rows: 2 });
    await lock.release();
    await takeIn(dir, store);
    expect(await files(dir)).toEqual([1, 2, 3].map((n) => [n, true]));
    expect(await store.sizes()).toMatchObject({ rows: 3 });
    expect(await store.rows({})).toEqual(before);
    expect(await statesOf(dir)).toEqual({ 1: 'whole', 2: 'whole', 3: 'not-closed' });
  });

  it('loses rows, personal fields and sums each in its time, and has no gap', async () => {
    const dir = tempDir();
    await days(dir, 6);
    const store = open(dir);
    const who = (n: number) => existsSync(fieldKeysPath(dir, name(n), 'address'));
    const prune = (nowMs: number) => pruneLog(dir, store, retention, nowMs);
    expect(await prune(atMs + 30 * dayMs)).toMatchObject({ segments: 0, persons: 0 });
    expect(await prune(atMs + 32 * dayMs)).toMatchObject({ segments: 0, persons: 2 });
    expect([1, 2, 3].map(who)).toEqual([false, false, true]);
    const nowMs = atMs + 402 * dayMs;
    const plan = await retireSegments(dir, { ...retention, nowMs, isPlan: true });
    expect(plan).toMatchObject({ segments: 2, persons: 4 });
    expect(await prune(nowMs)).toEqual(plan);
    expect(await files(dir)).toEqual([3, 4, 5, 6].map((n) => [n, true]));
    expect(await statesOf(dir)).toMatchObject({ 1: 'retired', 2: 'retired', 3: 'whole', 6: 'not-closed' });
    expect((await store.rows({})).items).toHaveLength(4);
    const [holding] = (await store.whoHas({ ecosystem: 'pypi', name: 'requests' })).items;
    expect(holding).toBeDefined();
    await prune(atMs + 1840 * dayMs);
    expect(readdirSync(segmentsDir(dir))).toEqual([]);
    expect((await store.whoHas({ ecosystem: 'pypi', name: 'requests' })).items).toEqual([]);
  });

  it('loses its oldest rows where there is no room, and their sums stay', async () => {
    const dir = tempDir();
    await days(dir, 6);
    const store = open(dir);
    await takeIn(dir, store);
    const { segments, store: rows } = await rowsBytesOf(dir);
    const room = { ...retention, maxGib: (segments + rows - 1) / 1024 ** 3 };
    const told: unknown[] = [];
    const options = { signer: identity, onRoom: (made: unknown) => told.push(made) };
    expect(await takeIn(dir, store, options, { retention: room, nowMs: atMs + 6 * dayMs })).toBe(true);
    const [made] = told as { segments: number; toMs: number }[];
    expect(told).toHaveLength(1);
    const left = (await files(dir)).map(([n]) => n);
    expect(left).toEqual([1, 2, 3, 4, 5, 6].slice(made!.segments));
    expect((await store.rows({})).items).toHaveLength(left.length);
    const [holding] = (await store.whoHas({ ecosystem: 'pypi', name: 'requests' })).items;
    expect(holding).toBeDefined();
    expect(await statesOf(dir)).toMatchObject({ 1: 'retired', 6: 'not-closed' });
  });

  it('loses what is in its sums, where the disk is too full to take anything in', async () => {
    const dir = tempDir();
    await days(dir, 6);
    const store = open(dir);
    const packed = (await listSegments(dir)).slice(0, 3);
    for (const { name: one } of packed)
      // oxlint-disable-next-line no-await-in-loop
      await packSegment(dir, one);
    const full = {
      index: () => Promise.reject(new LatchkeyError('VAULT_UNAVAILABLE', ['locked'])),
      prune: () => Promise.resolve(),
    };
    const failed = { code: 'VAULT_UNAVAILABLE' };
    await expect(pruneLog(dir, full, retention, atMs + 1000 * dayMs)).rejects.toMatchObject(failed);
    expect((await files(dir)).map(([n]) => n)).toEqual([4, 5, 6]);
    expect(await pruneLog(dir, store, retention, atMs + 1000 * dayMs)).toMatchObject({ segments: 3 });
    await expect(takeIn(dir, full)).rejects.toMatchObject(failed);
  });

  it('loses keys that no segment has, once their gateway is gone', async () => {
    const dir = tempDir();
    mkdirSync(segmentsDir(dir), { recursive: true });
    mkdirSync(runsDir(dir));
    for (const run of [1_000, 2_000])
      for (const path of [
        macKeysPath(dir, name(1, run)),
        fieldKeysPath(dir, name(1, run), 'address'),
        fieldKeysPath(dir, name(1, run), 'ciUser'),
      ])
        writeFileSync(path, '{}');
    // Begins its segment right now.
    const lock = await takeRunLock(dir, identity.gatewayId, 2_000);
    await pruneLog(dir, open(dir), retention, atMs);
    expect(readdirSync(segmentsDir(dir)).toSorted()).toEqual(
      ['address', 'ci-user', 'mac'].map((use) => `${name(1, 2_000)}.${use}.json`),
    );
    await lock.release();
  });

  it('loses nothing by a clock that jumped years ahead, and its gateway says so', async () => {
    const dir = tempDir();
    await days(dir, 3);
    let nowMs = atMs + 5 * dayMs;
    const doubts: unknown[] = [];
    const keeper = new LogKeeper({
      dir,
      store: open(dir),
      now: () => nowMs,
      onProblem: (code) => doubts.push(code),
      onDoubt: (clock) => doubts.push(clock),
      soonMs: 0,
    });
    const patience = { timeout: 20_000 };
    keeper.setRetention(retention);
    await expect.poll(() => existsSync(join(dir, 'clock.json')), patience).toBe(true);
    await expect.poll(async () => (await files(dir)).every(([, isPacked]) => isPacked), patience).toBe(true);
    expect(keeper.keeping).toEqual({});
    nowMs += 3000 * dayMs;
    const clock = { clockMs: nowMs, daysLeft: 6 };
    const doubtsBy = () => {
      // Not heard while a turn goes on.
      keeper.wake();
      return doubts;
    };
    await expect.poll(doubtsBy, patience).toEqual([clock]);
    expect(keeper.keeping).toEqual({ doubted: clock });
    keeper.stop();
    expect(await statesOf(dir)).toEqual({ 1: 'whole', 2: 'whole', 3: 'not-closed' });
    expect(existsSync(fieldKeysPath(dir, name(1), 'address'))).toBe(true);
  });

  it('names a segment that is damaged, once, and takes in what can be read of it, and all others', async () => {
    const dir = tempDir();
    await days(dir, 4);
    const path = segmentPath(dir, name(2));
    writeFileSync(path, readFileSync(path, 'utf8').replace('{"b":0', '{"b";0'));
    const store = open(dir);
    const damaged: string[] = [];
    const onDamaged = (segment: string) => damaged.push(segment);
    for (let turn = 0; turn < 2; turn += 1) expect(await takeIn(dir, store, { onDamaged })).toBe(true);
    expect(damaged).toEqual([name(2)]);
    const { items } = await store.rows({});
    expect(items.map(({ filename }) => filename)).toEqual(['day-3.whl', 'day-2.whl', 'day-0.whl']);
    expect(await statesOf(dir)).toMatchObject({ 1: 'whole', 2: 'damaged', 3: 'whole' });
  });

  it('is kept by its gateway, and by one process at a time', async () => {
    const dir = tempDir();
    await days(dir, 3);
    const store = open(dir);
    await withFileLock(`${dir}/keeping.lock`, {}, async () => {
      expect(await takeIn(dir, store)).toBe(false);
    });
    const problems: string[] = [];
    const keeper = new LogKeeper({
      dir,
      store,
      now: () => atMs + 32 * dayMs,
      onProblem: (code) => problems.push(code),
      soonMs: 0,
    });
    keeper.wake();
    await expect.poll(() => files(dir)).toEqual([1, 2, 3].map((n) => [n, true]));
    expect(existsSync(fieldKeysPath(dir, name(1), 'address'))).toBe(true);
    keeper.setRetention(retention);
    await expect.poll(() => existsSync(fieldKeysPath(dir, name(1), 'address'))).toBe(false);
    keeper.stop();
    expect(problems).toEqual([]);
  });
});
