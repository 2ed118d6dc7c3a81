/**
 * A process that appends until the disk is full, and on: `node fill-disk.ts DIR FREED`. What it was told must be true
 * after each append. Then it frees space by removing the file FREED, if it is given one. Prints what it did.
 */
import { strict as assert } from 'node:assert';
import { rmSync } from 'node:fs';
import type { LatchkeyError } from '../../shared/errors.ts';
import { openFileBackend } from '../../src-main/vault/file-backend.ts';
import { lineOf, textsOf } from './log-lines.ts';

const [dir = '', freed] = process.argv.slice(2);
const backend = openFileBackend(dir);
const lines: string[] = [];
const counts = { done: 0, notAnchored: 0, refused: 0, doneAfter: 0 };
let heads: (string | undefined)[] = [undefined];

async function tryAppend(index: number): Promise<boolean> {
  const line = lineOf(index, [200, 3_000, 9_000, 20_000][index % 4]);
  const head = `head.${index}`;
  try {
    const { anchored } = await backend.append(lines.length, [line], head);
    lines.push(line);
    counts.done += 1;
    if (!anchored) counts.notAnchored += 1;
    heads = anchored ? [head] : [...heads, head];
    return true;
  } catch (error) {
    const { code, details } = error as LatchkeyError<'VAULT_UNAVAILABLE'>;
    assert.equal(code, 'VAULT_UNAVAILABLE', String(error));
    assert.notEqual(details.outcome, 'unknown');
    counts.refused += 1;
    return false;
  } finally {
    assert.deepEqual(await textsOf(openFileBackend(dir)), lines);
    assert.ok(heads.includes(await backend.head()));
  }
}

let index = 0;
// oxlint-disable-next-line no-await-in-loop
while (counts.refused < 40 && index < 5_000) await tryAppend((index += 1));
if (freed !== undefined) {
  rmSync(freed);
  // oxlint-disable-next-line no-await-in-loop
  for (let more = 0; more < 5; more += 1) if (await tryAppend((index += 1))) counts.doneAfter += 1;
}
process.stdout.write(JSON.stringify(counts));
