/** A damaged segment is put aside, and everything but its place stays as it was. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dayMs } from '../../../shared/model/time.ts';
import { keyOfSeed, publicX } from '../../../src-main/base/seed-key.ts';
import { folderSource } from '../../../src-main/request-log/folder-source.ts';
import { pruneLog, putDamagedAside, takeIn } from '../../../src-main/request-log/keep-log.ts';
import { makeRoom, rowsBytesOf } from '../../../src-main/request-log/make-room.ts';
import { sweepSegments } from '../../../src-main/request-log/pack-segments.ts';
import { putAside } from '../../../src-main/request-log/put-aside.ts';
import { readWho } from '../../../src-main/request-log/read-who.ts';
import { readRetired } from '../../../src-main/request-log/retired-file.ts';
import { runsDir, takeRunLock } from '../../../src-main/request-log/run-lock.ts';
import {
  asideDir,
  fieldKeysPath,
  listSegments,
  macKeysPath,
  segmentPath,
  segmentsDir,
} from '../../../src-main/request-log/segment-files.ts';
import { rootOf } from '../../../src-main/request-log/segment-root.ts';
import { FolderSegments } from '../../../src-main/request-log/store/folder-segments.ts';
import { openRowStore, openScanStore } from '../../../src-main/request-log/store/log-store.ts';
import type { RowStore } from '../../../src-main/request-log/store/row-store.ts';
import type { LogFinding, VerifyLogOptions } from '../../../src-main/request-log/verify-log.ts';
import { verifyLog } from '../../../src-main/request-log/verify-log.ts';
import type { Admin } from '../../support/log-rows.ts';
import { atMs, identity, newAdmin, newWriter, openKey, row, textsOf } from '../../support/log-rows.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();
const retention = { rowsDays: 90, addressDays: 7, ciUserDays: 30, rollupDays: 400 };
const name = (n: number) => `${identity.gatewayId}.${atMs}.${n}`;
const segment = { gateway: identity.gatewayId, run: atMs, n: 2 };
const stores: RowStore[] = [];
afterEach(() => stores.splice(0).forEach((store) => store.close()));
let ada: Admin;
let dir: string;
beforeAll(async () => {
  ada = await newAdmin();
});
/** Three closed segments of three batches, a day each. */
beforeEach(() => {
  dir = tempDir();
  let nowMs = atMs;
  const writer = newWriter(dir, [ada.recipient], { now: () => nowMs });
  for (let n = 1; n <= 3; n += 1, nowMs += dayMs) {
    for (let batch = 0; batch < 3; batch += 1)
      writer.write(textsOf([row({ filename: `${n}-${batch}.whl`, atMs: nowMs })], { atMs: nowMs }));
    writer.end();
  }
});

const open = (make: typeof openRowStore = openRowStore): RowStore => {
  const store = make({ dir: join(dir, 'store'), source: new FolderSegments(dir) });
  stores.push(store);
  return store;
};
const plainOf = (n: number) => segmentPath(dir, name(n));
const asideOf = (n: number, end = '') => join(asideDir(dir), `${name(n)}.jsonl${end}`);
const linesOf = (n: number) => readFileSync(plainOf(n), 'utf8').split('\n');
/** Its second batch is no line any more. */
const damage = (n: number) => writeFileSync(plainOf(n), linesOf(n).with(4, '{"b";1').join('\n'));
const pack = (n: number, cut = 0) => {
  const bytes = gzipSync(readFileSync(plainOf(n)));
  writeFileSync(`${plainOf(n)}.gz`, cut === 0 ? bytes : bytes.subarray(0, -cut));
};
const where = async () => (await listSegments(dir)).map(({ path, n }) => [n, basename(join(path, '..'))]);
const put = async (...numbers: number[]) => {
  const told: [string, string | undefined][] = [];
  await putAside(dir, numbers.map(name), (...one) => told.push(one));
  return told;
};

