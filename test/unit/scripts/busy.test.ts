import { describe, expect, it } from 'vitest';
import { busyShare, processorTimes } from '../../../scripts/support/busy.mjs';

const processor = (user: number, sys: number, idle: number) => ({
  times: { user, nice: 0, sys, idle, irq: 0 },
});

describe('how busy the processors were during a step', () => {
  it('is the share of the time of all of them that was not idle', () => {
    const before = processorTimes([processor(100, 50, 1_000), processor(7, 3, 20)]);
    const after = processorTimes([processor(180, 70, 1_000), processor(17, 13, 100)]);
    expect(busyShare(before, after)).toBe(0.6);
  });

  it('is none where no time has passed', () => {
    const now = processorTimes();
    expect(now.busyMs).toBeLessThanOrEqual(now.allMs);
    expect(busyShare(now, now)).toBe(0);
  });
});
