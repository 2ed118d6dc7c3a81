import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { loadNativeLock } from '../../../src-main/disk/native-lock.ts';
import type { NativeLock } from '../../../src-main/disk/native-lock.ts';
import type { LogRow } from '../../../src-main/request-log/log-row.ts';
import { readSegment } from '../../../src-main/request-log/read-segment.ts';
import { RequestLog } from '../../../src-main/request-log/request-log.ts';
import { isRunOver, liveRuns, runsDir, takeRunLock } from '../../../src-main/request-log/run-lock.ts';
import { listSegments } from '../../../src-main/request-log/segment-files.ts';
import type { SegmentBatch, SegmentHead } from '../../../src-main/request-log/segment-lines.ts';
import { rootOf } from '../../../src-main/request-log/segment-root.ts';
import { maxWaitingRows } from '../../../src-main/request-log/waiting-rows.ts';
import type { Admin } from '../../support/log-rows.ts';
import { all, identity, newAdmin, row } from '../../support/log-rows.ts';
import { LogThreads } from '../../support/log-threads.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

function open(dir: string, threads?: LogThreads): RequestLog {
  const { gatewayId: gateway, seed } = identity;
  const startThread = threads === undefined ? {} : { startThread: threads.start };
  return new RequestLog({
    dir,
    gateway,
    seed,
    now: Date.now,
    retryMs: 1,
    patienceMs: 60_000,
    ...startThread,
  });
}

async function batchesIn(dir: string): Promise<SegmentBatch[]> {
  const batches: SegmentBatch[] = [];
  for (const { path } of await listSegments(dir)) batches.push(...(await all(readSegment(path))));
  return batches;
}

const numbered = (count: number, from = 0): LogRow[] =>
  Array.from({ length: count }, (_, index) => row({ filename: `file-${from + index}.whl` }));
const names = (batches: readonly SegmentBatch[]) =>
  batches.flatMap(({ rows }) => rows.map(({ filename }) => filename));
const dropsIn = (batches: readonly SegmentBatch[]) => batches.flatMap(({ dropped }) => dropped);

