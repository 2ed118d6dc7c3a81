/**
 * A process that fills and reads a package cache, documents too: `node cache-writer.ts DIR ACKS SEED`. What was kept is noted
 * in the file ACKS, which a kill leaves; what is read must be whole.
 */
import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cacheOf, fileOf, fillWith, keepDocument, sha256Of, sourceOf } from './cache-scene.ts';

const [dir = '', acks = '', seed = ''] = process.argv.slice(2);
const cache = cacheOf(dir);
process.stdout.write('ready');

for (let index = 0; ; index += 1) {
  // Several processes work at the same files, in another order.
  const name = `${index % 3 === 0 ? 'shared' : seed}-${index}`;
  const bytes = fileOf(name, 1 + ((index * 7919) % 300_000));
  // oxlint-disable-next-line no-await-in-loop
  const got = await fillWith(cache, bytes, sourceOf(`${name}.conda`));
  // oxlint-disable-next-line no-await-in-loop
  const kept = await cache.open({ sha256: sha256Of(bytes) });
  // oxlint-disable-next-line no-await-in-loop
  const key = await keepDocument(cache, name, bytes.length);
  // oxlint-disable-next-line no-await-in-loop
  if (kept === undefined || !got.equals(bytes) || !(await readFile(kept.path)).equals(bytes))
    throw new Error(`${name} is not what was put there`);
  appendFileSync(acks, `${sha256Of(bytes)} ${key}\n`);
}
