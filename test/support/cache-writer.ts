/**
 * A process that fills and reads a package cache, documents too: `node cache-writer.ts DIR ACKS SEED [MAXBYTES]`. What was kept is
 * noted in the file ACKS, which a kill leaves; what is read must be whole. Within a bound it evicts and purges all the time.
 */
import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cacheOf, fileOf, fillWith, keepDocument, sha256Of, sourceOf } from './cache-scene.ts';

const [dir = '', acks = '', seed = '', bound] = process.argv.slice(2);
const cache = cacheOf(dir, bound === undefined ? {} : { maxBytes: Number(bound) });
if (bound !== undefined) await cache.tend();
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
  const there = kept === undefined ? undefined : await readFile(kept.path).catch(() => undefined);
  const isMissing = there === undefined && bound === undefined;
  if (isMissing || !got.equals(bytes) || there?.equals(bytes) === false)
    throw new Error(`${name} is not what was put there`);
  appendFileSync(acks, `${sha256Of(bytes)} ${key}\n`);
  if (bound === undefined || index % 5 !== 0) continue;
  // oxlint-disable-next-line no-await-in-loop
  await cache.tend();
  // oxlint-disable-next-line no-await-in-loop
  await cache.purge({ type: 'files', sha256s: [sha256Of(bytes)] });
}
