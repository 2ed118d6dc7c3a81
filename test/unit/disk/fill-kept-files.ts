/**
 * A process that writes every file that we keep, while its disk fills up and is freed again: `node fill-kept-files.ts
 * DIR PLACE`. What it was told must be true after each write. Prints how often each was written and refused.
 */
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LatchkeyError } from '../../../shared/errors.ts';
import { surviveFileSizeLimit } from '../../../src-main/disk/file-size-limit.ts';
import { fill } from './fill.ts';
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

surviveFileSizeLimit();
mkdirSync(join(root, 'kept'));
for (const [name, kept] of Object.entries(keptFiles)) {
  counts[name] = { done: 0, refused: 0 };
  await kept.prepare?.(join(root, 'kept'));
  await attempt(name, 1, '');
}
let number = 1;
for (const free of [0, 4096, 8192, 0, 16_384, 4096, 0, 32_768]) {
  if (place === 'a full disk') fill(root, free);
  for (const name of Object.keys(keptFiles)) {
    for (const length of [10, 400, 3_000, 6_000]) {
      number = (number % 89) + 1;
      // oxlint-disable-next-line no-await-in-loop
      await attempt(name, number, 'x'.repeat(length));
    }
  }
}
process.stdout.write(JSON.stringify(counts));
