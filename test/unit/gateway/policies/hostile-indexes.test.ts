/** Indexes of an upstream that turned bad, under policies: bounded, refused by name, and the last good one goes on. */
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayScene, channelOf } from '../gateway-scene.ts';
import { denyList, policyOf } from './policies.ts';

type Answer = {
  readonly body: Buffer;
  readonly coding?: string;
  readonly isZst?: true;
  readonly cutAt?: number;
};

const record = '{"name":"tool","version":"1.0","build":"0","license":"MIT"}';
const good = Buffer.from(`{"packages":{"tool-1.0-0.tar.bz2":${record}},"packages.conda":{}}`);
const path = '/noarch/repodata.json';
const long = (bytes: number) => Buffer.alloc(bytes, 'x');
const bomb = Buffer.concat([
  Buffer.from('{"packages":{"tool-1.0-0.tar.bz2":{"name":"'),
  long(48 * 1024 * 1024),
]);

const scene = new GatewayScene();
let answer: Answer = { body: good };
let channels = 0;
let base = '';
beforeAll(async () => {
  base = await scene.upstream((req, res) => {
    const { body, coding, cutAt } = answer;
    if (req.url?.endsWith(path) !== true) return void res.writeHead(404).end();
    if (coding !== undefined) res.setHeader('Content-Encoding', coding);
    res.setHeader('Content-Length', body.length);
    if (cutAt === undefined) res.end(body);
    else res.write(body.subarray(0, cutAt), () => res.destroy());
  });
  await scene.open({ dataDir: join(scene.dir, 'data') });
  scene.policies = [policyOf([denyList('conda', 'other')])];
});
afterAll(() => scene.close());

/** A channel of its own, that has the good one. */
async function channel(): Promise<string> {
  channels += 1;
  const name = `remote${channels}`;
  scene.addChannel(
    channelOf(name, { type: 'url', url: `${base}/${name}`, privateHosts: [new URL(base).host] }),
  );
  answer = { body: good };
  expect((await scene.get(`/conda/${name}${path}`)).status).toBe(200);
  return name;
}

/** In another coding: the same answer would be given again for a moment. It is too short to be packed. */
const again = (name: string) => scene.get(`/conda/${name}${path}`, 'Accept-Encoding: gzip');

describe('an index that turned bad', () => {
  it.each<readonly [what: string, answer: Answer]>([
    ['cut off', { body: good, cutAt: 40 }],
    ['truncated', { body: good.subarray(0, 60) }],
    ['no JSON', { body: Buffer.from('<!doctype html>') }],
    ['a list', { body: Buffer.from('[]') }],
    ['in a coding that it has not', { body: good, coding: 'gzip' }],
    ['cut off within its coding', { body: gzipSync(good).subarray(0, 40), coding: 'gzip' }],
    ['a bomb in zstd', { body: zstdCompressSync(bomb), coding: 'zstd' }],
    ['a bomb in gzip', { body: gzipSync(bomb), coding: 'gzip' }],
    [
      'nested ten million times',
      { body: Buffer.concat([Buffer.from('{"packages":'), Buffer.alloc(1e7, '[')]) },
    ],
    [
      'a record nested ten million times',
      { body: Buffer.concat([good.subarray(0, 42), Buffer.alloc(1e7, '[')]) },
    ],
  ])('by being %s is not taken: the last good one goes on, and the channel says so', async (_what, bad) => {
    const name = await channel();
    scene.nowMs += 60_000;
    answer = bad;
    const { status, body, headers } = await again(name);
    expect([status, headers['warning']]).toEqual([200, expect.stringContaining('Stale')]);
    expect(JSON.parse(body)).toMatchObject({ packages: { 'tool-1.0-0.tar.bz2': { name: 'tool' } } });
    const health = scene.gateway.health().find(({ channelId }) => channelId === `id-${name}`);
    expect(health?.problem).toMatchObject({ path: path.slice(1) });
  });

  it.each<readonly [what: string, text: string]>([
    ['a container is a list', '{"packages":[]}'],
    ['a container is a text', '{"packages":"x"}'],
    ['a file is there twice', `{"packages":{"tool-1.0-0.tar.bz2":${record},"tool-1.0-0.tar.bz2":${record}}}`],
    ['a container is there twice', '{"packages":{},"packages":{}}'],
    ['a record is not JSON', '{"packages":{"tool-1.0-0.tar.bz2":{"name":NaN}}}'],
  ])('so that %s is refused, for as long as policies speak about it', async (_what, text) => {
    const name = await channel();
    scene.nowMs += 60_000;
    answer = { body: Buffer.from(text) };
    const { status, reason } = await again(name);
    expect([status, reason]).toEqual([502, expect.stringMatching(/index/i)]);
    expect((await scene.get(`/conda/${name}/noarch/tool-1.0-0.tar.bz2`)).status).toBe(502);
  });
});
