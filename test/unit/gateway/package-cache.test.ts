import type { IncomingMessage, ServerResponse } from 'node:http';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../../shared/model/policy.ts';
import { fileOf, md5Of, sha256Of } from '../../support/cache-scene.ts';
import { denyList, policyOf } from './policies/policies.ts';
import type { RawAnswer } from './gateway-scene.ts';
import { GatewayScene, channelOf } from './gateway-scene.ts';

const bytes = fileOf('tool', 300_000);
const wheel = fileOf('wheel', 200_000);
const condaFile = 'noarch/tool-1.0-0.conda';
const wheelFile = 'files/tool/tool-1.0-py3-none-any.whl';

let scene: GatewayScene;
let asked: string[];
/** What the upstream gives for a path; others are not found. */
let files: Map<string, Buffer>;
let isDown: boolean;
let base: string;

const repodata = (record: object) =>
  Buffer.from(
    JSON.stringify({
      info: { subdir: 'noarch' },
      packages: {},
      'packages.conda': { 'tool-1.0-0.conda': record },
    }),
  );
const record = {
  name: 'tool',
  version: '1.0',
  build: '0',
  build_number: 0,
  depends: [],
  sha256: sha256Of(bytes),
  size: bytes.length,
};
const page = (hashes: object) =>
  Buffer.from(
    JSON.stringify({
      meta: { 'api-version': '1.1' },
      name: 'tool',
      versions: ['1.0'],
      files: [{ filename: 'tool-1.0-py3-none-any.whl', url: `${base}/f/tool.whl`, hashes }],
    }),
  );

function answer(req: IncomingMessage, res: ServerResponse): void {
  asked.push(`${req.method ?? ''} ${req.url ?? ''}${req.headers.range === undefined ? '' : ' range'}`);
  if (isDown) return void req.socket.destroy();
  const body = files.get(req.url ?? '');
  if (body === undefined) return void res.writeHead(404).end();
  const isPage = req.url?.startsWith('/simple/') === true;
  const type = isPage ? 'application/vnd.pypi.simple.v1+json' : 'application/octet-stream';
  res.writeHead(200, { 'content-type': type, 'content-length': body.length }).end(body);
}

const cacheDir = () => join(scene.dir, 'package-cache');
const open = (target: GatewayScene) =>
  target.open({ packageCache: { dir: cacheDir(), maxBytes: 1024 ** 3 } });
const text = (answered: RawAnswer) => Buffer.from(answered.body, 'latin1');
const filesAsked = () => asked.filter((line) => !line.includes('repodata') && !line.includes('/simple/'));
const health = (name: string) => scene.gateway.health().find(({ channelId }) => channelId === `id-${name}`);

beforeEach(async () => {
  asked = [];
  isDown = false;
  scene = new GatewayScene();
  base = await scene.upstream(answer);
  const upstream = { type: 'url', url: `${base}/`, privateHosts: [new URL(base).host] } as const;
  files = new Map([
    ['/noarch/repodata.json', repodata(record)],
    [`/${condaFile}`, bytes],
    ['/simple/tool/', page({ sha256: sha256Of(wheel) })],
    ['/f/tool.whl', wheel],
  ]);
  await open(scene);
  scene.addChannel(channelOf('remote', upstream));
  scene.addChannel(channelOf('wheels', { ...upstream, url: `${base}/simple/` }, { kind: 'pypi' }));
});
afterEach(() => scene.close());

const setPolicies = (policies: readonly Policy[]) => {
  scene.policies = policies;
  scene.update();
};
const noRules = [policyOf([denyList('conda', 'other'), denyList('pypi', 'other')])];

