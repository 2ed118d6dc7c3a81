import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { zstdCompressSync } from 'node:zlib';
import { fileOf, sha256Of } from '../../support/cache-scene.ts';
import { identity } from '../../support/log-rows.ts';
import { denyList, policyOf } from './policies/policies.ts';
import { GatewayScene, channelOf } from './gateway-scene.ts';

const tool = fileOf('tool', 90_000);
const wheel = fileOf('wheel', 70_000);
const metadata = Buffer.from('Metadata-Version: 2.1\nName: tool\nVersion: 1.0\n');
const record = (name: string) => ({
  name,
  version: '1.0',
  build: '0',
  build_number: 0,
  depends: [],
  sha256: sha256Of(tool),
  size: tool.length,
});
const repodata = Buffer.from(
  JSON.stringify({
    info: { subdir: 'noarch' },
    packages: {},
    'packages.conda': { 'tool-1.0-0.conda': record('tool'), 'other-1.0-0.conda': record('other') },
  }),
);
const page = Buffer.from(
  JSON.stringify({
    meta: { 'api-version': '1.1' },
    name: 'tool',
    versions: ['1.0'],
    files: [
      {
        filename: 'tool-1.0-py3-none-any.whl',
        url: '/f/tool-1.0-py3-none-any.whl',
        hashes: { sha256: sha256Of(wheel) },
        'core-metadata': { sha256: sha256Of(metadata) },
      },
    ],
  }),
);
const files = new Map([
  ['/noarch/repodata.json', repodata],
  ['/noarch/repodata.json.zst', zstdCompressSync(repodata)],
  ['/noarch/tool-1.0-0.conda', tool],
  ['/simple/tool/', page],
  ['/f/tool-1.0-py3-none-any.whl', wheel],
  ['/f/tool-1.0-py3-none-any.whl.metadata', metadata],
]);
const wheelPath = '/pypi/wheels/files/tool/tool-1.0-py3-none-any.whl';
const builds = [
  '/conda/remote/noarch/repodata.json',
  '/conda/remote/noarch/tool-1.0-0.conda',
  '/pypi/wheels/simple/tool/',
  `${wheelPath}.metadata`,
  wheelPath,
];

let scene: GatewayScene;
let mode: 'up' | 'down' | 'refusing';
let asked: string[];

function answer(req: IncomingMessage, res: ServerResponse): void {
  const path = req.url ?? '';
  const condition = req.headers['if-none-match'];
  asked.push(condition === undefined ? path : `${path} if ${condition}`);
  if (mode === 'down') return void req.socket.destroy();
  if (mode === 'refusing') return void res.writeHead(401).end();
  const body = files.get(path);
  if (body === undefined) return void res.writeHead(404).end();
  const etag = `"${sha256Of(body).slice(0, 8)}"`;
  if (condition === etag) return void res.writeHead(304).end();
  const type = path.startsWith('/simple/')
    ? 'application/vnd.pypi.simple.v1+json'
    : 'application/octet-stream';
  res.writeHead(200, { 'content-type': type, 'content-length': body.length, etag }).end(body);
}

const documents = () => join(scene.dir, 'package-cache', 'documents');
const kept = () =>
  readdirSync(join(documents(), 'kept')).flatMap((part) =>
    readdirSync(join(documents(), 'kept', part)).map((name) => join(documents(), 'kept', part, name)),
  );
const said: string[] = [];
const open = () =>
  scene.open({
    identity,
    packageCache: { dir: join(scene.dir, 'package-cache'), maxBytes: 1024 ** 3 },
    say: (line) => said.push(line),
  });
async function restart(): Promise<void> {
  await scene.gateway.stop();
  await open();
  asked = [];
}
const statuses = async (paths: readonly string[]) => {
  const found: number[] = [];
  // oxlint-disable-next-line no-await-in-loop
  for (const path of paths) found.push((await scene.get(path)).status);
  return found;
};

beforeEach(async () => {
  mode = 'up';
  asked = [];
  said.length = 0;
  scene = new GatewayScene();
  const base = await scene.upstream(answer);
  const upstream = { type: 'url', url: `${base}/`, privateHosts: [new URL(base).host] } as const;
  await open();
  scene.addChannel(channelOf('remote', upstream));
  scene.addChannel(channelOf('wheels', { ...upstream, url: `${base}/simple/` }, { kind: 'pypi' }));
});
afterEach(() => scene.close());

