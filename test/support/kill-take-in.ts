import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openRowStore, openScanStore } from '../../src-main/request-log/store/log-store.ts';
import type { RowStore } from '../../src-main/request-log/store/row-store.ts';
import { killAfterTouches, randomCount } from './kill-after-touches.ts';
import { rowsPerSegment, SmallSegments } from './small-segments.ts';

const script = join(import.meta.dirname, 'take-in.ts');
/** What each round adds. */
const segmentsPerRound = 4;

/** Everything that a row adds to. */
const told = async (store: RowStore) => ({
  tokens: await store.tokenUses(),
  refusals: await store.refusals(),
  installed: await store.installed({ teamId: 'team-1' }),
  holders: await store.whoHas({ ecosystem: 'pypi', name: 'package-3' }),
  hours: await store.indexUse({ per: 'hour' }),
  days: await store.indexUse({ per: 'day' }),
  dropped: await store.droppedRows(),
  last: await store.rows({}),
});

/** Kills whoever takes segments in, again and again; after each, the rest is taken in once. @returns how many kills hit */
export async function killTakeIn(dir: string, kills: number): Promise<number> {
  let hits = 0;
  const databases = join(dir, 'v2');
  mkdirSync(databases);
  for (let round = 1; round <= kills; round += 1) {
    const count = round * segmentsPerRound;
    const child = spawn(process.execPath, [script, dir, String(count)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    // oxlint-disable-next-line no-await-in-loop
    await Promise.race([once(child.stdout, 'data'), ended]);
    // oxlint-disable-next-line no-await-in-loop
    await killAfterTouches(child, databases, randomCount(30), ended);
    // oxlint-disable-next-line no-await-in-loop
    if ((await ended)[1] === 'SIGKILL') hits += 1;
    // oxlint-disable-next-line no-await-in-loop
    await mustBeWhole(dir, count);
  }
  return hits;
}

async function mustBeWhole(dir: string, count: number): Promise<void> {
  const source = new SmallSegments(count);
  const store = openRowStore({ dir, source });
  try {
    expect((await store.index()).setAside).toEqual([]);
    expect((await store.sizes()).rows).toBe(count * rowsPerSegment);
    expect(await told(store)).toEqual(await told(openScanStore({ dir, source })));
  } finally {
    store.close();
  }
}
