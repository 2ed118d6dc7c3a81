/** What others put into the folder of a request log: never waited for, never followed, and nothing of it outside goes. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { dayMs } from '../../../shared/model/time.ts';
import { keyOfSeed, publicX } from '../../../src-main/base/seed-key.ts';
import { folderSource } from '../../../src-main/request-log/folder-source.ts';
import { pruneLog, takeIn } from '../../../src-main/request-log/keep-log.ts';
import { keepingTime } from '../../../src-main/request-log/keeping-clock.ts';
import { rowsBytesOf } from '../../../src-main/request-log/make-room.ts';
import { maxSegmentBytes } from '../../../src-main/request-log/read-segment.ts';
import { noteRetired } from '../../../src-main/request-log/retired-file.ts';
import { isRunOver, liveRuns, runsDir } from '../../../src-main/request-log/run-lock.ts';
import { linksBefore } from '../../../src-main/request-log/segment-root.ts';
import {
  asideDir,
  listSegments,
  fieldKeysPath,
  macKeysPath,
  segmentPath,
  segmentsDir,
} from '../../../src-main/request-log/segment-files.ts';
import { FolderSegments } from '../../../src-main/request-log/store/folder-segments.ts';
import { openScanStore } from '../../../src-main/request-log/store/log-store.ts';
import type { RowStore } from '../../../src-main/request-log/store/row-store.ts';
import { verifyLog } from '../../../src-main/request-log/verify-log.ts';
import { atMs, identity, newAdmin, newWriter, row, textsOf } from '../../support/log-rows.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();
const retention = { rowsDays: 90, addressDays: 7, ciUserDays: 7, rollupDays: 400 };
const nameOf = (run: number) => `${identity.gatewayId}.${run}.1`;
const own = nameOf(atMs);
let dir: string;
let store: RowStore;
let outside: string;

beforeEach(async () => {
  dir = tempDir();
  outside = join(tempDir(), 'outside');
  writeFileSync(outside, 'kept\n');
  const writer = newWriter(dir, [(await newAdmin()).recipient]);
  writer.write(textsOf([row()]));
  writer.end();
  mkdirSync(runsDir(dir));
  // Reads every segment, on this thread.
  store = openScanStore({ dir: join(dir, 'store'), source: new FolderSegments(dir) });
});

const pipe = (path: string) => execFileSync('mkfifo', [path]);
const late = atMs + 100 * dayMs;
const states = async () =>
  Object.fromEntries(
    (
      await verifyLog(folderSource(dir), {
        gatewayKey: () => publicX(keyOfSeed(identity.seed)),
        openMacKey: () => Promise.resolve(undefined),
      })
    ).map(({ name, state, problems }) => [name, [state, ...problems.map(({ what }) => what)]]),
  );

describe.skipIf(process.platform === 'win32')('links, pipes and folders in a request log', () => {
  it('are no segments, by whatever name', async () => {
    pipe(segmentPath(dir, nameOf(1)));
    pipe(`${segmentPath(dir, nameOf(2))}.gz`);
    mkdirSync(segmentPath(dir, nameOf(3)));
    symlinkSync('/dev/zero', segmentPath(dir, nameOf(4)));
    symlinkSync(outside, segmentPath(dir, nameOf(5)));
    symlinkSync('nowhere', segmentPath(dir, nameOf(6)));
    expect((await listSegments(dir)).map(({ name }) => name)).toEqual([own]);
    expect((await linksBefore(dir, [])).map(([name]) => name)).toEqual([own]);
    expect(await states()).toEqual({ [own]: ['whole'] });
    expect(await takeIn(dir, store)).toBe(true);
    expect((await store.rows({})).items).toHaveLength(1);
    expect(await pruneLog(dir, store, retention, late, { signer: identity })).toMatchObject({ segments: 1 });
    expect(readFileSync(outside, 'utf8')).toBe('kept\n');
    expect(existsSync('/dev/zero')).toBe(true);
  });

  it('hide no segment, packed or put aside, in whose place they stand', async () => {
    const plain = segmentPath(dir, own);
    for (const place of [`${plain}.gz`, join(asideDir(dir), basename(plain))]) {
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, place.endsWith('.gz') ? gzipSync(readFileSync(plain)) : readFileSync(plain));
      rmSync(plain);
      symlinkSync('nowhere', plain);
      // oxlint-disable-next-line no-await-in-loop
      expect([await states(), (await store.rows({})).items]).toMatchObject([{ [own]: ['whole'] }, [{}]]);
      rmSync(plain);
      renameSync(place, plain);
      if (place.endsWith('.gz')) writeFileSync(plain, gunzipSync(readFileSync(plain)));
    }
  });

  it('take no room from rows, and what is no segment or too large for one takes none either', async () => {
    const { segments } = await rowsBytesOf(dir);
    const large = (path: string) => {
      writeFileSync(path, '');
      truncateSync(path, 10 * 1024 ** 3);
      return path;
    };
    mkdirSync(asideDir(dir));
    symlinkSync(large(join(outside, '..', 'large')), join(asideDir(dir), `${nameOf(1)}.jsonl`));
    large(join(segmentsDir(dir), 'another'));
    expect(await rowsBytesOf(dir)).toMatchObject({ segments });
    large(join(asideDir(dir), `${nameOf(2)}.jsonl`));
    expect((await rowsBytesOf(dir)).segments).toBe(segments + maxSegmentBytes);
  });

  it('are no keys', async () => {
    rmSync(macKeysPath(dir, own));
    symlinkSync('/dev/zero', macKeysPath(dir, own));
    rmSync(fieldKeysPath(dir, own, 'address'));
    pipe(fieldKeysPath(dir, own, 'address'));
    expect(await states()).toEqual({ [own]: ['tampered', 'mac-keys-changed', 'person-keys-changed'] });
    await pruneLog(dir, store, retention, atMs + 8 * dayMs, { signer: identity });
    expect(existsSync(fieldKeysPath(dir, own, 'address'))).toBe(false);
    await pruneLog(dir, store, retention, late, { signer: identity });
    expect(existsSync('/dev/zero')).toBe(true);
    expect(existsSync(macKeysPath(dir, own))).toBe(false);
  });

  it('are no runs, notes of what went, or clock', async () => {
    const run = (n: number) => join(runsDir(dir), `${identity.gatewayId}.${n}.run`);
    pipe(run(1));
    mkdirSync(run(2));
    symlinkSync(outside, run(3));
    for (const n of [1, 2, 3])
      // oxlint-disable-next-line no-await-in-loop
      expect(await isRunOver(dir, { gateway: identity.gatewayId, run: n })).toBe(true);
    expect(await liveRuns(dir)).toEqual([]);
    pipe(join(dir, 'clock.json'));
    expect((await keepingTime(dir, atMs)).nowMs).toBe(atMs);
    symlinkSync(outside, join(dir, 'retired.jsonl'));
    const line = { segment: own, root: 'x', why: 'retention', endMs: atMs, atMs } as const;
    await expect(noteRetired(dir, line, identity)).rejects.toMatchObject({ code: 'ELOOP' });
    await expect(pruneLog(dir, store, retention, late)).rejects.toThrow('retired.jsonl');
    // What cannot be noted does not go.
    expect((await listSegments(dir)).map(({ name }) => name)).toEqual([own]);
    expect(readFileSync(outside, 'utf8')).toBe('kept\n');
  });
});

describe('segments that nobody of us wrote', () => {
  it.each([
    ['a packed one that was cut', (text: string) => gzipSync(text).subarray(0, -20), true],
    ['a packed one that is none', () => Buffer.from('no gzip'), true],
    ['a packed one that unpacks to more than any', () => gzipSync(Buffer.alloc(70 * 1024 * 1024)), true],
    ['one line of many megabytes', () => Buffer.alloc(6 * 1024 * 1024, 97), false],
    ['nothing', () => Buffer.alloc(0), false],
  ])('%s is damaged or told, put aside, and the others are kept', async (_, make, isPacked) => {
    const name = nameOf(atMs - 1000);
    const path = `${segmentPath(dir, name)}${isPacked ? '.gz' : ''}`;
    writeFileSync(path, make(readFileSync(segmentPath(dir, own), 'utf8')));
    const found = await states();
    expect(found[own]).toEqual(['whole']);
    expect(['damaged', 'not-closed', 'tampered']).toContain(found[name]?.[0]);
    await takeIn(dir, store);
    expect((await store.rows({ tokenId: 'token-1' })).items.length).toBeGreaterThan(0);
    await pruneLog(dir, store, retention, atMs, { signer: identity });
    expect((await listSegments(dir)).map((file) => file.name)).toEqual([name, own]);
    // Where it is no damage, nobody knows when it was written: it stays.
    const isAside = (await listSegments(dir))[0]?.aside !== undefined;
    expect(isAside).toBe(isPacked);
    const gone = { segments: isAside ? 2 : 1 };
    expect(await pruneLog(dir, store, retention, late, { signer: identity })).toMatchObject(gone);
    expect((await listSegments(dir)).map((file) => file.name)).toEqual(isAside ? [] : [name]);
  });

  it('one of ten gigabytes is read no further than any of ours, and not packed', async () => {
    const name = nameOf(atMs - 1000);
    writeFileSync(segmentPath(dir, name), '');
    truncateSync(segmentPath(dir, name), 10 * 1024 ** 3);
    expect((await states())[name]?.[0]).toBe('damaged');
    expect(await takeIn(dir, store)).toBe(true);
    expect((await listSegments(dir)).map(({ path }) => basename(path))).toEqual([
      `${name}.jsonl`,
      `${own}.jsonl.gz`,
    ]);
  });
});
