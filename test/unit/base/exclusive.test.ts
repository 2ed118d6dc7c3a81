import { describe, expect, it } from 'vitest';
import { createExclusive } from '../../../src-main/base/exclusive.ts';

describe('exclusive work', () => {
  it('runs one piece after the other, in the order it was asked for', async () => {
    const run = createExclusive();
    const log: string[] = [];
    const work = (name: string, turns: number) => async () => {
      log.push(`${name} begins`);
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      log.push(`${name} ends`);
      return name;
    };
    const answers = await Promise.all([run(work('a', 5)), run(work('b', 1)), run(work('c', 0))]);
    expect(answers).toEqual(['a', 'b', 'c']);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('goes on after a failure, which only its asker gets', async () => {
    const run = createExclusive();
    const failed = run(() => {
      throw new Error('broken');
    });
    const next = run(() => 'fine');
    await expect(failed).rejects.toThrow('broken');
    await expect(next).resolves.toBe('fine');
  });
});
