/** A real Quetz behind the gateway, under a policy: what it sends is what rattler installs. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeDemoConda } from '../../src-main/services/demo-packages.ts';
import type { IndexServer } from '../support/index-servers.ts';
import { startQuetz } from '../support/quetz-server.ts';
import { GatewayScene, channelOf, dayMs } from '../unit/gateway/gateway-scene.ts';
import { denyList, policyOf } from '../unit/gateway/policies/policies.ts';
import { rattlerInstall, rattlerSolve } from '../clients/scene.ts';

const scene = new GatewayScene();
let server: IndexServer | undefined;
let channel = '';
let runs = 0;

beforeAll(async () => {
  const packages = join(scene.dir, 'packages');
  writeDemoConda(packages);
  server = await startQuetz(join(scene.dir, 'quetz'), packages);
  await scene.open({ now: Date.now });
  const { url } = server;
  scene.addChannel(channelOf('team', { type: 'url', url, privateHosts: [new URL(url).host] }));
  scene.tokens[0] = [scene.token.text, { ...scene.tokens[0]![1], expiresAtMs: Date.now() + dayMs }];
  scene.policies = [policyOf([denyList('conda', 'acme-tool >=2.1')])];
  scene.update();
  channel = `http://127.0.0.1:${scene.port}/conda/t/${scene.token.text}/team`;
});
afterAll(async () => {
  await server?.stop();
  if (server !== undefined) await scene.close();
});
const home = (): string => {
  runs += 1;
  const path = join(scene.dir, `home-${runs}`);
  mkdirSync(path);
  return path;
};

it('is installed from by rattler, with the best version that is allowed', async () => {
  const { code, output } = await rattlerInstall(home(), channel, 'acme-tool', undefined);
  expect([code, output]).toEqual([0, expect.stringContaining('installed acme-tool=2.0.0')]);
});

it('gives rattler the same without shards, which it has none of itself', async () => {
  const { solved, output } = await rattlerSolve(home(), channel, 'acme-tool acme-data', { shards: false });
  expect(solved, output).toEqual(['acme-data=0.9.1', 'acme-tool=2.0.0']);
});

it('says why a file that is denied is not sent, and tells of it nowhere', async () => {
  expect(await scene.get('/conda/team/noarch/acme-tool-2.1.0-0.conda')).toMatchObject({
    status: 403,
    reason: expect.stringContaining('Blocked by policy House rules: on the deny list as acme-tool >=2.1'),
  });
  const { status, body } = await scene.get('/conda/team/channeldata.json');
  expect([status, (JSON.parse(body) as { packages: object }).packages]).toEqual([
    200,
    { 'acme-data': expect.anything(), 'acme-tool': expect.objectContaining({ version: '2.0.0' }) },
  ]);
});
