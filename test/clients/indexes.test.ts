/** Real indexes behind the gateway: what they send is what pip and uv install. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IndexServer, Upload } from '../support/index-servers.ts';
import { startDevpi, startPypiserver } from '../support/index-servers.ts';
import { runClient } from '../support/python-clients.ts';
import { GatewayScene, channelOf } from '../unit/gateway/gateway-scene.ts';
import { policyOf } from '../unit/gateway/policies/policies.ts';
import { sha256, wheel } from '../unit/gateway/pypi-scene.ts';

const upload = (version: string, license: string, requiresPython?: string): Upload => ({
  name: 'acme-hello',
  version,
  filename: `acme_hello-${version}-py3-none-any.whl`,
  bytes: wheel('acme_hello', version, {
    license,
    ...(requiresPython === undefined ? {} : { requiresPython }),
  }),
});
const wheels = [upload('1.0', 'MIT'), upload('1.1', 'GPL-3.0-only', '>=3.8'), upload('9.0', 'MIT', '<3')];

describe.each([
  ['devpi', startDevpi],
  ['pypiserver', startPypiserver],
] as const)('%s as an upstream', (name, start) => {
  const dir = mkdtempSync(join(tmpdir(), `latchkey-${name}-`));
  const scene = new GatewayScene();
  let server: IndexServer;
  let index = '';

  beforeAll(async () => {
    server = await start(dir, wheels);
    await scene.open({ now: Date.now });
    const { url, login } = server;
    const upstream = { type: 'url', url, privateHosts: [new URL(url).host] } as const;
    const credentials = login === undefined ? {} : { credentials: { type: 'basic', ...login } as const };
    scene.addChannel(channelOf('internal-index', { ...upstream, ...credentials }, { kind: 'pypi' }));
    scene.addChannel(channelOf('no-credentials', upstream, { kind: 'pypi' }));
    scene.tokens[0] = [scene.token.text, { ...scene.tokens[0]![1], expiresAtMs: Date.now() + 86_400_000 }];
    scene.update();
    index = `http://any:${scene.token.text}@127.0.0.1:${scene.port}/pypi/internal-index/simple/`;
  });
  afterAll(async () => {
    await server.stop();
    await scene.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('is installed from by pip, with the newest version that fits', async () => {
    const target = join(dir, 'pip');
    const args = ['install', '--no-cache-dir', '--target', target, 'acme-hello'];
    const ran = await runClient('pip', args, {
      HOME: dir,
      PIP_CONFIG_FILE: '/dev/null',
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_INDEX_URL: index,
    });
    expect([ran.code, ran.output]).toEqual([
      0,
      expect.stringContaining('Successfully installed acme-hello-1.1'),
    ]);
    expect(readFileSync(join(target, 'acme_hello-1.1.dist-info', 'METADATA'), 'utf8')).toContain(
      'Version: 1.1',
    );
  });

  it('is installed from by uv, cold and from what the gateway keeps', async () => {
    for (const turn of ['cold', 'warm']) {
      // oxlint-disable-next-line no-await-in-loop
      const ran = await runClient(
        'uv',
        ['pip', 'install', '--no-cache', '--target', join(dir, turn), 'acme-hello==1.0'],
        { HOME: dir, UV_NO_CONFIG: '1', UV_PYTHON_DOWNLOADS: 'never', UV_DEFAULT_INDEX: index },
      );
      expect([ran.code, ran.output]).toEqual([0, expect.stringContaining('acme-hello==1.0')]);
    }
  });

  it('has its pages rewritten: every link leads to the gateway, every hash is the file’s', async () => {
    const json = 'Accept: application/vnd.pypi.simple.v1+json';
    const list = JSON.parse((await scene.get('/pypi/internal-index/simple/', json)).body) as object;
    expect(list).toMatchObject({ projects: [{ name: 'acme-hello' }] });
    const page = await scene.get('/pypi/internal-index/simple/acme-hello/', json);
    const { files } = JSON.parse(page.body) as {
      files: { filename: string; url: string; hashes: Record<string, string> }[];
    };
    expect(files.map(({ filename }) => filename).toSorted()).toEqual(wheels.map(({ filename }) => filename));
    for (const { filename, url, hashes } of files) {
      expect(url).toBe(`../../files/acme-hello/${filename}`);
      const { bytes } = wheels.find((one) => one.filename === filename)!;
      expect(hashes['sha256']).toBe(sha256(bytes));
    }
    expect(page.body).not.toContain(new URL(server.url).host);
    if (server.login !== undefined) expect(page.body).not.toContain(server.login.password);
    const html = await scene.get('/pypi/internal-index/simple/acme-hello/', 'Accept: text/html');
    expect(html.body).toContain('href="../../files/acme-hello/acme_hello-1.1-py3-none-any.whl');
  });

  it('is installed from under a policy, by licenses that are read out of its wheels', async () => {
    scene.policies = [policyOf([{ type: 'licenses', list: 'allow', ids: ['MIT'], unknown: 'deny' }])];
    scene.update();
    const pip = await runClient(
      'pip',
      ['install', '--no-cache-dir', '--target', join(dir, 'mit'), 'acme-hello'],
      {
        HOME: dir,
        PIP_CONFIG_FILE: '/dev/null',
        PIP_DISABLE_PIP_VERSION_CHECK: '1',
        PIP_INDEX_URL: index,
      },
    );
    const refused = await scene.get('/pypi/internal-index/files/acme-hello/acme_hello-1.1-py3-none-any.whl');
    scene.policies = [];
    scene.update();
    expect([pip.code, pip.output]).toEqual([
      0,
      expect.stringContaining('Successfully installed acme-hello-1.0'),
    ]);
    expect([refused.status, refused.reason]).toEqual([
      403,
      expect.stringMatching(
        /^Blocked by policy House rules: license GPL-3.0-only is not allowed \[\w+\](?:; \S+ is allowed)?$/,
      ),
    ]);
  });

  it('says what it has not, and that it refuses a gateway without a login, never the client’s token', async () => {
    const answer = await scene.get('/pypi/no-credentials/simple/acme-hello/');
    expect([answer.status, answer.reason]).toEqual(
      server.login === undefined ? [200, 'OK'] : [502, expect.stringMatching(/refused the gateway/)],
    );
    expect((await scene.get('/pypi/internal-index/simple/nowhere/')).status).toBe(404);
  });
});
