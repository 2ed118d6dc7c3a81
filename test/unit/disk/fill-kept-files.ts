/**
 * A process that writes every file that we keep, while its disk fills up and is freed again: `node fill-kept-files.ts
 * DIR PLACE`. What it was told must be true after each write. Prints how often each was written and refused.
 */
import { strict as assert } from 'node:assert';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LatchkeyError } from '../../../shared/errors.ts';
import { surviveFileSizeLimit } from '../../../src-main/disk/file-size-limit.ts';
import { keptFiles } from './kept-files.ts';

const [root = '', place = ''] = process.argv.slice(2);
const counts: Record<string, { done: number; refused: number }> = {};

async function attempt(name: string, number: number, filling: string): Promise<void> {
  const kept = keptFiles[name];
  const count = counts[name];
  assert.ok(kept !== undefined && count !== undefined);
  const dir = join(root, 'kept');
  const before = await kept.read(dir);
  let happened: boolean;
  try {
    happened = (await kept.write(dir, number, filling)) !== false;
  } catch (error) {
    assert.ok(error instanceof LatchkeyError, String((error as Error).stack));
    assert.equal((error.details as { outcome?: string }).outcome, 'unchanged', error.message);
    happened = false;
  }
  assert.equal(
    await kept.read(dir),
    happened ? number : before,
    `${name}, ${number}, said to be ${happened ? 'done' : 'refused'}`,
  );
  count[happened ? 'done' : 'refused'] += 1;
}

/** Leaves this many bytes free on the disk, or as many as there are. */
function fill(freeBytes: number): void {
  const ballast = join(root, 'ballast');
  rmSync(ballast, { force: true });
  const fd = openSync(ballast, 'w');
  const page = Buffer.alloc(4096, 1);
  let written = 0;
  try {
    for (;;) written += writeSync(fd, page);
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
  }
  closeSync(fd);
  rmSync(ballast);
  const again = openSync(ballast, 'w');
  for (let left = written - freeBytes; left > 0; left -= page.length) writeSync(again, page);
  closeSync(again);
}

surviveFileSizeLimit();
mkdirSync(join(root, 'kept'));
for (const [name, kept] of Object.entries(keptFiles)) {
  counts[name] = { done: 0, refused: 0 };
  await kept.prepare?.(join(root, 'kept'));
  await attempt(name, 1, '');
}
let number = 1;
for (const free of [0, 4096, 8192, 0, 16_384, 4096, 0, 32_768]) {
  if (place === 'a full disk') fill(free);
  for (const name of Object.keys(keptFiles)) {
    for (const length of [10, 400, 3_000, 6_000]) {
      number = (number % 89) + 1;
      // oxlint-disable-next-line no-await-in-loop
      await attempt(name, number, 'x'.repeat(length));
    }
  }
}
process.stdout.write(JSON.stringify(counts));
