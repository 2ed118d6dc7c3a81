import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { feedBounds } from '../../../../src-main/curation/feeds/bounds.ts';
import { FeedFolder, osvRecord } from '../../../support/feed-folder.ts';

let dir: string;
let feed: FeedFolder;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-feeds-'));
  feed = new FeedFolder(dir);
  feed.put('good.json', osvRecord('PYSEC-1'));
  await feed.read();
});
afterEach(() => {
  // Whatever was wrong: what was known stands.
  expect([...feed.kept().keys()]).toEqual(['PYSEC-1']);
  rmSync(dir, { recursive: true, force: true });
});

const one = strToU8(JSON.stringify(osvRecord('PYSEC-2')));
const problemOf = async (more: Parameters<FeedFolder['read']>[0] = {}) => {
  const error: unknown = await feed.read(more).catch((thrown: unknown) => thrown);
  return (error as { problem?: unknown }).problem ?? error;
};

describe('a document', () => {
  it.each([
    ['10 million deep', `{"id":${'['.repeat(10_000_000)}${']'.repeat(10_000_000)}}`, 'too-large'],
    ['with one key twice', '{"id":"PYSEC-9","id":"PYSEC-8"}', 'duplicate-key: id'],
    ['with one key twice, once escaped', '{"id":"PYSEC-9","\\u0069d":"PYSEC-8"}', 'duplicate-key: id'],
    ['cut off', '{"id":"PYSEC-9","aff', 'not-json'],
    ['of another type', '[[[7]]]', 'expected'],
    ['that is a number', '7', 'expected'],
    ['with a number that no JSON has', '{"id":NaN}', 'not-json'],
    ['with bytes after its end', '{"id":"PYSEC-9"} x', 'not-json'],
    [
      'with 100,000 ranges',
      JSON.stringify(
        osvRecord('PYSEC-9', {
          affected: [
            {
              package: { ecosystem: 'PyPI', name: 'x' },
              ranges: Array.from({ length: 100_000 }, () => ({
                type: 'ECOSYSTEM',
                events: [{ introduced: '0' }],
              })),
            },
          ],
        }),
      ),
      'affected.0.ranges',
    ],
    [
      'with 100,000 aliases',
      JSON.stringify(
        osvRecord('PYSEC-9', { aliases: Array.from({ length: 100_000 }, (_, index) => `CVE-${index}`) }),
      ),
      'aliases',
    ],
    [
      'with a version of another type',
      JSON.stringify(osvRecord('PYSEC-9', { affected: [{ versions: [7] }] })),
      'versions',
    ],
    ['with a name of megabytes', JSON.stringify(osvRecord('x'.repeat(3_000_000))), 'id'],
  ])('%s is refused and named', async (_what, text, why) => {
    feed.put('good.json', 'x');
    feed.put('bad.json', text);
    expect(await problemOf()).toMatchObject({
      code: 'many-bad',
      place: expect.stringContaining('bad.json') as string,
    });
    feed.put('good.json', osvRecord('PYSEC-1'));
    expect(await problemOf()).toMatchObject({
      code: 'many-bad',
      place: expect.stringMatching(new RegExp(why, 'i')) as string,
      detail: '1 of 2 records cannot be read',
    });
  });

  it('that is too large, or all of them together, is refused before it is in memory', async () => {
    feed.put('large.json', `"${'x'.repeat(200_000)}"`);
    expect(await problemOf({ bounds: { ...feedBounds, documentBytes: 100_000 } })).toMatchObject({
      code: 'too-large',
      place: 'large.json',
    });
    expect(await problemOf({ bounds: { ...feedBounds, totalBytes: 100_000 } })).toMatchObject({
      code: 'too-large',
    });
    feed.put('large.jsonl', 'x'.repeat(200_000));
    expect(await problemOf({ bounds: { ...feedBounds, recordBytes: 100_000 } })).toMatchObject({
      code: 'too-large',
      place: 'large.jsonl:1',
    });
    rmSync(join(feed.path, 'large.json'));
    rmSync(join(feed.path, 'large.jsonl'));
    feed.put('next.json', osvRecord('PYSEC-2'));
    expect(await problemOf({ bounds: { ...feedBounds, keptBytes: 100 } })).toMatchObject({
      code: 'too-large',
    });
    expect(await problemOf({ bounds: { ...feedBounds, entries: 1 } })).toMatchObject({ code: 'too-large' });
  });
});

it('of which so much is bad that nothing can make up for it is not read to its end', async () => {
  feed.put('bad.jsonl', `${'{}\n'.repeat(50)}`);
  expect(await problemOf({ bounds: { ...feedBounds, records: 90 } })).toMatchObject({
    code: 'many-bad',
    place: 'bad.jsonl:1: id: Invalid input: expected string, received undefined',
    detail: '11 of 11 records cannot be read',
  });
});

