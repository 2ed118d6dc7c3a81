/** Whether the gateway at an address is ours. */
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IssuedToken } from '../../../shared/contract/token-views.ts';
import type { GatewayIdentity } from '../../../src-main/gateway/probe.ts';
import { newGatewayIdentity } from '../../../src-main/gateway/probe.ts';
import { readGatewayIdentity } from '../../../src-main/services/gateway-identity.ts';
import { askGateway, probeGateway as probeAt } from '../../../src-main/services/gateway-probe.ts';
import { furnish } from '../../support/furnish.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';

let app: MemoryApp;
const probeGateway = (baseUrl: string, identity: GatewayIdentity | undefined, isPublic = false) =>
  probeAt({ baseUrl, identity, isPublic, now: () => app.clock.nowMs });
let issued: IssuedToken;
let others: Server[];

beforeEach(async () => {
  others = [];
  app = await openUnlockedMemoryApp();
  const ids = await furnish(app);
  issued = await app.client.tokens.issue({
    holder: { kind: 'person', name: 'Grace' },
    teamId: ids.team,
    environmentId: ids.dev,
    channelIds: [ids.channel],
    ttlDays: 30,
  });
});
afterEach(async () => {
  for (const server of others) server.close();
  await app.close();
});

async function other(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  others.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
async function configure(gateway: object): Promise<void> {
  const now = await app.client.settings.get();
  await app.client.settings.set({ ...now, gateway: { ...now.gateway, ...gateway } });
}
const render = () => app.client.exports.render({ format: 'pip-conf', tokenId: issued.token.id });

describe('a probe', () => {
  it('knows its own gateway, wherever it is asked', async () => {
    const { baseUrl } = await app.client.gateway.start();
    const identity = readGatewayIdentity(app.dataDir);
    expect(await probeGateway(baseUrl, identity)).toBe('ours');
    expect(await probeGateway(`${baseUrl}/`, identity)).toBe('ours');
    expect(await probeGateway(baseUrl, newGatewayIdentity())).toBe('other');
    expect(await probeGateway(baseUrl, undefined)).toBe('other');
  });

  it('knows it by another name of the same address, and where it listens on every address', async () => {
    await configure({ host: 'localhost' });
    const { port } = await app.client.gateway.start();
    const identity = () => readGatewayIdentity(app.dataDir);
    expect(await probeGateway(`http://localhost:${port}`, identity())).toBe('ours');
    await app.client.gateway.stop();
    await configure({ host: '0.0.0.0' });
    const every = await app.client.gateway.start();
    for (const name of ['127.0.0.1', '127.0.0.9', 'localhost'])
      // oxlint-disable-next-line no-await-in-loop
      expect(await probeGateway(`http://${name}:${every.port}`, identity()), name).toBe('ours');
  });

  it('is signed with the address that was asked, so that nobody who took one of "every" can pass it on', async () => {
    await configure({ host: '0.0.0.0' });
    const { port } = await app.client.gateway.start();
    for (const name of ['127.0.0.1', '127.0.0.9']) {
      const asked = {
        baseUrl: `http://${name}:${port}`,
        identity: readGatewayIdentity(app.dataDir),
        isPublic: false,
        now: () => app.clock.nowMs,
      };
      // oxlint-disable-next-line no-await-in-loop
      expect((await askGateway(asked)).claim?.bound).toBe(`${name}:${port}`);
    }
  });

  it('is not deceived by a program that passes the question on', async () => {
    const { baseUrl } = await app.client.gateway.start();
    const port = await other((req, res) => {
      void fetch(baseUrl + (req.url ?? ''))
        .then((answer) => answer.text())
        .then((text) => res.end(text));
    });
    expect(await probeGateway(`http://127.0.0.1:${port}`, readGatewayIdentity(app.dataDir))).toBe('other');
  });

  it('tells silence from another program', async () => {
    const identity = newGatewayIdentity();
    const url = async (listener: RequestListener) => `http://127.0.0.1:${await other(listener)}`;
    expect(await probeGateway('http://127.0.0.1:1', identity)).toBe('nothing');
    for (const status of [200, 302, 401, 404, 500, 502, 503])
      // oxlint-disable-next-line no-await-in-loop
      expect(await probeGateway(await url((_req, res) => res.writeHead(status).end('x')), identity)).toBe(
        'other',
      );
    // A proxy says so of what it stands for.
    const away = await url((_req, res) => res.writeHead(502).end('x'));
    expect(await probeGateway(away, identity, true)).toBe('nothing');
    const tcp = createTcpServer((socket) => socket.end('220 mail ready\r\n'));
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    expect(await probeGateway(`http://127.0.0.1:${(tcp.address() as AddressInfo).port}`, identity)).toBe(
      'other',
    );
    tcp.close();
    // Who takes the connection and says nothing may be anybody.
    const silent = createTcpServer((socket) => void socket.resume().on('data', () => socket.destroy()));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    expect(await probeGateway(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`, identity)).toBe(
      'unknown',
    );
    silent.close();
  });

  it('answers with how much of the log is enforced', async () => {
    const { baseUrl } = await app.client.gateway.start();
    const { claim } = await askGateway({
      baseUrl,
      identity: readGatewayIdentity(app.dataDir),
      isPublic: false,
      now: () => app.clock.nowMs,
    });
    expect(claim).toMatchObject({ bound: new URL(baseUrl).host, seq: app.app.session.vault().seq() });
  });

  it('answers below the path of a public URL too', async () => {
    const { port } = await app.client.gateway.start();
    await configure({ publicUrl: `http://127.0.0.1:${port}/packages` });
    expect(await probeGateway(`http://127.0.0.1:${port}/packages`, readGatewayIdentity(app.dataDir))).toBe(
      'ours',
    );
  });
});

describe('an exported config', () => {
  it('is refused where another program has the port', async () => {
    const port = await other((_req, res) => res.end('hello'));
    await configure({ port });
    await expect(render()).rejects.toMatchObject({
      code: 'GATEWAY_NOT_OURS',
      details: { url: `http://127.0.0.1:${port}` },
    });
  });

  it('is rendered with a warning where nothing answers, and without one where ours does', async () => {
    await configure({ port: 1 });
    expect((await render()).warnings[0]).toBe(
      'Nothing answers at http://127.0.0.1:1 now. Start the gateway before you use this.',
    );
    await configure({ port: 0 });
    await app.client.gateway.start();
    expect((await render()).warnings.join()).not.toMatch(/answers? at/);
  });

  it('is rendered with a warning where somebody listens and says nothing', async () => {
    const silent = createTcpServer((socket) => void socket.on('data', () => socket.destroy()));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    await configure({ port });
    expect((await render()).warnings[0]).toBe(
      `Latchkey could not check from this computer whether your gateway answers at http://127.0.0.1:${port}.`,
    );
    silent.close();
  });
});
