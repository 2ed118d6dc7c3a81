/** Indexes that turned bad, under policies and without: bounded, named in the channel's health, and the last good one goes on. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
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
});

/** Balanced, and yet nothing that can be relied on. */
const notRelied: readonly (readonly [what: string, text: string])[] = [
  ['a container is a list', '{"packages":[]}'],
  ['a container is a text', '{"packages":"x"}'],
  ['a file is there twice', `{"packages":{"tool-1.0-0.tar.bz2":${record},"tool-1.0-0.tar.bz2":${record}}}`],
  ['a container is there twice', '{"packages":{},"packag\\u0065s":{}}'],
  ['a record is not JSON', '{"packages":{"tool-1.0-0.tar.bz2":{"name":NaN}}}'],
  ['a comma is missing', '{"packages":{} "info":{}}'],
  ['a comma is too much', `{"packages":{"tool-1.0-0.tar.bz2":${record},}}`],
  ['brackets are crossed', '{"packages":{"tool-1.0-0.tar.bz2":[}]}'],
];
const better = good.toString().replaceAll('1.0', '2.0');

describe('an index of which nothing can be relied on', () => {
  /** By path: what the upstream has. */
  const served = new Map<string, Buffer>();
  beforeAll(async () => {
    const upstream = await scene.upstream((req, res) => {
      const body = served.get(req.url ?? '');
      if (body === undefined) res.writeHead(404).end();
      else res.end(body);
    });
    for (const [at] of notRelied.entries())
      for (const kind of ['json', 'zst']) {
        const url = `${upstream}/${kind}${at}`;
        scene.addChannel(
          channelOf(`${kind}${at}`, { type: 'url', url, privateHosts: [new URL(upstream).host] }),
        );
      }
    scene.addChannel(channelOf('of-folder', { type: 'folder', path: join(scene.dir, 'of-folder') }));
    mkdirSync(join(scene.dir, 'of-folder', 'noarch'), { recursive: true });
  });

  function put(name: string, text: string): void {
    if (name === 'of-folder') writeFileSync(join(scene.dir, name, path), text);
    else if (name.startsWith('zst')) served.set(`/${name}${path}.zst`, zstdCompressSync(Buffer.from(text)));
    else served.set(`/${name}${path}`, Buffer.from(text));
    scene.nowMs += 60_000;
  }
  const problemOf = (name: string) =>
    scene.gateway.health().find(({ channelId }) => channelId === `id-${name}`)?.problem;

  /** @returns what is told of the channel after the next good one */
  async function staysGood(name: string, bad: string): Promise<unknown> {
    put(name, good.toString());
    const index = `/conda/${name}${path}`;
    // What was just made is given again for a moment.
    await vi.waitFor(async () => expect((await scene.get(index)).body).toContain('tool-1.0'));
    put(name, bad);
    await vi.waitFor(async () => {
      await scene.get(index);
      expect(problemOf(name)).toMatchObject({ path: path.slice(1) });
    });
    await vi.waitFor(async () => {
      const { status, headers, body } = await scene.get(index);
      expect([status, headers['warning']]).toEqual([200, expect.stringContaining('Stale')]);
      expect(JSON.parse(body)).toMatchObject({ packages: { 'tool-1.0-0.tar.bz2': { name: 'tool' } } });
    });
    put(name, better);
    await vi.waitFor(async () => expect((await scene.get(index)).body).toContain('tool-2.0'));
    return problemOf(name);
  }

  it.each([true, false])(
    'does not take the place of the last good one, in JSON and in zstd, with policies: %s',
    async (hasPolicies) => {
      scene.policies = hasPolicies ? [policyOf([denyList('conda', 'other')])] : [];
      scene.update();
      const problems = await Promise.all(
        notRelied.flatMap(([, bad], at) => ['json', 'zst'].map((kind) => staysGood(`${kind}${at}`, bad))),
      );
      problems.push(await staysGood('of-folder', notRelied[0]?.[1] ?? ''));
      expect(problems).toEqual(problems.map(() => undefined));
    },
  );

  it.each(notRelied)('is refused where there was no good one: %s', async (_what, text) => {
    channels += 1;
    scene.addChannel(
      channelOf(`first${channels}`, { type: 'url', url: `${base}/x`, privateHosts: [new URL(base).host] }),
    );
    answer = { body: Buffer.from(text) };
    const { status, reason } = await scene.get(`/conda/first${channels}${path}`);
    expect([status, reason]).toEqual([502, expect.stringMatching(/index/i)]);
  });

  it.each(['noarch/run_exports.json', 'channeldata.json'])(
    'is none beside an index either: %s',
    async (document) => {
      scene.policies = [];
      scene.update();
      const served = `/conda/of-folder/${document}`;
      const say = (text: string): void => writeFileSync(join(scene.dir, 'of-folder', document), text);
      const isServed = async (name: string, warning: unknown): Promise<void> =>
        await vi.waitFor(async () => {
          const { status, headers, body } = await scene.get(served);
          expect([status, headers['warning'], body.includes(name)]).toEqual([200, warning, true]);
        });
      for (const bad of [
        '{"packages":{"bad":[}]}}',
        '{"packages":{"bad":NaN}}',
        '{"packages":{},"packages":{}}',
      ]) {
        say('{"packages":{"good":{}}}');
        // oxlint-disable-next-line no-await-in-loop
        await isServed('good', undefined);
        say(bad);
        // oxlint-disable-next-line no-await-in-loop
        await isServed('good', expect.stringContaining('Stale'));
      }
      expect(problemOf('of-folder')).toMatchObject({ path: document });
      say('{"packages":{"better":{}}}');
      await vi.waitFor(async () => expect((await scene.get(served)).body).toContain('better'));
      expect(problemOf('of-folder')).toBeUndefined();
    },
  );
});
