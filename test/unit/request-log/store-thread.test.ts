import { EventEmitter } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openScanStore } from '../../../src-main/request-log/store/log-store.ts';
import type { RowStore } from '../../../src-main/request-log/store/row-store.ts';
import { serveStore } from '../../../src-main/request-log/store/serve-store.ts';
import { StoreThread, storeThreadLimits } from '../../../src-main/request-log/store/store-thread.ts';
import { rowsPerSegment, SmallSegments } from '../../support/small-segments.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const threads: StoreThread[] = [];
afterEach(() => threads.splice(0).forEach((thread) => thread.close()));
const source = new URL('../../support/small-store-worker.ts', import.meta.url);

function start(dir: string, queryMs = 60_000, changes = {}) {
  let starts = 0;
  const begin = () => {
    starts += 1;
    return new Worker(source, { workerData: { dir }, execArgv: [], resourceLimits: storeThreadLimits });
  };
  const thread = new StoreThread(begin, queryMs, changes);
  threads.push(thread);
  return { thread, starts: () => starts };
}

describe('the thread of the request log', () => {
  it('takes segments in and answers as the store does, several questions at once', async () => {
    const { thread, starts } = start(tempDir());
    const scan = openScanStore({ dir: '', source: new SmallSegments(3) });
    const [report, rows, uses] = await Promise.all([thread.index(), thread.rows({}), thread.tokenUses()]);
    expect(report).toEqual({ segments: 3, rows: 3 * rowsPerSegment, setAside: [], damaged: [] });
    expect(rows).toEqual(await scan.rows({}));
    expect(uses).toEqual(await scan.tokenUses());
    expect(starts()).toBe(1);
  });

  it('gives errors with their codes', async () => {
    const { thread } = start(tempDir());
    await expect(thread.rows({}, { cursor: 'x' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('ends a question that holds the thread, and starts another for the next', async () => {
    const dir = tempDir();
    const { thread, starts } = start(dir, 100, { graceMs: 0 });
    writeFileSync(join(dir, 'stuck'), '');
    await expect(thread.rows({})).rejects.toMatchObject({ code: 'LOG_QUERY_TOO_SLOW' });
    rmSync(join(dir, 'stuck'));
    expect(starts()).toBe(1);
    await expect(thread.index()).resolves.toMatchObject({ segments: 3 });
    expect(starts()).toBe(2);
  });

  it('gives each of several that ask at once its own time', async () => {
    vi.useFakeTimers();
    const worker = Object.assign(new EventEmitter(), {
      postMessage: vi.fn<() => void>(),
      terminate: vi.fn<() => void>(),
      ref: () => undefined,
      unref: () => undefined,
    });
    const thread = new StoreThread(() => worker as unknown as Worker, 20_000, { graceMs: 0 });
    try {
      const taken = thread.index();
      const asked = [1, 2, 3].map(() => thread.droppedRows());
      for (const [id, answer] of [
        [1, asked[0]],
        [2, asked[1]],
      ] as const) {
        vi.advanceTimersByTime(15_000);
        worker.emit('message', { id, ok: true, value: id });
        // oxlint-disable-next-line no-await-in-loop
        expect(await answer).toBe(id);
      }
      expect(worker.terminate).not.toHaveBeenCalled();
      vi.advanceTimersByTime(20_000);
      for (const ended of [asked[2], taken])
        // oxlint-disable-next-line no-await-in-loop
        await expect(ended).rejects.toMatchObject({ code: 'LOG_QUERY_TOO_SLOW' });
      expect(worker.terminate).toHaveBeenCalledTimes(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('begins a question when the one before is answered, and does not wait with it for what takes long', async () => {
    const port = Object.assign(new EventEmitter(), { postMessage: vi.fn<(answer: unknown) => void>() });
    const begun: string[] = [];
    const ends = new Map<string, (value: unknown) => void>();
    const slow = (name: string) => () => {
      begun.push(name);
      return new Promise((resolve) => ends.set(name, resolve));
    };
    const store = { index: slow('index'), rows: slow('rows'), sizes: slow('sizes') };
    serveStore(port as unknown as MessagePort, store as unknown as RowStore);
    for (const [id, method] of ['index', 'rows', 'sizes'].entries())
      port.emit('message', { id, method, args: [] });
    await vi.waitFor(() => expect(begun).toEqual(['index', 'rows']));
    ends.get('rows')?.('some');
    await vi.waitFor(() => expect(begun).toEqual(['index', 'rows', 'sizes']));
    expect(port.postMessage.mock.calls).toEqual([[{ id: 1, ok: true, value: 'some' }]]);
  });

  it('ends when nobody asks, and comes back', async () => {
    const { thread, starts } = start(tempDir(), 60_000, { idleMs: 0 });
    await thread.index();
    await expect.poll(async () => (await thread.tokenUses()).items.length > 0 && starts() > 1).toBe(true);
  });

  it('tells whoever waits that it was closed', async () => {
    const dir = tempDir();
    const { thread } = start(dir);
    writeFileSync(join(dir, 'stuck'), '');
    const asked = thread.rows({});
    thread.close();
    await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
