import { expect, it } from 'vitest';
import { runCheck } from '../../../src-main/cli/run-check.ts';

/** What Ctrl+C calls; without it, it ends the process. */
const interrupts = (): ((...args: never[]) => void)[] => process.listeners('SIGINT');

it('ends its check on Ctrl+C, and only while it runs', async () => {
  const before = interrupts();
  let state = 'running';
  let cancels = 0;
  const running = runCheck({
    start: () => Promise.resolve({ state }),
    status: () => Promise.resolve({ state }),
    cancel: () => {
      cancels += 1;
      state = 'cancelled';
      return Promise.resolve({ state });
    },
  });
  const [onInterrupt, ...others] = interrupts().filter((listener) => !before.includes(listener));
  expect([onInterrupt !== undefined, others]).toEqual([true, []]);
  onInterrupt?.();
  await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(cancels).toBe(1);
  expect(interrupts()).toEqual(before);
});

it('gives what was found, and listens to Ctrl+C no more', async () => {
  const before = interrupts();
  const done = { state: 'done', files: 3 };
  const look = () => Promise.resolve(done);
  expect(await runCheck({ start: look, status: look, cancel: look })).toBe(done);
  expect(interrupts()).toEqual(before);
});