describe('a folder', () => {
  it('that nests too deeply is refused', async () => {
    feed.put(`${'d/'.repeat(20)}x.json`, '{}');
    expect(await problemOf()).toMatchObject({ code: 'too-large', detail: 'nests too deeply' });
  });

  it('is not left by a link', async () => {
    writeFileSync(join(dir, 'outside.json'), JSON.stringify(osvRecord('PYSEC-9')));
    symlinkSync(join(dir, 'outside.json'), join(feed.path, 'link.json'));
    expect(await feed.read()).toEqual({ status: 'unchanged' });
  });
});

describe('a packed file', () => {
  const zeros = Buffer.alloc(4 * 1024 * 1024, 0x20);
  const bounds = { ...feedBounds, ratioFromBytes: 1024 * 1024 };

  it('that unpacks out of all proportion is refused, gzip and zip', async () => {
    feed.put('bomb.jsonl.gz', gzipSync(zeros));
    expect(await problemOf({ bounds })).toMatchObject({
      code: 'too-large',
      place: 'bomb.jsonl.gz',
      detail: 'more than 150 times its packed size',
    });
    rmSync(join(feed.path, 'bomb.jsonl.gz'));
    // Whether anybody wants it or not.
    feed.put('bomb.zip', zipSync({ 'bomb.txt': zeros }));
    expect(await problemOf({ bounds })).toMatchObject({ code: 'too-large', place: 'bomb.zip/bomb.txt' });
  });

  it('that is cut off, or another thing, is refused', async () => {
    const zip = zipSync({ 'a.json': one, 'b.json': one });
    for (const bytes of [
      zip.subarray(0, zip.length / 2),
      zip.subarray(0, zip.length - 30),
      strToU8('no archive'),
      new Uint8Array(0),
    ]) {
      feed.put('all.zip', bytes);
      expect(await problemOf(), String(bytes.length)).toMatchObject({
        code: 'broken',
        place: expect.stringContaining('all.zip') as string,
      });
    }
    rmSync(join(feed.path, 'all.zip'));
    const gz = gzipSync(one);
    for (const bytes of [gz.subarray(0, gz.length - 10), strToU8('no gzip')]) {
      feed.put('all.jsonl.gz', bytes);
      expect(await problemOf()).toMatchObject({ code: 'broken', place: 'all.jsonl.gz' });
    }
  });

  it('whose head claims gigabytes, or a way of packing that nobody reads, costs nothing', async () => {
    const claims: readonly (readonly [string, number, number, object])[] = [
      // Offsets in the local file header (APPNOTE 4.3.7): its packed size, both sizes beyond 32 bits, its name's length.
      ['packed', 18, 0xfffffffe, { code: 'broken', place: 'all.zip', detail: 'invalid zip data' }],
      ['zip64', 18, 0xffffffff, { code: 'broken', place: 'all.zip', detail: 'invalid zip data' }],
      ['name', 26, 0xffff, { code: 'broken', place: 'all.zip' }],
      ['zstd', 8, 93, { code: 'broken', place: 'all.zip/a.json', detail: 'unknown compression type 93' }],
    ];
    for (const [what, at, value, problem] of claims) {
      const zip = zipSync({ 'a.json': one });
      const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
      if (value > 0xffff) view.setUint32(at, value, true);
      else view.setUint16(at, value, true);
      feed.put('all.zip', zip);
      expect(await problemOf(), what).toMatchObject(problem);
    }
    // What it unpacks to is counted, not believed.
    const zip = zipSync({ 'a.json': strToU8(JSON.stringify(osvRecord('PYSEC-1'))) });
    new DataView(zip.buffer, zip.byteOffset, zip.byteLength).setUint32(22, 0xfffffffe, true);
    feed.put('all.zip', zip);
    expect(await feed.read()).toMatchObject({ status: 'read', records: 1 });
  });

  it('in a packed file is not unpacked again', async () => {
    feed.put('all.zip', zipSync({ 'inner.zip': zipSync({ 'a.json': one }), 'b.json.gz': gzipSync(one) }));
    expect(await feed.read()).toMatchObject({ status: 'read', records: 1 });
  });

  it('whose directory names other files than are in it is refused', async () => {
    const zip = zipSync({ 'a.json': one, 'b.json': one });
    // "Total number of entries" in the record at its end.
    zip[zip.length - 12] = 1;
    feed.put('all.zip', zip);
    expect(await problemOf()).toMatchObject({
      code: 'broken',
      detail: 'its directory names 1 files, and 2 are in it',
    });
  });

  it('with too many files is refused', async () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${index}.json`, one]));
    feed.put('all.zip', zipSync(many));
    expect(await problemOf({ bounds: { ...feedBounds, entries: 20 } })).toMatchObject({ code: 'too-large' });
  });

  it('never writes anything by a name in it', async () => {
    feed.put('all.zip', zipSync({ '../../outside.json': strToU8(JSON.stringify(osvRecord('PYSEC-1'))) }));
    expect(await feed.read()).toMatchObject({ status: 'read', records: 1 });
  });
});
