/** Real clients install through the package cache, also while the upstream is away, and get nothing that was tampered with. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
/** Longer than what is withheld, and than what uv reads of a wheel's end. */
const more = { 'acme_hello/data.txt': randomBytes(300_000).toString('base64') };
const wheels = new Map(
  ['1.0', '2.0', '3.0', '4.0', '5.0', '6.0'].map((version) => [
    nameOf(version),
    wheel('acme_hello', version, version < '3.0' ? {} : { more }),
  ]),
);
/** Files of the upstreams that were asked for. */
let asked: string[] = [];
let isDown = false;
let tampered = '';
/** How long a file takes to come. */
let slowMs = 0;
/** Who wants a part of it waits so long for the whole. */
let waitMs = 10_000;
let runs = 0;

function nameOf(version: string): string {
  return `acme_hello-${version}-py3-none-any.whl`;
}

/** Makes a package longer than what is withheld, by a zip's comment. */
function lengthen(path: string): void {
  const bytes = readFileSync(path);
  bytes.writeUInt16LE(65_535, bytes.length - 2);
  writeFileSync(path, Buffer.concat([bytes, Buffer.alloc(65_535, '.')]));
}

beforeAll(async () => {
  writeDemoConda(condaFolder);
  for (const name of readdirSync(join(condaFolder, 'noarch')))
    if (name.endsWith('.conda')) lengthen(join(condaFolder, 'noarch', name));
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
    res.writeHead(200, { 'content-length': body.length });
    const given = body;
    if (slowMs === 0 || req.method === 'HEAD') return void res.end(given);
    res.write(given.subarray(0, 1000));
    setTimeout(() => res.end(given.subarray(1000)), slowMs);
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
  slowMs = 0;
  waitMs = 10_000;
  scene.policies = [];
  scene.update();
});
afterAll(() => scene.close());

const open = () =>
  scene.open({
    identity,
    packageCache: { dir: join(scene.dir, 'package-cache'), maxBytes: 1024 ** 3, waitMs },
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
    expect(asked.filter((line) => line.startsWith('GET'))).toHaveLength(1);
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
    expectWrong('wheels', nameOf(other));
  });
});

/** The channel's health names the file, and nothing of it is kept. */
function expectWrong(channel: string, filename: string): void {
  const told = scene.gateway.health().find(({ channelId }) => channelId === `id-${channel}`);
  expect(told?.problem?.reason).toMatch(/another hash/);
  expect(told?.problem?.path).toContain(filename);
  const kept = readdirSync(join(scene.dir, 'package-cache', 'files'), { recursive: true, encoding: 'utf8' });
  const texts = kept.filter((name) => name.endsWith('.json'));
  for (const name of texts)
    expect(readFileSync(join(scene.dir, 'package-cache', 'files', name), 'utf8')).not.toContain(filename);
}

describe('uv', () => {
  const compile = async (version: string) => {
    const dir = fresh();
    writeFileSync(join(dir, 'in.txt'), `acme-hello==${version}\n`);
    return await runClient('uv', ['pip', 'compile', '--no-cache', join(dir, 'in.txt')], {
      HOME: scene.dir,
      UV_NO_CONFIG: '1',
      UV_HTTP_RETRIES: '0',
      UV_PYTHON_DOWNLOADS: 'never',
      UV_DEFAULT_INDEX: index(),
    });
  };

  it('reads the end of a wheel by ranges, from a file that was checked, also while the upstream is away', async () => {
    const told = scene.events.length;
    const first = await compile('4.0');
    expect([first.code, first.output]).toEqual([0, expect.stringContaining('acme-hello==4.0')]);
    expect(asked.filter((line) => line.startsWith('GET'))).toEqual([`GET ${nameOf('4.0')}`]);
    const files = () => scene.events.slice(told).filter(({ path }) => path.endsWith('.whl'));
    expect(files().map(({ method, status }) => `${method} ${status}`)).toContain('GET 206');
    expect(files().reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(300_000);
    isDown = true;
    scene.nowMs += 60_000;
    await restart();
    expect((await compile('4.0')).output).toContain('acme-hello==4.0');
  });

  it('reads the whole of a wheel that comes so slowly that nobody waits for its end', async () => {
    slowMs = 1500;
    waitMs = 100;
    await restart();
    const told = scene.events.length;
    const found = await compile('6.0');
    expect([found.code, found.output]).toEqual([0, expect.stringContaining('acme-hello==6.0')]);
    const answers = scene.events.slice(told).filter(({ path }) => path.endsWith('.whl'));
    expect(answers.map(({ method, status }) => `${method} ${status}`)).toContain('GET 200');
    expect(asked.filter((line) => line.startsWith('GET'))).toEqual([`GET ${nameOf('6.0')}`]);
  });

  it('reads nothing of a wheel that is another than its index says', async () => {
    tampered = nameOf('5.0');
    const broken = await compile('5.0');
    expect(broken.code, broken.output).not.toBe(0);
    expectWrong('wheels', nameOf('5.0'));
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

  it('gets no file that is another than its index says', async () => {
    const filename =
      readdirSync(join(condaFolder, 'noarch')).find((name) => name.startsWith('acme-data')) ?? '';
    tampered = filename;
    const broken = await install('acme-data');
    expect(broken.code, broken.output).not.toBe(0);
    expectWrong('packages', filename);
  });
});
