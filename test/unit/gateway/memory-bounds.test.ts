/** What is kept between requests, and made of a folder, is bounded. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { ChannelId } from '../../../shared/model/ids.ts';
import type { Holder } from '../../../src-main/gateway/fair-slots.ts';
import { FairSlots } from '../../../src-main/gateway/fair-slots.ts';
import { CondaIndexes } from '../../../src-main/gateway/conda/index-documents.ts';
import { Documents } from '../../../src-main/gateway/documents/documents.ts';
import { readDocument } from '../../../src-main/gateway/documents/read-document.ts';
import { UpstreamDeadline } from '../../../src-main/gateway/documents/upstream-deadline.ts';
import { noPolicies } from '../../../src-main/gateway/policy-scope.ts';
import { WorkerThreads } from '../../../src-main/gateway/documents/worker-threads.ts';
import { FirstSeen } from '../../../src-main/gateway/pypi/first-seen.ts';
import { scanFolder } from '../../../src-main/gateway/pypi/folder-scan.ts';
import { ReadyAnswers } from '../../../src-main/gateway/ready-answers.ts';
import type { MadeAnswer } from '../../../src-main/gateway/ready-answers.ts';
import type { ChannelRequest, ChannelResponse } from '../../../src-main/gateway/types.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';
import { channelOf } from './gateway-scene.ts';

cleanTempDirs();
const threads = new WorkerThreads(1);
afterAll(() => threads.close());

describe('answers that are at hand', () => {
  let nowMs = 0;
  const source = {};
  const requestFor = (name: string, headers: object = {}) =>
    ({ segments: [name], headers, scope: noPolicies }) as unknown as ChannelRequest;
  const answer = (bytes = 1, status = 200): Promise<MadeAnswer> =>
    Promise.resolve({
      response: { status, headers: {}, body: { type: 'bytes', bytes: new Uint8Array(bytes) } },
      scopeKey: noPolicies.key,
    });
  const made = async () => {
    nowMs = 0;
    const ready = new ReadyAnswers(() => nowMs);
    const first = requestFor('first', { accept: 'a', 'accept-encoding': 'gzip' });
    await ready.keep(source, 'first', first, () => answer());
    expect(ready.get(source, 'first', first)).toBeDefined();
    expect(ready.last(source, first)).toBeDefined();
    return { ready, first };
  };

  it.each([
    ['many', 256, 1],
    ['large ones', 16, 1024 * 1024],
  ])('are forgotten by the paths that remember them when %s come', async (_what, count, bytes) => {
    const { ready, first } = await made();
    for (let at = 0; at < count; at += 1)
      // oxlint-disable-next-line no-await-in-loop
      await ready.keep(source, `other-${at}`, first, () => answer(bytes));
    expect(ready.last(source, first)).toBeUndefined();
    expect(ready.get(source, 'first', first)).toBeUndefined();
  });

  it('are for the same request of the same channel alone, and for a moment', async () => {
    const { ready, first } = await made();
    expect(ready.last({}, first)).toBeUndefined();
    expect(ready.get({}, 'first', first)).toBeUndefined();
    for (const headers of [{ accept: 'b', 'accept-encoding': 'gzip' }, { accept: 'a' }])
      expect(ready.last(source, { ...first, headers })).toBeUndefined();
    nowMs = 249;
    expect(ready.last(source, first)).toBeDefined();
    nowMs = 250;
    expect([ready.last(source, first), ready.get(source, 'first', first)]).toEqual([undefined, undefined]);
    nowMs = -1;
    expect(ready.last(source, first)).toBeUndefined();
  });

  it('are no refusals and no long ones', async () => {
    const { ready, first } = await made();
    await ready.keep(source, 'long', first, () => answer(1024 * 1024 + 1));
    await ready.keep(source, 'refusal', first, () => answer(1, 404));
    for (const key of ['long', 'refusal']) expect(ready.get(source, key, requestFor(key))).toBeUndefined();
  });

  it('of a conda index are made once for all who ask within that moment, by the gateway', async () => {
    const folder = join(tempDir(), 'noarch');
    mkdirSync(folder);
    const index = join(folder, 'repodata.json');
    writeFileSync(index, '{"packages":{"a-1-0.conda":{"indexed_timestamp":1}}}');
    const documents = new Documents({ now: Date.now, threads });
    const indexes = new CondaIndexes(documents, () => Promise.reject(new Error('no upstream')), Date.now);
    const channel = channelOf('internal', { type: 'folder', path: join(folder, '..') });
    const segments = ['noarch', 'repodata.json'];
    const ask = (more: object = {}) =>
      indexes.answer(
        {
          method: 'GET',
          channel,
          segments,
          headers: {},
          scope: noPolicies,
          ...more,
        } as unknown as ChannelRequest,
        false,
      );
    vi.spyOn(performance, 'now').mockReturnValue(0);
    const first = await ask();
    expect(first.body).toMatchObject({ type: 'bytes' });
    // At once, and the very same: for this array of segments and for another one.
    expect([ask(), ask(), ask({ segments: [...segments] })]).toEqual([first, first, first]);
    expect(ask()).toBe(first);
    const bytesOf = ({ body }: ChannelResponse) =>
      body.type === 'bytes' ? String(Buffer.from(body.bytes)) : '';
    writeFileSync(index, '{"packages":{"b-1-0.conda":{"indexed_timestamp":1}}}');
    vi.spyOn(performance, 'now').mockReturnValue(250);
    expect(bytesOf(await ask())).toBe('{"packages":{"b-1-0.conda":{"indexed_timestamp":1}}}');
    expect(bytesOf(first)).toBe('{"packages":{"a-1-0.conda":{"indexed_timestamp":1}}}');
  });
});

it('no document takes more memory than all of them may', async () => {
  const documents = new Documents({ now: Date.now, threads, maxBytes: 1024 * 1024 });
  const read = (chunks: number) => {
    const parts = [
      '{"packages":{},"a":"',
      ...Array.from({ length: chunks }, () => randomBytes(32 * 1024).toString('hex')),
      '"}',
    ].map((part) => Buffer.from(part));
    const job = { type: 'conda-index' } as const;
    const owner = 'channel' as ChannelId;
    return documents.read(
      { owner, job, body: Readable.from(parts), coding: undefined, maxBytes: 2 ** 30 },
      'gzip',
      () => undefined,
    );
  };
  // Half of it: hex digits pack to no less.
  expect((await read(20)).document.plainBytes).toBeGreaterThan(1024 * 1024);
  await expect(read(80)).rejects.toMatchObject({ status: 502, problem: 'too-large' });
});

it('a long document that hardly comes gives way to those who wait, and says so', async () => {
  const holders: Holder[] = [];
  class Watched extends FairSlots {
    override take(owner: string, signal?: AbortSignal, holder?: Holder): Promise<() => void> {
      if (holder !== undefined) holders.push(holder);
      return super.take(owner, signal, holder);
    }
  }
  const body = new Readable({ read: () => undefined });
  let pushes = 0;
  // As quick as can be: what a thread takes does not count, and the clock of this test is no real one.
  const run = (method: string) => {
    if (method === 'push') pushes += 1;
    return Promise.resolve({ ok: true, pieces: [] });
  };
  const taken = async (count: number) => {
    await vi.waitFor(() => expect(pushes).toBe(count));
    await turn();
  };
  const reading = readDocument({
    threads: { lane: () => ({ load: 0, run }) } as unknown as WorkerThreads,
    longSlots: new Watched({ total: 2, perOwner: 1, waiting: 1 }),
    owner: 'channel',
    job: { type: 'conda-index' },
    body,
    coding: undefined,
    maxBytes: 2 ** 30,
    onPieces: () => undefined,
  });
  const refused = reading.catch((error: unknown) => error);
  const mib = Buffer.alloc(1024 * 1024, ' ');
  body.push('{"packages":{}');
  body.push(mib);
  // A step is a quarter of that.
  await taken(4);
  expect(holders).toHaveLength(1);
  let nowMs = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  nowMs += 11_000;
  expect(holders[0]?.isStuck()).toBe(true);
  // As long as it comes at a pace, it keeps its turn.
  body.push(mib);
  await taken(8);
  expect(holders[0]?.isStuck()).toBe(false);
  nowMs += 9_000;
  expect(holders[0]?.isStuck()).toBe(false);
  body.push(' ');
  nowMs += 9_000;
  expect(holders[0]?.isStuck()).toBe(true);
  holders[0]?.cut();
  expect(await refused).toMatchObject({
    status: 504,
    reason: 'Upstream sends its index too slowly while others wait',
  });
});

describe('the time that an upstream may take', () => {
  const read = (options: Partial<Parameters<typeof readDocument>[0]>) =>
    readDocument({
      threads,
      longSlots: new FairSlots({ total: 2, perOwner: 1, waiting: 1 }),
      owner: 'channel',
      job: { type: 'conda-index' },
      body: Readable.from([Buffer.from(`{"packages":{}${' '.repeat(1024 * 1024)}`), Buffer.from('}')]),
      coding: undefined,
      maxBytes: 2 ** 30,
      onPieces: () => undefined,
      ...options,
    });

  it('stands while a document waits for its turn, and begins anew with it', async () => {
    const calls: string[] = [];
    const deadline = new UpstreamDeadline(60_000, new AbortController());
    vi.spyOn(deadline, 'stop').mockImplementation(() => void calls.push('stop'));
    vi.spyOn(deadline, 'start').mockImplementation(() => void calls.push('start'));
    class Told extends FairSlots {
      override async take(owner: string): Promise<() => void> {
        calls.push('asks');
        const giveBack = await super.take(owner);
        calls.push('has its turn');
        return giveBack;
      }
    }
    await read({ deadline, longSlots: new Told({ total: 2, perOwner: 1, waiting: 1 }) });
    expect(calls).toEqual(['stop', 'asks', 'has its turn', 'start']);
  });

  it('is over when it is over, and not while it stands', () => {
    vi.useFakeTimers();
    try {
      const stop = new AbortController();
      const deadline = new UpstreamDeadline(1_000, stop);
      vi.advanceTimersByTime(5_000);
      deadline.start();
      vi.advanceTimersByTime(999);
      deadline.stop();
      vi.advanceTimersByTime(5_000);
      deadline.start();
      vi.advanceTimersByTime(999);
      expect([deadline.isLate, stop.signal.aborted]).toEqual([false, false]);
      vi.advanceTimersByTime(1);
      expect([deadline.isLate, stop.signal.aborted]).toEqual([true, true]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not count while our own thread is slow', async () => {
    const holders: Holder[] = [];
    class Watched extends FairSlots {
      override take(owner: string, signal?: AbortSignal, holder?: Holder): Promise<() => void> {
        if (holder !== undefined) holders.push(holder);
        return super.take(owner, signal, holder);
      }
    }
    let calls = 0;
    const run = (method: string) => {
      calls += 1;
      if (method === 'push' && calls > 6) return new Promise<never>(() => undefined);
      return Promise.resolve(method === 'push' ? { ok: true, pieces: [] } : undefined);
    };
    const slow = { lane: () => ({ load: 0, run }) } as unknown as WorkerThreads;
    const longSlots = new Watched({ total: 2, perOwner: 1, waiting: 1 });
    void read({
      threads: slow,
      longSlots,
      body: Readable.from(Array.from({ length: 3 }, () => Buffer.alloc(2 ** 20, ' '))),
    });
    await vi.waitFor(() => expect(holders).toHaveLength(1));
    await vi.waitFor(() => expect(calls).toBe(7));
    await turn();
    const laterMs = performance.now() + 60_000;
    vi.spyOn(performance, 'now').mockImplementation(() => laterMs);
    expect(holders[0]?.isStuck()).toBe(false);
  });
});

describe('a folder', () => {
  const all = (folder: string, max: number) => {
    const steps = scanFolder(folder, max);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value.map(({ filename }) => filename);
    }
  };

  it('with more entries than are read is refused, however they are spread', () => {
    const folder = tempDir();
    mkdirSync(join(folder, 'acme'));
    for (const name of ['acme-1.zip', 'acme/acme-2.zip', 'acme/acme-3.zip'])
      writeFileSync(join(folder, name), '');
    expect(all(folder, 4)).toEqual(['acme-1.zip', 'acme-2.zip', 'acme-3.zip']);
    for (const max of [1, 2, 3]) expect(() => all(folder, max)).toThrow('too many entries');
  });
});

describe('first-seen times', () => {
  it('are kept of so many names; later ones are told as a problem, and those before hold', () => {
    const path = join(tempDir(), 'seen.jsonl');
    const seen = new FirstSeen(path, 3);
    for (const name of ['a', 'b', 'c']) seen.saw(name, 1, 10);
    seen.looked();
    expect(seen.problem).toBeUndefined();
    for (let count = 0; count < 1000; count += 1) seen.saw(`more-${count}`, 1, 20);
    seen.looked();
    expect(seen.problem).toContain('no longer get a lasting date');
    expect(seen.timeOf('a', 'aa', 30)).toBe(1);
    seen.keep();
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(4);
    const again = new FirstSeen(path, 2);
    expect([again.timeOf('a', 'aa', 50), again.timeOf('c', 'cc', 50)]).toEqual([1, 50]);
  });

  it.skipIf(process.platform === 'win32')(
    'are not waited for where a pipe is in the place of their file',
    () => {
      const path = join(tempDir(), 'seen.jsonl');
      execFileSync('mkfifo', [path]);
      const seen = new FirstSeen(path);
      expect(seen.problem).toBe("The first-seen file can't be read");
      seen.saw('a', 1, 10);
      seen.looked();
      expect([seen.problem, seen.timeOf('a', 'aa', 20)]).toEqual(["The first-seen file can't be written", 1]);
    },
  );
});
