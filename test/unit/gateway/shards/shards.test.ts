/** Sharded repodata (CEP 16), through the gateway. */
import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TeamId } from '../../../../shared/model/ids.ts';
import { GatewayScene, channelOf, dayMs, nowMs, someToken, tokenOf } from '../gateway-scene.ts';
import { denyList, policyOf } from '../policies/policies.ts';
import { unpack } from './message-pack.ts';

const record = (name: string, version: string, more: object = {}): object => ({
  name,
  version,
  build: '0',
  build_number: 0,
  depends: ['python >=3.9', `lib${name} >=${version}`],
  license: 'MIT',
  md5: createHash('md5').update(version).digest('hex'),
  sha256: createHash('sha256').update(version).digest('hex'),
  size: 12_345,
  subdir: 'noarch',
  timestamp: nowMs - 100 * dayMs,
  ...more,
});
const index = {
  info: { subdir: 'noarch', base_url: 'https://elsewhere.example', channel_relations: { base: '../x' } },
  packages: { 'tool-1.0-0.tar.bz2': record('tool', '1.0') },
  'packages.conda': {
    'tool-2.0-0.conda': record('tool', '2.0'),
    'tool-3.0-0.conda': record('tool', '3.0', { url: 'https://elsewhere.example/tool-3.0-0.conda' }),
    'other-1.0-0.conda': record('other', '1.0', { indexed_timestamp: nowMs - dayMs }),
    'liar-1.0-0.conda': record('other', '1.0'),
  },
  v3: { conda: { 'new-1.0-0': record('new', '1.0') } },
  v4: { conda: { 'later-1.0-0': record('later', '1.0') } },
  removed: ['tool-0.1-0.conda', 'tool-2.0-0.conda', 'no-name', 7],
};

const others = 'others' as TeamId;
const scene = new GatewayScene();
const other = someToken();
let shown: object = index;
let asked = 0;
beforeAll(async () => {
  const base = await scene.upstream((req, res) => {
    if (req.url?.endsWith('/noarch/repodata.json') === true) {
      asked += 1;
      res.end(JSON.stringify(shown));
    } else res.writeHead(404).end('{"shards":{}}');
  });
  await scene.open();
  scene.addChannel(channelOf('remote', { type: 'url', url: base, privateHosts: [new URL(base).host] }));
  scene.tokens[1] = [other.text, tokenOf(other.id, scene.channels, { teamId: others })];
});
beforeEach(() => {
  scene.policies = [];
  scene.update();
});
afterAll(() => scene.close());

function enforce(...policies: GatewayScene['policies']): void {
  scene.policies = policies;
  scene.update();
}
const get = (path: string, text = scene.token.text, ...headers: string[]) =>
  scene.raw(`/conda/remote/noarch/${path}`, {
    headers: [`Authorization: ${scene.basic(text)}`, ...headers],
  });
const read = (body: string): unknown => unpack(zstdDecompressSync(Buffer.from(body, 'latin1')));

type Found = { info: object; version: number; shards: Record<string, Uint8Array> };
type Container = Record<string, Record<string, unknown>>;
type FoundShard = {
  packages: Container;
  'packages.conda': Container;
  v3?: Record<string, Container>;
  removed: string[];
};
async function shardIndex(text?: string): Promise<Found> {
  const { status, body } = await get('repodata_shards.msgpack.zst', text);
  expect(status).toBe(200);
  return read(body) as Found;
}
const pathOf = (digest: Uint8Array | undefined): string =>
  `shards/${Buffer.from(digest ?? []).toString('hex')}.msgpack.zst`;
async function shardsOf(text?: string): Promise<Record<string, FoundShard>> {
  const found: Record<string, FoundShard> = {};
  for (const [name, digest] of Object.entries((await shardIndex(text)).shards)) {
    // oxlint-disable-next-line no-await-in-loop
    const { status, body } = await get(pathOf(digest), text);
    expect([status, createHash('sha256').update(body, 'latin1').digest()]).toEqual([
      200,
      Buffer.from(digest),
    ]);
    found[name] = read(body) as FoundShard;
  }
  return found;
}

/** Of shards and of plain repodata: the same shape. */
function filesOf(found: Pick<FoundShard, 'packages' | 'packages.conda' | 'v3'>[]): Container {
  const files: Container = {};
  for (const { packages, 'packages.conda': conda, v3 = {} } of found) {
    Object.assign(files, packages, conda);
    for (const [extension, records] of Object.entries(v3))
      for (const [key, some] of Object.entries(records)) files[`${key}.${extension}`] = some;
  }
  for (const some of Object.values(files))
    for (const key of ['md5', 'sha256'])
      if (some[key] instanceof Uint8Array) some[key] = Buffer.from(some[key]).toString('hex');
  return files;
}
async function plainFiles(text?: string): Promise<Container> {
  return filesOf([JSON.parse((await get('repodata.json', text)).body) as FoundShard]);
}

