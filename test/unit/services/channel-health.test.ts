import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { TempApp } from '../../support/temp-app.ts';
import { openUnlockedApp, testPassphrase } from '../../support/temp-app.ts';

let answer: RequestListener = (_req, res) => res.writeHead(404).end();
const server = createServer((req, res) => answer(req, res));
let temp: TempApp;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  temp = await openUnlockedApp();
});
afterAll(async () => {
  await temp.close();
  server.close();
});

it('what the gateway finds out about an upstream is shown to who is unlocked, and to nobody else', async () => {
  const { client } = temp;
  const { port } = server.address() as AddressInfo;
  const team = await client.teams.create({ name: 'core' });
  const environment = await client.environments.create({ name: 'lab', rank: 7, isProtected: false });
  const channel = await client.channels.create({
    name: 'main',
    kind: 'conda',
    upstream: { type: 'url', url: `http://127.0.0.1:${port}/main` },
    environmentIds: [environment.id],
    privateHosts: [`127.0.0.1:${port}`],
  });
  const { secret } = await client.tokens.issue({
    holder: { kind: 'service', name: 'ci' },
    teamId: team.id,
    environmentId: environment.id,
    channelIds: [channel.id],
    ttlDays: 1,
  });
  const { baseUrl } = await client.gateway.status();
  answer = (_req, res) => res.writeHead(200, { 'Content-Type': 'text/html' }).end('<form>Sign in</form>');
  const ask = () =>
    fetch(`${baseUrl}/conda/main/noarch/repodata.json`, { headers: { authorization: `Bearer ${secret}` } });
  expect((await ask()).status).toBe(502);
  const health = {
    channelId: channel.id,
    problem: { reason: 'The upstream sent no package index', path: 'noarch/repodata.json' },
  };
  await vi.waitFor(async () => expect((await client.gateway.status()).channels).toMatchObject([health]));

  await client.session.lock();
  expect((await client.gateway.status()).channels).toEqual([]);
  await client.session.unlock({ passphrase: testPassphrase });
  expect((await client.gateway.status()).channels).toMatchObject([health]);

  await client.gateway.stop();
  expect((await client.gateway.status()).channels).toEqual([]);
  await client.gateway.start();
  expect((await client.gateway.status()).channels).toEqual([]);
});
