import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { orAborted } from '../../../src-main/base/or-aborted.ts';

const stopped = new Error('stopped');

it('gives what the work gives, and leaves nothing at the signal', async () => {
  const { signal } = new AbortController();
  expect(await orAborted(Promise.resolve(3), signal)).toBe(3);
  await expect(orAborted(Promise.reject(stopped), signal)).rejects.toBe(stopped);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('waits no more once it is aborted, before or meanwhile', async () => {
  const never = new Promise<void>(() => undefined);
  await expect(orAborted(never, AbortSignal.abort(stopped))).rejects.toBe(stopped);
  const stop = new AbortController();
  const waiting = orAborted(never, stop.signal);
  stop.abort(stopped);
  await expect(waiting).rejects.toBe(stopped);
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});