describe('shards', () => {
  it('say what the plain index says, and lead nowhere else', async () => {
    const found = await shardIndex();
    expect({ ...found, info: { ...found.info }, shards: Object.keys(found.shards) }).toEqual({
      version: 1,
      info: {
        subdir: 'noarch',
        base_url: './',
        shards_base_url: './shards/',
        repodata_revisions: expect.objectContaining({ v3: expect.objectContaining({ n_packages: 1 }) }),
      },
      shards: ['tool', 'other', 'new'],
    });
    const shards = await shardsOf();
    const { 'liar-1.0-0.conda': _liar, ...plain } = await plainFiles();
    expect(filesOf(Object.values(shards))).toEqual(plain);
    expect(shards['tool']?.removed).toEqual(['tool-0.1-0.conda']);
    expect(shards['tool']?.['packages.conda']['tool-3.0-0.conda']?.['url']).toBeUndefined();
    expect(Object.keys(shards['new']?.v3?.['conda'] ?? {})).toEqual(['new-1.0-0']);
  });

  it('are those of the same policies as the plain index, and those of other policies are nowhere', async () => {
    const free = await shardIndex();
    enforce(policyOf([denyList('conda', 'tool 2.*', 'other')], { teams: [others] }));
    const theirs = await shardIndex(other.text);
    expect(Object.keys(theirs.shards)).toEqual(['tool', 'new']);
    expect(Object.keys(filesOf(Object.values(await shardsOf(other.text))))).toEqual(
      Object.keys(await plainFiles(other.text)),
    );
    // What nothing was taken from is the same; the rest is not to be had by its digest.
    expect(theirs.shards['new']).toEqual(free.shards['new']);
    for (const name of ['tool', 'other'])
      // oxlint-disable-next-line no-await-in-loop
      expect(await get(pathOf(free.shards[name]), other.text)).toMatchObject({
        status: 404,
        reason: 'The index has changed, read it again',
      });
    expect((await get(pathOf(free.shards['tool']))).status).toBe(200);
    expect((await get(pathOf(theirs.shards['tool']))).status).toBe(404);
  });

  it('are no others after a change of policies, and "not modified" is not said', async () => {
    enforce(policyOf([denyList('conda', 'nothing')]));
    const first = await get('repodata_shards.msgpack.zst');
    const tag = `If-None-Match: ${first.headers['etag']}`;
    expect((await get('repodata_shards.msgpack.zst', undefined, tag)).status).toBe(304);
    const { shards } = read(first.body) as Found;
    enforce(policyOf([denyList('conda', 'other')]));
    expect((await get(pathOf(shards['other']))).status).toBe(404);
    const second = await get('repodata_shards.msgpack.zst', undefined, tag);
    expect([second.status, Object.keys((read(second.body) as Found).shards)]).toEqual([200, ['tool', 'new']]);
  });

  it('of the index that the upstream had just before are given still, for who reads them now', async () => {
    const before = await shardIndex();
    const askedBefore = asked;
    shown = { ...index, packages: { ...index.packages, 'tool-4.0-0.tar.bz2': record('tool', '4.0') } };
    scene.nowMs += 60_000;
    try {
      await vi.waitFor(async () => {
        expect(Object.keys((await shardsOf())['tool']?.packages ?? {})).toContain('tool-4.0-0.tar.bz2');
      });
      expect(asked).toBeGreaterThan(askedBefore);
      expect((await get(pathOf(before.shards['tool']))).status).toBe(200);
      scene.nowMs += 11 * 60_000;
      await vi.waitFor(async () => expect((await get(pathOf(before.shards['tool']))).status).toBe(404));
    } finally {
      shown = index;
      scene.nowMs = nowMs;
    }
  });

  it('agree by HEAD and GET, and are nobody else’s', async () => {
    for (const path of ['repodata_shards.msgpack.zst', pathOf((await shardIndex()).shards['tool'])]) {
      const target = `/conda/remote/noarch/${path}`;
      // oxlint-disable-next-line no-await-in-loop
      const [got, head, nobody] = await Promise.all([
        scene.get(target),
        scene.head(target),
        scene.raw(target),
      ]);
      expect({ ...head.headers, date: '' }).toEqual({ ...got.headers, date: '' });
      expect(got.headers).toMatchObject({ 'cache-control': 'private', vary: 'Authorization' });
      expect([head.status, head.body, nobody.status]).toEqual([200, '', 401]);
    }
  });

  it.each([
    'shards/0000.msgpack.zst',
    `shards/${'0'.repeat(64)}.msgpack.zst`,
    `shards/${'A'.repeat(64)}.msgpack.zst`,
    `shards/${'0'.repeat(64)}.msgpack`,
    `shards/x/${'0'.repeat(64)}.msgpack.zst`,
    'shards/',
    'shards',
    'repodata_shards.msgpack',
  ])('are not found at %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});
