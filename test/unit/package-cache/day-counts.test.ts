import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CacheDisk } from '../../../src-main/package-cache/cache-disk.ts';
import { DayCounts } from '../../../src-main/package-cache/day-counts.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

it('counts are on the disk soon after the first download, and then once a minute', async () => {
  const lines: string[] = [];
  const nothing = Object.assign(new Error('none'), { code: 'ENOENT' });
  const disk = {
    lstat: (path: string) =>
      path.endsWith('.jsonl') ? Promise.reject(nothing) : Promise.resolve({ isDirectory: () => true }),
    mkdir: () => Promise.resolve(undefined),
    writeFile: (_path: string, data: string) => Promise.resolve(void lines.push(data)),
  } as unknown as CacheDisk;
  const counts = new DayCounts(disk, '/cache', Date.now);
  counts.add('miss', 10);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(lines.map((line) => (JSON.parse(line) as { misses: number }).misses)).toEqual([1]);
  for (let hit = 0; hit < 10; hit += 1) {
    counts.add('hit', 10);
    // oxlint-disable-next-line no-await-in-loop
    await vi.advanceTimersByTimeAsync(5_000);
  }
  expect(lines).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(lines).toHaveLength(2);
  expect(JSON.parse(lines[1]!)).toMatchObject({ hits: 10, misses: 0 });
});
