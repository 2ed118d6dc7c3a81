/** Whether retention is believed to have taken a segment: whoever can write the folder can say so. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { dayMs } from '../../../shared/model/time.ts';
import { keyOfSeed, publicX } from '../../../src-main/base/seed-key.ts';
import { folderSource } from '../../../src-main/request-log/folder-source.ts';
import type { DatedAnchor } from '../../../src-main/request-log/judge-retired.ts';
import type { RetiredSegment, RetiredSigner } from '../../../src-main/request-log/retired-file.ts';
import { noteRetired, readRetired, shortenRetired } from '../../../src-main/request-log/retired-file.ts';
import { retireSegments } from '../../../src-main/request-log/retire-segments.ts';
import { segmentPath } from '../../../src-main/request-log/segment-files.ts';
import { rootOf } from '../../../src-main/request-log/segment-root.ts';
import { verifyLog } from '../../../src-main/request-log/verify-log.ts';
import { atMs, identity, newWriter, row, textsOf } from '../../support/log-rows.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();
const keys = new Map([[identity.gatewayId, publicX(keyOfSeed(identity.seed))]]);
const stranger: RetiredSigner = { gatewayId: 'strangerAAAAAAAA', seed: `${'B'.repeat(42)}E` };
const nameOf = (n: number) => `${identity.gatewayId}.${atMs}.${n}`;
const rowsDays = 90;
/** All of the first days is old enough then, nothing of the last. */
const nowMs = atMs + 100 * dayMs;
let dir: string;

/** A segment on each of these days, of one run. */
function write(...days: readonly number[]): void {
  let clockMs = atMs;
  const writer = newWriter(dir, [], { now: () => clockMs });
  for (const day of days) {
    clockMs = atMs + day * dayMs;
    writer.write(textsOf([row({ atMs: clockMs })], { atMs: clockMs }));
    writer.end();
  }
}

beforeEach(() => {
  dir = tempDir();
});

/** What is said of those that are not there. */
async function verdicts(anchors: readonly DatedAnchor[] = []): Promise<Record<string, string>> {
  const found = await verifyLog(folderSource(dir), {
    gatewayKey: (gateway) => keys.get(gateway),
    retired: { nowMs, keptFromMs: nowMs - rowsDays * dayMs, anchors },
  });
  return Object.fromEntries(
    found
      .filter(({ root }) => root === '')
      .map(({ name, state, problems }) => [
        name.split('.')[2],
        state === 'retired' ? state : (problems[0]?.what ?? state),
      ]),
  );
}

/** Takes it away by hand, with a line that says otherwise. */
async function hide(n: number, said: Partial<RetiredSegment>, signer?: RetiredSigner): Promise<void> {
  const path = segmentPath(dir, nameOf(n));
  const line = { segment: nameOf(n), root: await rootOf(path), why: 'retention', endMs: atMs, atMs } as const;
  await noteRetired(dir, { ...line, ...said }, signer);
  rmSync(path);
}
const anchor = async (n: number, day: number): Promise<DatedAnchor> => ({
  gateway: identity.gatewayId,
  run: atMs,
  n,
  root: await rootOf(segmentPath(dir, nameOf(n))),
  atMs: atMs + day * dayMs,
});

describe('a segment that retention took', () => {
  it('is believed where a known gateway says so, however its own ended', async () => {
    write(0, 1, 95);
    const retired = await retireSegments(dir, {
      rowsDays,
      addressDays: 7,
      ciUserDays: 7,
      nowMs,
      signer: identity,
    });
    expect(retired).toMatchObject({ segments: 2 });
    expect(await verdicts()).toEqual({ 1: 'retired', 2: 'retired' });
  });

  it('needs no line of its own behind one of its run, so that a long file is made short', async () => {
    write(0, 1, 2, 3, 95);
    const anchors = [await anchor(2, 2)];
    await retireSegments(dir, { rowsDays, addressDays: 7, ciUserDays: 7, nowMs, signer: identity });
    const file = join(dir, 'retired.jsonl');
    const long = readFileSync(file, 'utf8');
    await shortenRetired(dir);
    expect(readFileSync(file, 'utf8')).toBe(long);
    await shortenRetired(dir, 1000);
    expect([...(await readRetired(dir)).keys()]).toEqual([nameOf(4)]);
    expect(await verdicts(anchors)).toEqual({ 4: 'retired' });
    // It counts as far as it is believed: of another's signature, nothing follows.
    const [line = ''] = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, line.replace(/"sig":"[^"]+"/, '"sig":"x"'));
    const { 1: first, 2: second, 3: third, 4: fourth } = await verdicts(anchors);
    expect([first, second, third, fourth]).toEqual(['missing', 'missing', 'missing', 'retired-unproved']);
  });

  it('is missing where nobody, somebody else, or another line was signed', async () => {
    write(0, 1, 95);
    await hide(1, {});
    expect(await verdicts()).toEqual({ 1: 'retired-unproved' });
    await hide(2, {}, stranger);
    expect(await verdicts()).toEqual({ 1: 'retired-unproved', 2: 'retired-unproved' });
    await noteRetired(dir, { segment: nameOf(1), root: 'x', why: 'retention', endMs: atMs, atMs }, identity);
    const line = (await readRetired(dir)).get(nameOf(1))!;
    // The right signature of another root.
    writeFileSync(join(dir, 'retired.jsonl'), JSON.stringify({ ...line, root: 'y' }));
    expect(await verdicts()).toMatchObject({ 1: 'retired-unproved', 2: 'missing' });
  });

  it('is missing where it is younger than retention takes', async () => {
    write(0, 1, 95, 96);
    await hide(3, { endMs: atMs + 95 * dayMs }, identity);
    expect(await verdicts()).toEqual({ 3: 'retired-too-soon' });
  });

  it('is missing where a thief of the key gives it another age, and what is older is still there', async () => {
    write(0, 1, 95, 96);
    await hide(3, {}, identity);
    expect(await verdicts()).toEqual({ 3: 'retired-too-soon' });
    rmSync(segmentPath(dir, nameOf(1)));
    expect(await verdicts()).toEqual({ 1: 'missing', 3: 'retired-too-soon' });
  });

  it('is missing where the vault knows of a time when it was not closed yet', async () => {
    write(0, 1, 95, 96);
    const anchors = [await anchor(2, 94), await anchor(3, 96)];
    for (const n of [1, 2, 3])
      // oxlint-disable-next-line no-await-in-loop
      await hide(n, {}, identity);
    expect(await verdicts(anchors)).toEqual({ 1: 'retired', 2: 'retired', 3: 'retired-too-soon' });
  });

  it('is believed where it was anchored long ago, whoever says so', async () => {
    write(0, 95);
    const anchors = [await anchor(1, 3)];
    await hide(1, {});
    expect(await verdicts(anchors)).toEqual({ 1: 'retired' });
    await noteRetired(
      dir,
      { segment: nameOf(1), root: 'another', why: 'retention', endMs: 0, atMs },
      undefined,
    );
    expect(await verdicts(anchors)).toEqual({ 1: 'retired-unproved' });
  });

  it('may be young where it went for room, and is signed', async () => {
    write(95, 96, 97);
    await hide(1, { why: 'room', endMs: atMs + 95 * dayMs }, identity);
    expect(await verdicts()).toEqual({ 1: 'retired' });
    await hide(2, { why: 'room', endMs: atMs + 96 * dayMs });
    expect(await verdicts()).toEqual({ 1: 'retired', 2: 'retired-unproved' });
  });
});
