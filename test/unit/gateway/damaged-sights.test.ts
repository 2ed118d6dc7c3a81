/** Files of first sights that a disk, a full one or somebody damaged: what is known is kept, and no builder is believed. */
import { mkdirSync, readFileSync, readdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ChannelId } from '../../../shared/model/ids.ts';
import { NameHash } from '../../../src-main/gateway/documents/name-hash.ts';
import type { SeenChannel } from '../../../src-main/gateway/conda/first-sights.ts';
import { FirstSights } from '../../../src-main/gateway/conda/first-sights.ts';
import { FoundSights, sightOf } from '../../../src-main/gateway/conda/sight-table.ts';
import { FirstSeen } from '../../../src-main/gateway/pypi/first-seen.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();
const channel: SeenChannel = {
  id: 'id-conda' as ChannelId,
  upstream: { type: 'folder', path: '/nowhere' },
};
const index = 'repodata.json';
let dir: string;
let sights: FirstSights;
beforeEach(() => {
  dir = tempDir();
  sights = new FirstSights(dir);
});

const pathOf = (): string => {
  const folder = join(dir, 'first-sights');
  return join(folder, readdirSync(folder)[0] ?? '');
};
async function keep(names: readonly string[], atMs: number): Promise<void> {
  const found = new FoundSights();
  const { key } = sights.of(channel, 'noarch', index).sights;
  for (const name of names) found.add(new NameHash(key).of(name), atMs);
  await sights.keep(channel, 'noarch', index, found.build(), atMs);
}
const timeOf = (name: string, of = sights): number | undefined => {
  const { sights: buffers } = of.of(channel, 'noarch', index);
  return sightOf(buffers, new NameHash(buffers.key).of(name));
};
const isFirst = (of = sights): boolean => of.of(channel, 'noarch', index).isFirstSight;

describe('first sights of a conda channel', () => {
  it('are written anew where their file is cut, or another one, while the gateway runs', async () => {
    await keep(['a', 'b'], 1000);
    const whole = readFileSync(pathOf());
    for (const damage of [
      () => truncateSync(pathOf(), 0),
      () => truncateSync(pathOf(), 20),
      () => writeFileSync(pathOf(), Buffer.alloc(whole.length + 160, 7)),
    ]) {
      damage();
      // oxlint-disable-next-line no-await-in-loop
      await keep([`c${damage.toString().length}`], 2000);
      const again = new FirstSights(dir);
      expect([timeOf('a', again), timeOf('b', again), isFirst(again)]).toEqual([1000, 1000, false]);
      expect((readFileSync(pathOf()).length - 16) % 16).toBe(0);
    }
  });

  it('that cannot be read are not written over, and believe no builder meanwhile', async () => {
    await keep(['a'], 1000);
    const path = pathOf();
    renameSync(path, `${path}.away`);
    mkdirSync(path);
    sights = new FirstSights(dir);
    expect(isFirst()).toBe(false);
    await keep(['a'], 2000);
    expect(timeOf('a')).toBe(2000);
    // It is there again, with all that was seen.
    renameSync(path, `${path}.folder`);
    renameSync(`${path}.away`, path);
    expect([timeOf('a'), isFirst()]).toEqual([1000, false]);
  });

  it('take no nonsense for a time', async () => {
    await keep(['a'], 1000);
    const { key } = sights.of(channel, 'noarch', index).sights;
    const lines = [1e300, Number.NaN, -Infinity].map((atMs, at) => {
      const line = Buffer.alloc(16);
      const { low, high } = new NameHash(key).of(`odd${at}`);
      line.writeUInt32LE(low, 0);
      line.writeUInt32LE(high, 4);
      line.writeDoubleLE(atMs, 8);
      return line;
    });
    writeFileSync(pathOf(), Buffer.concat([readFileSync(pathOf()), ...lines, Buffer.alloc(64)]));
    const again = new FirstSights(dir);
    expect(['a', 'odd0', 'odd1', 'odd2'].map((name) => timeOf(name, again))).toEqual([
      1000,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('first sights of a PyPI folder', () => {
  it.each([
    ['zeros at its end, as after a power cut', (lines: string) => `${lines}${'\0'.repeat(10_000)}`],
    ['a line of megabytes in it', (lines: string) => `${'x'.repeat(3_000_000)}\n${lines}`],
    [
      'a time that none is',
      (lines: string) => `${lines}\n{"name":"a","atMs":1e999}\n{"name":"a","atMs":9e300}`,
    ],
  ])('are known whatever else their file holds: %s', (_what, damaged) => {
    const path = join(dir, 'seen.jsonl');
    const before = new FirstSeen(path);
    before.saw('a', 1000, 5000);
    before.looked();
    writeFileSync(path, damaged(readFileSync(path, 'utf8')));
    const again = new FirstSeen(path);
    expect(again.problem).toBeUndefined();
    // What comes now is not dated by whoever put it there.
    again.saw('b', 1000, 9000);
    again.looked();
    expect([again.timeOf('a', 'aa', 9000), again.timeOf('b', 'bb', 9000)]).toEqual([1000, 9000]);
    expect(new FirstSeen(path).timeOf('b', 'bb', 9999)).toBe(9000);
  });
});