async function verify(more: Partial<VerifyLogOptions> = {}): Promise<readonly LogFinding[]> {
  return verifyLog(folderSource(dir), {
    gatewayKey: () => publicX(keyOfSeed(identity.seed)),
    openMacKey: (one, file) => openKey('mac', one, ada, file).catch(() => undefined),
    ...more,
  });
}
const withoutPlace = (found: readonly LogFinding[]) => found.map(({ aside: _aside, ...one }) => one);
const judge = (nowMs: number) => ({
  nowMs,
  keptFromMs: nowMs - retention.rowsDays * dayMs,
  anchors: [{ ...segment, root: 'of a whole one', atMs }],
});

describe('a damaged segment', () => {
  it.each(['a line of it', 'its packed bytes'])(
    'is put aside, named with its place, for %s',
    async (what) => {
      if (what === 'a line of it') damage(2);
      else {
        pack(2, 1_000);
        rmSync(plainOf(2));
      }
      const before = await verify();
      expect(before[1]).toMatchObject({ state: 'damaged' });
      const told: unknown[] = [];
      const store = open();
      const onDamaged = (...one: unknown[]) => told.push(one);
      for (let turn = 0; turn < 2; turn += 1) expect(await takeIn(dir, store, { onDamaged })).toBe(true);
      const file = `damaged/${name(2)}.jsonl${what === 'a line of it' ? '' : '.gz'}`;
      expect(told).toEqual([[name(2), file]]);
      expect(await where()).toEqual([
        [1, 'segments'],
        [2, 'damaged'],
        [3, 'segments'],
      ]);
      if (process.platform !== 'win32') expect(statSync(asideDir(dir)).mode & 0o777).toBe(0o700);
      const after = await verify();
      expect(after[1]?.aside).toBe(file);
      expect(withoutPlace(after)).toEqual(before);
      const rows = (await store.rows({})).items.map(({ filename }) => filename);
      expect(rows).toEqual(expect.arrayContaining(['1-0.whl', '3-2.whl']));
      const read = [0, 1, 2].map((batch) => rows.includes(`2-${batch}.whl`));
      if (what === 'a line of it') expect(read).toEqual([true, false, true]);
      else expect(read[2]).toBe(false);
      expect((await open(openScanStore).rows({})).items).toEqual((await store.rows({})).items);
    },
  );

  it('shows its persons and its size as before, and is not packed', async () => {
    damage(2);
    const before = await rowsBytesOf(dir);
    await put(2);
    expect(await rowsBytesOf(dir)).toEqual(before);
    await takeIn(dir, open());
    expect(existsSync(asideOf(2))).toBe(true);
    const address = await openKey(
      'address',
      segment,
      ada,
      readFileSync(fieldKeysPath(dir, name(2), 'address'), 'utf8'),
    );
    const opened = [];
    for await (const { batch, who } of readWho(plainOf(2), { address: address! })) opened.push([batch, who]);
    expect(opened).toEqual([0, 2].map((batch) => [batch, [{ address: '192.0.2.7' }]]));
  });

  it('stays while it may be written, or where it only ends half-way', async () => {
    mkdirSync(runsDir(dir));
    const lock = await takeRunLock(dir, identity.gatewayId, atMs);
    writeFileSync(plainOf(3), linesOf(3).with(4, '{').slice(0, -2).join('\n'));
    writeFileSync(plainOf(2), readFileSync(plainOf(2)).subarray(0, -40));
    expect(await put(2, 3)).toEqual([[name(3), undefined]]);
    await lock.release();
    expect(await put(2, 3)).toEqual([[name(3), `damaged/${name(3)}.jsonl`]]);
    expect(await put(2, 3)).toEqual([]);
  });

  it('is put aside packed, too, where its packing was killed, from any step, by two at once', async () => {
    damage(2);
    pack(2);
    const before = await verify();
    mkdirSync(asideDir(dir));
    // Killed between the two.
    renameSync(plainOf(2), asideOf(2));
    expect(withoutPlace(await verify())).toEqual(before);
    renameSync(asideOf(2), plainOf(2));
    await Promise.all([put(2), put(2)]);
    expect(readdirSync(asideDir(dir)).toSorted()).toEqual(
      ['.jsonl', '.jsonl.gz'].map((end) => name(2) + end),
    );
    expect(withoutPlace(await verify())).toEqual(before);
    expect(readdirSync(segmentsDir(dir)).filter((file) => file.startsWith(name(2)))).toHaveLength(3);
  });

  it.each([
    ['taken in', openRowStore],
    ['not taken in, as there is no SQLite', openScanStore],
  ])('is put aside where a killed process had not come to that: %s', async (_, make) => {
    damage(2);
    const ended = [1, 2, 3].map(name);
    await open().index(ended);
    await takeIn(dir, open(make));
    expect(await where()).toContainEqual([2, 'damaged']);
  });

  it('is found by a check, and by retention, after it was taken in', async () => {
    const store = open();
    await takeIn(dir, store);
    writeFileSync(`${plainOf(2)}.gz`, readFileSync(`${plainOf(2)}.gz`).subarray(0, -60));
    const told: unknown[] = [];
    const onDamaged = (...one: unknown[]) => told.push(one);
    await putDamagedAside(dir, [name(1), name(2)], { onDamaged });
    expect(told).toEqual([[name(2), `damaged/${name(2)}.jsonl.gz`]]);
    writeFileSync(`${plainOf(1)}.gz`, 'no gzip');
    await pruneLog(dir, store, retention, atMs + 8 * dayMs, { onDamaged });
    expect(told.slice(1)).toEqual([[name(1), `damaged/${name(1)}.jsonl.gz`]]);
  });
});