describe.each([
  ['conda', `/conda/remote/${condaFile}`, bytes, '/conda/remote/noarch/repodata.json'],
  ['pypi', `/pypi/wheels/${wheelFile}`, wheel, '/pypi/wheels/simple/tool/'],
] as const)('a file of a %s channel that is kept', (kind, path, content, index) => {
  it.each([
    ['without policies', []],
    ['under policies', noRules],
  ])('is fetched once, and comes from the cache while its upstream is away, %s', async (_how, policies) => {
    setPolicies(policies);
    expect((await scene.get(index)).status).toBe(200);
    const first = await scene.get(path);
    expect(first.status).toBe(200);
    expect(text(first).equals(content)).toBe(true);
    isDown = true;
    scene.nowMs += 60_000;
    const second = await scene.get(path);
    expect(text(second).equals(content)).toBe(true);
    expect(second.headers['etag']).toBe(`"${sha256Of(content)}"`);
    expect(first.headers['etag']).toBe(second.headers['etag']);
    expect(filesAsked()).toHaveLength(1);
    const told = scene.events.filter(({ path: at }) => at === path);
    expect(told.map(({ cache }) => cache)).toEqual(['fill', 'hit']);
    expect(told.map(({ sha256 }) => sha256)).toEqual([sha256Of(content), sha256Of(content)]);
    expect((await scene.get(path, `If-None-Match: "${sha256Of(content)}"`)).status).toBe(304);
  });

  it('is sent in parts from the cache alone', async () => {
    await scene.get(index);
    const head = await scene.head(path);
    expect(head.headers).toMatchObject({ 'accept-ranges': 'bytes', 'content-length': `${content.length}` });
    const end = await scene.get(path, 'Range: bytes=-100');
    expect(end.status).toBe(206);
    expect(text(end).equals(content.subarray(-100))).toBe(true);
    const middle = await scene.get(path, 'Range: bytes=1000-1999', `If-Range: ${end.headers['etag'] ?? ''}`);
    expect(text(middle).equals(content.subarray(1000, 2000))).toBe(true);
    expect(filesAsked().filter((line) => line.startsWith('GET'))).toHaveLength(1);
    expect(filesAsked().some((line) => line.endsWith('range'))).toBe(false);
  });

  it('is never given whole when it is another one, and the channel says so', async () => {
    await scene.get(index);
    const fileUrl = kind === 'conda' ? `/${condaFile}` : '/f/tool.whl';
    const tampered = Buffer.from(content);
    tampered[5] = (tampered[5] ?? 0) ^ 1;
    files.set(fileUrl, tampered);
    const got = await scene.get(path).catch(() => undefined);
    expect(got === undefined ? 0 : text(got).length).toBeLessThan(content.length);
    const channel = kind === 'conda' ? 'remote' : 'wheels';
    await expect.poll(() => health(channel)?.problem?.reason).toMatch(/another hash/);
    expect((await scene.get(path, 'Range: bytes=0-9')).status).toBe(502);
    expect(readdirSync(join(cacheDir(), 'files'))).toEqual([]);
    // It is mended: nothing is remembered against it.
    files.set(fileUrl, Buffer.from(content));
    expect(text(await scene.get(path)).equals(content)).toBe(true);
    await expect.poll(() => health(channel)?.problem).toBeUndefined();
  });

  it('is refused like any other when a policy denies it later', async () => {
    await scene.get(index);
    expect((await scene.get(path)).status).toBe(200);
    setPolicies([policyOf([denyList('conda', 'tool'), denyList('pypi', 'tool')])]);
    await expect.poll(async () => (await scene.get(path)).status).toBe(403);
    expect((await scene.get(path, 'Range: bytes=0-9')).status).toBe(403);
  });

  it('passes through as it comes when the cache is off, and is kept again when it is on', async () => {
    await scene.get(index);
    scene.gateway.configure({ cacheMaxBytes: 0 });
    for (let turn = 0; turn < 2; turn += 1) expect(text(await scene.get(path)).equals(content)).toBe(true);
    expect(filesAsked()).toHaveLength(2);
    expect(scene.events.at(-1)?.cache).toBe('miss');
    scene.gateway.configure({ cacheMaxBytes: 1024 ** 3 });
    for (let turn = 0; turn < 2; turn += 1) await scene.get(path);
    expect(filesAsked()).toHaveLength(3);
  });
});

describe('a file that another channel has', () => {
  it('is sent once its own upstream has sent it: who knows a hash does not get the file', async () => {
    const own = new Map<string, Buffer>([['/noarch/repodata.json', repodata(record)]]);
    let fetched = 0;
    const other = await scene.upstream((req, res) => {
      const body = own.get(req.url ?? '');
      if (req.url === `/${condaFile}`) fetched += 1;
      if (body === undefined) return void res.writeHead(404).end();
      res.writeHead(200, { 'content-length': body.length }).end(body);
    });
    const upstream = { type: 'url', url: `${other}/`, privateHosts: [new URL(other).host] } as const;
    scene.addChannel(channelOf('other', upstream));
    const path = `/conda/other/${condaFile}`;
    for (const channel of ['remote', 'other']) await scene.get(`/conda/${channel}/noarch/repodata.json`);
    expect((await scene.get(`/conda/remote/${condaFile}`)).status).toBe(200);
    expect((await scene.get(path)).status).toBe(404);
    expect((await scene.get(path, 'Range: bytes=0-9')).status).toBe(404);
    own.set(`/${condaFile}`, bytes);
    fetched = 0;
    expect(text(await scene.get(path)).equals(bytes)).toBe(true);
    expect(text(await scene.get(path)).equals(bytes)).toBe(true);
    expect(fetched).toBe(1);
    // So another process knows it too.
    await scene.gateway.stop(0);
    await open(scene);
    await scene.get('/conda/other/noarch/repodata.json');
    expect(text(await scene.get(path)).equals(bytes)).toBe(true);
    expect(fetched).toBe(1);
  });
});

describe('a channel for few platforms', () => {
  it('still has none for the others while its upstream is away, if it was asked before', async () => {
    const index = '/conda/remote/linux-64/repodata.json';
    expect((await scene.get(index)).status).toBe(404);
    isDown = true;
    scene.nowMs += 60_000;
    expect((await scene.get(index)).status).toBe(404);
    expect((await scene.get('/conda/remote/osx-64/repodata.json')).status).toBe(502);
    expect(health('remote')?.staleSinceMs).toBe(scene.nowMs);
  });
});

describe('a file of which little is known', () => {
  it('is checked by MD5 where its index has no more', async () => {
    const { sha256: _sha256, ...rest } = record;
    files.set('/noarch/repodata.json', repodata({ ...rest, md5: md5Of(bytes) }));
    await scene.get('/conda/remote/noarch/repodata.json');
    for (let turn = 0; turn < 2; turn += 1)
      expect(text(await scene.get(`/conda/remote/${condaFile}`)).equals(bytes)).toBe(true);
    expect(filesAsked()).toHaveLength(1);
  });

  it('passes through as it comes where no index was asked for', async () => {
    for (let turn = 0; turn < 2; turn += 1)
      expect(text(await scene.get(`/conda/remote/${condaFile}`)).equals(bytes)).toBe(true);
    expect(filesAsked()).toHaveLength(2);
    expect(asked.some((line) => line.includes('repodata'))).toBe(false);
  });

  it('is not found where its upstream has none', async () => {
    await scene.get('/conda/remote/noarch/repodata.json');
    files.delete(`/${condaFile}`);
    expect((await scene.get(`/conda/remote/${condaFile}`)).status).toBe(404);
    expect((await scene.get(`/conda/remote/${condaFile}`, 'Range: bytes=0-9')).status).toBe(404);
    expect((await scene.head(`/conda/remote/${condaFile}`)).status).toBe(404);
  });
});
