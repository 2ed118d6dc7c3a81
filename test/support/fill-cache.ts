/**
 * A process that keeps files and documents until the disk is full, and on: `node fill-cache.ts DIR`. Each reader must get
 * its file whole all the same. Then everything is taken away, and kept again a minute later. Prints what it did.
 */
import { strict as assert } from 'node:assert';
import {
  cacheDiskWith,
  cacheOf,
  fileOf,
  fillWith,
  hasDocument,
  keepDocument,
  sha256Of,
  sourceOf,
} from './cache-scene.ts';

const [dir = ''] = process.argv.slice(2);
let nowMs = Date.now();
const why: string[] = [];
const say = (event: { readonly type: string; readonly why?: string }) => why.push(event.why ?? event.type);
/** As where the system does not say how much is free. */
const disk = cacheDiskWith({ freeBytes: () => Promise.resolve(undefined) });
const cache = cacheOf(dir, { now: () => nowMs, say, disk });
const counts = { kept: 0, passed: 0, documents: 0, after: 0 };

async function fill(name: string, sizeBytes: number): Promise<boolean> {
  const bytes = fileOf(name, sizeBytes);
  const source = sourceOf(`${name}.conda`);
  assert.ok((await fillWith(cache, bytes, source)).equals(bytes));
  return (await cache.open({ sha256: sha256Of(bytes) }, source)) !== undefined;
}

for (let index = 0; index < 12; index += 1) {
  // oxlint-disable-next-line no-await-in-loop
  if (await fill(`a${index}`, 300_000)) counts.kept += 1;
  else counts.passed += 1;
  // oxlint-disable-next-line no-await-in-loop
  if (await hasDocument(cache, await keepDocument(cache, `a${index}`, 50_000))) counts.documents += 1;
  nowMs += 61_000;
}
assert.deepEqual((await cache.verify()).damaged, []);
await cache.tend();
await cache.purge({ type: 'all' });
nowMs += 61_000;
for (let index = 0; index < 3; index += 1)
  // oxlint-disable-next-line no-await-in-loop
  if (await fill(`b${index}`, 300_000)) counts.after += 1;
process.stdout.write(JSON.stringify({ ...counts, why: [...new Set(why)] }));
