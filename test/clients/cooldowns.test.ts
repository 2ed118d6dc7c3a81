/** Clients' own cooldowns through the gateway, which gives the times that an upstream or a folder has not. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runClient } from '../support/python-clients.ts';
import { GatewayScene, channelOf, dayMs, nowMs } from '../unit/gateway/gateway-scene.ts';
import { wheel } from '../unit/gateway/pypi-scene.ts';

const scene = new GatewayScene();
const folder = join(scene.dir, 'wheels');
const nameOf = (version: string): string => `acme_hello-${version}-py3-none-any.whl`;
/** Between the first look and the release that came after it. */
const cutoff = new Date(nowMs + dayMs / 2).toISOString().replace('.000', '');
let versions = ['1.0'];
let runs = 0;

function release(version: string): void {
  const path = join(folder, nameOf(version));
  writeFileSync(path, wheel('acme_hello', version));
  // Whoever makes a file says how old it is.
  utimesSync(path, new Date(nowMs - 30 * dayMs), new Date(nowMs - 30 * dayMs));
}

beforeAll(async () => {
  // HTML, as simple servers have it: no times.
  const upstream = await scene.upstream((req, res) => {
    const file = req.url?.split('/').at(-1) ?? '';
    if (file.endsWith('.whl')) return res.end(wheel('acme_hello', file.split('-')[1] ?? ''));
    const links = versions.map((version) => `<a href="/files/${nameOf(version)}">${nameOf(version)}</a>`);
    return res.setHeader('Content-Type', 'text/html').end(`<html><body>${links.join('\n')}</body></html>`);
  });
  mkdirSync(folder, { recursive: true });
  release('1.0');
  await scene.open({ dataDir: join(scene.dir, 'data') });
  const privateHosts = [new URL(upstream).host];
  scene.addChannel(
    channelOf('remote', { type: 'url', url: `${upstream}/simple/`, privateHosts }, { kind: 'pypi' }),
  );
  for (const name of ['python', 'remote']) await scene.get(`/pypi/${name}/simple/acme-hello/`);
  release('2.0');
  versions = ['1.0', '2.0'];
  scene.nowMs = nowMs + dayMs;
  for (const name of ['python', 'remote'])
    await vi.waitFor(async () =>
      expect((await scene.get(`/pypi/${name}/simple/acme-hello/`)).body).toContain(nameOf('2.0')),
    );
});
afterAll(() => scene.close());

const indexOf = (name: string): string =>
  `http://any:${scene.token.text}@127.0.0.1:${scene.port}/pypi/${name}/simple/`;
const target = (): string => {
  runs += 1;
  return join(scene.dir, `run-${runs}`);
};
const pip = (name: string, ...more: string[]) =>
  runClient('pip', ['install', '--no-cache-dir', '--no-deps', '--target', target(), ...more, 'acme-hello'], {
    HOME: scene.dir,
    PIP_CONFIG_FILE: '/dev/null',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_INDEX_URL: indexOf(name),
  });
const uv = (name: string, ...more: string[]) =>
  runClient('uv', ['pip', 'install', '--no-cache', '--target', target(), ...more, 'acme-hello'], {
    HOME: scene.dir,
    UV_NO_CONFIG: '1',
    UV_PYTHON_DOWNLOADS: 'never',
    UV_DEFAULT_INDEX: indexOf(name),
  });

describe.each([
  ['a folder', 'python'],
  ['an upstream that gives no times', 'remote'],
])('of %s', (_what, name) => {
  it('pip and uv take what was there before their cutoff, and the newest without one', async () => {
    const [cool, hot, coolUv, hotUv] = await Promise.all([
      pip(name, '--uploaded-prior-to', cutoff),
      pip(name),
      uv(name, '--exclude-newer', cutoff),
      uv(name),
    ]);
    expect([cool.code, cool.output]).toEqual([0, expect.stringContaining('acme-hello-1.0')]);
    expect([hot.code, hot.output]).toEqual([0, expect.stringContaining('acme-hello-2.0')]);
    expect([coolUv.code, coolUv.output]).toEqual([0, expect.stringContaining('acme-hello==1.0')]);
    expect([hotUv.code, hotUv.output]).toEqual([0, expect.stringContaining('acme-hello==2.0')]);
  });
});