describe('after a restart', () => {
  it('builds go on while the upstream is away, and are told that the index is old', async () => {
    expect(await statuses(builds)).toEqual([200, 200, 200, 200, 200]);
    mode = 'down';
    await restart();
    expect(await statuses(builds)).toEqual([200, 200, 200, 200, 200]);
    for (const path of ['/conda/remote/noarch/repodata.json', '/pypi/wheels/simple/tool/'])
      // oxlint-disable-next-line no-await-in-loop
      expect((await scene.get(path)).headers['warning']).toBe('110 latchkey "Response is Stale"');
    const told = scene.gateway.health().filter(({ problem }) => problem !== undefined);
    expect(told).toHaveLength(2);
  });

  it('a locked installation, which asks for no index, goes on too', async () => {
    await statuses(builds);
    mode = 'down';
    await restart();
    expect(await statuses(['/conda/remote/noarch/tool-1.0-0.conda'])).toEqual([200]);
  });

  it('what the upstream did not have is not there while it is away', async () => {
    expect(await statuses(['/conda/remote/osx-64/repodata.json'])).toEqual([404]);
    mode = 'down';
    await restart();
    expect(
      await statuses(['/conda/remote/osx-64/repodata.json', '/conda/remote/win-64/repodata.json']),
    ).toEqual([404, 502]);
  });

  it('policies judge what was kept', async () => {
    await statuses(builds);
    mode = 'down';
    await restart();
    scene.policies = [policyOf([denyList('conda', 'tool'), denyList('pypi', 'tool')])];
    scene.update();
    const index = await scene.get('/conda/remote/noarch/repodata.json');
    expect([index.body.includes('other-1.0'), index.body.includes('tool-1.0')]).toEqual([true, false]);
    expect(await statuses([builds[1] ?? '', wheelPath])).toEqual([403, 403]);
  });

  it('the upstream is asked whether it is still the one, and sends nothing again', async () => {
    await statuses(builds);
    await restart();
    const index = await scene.get('/conda/remote/noarch/repodata.json');
    expect([index.status, index.headers['warning'], index.body.includes('tool-1.0')]).toEqual([
      200,
      undefined,
      true,
    ]);
    expect((await scene.get('/pypi/wheels/simple/tool/')).status).toBe(200);
    expect(asked.filter((line) => !line.includes(' if '))).toEqual([]);
    expect(asked).toHaveLength(2);
  });

  it('an upstream that refuses our credentials is not away', async () => {
    await statuses(builds);
    mode = 'refusing';
    await restart();
    expect(await statuses(['/pypi/wheels/simple/tool/'])).toEqual([502]);
  });

  it('an upstream with other credentials has nothing of the one before', async () => {
    await statuses(builds);
    mode = 'down';
    await restart();
    const at = scene.channels.findIndex(({ name }) => name === 'wheels');
    const channel = scene.channels[at];
    if (channel?.upstream?.type !== 'url') throw new Error('No such channel.');
    const credentials = { type: 'basic', username: 'a', password: 'b' } as const;
    scene.channels[at] = { ...channel, upstream: { ...channel.upstream, credentials } } as typeof channel;
    scene.update();
    expect(await statuses(['/pypi/wheels/simple/tool/'])).toEqual([502]);
  });

  it('a damaged one is put aside and named, and read again from the upstream', async () => {
    await statuses(builds);
    await scene.gateway.stop();
    for (const path of kept()) {
      const bytes = readFileSync(path);
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      writeFileSync(path, bytes);
    }
    await open();
    mode = 'down';
    expect(await statuses(['/pypi/wheels/simple/tool/'])).toEqual([502]);
    expect(said.filter((line) => line.includes('was damaged'))).toHaveLength(1);
    mode = 'up';
    scene.nowMs += 60_000;
    expect(await statuses(['/pypi/wheels/simple/tool/', '/conda/remote/noarch/repodata.json'])).toEqual([
      200, 200,
    ]);
  });

  it('nobody else may read them', async () => {
    await statuses(builds);
    expect(kept()).toHaveLength(3);
    for (const path of kept()) expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