describe('a segment that was put aside', () => {
  it.each(['a line of it', 'all of it'])(
    'loses its persons and goes at its time, damaged in %s',
    async (what) => {
      if (what === 'a line of it') damage(2);
      else writeFileSync(plainOf(2), 'x\n');
      utimesSync(plainOf(2), (atMs + dayMs) / 1000, (atMs + dayMs) / 1000);
      const store = open();
      const prune = (days: number) =>
        pruneLog(dir, store, retention, atMs + days * dayMs, { signer: identity });
      const keys = () =>
        (['address', 'ciUser'] as const).map((one) => existsSync(fieldKeysPath(dir, name(2), one)));
      await prune(7.5);
      expect([keys(), existsSync(asideOf(2))]).toEqual([[true, true], true]);
      await prune(9.5);
      expect(keys()).toEqual([false, true]);
      await prune(32.5);
      expect([keys(), existsSync(asideOf(2))]).toEqual([[false, false], true]);
      // The one behind it says what it was, and is as young as that.
      expect(await prune(91.5)).toMatchObject({ segments: 1 });
      expect(existsSync(asideOf(2))).toBe(true);
      expect(await prune(92.5)).toMatchObject({ segments: 2 });
      expect([existsSync(asideOf(2)), existsSync(macKeysPath(dir, name(2)))]).toEqual([false, false]);
      const nowMs = atMs + 92.5 * dayMs;
      const anchors = judge(nowMs).anchors;
      const found = await verify({ retired: judge(nowMs), anchors });
      expect(found.map(({ state }) => state).toSorted()).toEqual(['retired', 'retired', 'retired']);
    },
  );

  it('is missing where what went is not what somebody younger says', async () => {
    damage(2);
    await put(2);
    const store = open();
    await pruneLog(dir, store, { ...retention, rowsDays: 1 }, atMs + 2.9 * dayMs, { signer: identity });
    await pruneLog(dir, store, { ...retention, rowsDays: 1 }, atMs + 3.1 * dayMs, { signer: identity });
    expect((await readRetired(dir)).has(name(2))).toBe(true);
    const nowMs = atMs + 3.1 * dayMs;
    const retired = { nowMs, keptFromMs: nowMs - dayMs, anchors: [] };
    const stateOf = async (anchorMs: number) => {
      const anchors = [{ ...segment, root: 'another', atMs: anchorMs }];
      return (await verify({ retired, anchors })).find((one) => one.name === name(2))?.state;
    };
    expect([await stateOf(nowMs - dayMs / 2), await stateOf(nowMs - 2 * dayMs)]).toEqual([
      'missing',
      'retired',
    ]);
  });

  it('goes for room, also where nothing of it can be read', async () => {
    rmSync(plainOf(1));
    writeFileSync(`${plainOf(1)}.gz`, 'no gzip');
    utimesSync(`${plainOf(1)}.gz`, atMs / 1000, atMs / 1000);
    await put(1);
    const { segments, store } = await rowsBytesOf(dir);
    const made = await makeRoom(dir, {
      maxBytes: segments + store - 1,
      nowMs: atMs + 4 * dayMs,
      signer: identity,
    });
    expect(made).toMatchObject({ segments: expect.any(Number) as number });
    expect(readdirSync(asideDir(dir))).toEqual([]);
    expect((await readRetired(dir)).get(name(1))).toMatchObject({ root: '', why: 'room' });
  });

  it('gives way to a whole copy that is put back, and goes with it', async () => {
    const whole = readFileSync(plainOf(2));
    damage(2);
    await put(2);
    writeFileSync(plainOf(2), whole);
    const found = await verify();
    expect(found.map(({ state, aside }) => [state, aside])).toEqual(
      [1, 2, 3].map(() => ['whole', undefined]),
    );
    // Damaged again: what was put aside first is not replaced.
    const first = readFileSync(asideOf(2), 'utf8');
    writeFileSync(plainOf(2), 'x\n');
    expect(await put(2)).toEqual([[name(2), undefined]]);
    expect(readFileSync(asideOf(2), 'utf8')).toBe(first);
    writeFileSync(plainOf(2), whole);
    await pruneLog(dir, open(), retention, atMs + 200 * dayMs, { signer: identity });
    expect(readdirSync(segmentsDir(dir)).concat(readdirSync(asideDir(dir)))).toEqual([]);
  });
});

