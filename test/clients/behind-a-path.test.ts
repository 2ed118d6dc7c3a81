/** Real clients behind a proxy that has the gateway below a path of its own. */
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pipInstall, rattlerInstall, Scene, uvInstall } from './scene.ts';

let scene: Scene;
let proxy: Server;
let publicUrl: string;
let takesOff = true;
const asked: string[] = [];

beforeAll(async () => {
  scene = await Scene.open();
  const gateway = new URL(await scene.gatewayUrl());
  proxy = createServer((req, res) => {
    const path = req.url ?? '/';
    asked.push(path);
    // conda puts a token before the whole path: a proxy has to know that too.
    const inner = path.replace(/^((?:\/t\/[^/]+)?)\/latchkey(?=\/)/, '$1');
    if (inner === path) return void res.writeHead(404).end('no such site');
    const passed = request(
      {
        host: gateway.hostname,
        port: gateway.port,
        path: takesOff ? inner : path,
        method: req.method,
        headers: req.headers,
      },
      (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.headers);
        answer.pipe(res);
      },
    );
    passed.on('error', () => res.destroy());
    req.pipe(passed);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  publicUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/latchkey`;
  const { client } = scene.temp;
  const now = await client.settings.get();
  await client.settings.set({ ...now, gateway: { ...now.gateway, publicUrl: `${publicUrl}/` } });
}, 120_000);
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await scene.close();
});

describe.each([
  ['takes the path off', true],
  ['passes the path on', false],
])('behind a proxy that %s', (_, isTakenOff) => {
  beforeAll(() => {
    takesOff = isTakenOff;
    asked.length = 0;
  });

  it('the gateway is known as ours, and configurations name the public URL', async () => {
    expect(await scene.temp.app.gateway.probe()).toBe('ours');
    const { rendered } = await scene.writeExport(await scene.issue(), 'pip-conf');
    expect(rendered.files[0]!.content).toContain('/latchkey/pypi/acme-pypi/simple');
    expect(rendered.notes.join()).not.toMatch(/answers? at/);
  });

  it('pip and uv install, by links that stay below the path', async () => {
    const issued = await scene.issue();
    const pip = await scene.writeExport(issued, 'pip-conf');
    expect((await pipInstall(pip.home, 'latchkey-demo-hello', join(pip.home, 'site'))).output).toContain(
      'Successfully installed latchkey-demo-hello-1.1.0',
    );
    const uv = await scene.writeExport(issued, 'uv-toml');
    expect((await uvInstall(uv.home, 'latchkey-demo-hello', join(uv.home, 'site'))).code).toBe(0);
    expect(asked.filter((path) => path.includes('/files/')).length).toBeGreaterThan(0);
  });

  it('rattler installs, with the token as a header, after /conda and before the whole path', async () => {
    const issued = await scene.issue();
    const { home, rendered } = await scene.writeExport(issued, 'rattler-auth');
    const auth = join(home, rendered.files.find((file) => file.containsSecret)!.name);
    const byHeader = await rattlerInstall(home, `${publicUrl}/conda/acme-conda`, 'acme-tool', auth);
    expect(byHeader.output).toContain('installed acme-tool=2.1.0');
    const { port } = new URL(publicUrl);
    for (const url of [
      `${publicUrl}/conda/t/${issued.secret}/acme-conda`,
      `http://127.0.0.1:${port}/t/${issued.secret}/latchkey/conda/acme-conda`,
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      const installed = await rattlerInstall(scene.freshDir(), url, 'acme-tool', undefined);
      expect(installed.output).toContain('installed acme-tool=2.1.0');
    }
    expect(scene.log.join('\n')).not.toContain(issued.secret.slice(12));
  });

  it('installs by what .condarc names', async () => {
    const { home } = await scene.writeExport(await scene.issue(), 'condarc');
    const { parse } = await import('yaml');
    const condarc = parse(readFileSync(join(home, '.condarc'), 'utf8')) as {
      channels: string[];
      channel_alias: string;
    };
    const [first = ''] = condarc.channels;
    const url = /^https?:/.test(first) ? first : `${condarc.channel_alias.replace(/\/$/, '')}/${first}`;
    expect(url).toContain('/latchkey/conda/');
    const installed = await rattlerInstall(scene.freshDir(), url, 'acme-data', undefined);
    expect(installed.output).toContain('installed acme-data=0.9.1');
  });
});
