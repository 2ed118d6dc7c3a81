/** Real clients install through the package cache, also while the upstream is away, and get nothing that was tampered with. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeDemoConda } from '../../src-main/services/demo-packages.ts';
import { sha256Of } from '../support/cache-scene.ts';
import { identity } from '../support/log-rows.ts';
import { runClient } from '../support/python-clients.ts';
import { GatewayScene, channelOf } from '../unit/gateway/gateway-scene.ts';
import { denyList, policyOf } from '../unit/gateway/policies/policies.ts';
import { wheel } from '../unit/gateway/pypi-scene.ts';
import { rattlerInstall, rattlerScript } from './scene.ts';

const scene = new GatewayScene();
const condaFolder = join(scene.dir, 'conda');
const wheels = new Map(
  ['1.0', '2.0', '3.0'].map((version) => [nameOf(version), wheel('acme_hello', version)]),
);
/** Files of the upstreams that were asked for. */
let asked: string[] = [];
let isDown = false;
let tampered = '';
let runs = 0;

function nameOf(version: string): string {
  return `acme_hello-${version}-py3-none-any.whl`;
}

beforeAll(async () => {
  writeDemoConda(condaFolder);
  const indexed = await runClient('python', [rattlerScript, 'index', condaFolder], { HOME: scene.dir });
  expect(indexed.code, indexed.output).toBe(0);
  const upstream = await scene.upstream((req, res) => {
    const path = decodeURIComponent(new URL(req.url ?? '/', 'http://x').pathname);
    const file = path.split('/').at(-1) ?? '';
    if (isDown) return void req.socket.destroy();
    if (path.startsWith('/simple/')) {
      const files = [...wheels].map(([filename, bytes]) => ({
        filename,
        url: `/files/${filename}`,
        hashes: { sha256: sha256Of(bytes) },
      }));
      res.setHeader('Content-Type', 'application/vnd.pypi.simple.v1+json');
      return void res.end(JSON.stringify({ meta: { 'api-version': '1.0' }, name: 'acme-hello', files }));
    }
    let body = wheels.get(file);
    try {
      body ??= readFileSync(join(condaFolder, ...path.split('/').filter((part) => part !== '')));
    } catch {
      return void res.writeHead(404).end();
    }
    if (/\.(?:whl|conda|tar\.bz2)$/.test(file)) asked.push(`${req.method ?? ''} ${file}`);
    if (file === tampered) {
      body = Buffer.from(body);
      body[40] = (body[40] ?? 0) ^ 1;
    }
    res.writeHead(200, { 'content-length': body.length }).end(body);
  });
  await open();
  const privateHosts = [new URL(upstream).host];
  scene.addChannel(channelOf('packages', { type: 'url', url: `${upstream}/`, privateHosts }));
  scene.addChannel(
    channelOf('wheels', { type: 'url', url: `${upstream}/simple/`, privateHosts }, { kind: 'pypi' }),
  );
});
beforeEach(() => {
  asked = [];
  isDown = false;
  tampered = '';
  scene.policies = [];
  scene.update();
});
afterAll(() => scene.close());

const open = () =>
  scene.open({
    identity,
    packageCache: { dir: join(scene.dir, 'package-cache'), maxBytes: 1024 ** 3 },
  });

/** Nothing is in memory any more. */
async function restart(): Promise<void> {
  await scene.gateway.stop();
  await open();
}

function fresh(): string {
  runs += 1;
  const dir = join(scene.dir, `run-${runs}`);
  mkdirSync(dir);
  return dir;
}

const index = (): string => `http://any:${scene.token.text}@127.0.0.1:${scene.port}/pypi/wheels/simple/`;
const clients = {
  pip: (version: string) =>
    runClient(
      'pip',
      [
        'install',
        '--no-cache-dir',
        '--no-deps',
        '--retries',
        '0',
        '--target',
        fresh(),
        `acme-hello==${version}`,
      ],
      {
        HOME: scene.dir,
        PIP_CONFIG_FILE: '/dev/null',
        PIP_DISABLE_PIP_VERSION_CHECK: '1',
        PIP_INDEX_URL: index(),
      },
    ),
  uv: (version: string) =>
    runClient('uv', ['pip', 'install', '--no-cache', '--target', fresh(), `acme-hello==${version}`], {
      HOME: scene.dir,
      UV_NO_CONFIG: '1',
      UV_HTTP_RETRIES: '0',
      UV_PYTHON_DOWNLOADS: 'never',
      UV_DEFAULT_INDEX: index(),
    }),
};

describe.each(Object.entries(clients))('%s', (client, install) => {
  const version = client === 'pip' ? '1.0' : '2.0';

  it('installs through the cache, and once more while the upstream is away, also after a restart', async () => {
    const first = await install(version);
    expect([first.code, first.output]).toEqual([0, expect.anything()]);
    // uv looks into a wheel by ranges first: one fetch serves these and the installation.
    expect(asked.filter((line) => line.startsWith('GET'))).toEqual([`GET ${nameOf(version)}`]);
    isDown = true;
    scene.nowMs += 60_000;
    const second = await install(version);
    expect([second.code, second.output]).toEqual([0, expect.anything()]);
    await restart();
    const third = await install(version);
    expect([third.code, third.output]).toEqual([0, expect.anything()]);
  });

  it('is refused a file in the cache that a policy denies by now', async () => {
    expect((await install(version)).code).toBe(0);
    scene.policies = [policyOf([denyList('pypi', 'acme-hello')], { style: 'refuse' })];
    scene.update();
    const denied = await install(version);
    expect(denied.code).not.toBe(0);
    expect(denied.output).toMatch(/403|Blocked|House rules|not found|No matching/i);
  });

  it('gets no file that is another than its index says', async () => {
    const other = '3.0';
    tampered = nameOf(other);
    const broken = await install(other);
    expect(broken.code, broken.output).not.toBe(0);
    // Not the client's own check: what came was never whole, or an error.
    expect(broken.output).not.toMatch(/DO NOT MATCH THE HASHES/);
    const told = scene.gateway.health().find(({ channelId }) => channelId === 'id-wheels');
    expect(told?.problem?.reason).toMatch(/another hash/);
  });
});

describe('rattler', () => {
  const install = (spec: string) => {
    const home = fresh();
    const auth = join(home, 'auth.json');
    const channel = `http://127.0.0.1:${scene.port}/conda/packages`;
    const basic = { BasicHTTP: { username: 'any', password: scene.token.text } };
    writeFileSync(auth, JSON.stringify({ '127.0.0.1': basic }));
    return rattlerInstall(home, channel, spec, auth);
  };

  it('installs through the cache, and once more while the upstream is away, also after a restart', async () => {
    const first = await install('acme-tool');
    expect([first.code, first.output]).toEqual([0, expect.stringContaining('installed')]);
    expect(asked.length).toBeGreaterThan(0);
    isDown = true;
    scene.nowMs += 60_000;
    const second = await install('acme-tool');
    expect([second.code, second.output]).toEqual([0, expect.stringContaining('installed')]);
    await restart();
    const third = await install('acme-tool');
    expect([third.code, third.output]).toEqual([0, expect.stringContaining('installed')]);
  });
});
