import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { cacheOf, hasDocument } from './cache-scene.ts';
import { killAfterTouches, randomCount } from './kill-after-touches.ts';

const script = join(import.meta.dirname, 'cache-writer.ts');

/** All files are read after each round: so that they do not become ever more. */
const roundsKept = 20;

/** Lets a process fill a cache and kills it. @returns the files, each with its document, that it said were kept */
async function killOne(
  dir: string,
  name: string,
  touches: number,
  bound: readonly string[],
): Promise<readonly string[]> {
  const acks = join(dir, `${name}.acks`);
  const child = spawn(process.execPath, [script, dir, acks, name, ...bound], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), ended]);
  await killAfterTouches(child, join(dir, 'package-cache', 'incoming'), touches, ended);
  expect(await ended).toEqual([null, 'SIGKILL']);
  return existsSync(acks) ? readFileSync(acks, 'utf8').split('\n').slice(0, -1) : [];
}

/**
 * Kills processes that fill one cache, two at a time. After each: all that is found is whole, and nothing that was
 * acknowledged is missing, neither files nor documents.
 * @param maxBytes a small bound, within which they evict and purge each other's files: then what is gone is not missing
 * @returns how many files were acknowledged in all
 */
export async function killCacheWriters(dir: string, kills: number, maxBytes?: number): Promise<number> {
  let acknowledged = new Set<string>();
  let all = 0;
  mkdirSync(join(dir, 'package-cache', 'incoming'), { recursive: true });
  for (let round = 0; round < kills; round += 2) {
    // oxlint-disable-next-line no-await-in-loop
    const kept = await Promise.all(
      [round, round + 1].map((name) =>
        killOne(dir, `k${name}`, randomCount(120), maxBytes === undefined ? [] : [String(maxBytes)]),
      ),
    );
    all += kept.flat().length;
    if (maxBytes === undefined) for (const line of kept.flat()) acknowledged.add(line);
    const bound = maxBytes === undefined ? {} : { maxBytes };
    const cache = cacheOf(dir, { ...bound, now: () => Date.now() + 3_600_000 });
    // oxlint-disable-next-line no-await-in-loop
    expect((await cache.verify()).damaged).toEqual([]);
    // oxlint-disable-next-line no-await-in-loop
    await cache.tend();
    // oxlint-disable-next-line no-await-in-loop
    expect((await cache.stats()).bytes).toBeLessThanOrEqual(cache.maxBytes);
    const found = new Set<string>();
    // oxlint-disable-next-line no-await-in-loop
    for await (const { sha256 } of cache.list()) found.add(sha256);
    expect([...acknowledged].filter((line) => !found.has(line.split(' ')[0] ?? ''))).toEqual([]);
    for (const line of acknowledged)
      // oxlint-disable-next-line no-await-in-loop
      expect(await hasDocument(cache, line.split(' ')[1] ?? '')).toBe(true);
    if (round % roundsKept !== roundsKept - 2) continue;
    // oxlint-disable-next-line no-await-in-loop
    await cache.purge({ type: 'all' });
    acknowledged = new Set();
  }
  return all;
}
