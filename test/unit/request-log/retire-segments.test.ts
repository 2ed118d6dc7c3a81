/** What retention takes of the request log, and what it says of it. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { dayMs } from '../../../shared/model/time.ts';
import { folderSource } from '../../../src-main/request-log/folder-source.ts';
import { retireSegments } from '../../../src-main/request-log/retire-segments.ts';
import { readRetired } from '../../../src-main/request-log/retired-file.ts';
import { rootOf } from '../../../src-main/request-log/segment-root.ts';
import { segmentPath, segmentsDir, fieldKeysPath } from '../../../src-main/request-log/segment-files.ts';
import { verifyLog } from '../../../src-main/request-log/verify-log.ts';
import { atMs, identity, newWriter, row, textsOf } from '../../support/log-rows.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();
let dir: string;
const keep = { rowsDays: 90, addressDays: 7, ciUserDays: 7 };
const nameOf = (n: number, run = atMs) => `${identity.gatewayId}.${run}.${n}`;
const states = async () =>
  (await verifyLog(folderSource(dir), { gatewayKey: () => undefined })).map(({ name, state }) => [
    name,
    state,
  ]);

/** Two segments of one run, the second so many days later. */
function write(days: number): void {
  let nowMs = atMs;
  const writer = newWriter(dir, [], { now: () => nowMs, maxBytes: 1 });
  writer.write(textsOf([row()]));
  writer.end();
  nowMs += days * dayMs;
  writer.write(textsOf([row({ atMs: nowMs })], { atMs: nowMs }));
  writer.end();
}

beforeEach(() => {
  dir = tempDir();
});

describe('retention of the request log', () => {
  it('takes nothing before its time, and first what is personal', async () => {
    write(0);
    expect(await retireSegments(dir, { ...keep, nowMs: atMs + 6 * dayMs })).toEqual({
      segments: 0,
      persons: 0,
      bytes: 0,
    });
    const late = { ...keep, nowMs: atMs + 8 * dayMs };
    expect(await retireSegments(dir, { ...late, isPlan: true })).toMatchObject({ segments: 0, persons: 2 });
    expect(existsSync(fieldKeysPath(dir, nameOf(1), 'address'))).toBe(true);
    expect(await retireSegments(dir, late)).toMatchObject({ segments: 0, persons: 2 });
    expect(existsSync(fieldKeysPath(dir, nameOf(1), 'address'))).toBe(false);
    expect(await retireSegments(dir, late)).toMatchObject({ persons: 0 });
    expect(await states()).toEqual([
      [nameOf(1), 'whole'],
      [nameOf(2), 'whole'],
    ]);
  });

  it('closes each personal field at its time', async () => {
    write(0);
    const is = (field: 'address' | 'ciUser') => existsSync(fieldKeysPath(dir, nameOf(1), field));
    const kept = { ...keep, ciUserDays: 30 };
    expect(await retireSegments(dir, { ...kept, nowMs: atMs + 8 * dayMs })).toMatchObject({ persons: 2 });
    expect([is('address'), is('ciUser')]).toEqual([false, true]);
    expect(await retireSegments(dir, { ...kept, nowMs: atMs + 31 * dayMs })).toMatchObject({ persons: 2 });
    expect([is('address'), is('ciUser')]).toEqual([false, false]);
    expect(await states()).toEqual([
      [nameOf(1), 'whole'],
      [nameOf(2), 'whole'],
    ]);
  });

  it('takes whole segments, and says so before: that is no gap', async () => {
    write(60);
    const late = { ...keep, nowMs: atMs + 100 * dayMs };
    const plan = await retireSegments(dir, { ...late, isPlan: true });
    expect(plan).toMatchObject({ segments: 1, persons: 1 });
    expect(plan.bytes).toBeGreaterThan(0);
    expect(await retireSegments(dir, late)).toEqual(plan);
    expect(readdirSync(segmentsDir(dir)).toSorted()).toEqual([`${nameOf(2)}.jsonl`, `${nameOf(2)}.mac.json`]);
    expect(await states()).toEqual([
      [nameOf(2), 'whole'],
      [nameOf(1), 'retired'],
    ]);
    expect(await retireSegments(dir, late)).toMatchObject({ segments: 0, persons: 0 });
  });

  it('goes on after a kill between the note and the removal, behind a line that was torn', async () => {
    write(60);
    const late = { ...keep, nowMs: atMs + 100 * dayMs };
    writeFileSync(join(dir, 'retired.jsonl'), '{"segment":"torn');
    const segment = readFileSync(join(segmentsDir(dir), `${nameOf(1)}.jsonl`));
    await retireSegments(dir, late);
    writeFileSync(join(segmentsDir(dir), `${nameOf(1)}.jsonl`), segment);
    expect(await retireSegments(dir, late)).toMatchObject({ segments: 1 });
    const lines = readFileSync(join(dir, 'retired.jsonl'), 'utf8').split('\n').filter(Boolean);
    expect(lines).toHaveLength(2);
    expect(await states()).toContainEqual([nameOf(1), 'retired']);
  });

  it('takes what a clock that was ahead has dated by what was begun after it', async () => {
    const aheadMs = atMs + 1000 * dayMs;
    const ahead = newWriter(dir, [], { run: aheadMs, now: () => aheadMs });
    ahead.write(textsOf([row({ atMs: aheadMs })], { atMs: aheadMs }));
    ahead.end();
    const late = { ...keep, nowMs: atMs + 100 * dayMs };
    expect(await retireSegments(dir, late)).toMatchObject({ segments: 0, persons: 0 });
    const name = nameOf(1, aheadMs);
    const root = await rootOf(segmentPath(dir, name));
    const next = newWriter(dir, [], { before: [[name, root]] });
    next.write(textsOf([row()]));
    next.end();
    const early = { ...keep, nowMs: atMs + 8 * dayMs };
    expect(await retireSegments(dir, early)).toMatchObject({ segments: 0, persons: 2 });
    expect(await retireSegments(dir, late)).toMatchObject({ segments: 2 });
    expect((await readRetired(dir)).get(name)).toMatchObject({ endMs: atMs });
  });

  it('takes only the persons of one that cannot be read, once what came after it is old enough', async () => {
    write(5);
    const path = segmentPath(dir, nameOf(1));
    writeFileSync(path, 'damaged\n');
    expect(await retireSegments(dir, { ...keep, nowMs: atMs + 11 * dayMs })).toMatchObject({ persons: 0 });
    expect(await retireSegments(dir, { ...keep, nowMs: atMs + 13 * dayMs })).toMatchObject({ persons: 2 });
    expect(await retireSegments(dir, { ...keep, nowMs: atMs + 999 * dayMs })).toMatchObject({ segments: 1 });
    expect(readFileSync(path, 'utf8')).toBe('damaged\n');
  });

  it('leaves what is still written, and what is no segment any more', async () => {
    const writer = newWriter(dir, []);
    writer.write(textsOf([row()]));
    const path = join(segmentsDir(dir), `${nameOf(1)}.jsonl`);
    writeFileSync(path, 'x\n');
    expect(await retireSegments(dir, { ...keep, nowMs: atMs + 999 * dayMs })).toMatchObject({ segments: 0 });
    expect(existsSync(path)).toBe(true);
    writer.end();
  });
});
