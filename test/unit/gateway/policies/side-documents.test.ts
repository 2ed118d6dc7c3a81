/** `run_exports.json` (CEP 12) and `channeldata.json` (CEP 38) under policies. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GatewayScene, channelOf, dayMs, nowMs } from '../gateway-scene.ts';
import { denyList, policyOf } from './policies.ts';

const scene = new GatewayScene();
const folder = join(scene.dir, 'remote');
const record = (name: string, version: string, subdir: string, days = 100): object => ({
  name,
  version,
  build: '0',
  build_number: 0,
  depends: [],
  subdir,
  timestamp: nowMs - days * dayMs,
});
const write = (path: string, value: unknown): void =>
  writeFileSync(join(folder, path), typeof value === 'string' ? value : JSON.stringify(value));

beforeAll(async () => {
  for (const subdir of ['noarch', 'linux-64']) mkdirSync(join(folder, subdir), { recursive: true });
  write('noarch/repodata.json', {
    packages: { 'tool-1.0-0.tar.bz2': record('tool', '1.0', 'noarch') },
    'packages.conda': {
      'tool-2.0-0.conda': record('tool', '2.0', 'noarch', 3),
      'tool-10.0-0.conda': record('tool', '10.0', 'noarch', 2),
      'other-1.0-0.conda': record('other', '1.0', 'noarch'),
    },
  });
  write('linux-64/repodata.json', {
    'packages.conda': { 'tool-3.0-0.conda': record('tool', '3.0', 'linux-64', 1) },
  });
  write('noarch/run_exports.json', {
    info: { subdir: 'noarch', platform: 'x', version: 0, base_url: 'https://evil.test/' },
    packages: { 'tool-1.0-0.tar.bz2': { run_exports: { weak: ['tool >=1', 7], later: ['x'] }, more: 1 } },
    'packages.conda': {
      'tool-2.0-0.conda': { run_exports: { strong: ['tool >=2'] } },
      'tool-10.0-0.conda': { run_exports: {} },
      'other-1.0-0.conda': 7,
      'gone-1.0-0.conda': { run_exports: { weak: ['gone'] } },
    },
    v3: { conda: { 'tool-2.0-0': { run_exports: {} } } },
    later: {},
  });
  write('channeldata.json', {
    channeldata_version: 1,
    subdirs: ['noarch', 'linux-64', 'osx-64', '../x', 7],
    packages: {
      tool: {
        'activate.d': true,
        summary: 'A tool',
        license: 'MIT',
        source_url: ['https://evil.test/tool-10.0.tar.gz'],
        run_exports: { '1.0': { weak: ['tool >=1'] }, '10.0': { weak: ['tool >=10'] } },
        subdirs: ['noarch', 'osx-64'],
        timestamp: 1,
        version: '10.0',
        url: 'https://evil.test/',
      },
      TOOL: { summary: 'Another spelling: the first counts' },
      other: { version: '1.0' },
      gone: { version: '1.0' },
    },
    later: 1,
  });
  await scene.open();
  scene.addChannel(channelOf('remote', { type: 'folder', path: folder }));
});
afterAll(() => scene.close());

function enforce(...policies: GatewayScene['policies']): void {
  scene.policies = policies;
  scene.update();
}
async function read(path: string): Promise<unknown> {
  const { status, body } = await scene.get(`/conda/remote/${path}`);
  expect(status).toBe(200);
  return JSON.parse(body);
}

it('run exports are those of files that the index lists, from what is known', async () => {
  enforce(policyOf([denyList('conda', 'tool >=10')]));
  const found = {
    info: { subdir: 'noarch', version: 0 },
    packages: { 'tool-1.0-0.tar.bz2': { run_exports: { weak: ['tool >=1'] } } },
    'packages.conda': { 'tool-2.0-0.conda': { run_exports: { strong: ['tool >=2'] } } },
  };
  expect(await read('noarch/run_exports.json')).toEqual(found);
  const { body } = await scene.get('/conda/remote/noarch/run_exports.json.zst');
  expect(JSON.parse(zstdDecompressSync(Buffer.from(body, 'latin1')).toString())).toEqual(found);
  const health = scene.gateway.health().find(({ channelId }) => channelId === 'id-remote');
  expect(health?.dropped['unknown-record']).toBe(1);
});

it('a channel tells of the newest version that an index lists, and of no name that none does', async () => {
  enforce(policyOf([denyList('conda', 'tool >=10', 'other')]));
  expect(await read('channeldata.json')).toEqual({
    channeldata_version: 1,
    subdirs: ['noarch', 'linux-64'],
    packages: {
      tool: {
        'activate.d': true,
        binary_prefix: false,
        'deactivate.d': false,
        post_link: false,
        pre_link: false,
        pre_unlink: false,
        text_prefix: false,
        license: 'MIT',
        summary: 'A tool',
        run_exports: { '1.0': { weak: ['tool >=1'] } },
        subdirs: ['noarch', 'linux-64'],
        timestamp: (nowMs - dayMs) / 1000,
        version: '3.0',
      },
    },
  });
});

it.each(['noarch/run_exports.json', 'channeldata.json'])(
  '%s is another one after a change, and is never "not modified" then',
  async (path) => {
    enforce(policyOf([denyList('conda', 'nothing')]));
    const first = await scene.get(`/conda/remote/${path}`);
    const tag = `If-None-Match: ${first.headers['etag']}`;
    const head = await scene.head(`/conda/remote/${path}`);
    expect({ ...head.headers, date: '' }).toEqual({ ...first.headers, date: '' });
    expect((await scene.get(`/conda/remote/${path}`, tag)).status).toBe(304);
    expect(first.body).toContain('tool');
    enforce(policyOf([denyList('conda', 'tool')]));
    const second = await scene.get(`/conda/remote/${path}`, tag);
    expect([second.status, second.body]).toEqual([200, expect.not.stringContaining('tool')]);
  },
);

it('what is no such document is refused, and what is nowhere is not found', async () => {
  enforce(policyOf([denyList('conda', 'nothing')]));
  expect((await scene.get('/conda/remote/linux-64/run_exports.json')).status).toBe(404);
  write('linux-64/run_exports.json', '{"packages":{"tool-3.0-0.conda":{},"tool-3.0-0.conda":{}}}');
  expect((await scene.get('/conda/remote/linux-64/run_exports.json')).status).toBe(502);
});
