import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FairSlots } from '../../../src-main/gateway/fair-slots.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Takes as many as are given at once. */
async function takeAll(slots: FairSlots, owner: string): Promise<(() => void)[]> {
  const taken: (() => void)[] = [];
  for (;;) {
    const stop = new AbortController();
    const asked = slots.take(owner, stop.signal).catch(() => undefined);
    stop.abort();
    // oxlint-disable-next-line no-await-in-loop
    const giveBack = await asked;
    if (giveBack === undefined) return taken;
    taken.push(giveBack);
  }
}

describe('slots', () => {
  it('leave room for who comes new, however many owners hold all they can get', async () => {
    const slots = new FairSlots({ total: 128, perOwner: 48, waiting: 10 });
    expect(await takeAll(slots, 'first')).toHaveLength(48);
    for (let owner = 0; owner < 6; owner += 1)
      // oxlint-disable-next-line no-await-in-loop
      expect((await takeAll(slots, `owner-${owner}`)).length).toBeGreaterThan(0);
    expect((await takeAll(slots, 'last')).length).toBeGreaterThan(0);
  });

  it('are shared anew when some come back', async () => {
    const slots = new FairSlots({ total: 2, perOwner: 1, waiting: 10 });
    const [first] = await takeAll(slots, 'a');
    await takeAll(slots, 'b');
    const order: string[] = [];
    const wait = (owner: string) => slots.take(owner).then((giveBack) => (order.push(owner), giveBack));
    const waits = [wait('a'), wait('a'), wait('c'), wait('d')];
    first?.();
    const again = await waits[0];
    again?.();
    (await waits[2])?.();
    (await waits[3])?.();
    await waits[1];
    // In turns, owner by owner, and not in the order in which they came.
    expect(order).toEqual(['a', 'c', 'd', 'a']);
  });

  it('a slot that is given back twice counts once', async () => {
    const slots = new FairSlots({ total: 2, perOwner: 1, waiting: 0 });
    const giveBack = await slots.take('a');
    giveBack();
    giveBack();
    await slots.take('a');
    await slots.take('b');
    await expect(slots.take('c')).rejects.toMatchObject({ status: 503, retryAfter: '2' });
  });

  it('one owner fills half of the queue at most; a full one says so', async () => {
    const slots = new FairSlots({ total: 2, perOwner: 1, waiting: 10 });
    await takeAll(slots, 'a');
    await takeAll(slots, 'b');
    const refused: string[] = [];
    for (const owner of ['a', 'b', 'c'])
      for (let count = 0; count < 10; count += 1)
        slots.take(owner).catch((error: { reason: string }) => refused.push(`${owner}: ${error.reason}`));
    await vi.advanceTimersByTimeAsync(0);
    const busy = (owner: string) => refused.filter((text) => text.startsWith(`${owner}:`)).length;
    expect([busy('a'), busy('b'), busy('c')]).toEqual([5, 7, 9]);
    expect(new Set(refused.map((text) => text.slice(3)))).toEqual(
      new Set(['The gateway is busy, try again']),
    );
  });

  it('who left the queue is not served, and leaves its place', async () => {
    const slots = new FairSlots({ total: 2, perOwner: 1, waiting: 2 });
    const [first] = await takeAll(slots, 'a');
    const stop = new AbortController();
    for (let round = 0; round < 1000; round += 1) {
      const leaving = new AbortController();
      slots.take('a', leaving.signal).catch(() => undefined);
      leaving.abort();
    }
    const gone = slots.take('a', stop.signal);
    stop.abort(new Error('left'));
    await expect(gone).rejects.toThrow('left');
    const waiting = slots.take('a');
    first?.();
    await expect(waiting).resolves.toBeTypeOf('function');
  });

  it('a stuck holder gives way while others wait, and only then', async () => {
    const slots = new FairSlots({ total: 2, perOwner: 1, waiting: 10 });
    const cuts: string[] = [];
    const hold = async (owner: string, isStuck: boolean) => {
      const giveBack = await slots.take(owner, undefined, {
        isStuck: () => isStuck,
        cut: () => {
          cuts.push(owner);
          giveBack();
        },
      });
    };
    await hold('good', false);
    await hold('stuck', true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(cuts).toEqual([]);
    const next = slots.take('next');
    await vi.advanceTimersByTimeAsync(2_000);
    await next;
    expect(cuts).toEqual(['stuck']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