describe('the request log', () => {
  it('writes rows in a thread of its own, and ends its segment with the gateway', async () => {
    const dir = tempDir();
    const ada = await newAdmin();
    const log = open(dir);
    log.setRecipients([ada.recipient]);
    for (const one of numbered(2_500)) log.add(one);
    log.count(Date.UTC(2026, 0, 1, 5, 59), 'token-1', 'channel-1', 'allowed');
    log.count(Date.UTC(2026, 0, 1, 5, 1), 'token-1', 'channel-1', 'allowed');
    await log.stop();
    const batches = await batchesIn(dir);
    expect(names(batches)).toEqual(numbered(2_500).map(({ filename }) => filename));
    expect(batches.flatMap(({ counts }) => counts)).toEqual([
      {
        hourMs: Date.UTC(2026, 0, 1, 5),
        tokenId: 'token-1',
        channelId: 'channel-1',
        allowed: 2,
        denied: 0,
        failed: 0,
      },
    ]);
    expect(log.health()).toEqual({ waitingRows: 0, droppedRows: 0 });
    let isClosed = false;
    const [segment] = await listSegments(dir);
    await all(readSegment(segment?.path ?? '', { onEnd: () => (isClosed = true) }));
    expect(isClosed).toBe(true);
    expect(await liveRuns(dir)).toEqual([]);
  });

  it('writes nothing before there is an admin to seal it to, and keeps what waits', async () => {
    const dir = tempDir();
    const threads = new LogThreads();
    const log = open(dir, threads);
    log.add(row());
    await log.stop();
    expect(threads.started).toBe(0);
    expect(log.health()).toMatchObject({ waitingRows: 1, problem: 'no-admins' });
    const later = open(dir, threads);
    later.add(row());
    later.setRecipients([(await newAdmin()).recipient]);
    await later.stop();
    expect(names(await batchesIn(dir))).toHaveLength(1);
  });

  it('goes on with a full disk, says so, and writes how many rows it dropped', async () => {
    const dir = tempDir();
    const threads = new LogThreads();
    const log = open(dir, threads);
    log.setRecipients([(await newAdmin()).recipient]);
    log.add(row({ filename: 'before.whl' }));
    await vi.waitFor(async () => expect(names(await batchesIn(dir))).toEqual(['before.whl']));
    threads.full = 'ENOSPC';
    log.add(row({ filename: 'first.whl' }));
    await vi.waitFor(() => expect(log.health().problem).toBe('ENOSPC'));
    for (const one of numbered(maxWaitingRows + 7)) log.add(one);
    expect(log.health()).toEqual({
      waitingRows: maxWaitingRows + 1,
      droppedRows: 7,
      problem: 'ENOSPC',
    });
    threads.full = undefined;
    await vi.waitFor(() => expect(log.health().problem).toBeUndefined());
    await log.stop();
    const batches = await batchesIn(dir);
    expect(names(batches)).toHaveLength(maxWaitingRows + 2);
    expect(dropsIn(batches)).toEqual([{ rows: 7, why: 'disk' }]);
  });

  it('does not keep the gateway from ending where the disk stays full', async () => {
    const dir = tempDir();
    const threads = new LogThreads();
    threads.full = 'ENOSPC';
    const log = open(dir, threads);
    log.setRecipients([(await newAdmin()).recipient]);
    log.add(row());
    await log.stop();
    expect(await batchesIn(dir)).toEqual([]);
  });

  it('says at its end how many rows the disk did not take, where it takes at least that', async () => {
    const dir = tempDir();
    const threads = new LogThreads();
    const log = open(dir, threads);
    log.setRecipients([(await newAdmin()).recipient]);
    log.add(row({ filename: 'before.whl' }));
    await vi.waitFor(async () => expect(names(await batchesIn(dir))).toEqual(['before.whl']));
    threads.roomBytes = 2_000;
    for (const one of numbered(2_500)) log.add(one);
    await vi.waitFor(() => expect(log.health().problem).toBe('ENOSPC'));
    await log.stop();
    const batches = await batchesIn(dir);
    expect(names(batches)).toEqual(['before.whl']);
    expect(dropsIn(batches)).toEqual([{ rows: 2_500, why: 'disk' }]);
  });

  it('begins a run anew after its thread died, and tells what that one had', async () => {
    const dir = tempDir();
    const threads = new LogThreads();
    const log = open(dir, threads);
    log.setRecipients([(await newAdmin()).recipient]);
    log.add(row());
    await vi.waitFor(async () => expect(names(await batchesIn(dir))).toHaveLength(1));
    threads.full = 'EIO';
    log.add(row());
    await vi.waitFor(() => expect(log.health().problem).toBe('EIO'));
    threads.die();
    threads.full = undefined;
    expect(log.health()).toMatchObject({ problem: 'failed', droppedRows: 1 });
    log.add(row({ filename: 'after.whl' }));
    await vi.waitFor(() => expect(threads.started).toBe(2));
    await log.stop();
    expect(dropsIn(await batchesIn(dir))).toEqual([{ rows: 1, why: 'failed' }]);
    const [dead, next] = await listSegments(dir);
    let head: SegmentHead | undefined;
    await all(readSegment(next?.path ?? '', { onHead: (one) => (head = one) }));
    expect(head?.before).toEqual([[dead?.name, await rootOf(dead?.path ?? '')]]);
  });

  it('serves two gateways of one folder, which do not take each other for killed', async () => {
    const dir = tempDir();
    const ada: Admin = await newAdmin();
    const logs = [open(dir, new LogThreads()), open(dir, new LogThreads())];
    for (const log of logs) {
      log.setRecipients([ada.recipient]);
      log.add(row());
    }
    await vi.waitFor(async () => expect(await batchesIn(dir)).toHaveLength(2));
    const segments = await listSegments(dir);
    expect(await Promise.all(segments.map((one) => isRunOver(dir, one)))).toEqual([false, false]);
    await Promise.all(logs.map((log) => log.stop()));
    expect(await Promise.all(segments.map((one) => isRunOver(dir, one)))).toEqual([true, true]);
  });
});

describe('a run', () => {
  it('is none by a file that another process cleared away before it was held', async () => {
    const dir = tempDir();
    mkdirSync(runsDir(dir));
    let looks = 0;
    const { tryLock } = await loadNativeLock();
    const load = () =>
      Promise.resolve({
        tryLock: (...one: Parameters<typeof tryLock>) => {
          looks += 1;
          if (looks === 1) rmSync(join(runsDir(dir), `${identity.gatewayId}.1000.run`));
          return tryLock(...one);
        },
      } as NativeLock);
    const lock = await takeRunLock(dir, identity.gatewayId, 1_000, load);
    expect([lock.run, await liveRuns(dir)]).toEqual([1_001, [`${identity.gatewayId}.1001`]]);
    await lock.release();
    expect(await liveRuns(dir)).toEqual([]);
  });

  it('is over by the clock where there are no locks', async () => {
    const dir = tempDir();
    const log = open(dir, new LogThreads());
    log.setRecipients([(await newAdmin()).recipient]);
    log.add(row());
    await log.stop();
    const none = () => Promise.reject(new Error('no such package'));
    const lock = await takeRunLock(dir, identity.gatewayId, 1_000, none);
    expect(lock.run).toBe(1_000);
    expect(await isRunOver(dir, { gateway: identity.gatewayId, run: 1_000 }, none)).toBe(false);
    vi.useFakeTimers({ now: Date.now() + 11 * 60_000, toFake: ['Date'] });
    try {
      expect(await isRunOver(dir, { gateway: identity.gatewayId, run: 1_000 }, none)).toBe(true);
    } finally {
      vi.useRealTimers();
    }
    await lock.release();
    rmSync(dir, { recursive: true });
  });
});
