/** Threads that die while others wait for them, and that are told more than they can read. */
import { afterAll, describe, expect, it } from 'vitest';
import { LaneSteps } from '../../../src-main/gateway/documents/lane-steps.ts';
import { WorkerThreads } from '../../../src-main/gateway/documents/worker-threads.ts';

describe('a thread that dies', () => {
  const threads = new WorkerThreads(1);
  afterAll(() => threads.close());
  const lane = threads.lane();
  const what = { ecosystem: 'conda', name: 'tool', version: '1.0' } as const;
  const labels = async () =>
    (await lane.run<{ labels: string[] }>('about', [threads.knowledgeVersion, what])).labels;
  /** workerpool's own method. */
  const die = () => lane.run('run' as never, ['function () { process.exit(1) }', []]);
  const know = (label: string) =>
    threads.know({
      curation: { labels: [{ ecosystem: 'conda', name: 'tool', labels: [label] }] },
      facts: undefined,
    });

  it('takes its step with it; who waits gets an answer from the next one, by what is known now', async () => {
    know('first');
    const all = [die(), labels(), labels()];
    know('second');
    const settled = await Promise.allSettled(all);
    const said = settled.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'died'));
    expect(said).toEqual(['died', ['second'], ['second']]);
  });

  it('is not told of what nobody asks it by', async () => {
    for (let change = 0; change < 20_000; change += 1) know(`${change}`);
    expect(await labels()).toEqual(['19999']);
  });
});

describe('what waits for a thread', () => {
  it('is done one by one, short steps first, but not for ever', async () => {
    const order: string[] = [];
    const steps = new LaneSteps(100, async ({ method, parameters }) => {
      order.push(`${method} ${String(parameters[0])}`);
      if (parameters[0] === 'bad') throw new Error('bad');
    });
    const add = (method: 'push' | 'judge', what: unknown) =>
      steps.add({ method, parameters: [what], handedOver: [] });
    const first = add('push', 0);
    const bad = add('push', 'bad');
    const all = Array.from({ length: 20 }, (_, index) => add('judge', index));
    const last = add('push', 1);
    await expect(bad).rejects.toThrow('bad');
    await Promise.all([first, last, ...all]);
    const judged = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => `judge ${from + index}`);
    expect(order).toEqual(['push 0', ...judged(0, 16), 'push bad', ...judged(16, 20), 'push 1']);
  });

  it('is bounded, and told when the threads are closed', async () => {
    const steps = new LaneSteps(1, () => new Promise(() => {}));
    const add = () => steps.add({ method: 'push', parameters: [], handedOver: [] });
    void add();
    const waiting = add();
    await expect(add()).rejects.toThrow('Too many');
    steps.clear();
    await expect(waiting).rejects.toThrow('closed');
  });
});