describe('whoever moves segments by hand', () => {
  it('hides nothing: a changed, a removed and a doubled one show as before', async () => {
    mkdirSync(asideDir(dir));
    const whole = await verify();
    for (const n of [1, 2, 3]) renameSync(plainOf(n), asideOf(n));
    expect(withoutPlace(await verify())).toEqual(whole);
    const changed = readFileSync(asideOf(2), 'utf8').replace('2-1.whl', '9-9.whl');
    writeFileSync(asideOf(2), changed);
    const after = (await verify())[1];
    expect([after?.state, after?.macs]).toEqual(['tampered', 'wrong']);
    // What lies among the others counts, whatever was put beside it.
    writeFileSync(plainOf(3), changed);
    expect((await verify())[2]?.state).toBe('tampered');
    rmSync(plainOf(3));
    expect((await verify())[2]?.state).toBe('whole');
    rmSync(asideOf(2));
    expect((await verify()).find((one) => one.name === name(2))?.state).toBe('missing');
  });

  it.skipIf(process.platform === 'win32')('is not followed through a link, which is told', async () => {
    const outside = tempDir();
    symlinkSync(outside, asideDir(dir));
    copyFileSync(plainOf(3), join(outside, `${name(9)}.jsonl`));
    damage(2);
    const told: unknown[] = [];
    const onDamaged = (...one: unknown[]) => told.push(one);
    await expect(takeIn(dir, open(), { onDamaged })).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(told).toEqual([[name(2), undefined]]);
    expect(readdirSync(outside)).toEqual([`${name(9)}.jsonl`]);
    expect(await where()).toEqual([1, 2, 3].map((n) => [n, 'segments']));
    expect(await rootOf(`${plainOf(1)}.gz`)).toBe((await verify())[0]?.root);
    rmSync(asideDir(dir));
    await put(2);
    renameSync(asideDir(dir), join(outside, 'moved'));
    symlinkSync(join(outside, 'moved'), asideDir(dir));
    await sweepSegments(dir, atMs + dayMs);
    // Whoever moves the folder back has its keys.
    expect(existsSync(macKeysPath(dir, name(2)))).toBe(true);
    rmSync(asideDir(dir));
    renameSync(join(outside, 'moved', `${name(2)}.jsonl`), plainOf(2));
    writeFileSync(asideDir(dir), 'no folder');
    expect(await where()).toHaveLength(3);
    await expect(put(2)).rejects.toMatchObject({ code: 'EEXIST' });
  });
});
