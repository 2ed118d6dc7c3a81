/** Where the gateway is, for other processes, where the settings name no port. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';
import type { TempApp } from '../../support/temp-app.ts';
import { openTempApp } from '../../support/temp-app.ts';

let app: MemoryApp;
let other: TempApp;
beforeEach(async () => {
  app = await openUnlockedMemoryApp();
  const settings = await app.client.settings.get();
  await app.client.settings.set({ ...settings, gateway: { ...settings.gateway, port: 0 } });
  other = openTempApp({ dataDir: app.dataDir, autoStartGateway: false, now: () => app.clock.nowMs });
});
afterEach(async () => {
  await other.app.close();
  await app.close();
});

const file = () => join(app.dataDir, 'gateway', 'address.json');
function leaveOver(content: string): void {
  mkdirSync(join(app.dataDir, 'gateway'), { recursive: true });
  writeFileSync(file(), content);
}

it('a gateway on any free port is found by another process', async () => {
  expect(await other.client.gateway.find()).toMatchObject({ who: 'nothing' });
  const { baseUrl } = await app.client.gateway.start();
  expect(await other.client.gateway.find()).toMatchObject({ who: 'ours', url: baseUrl });
});

it('is gone with it, and not with another process that runs none', async () => {
  const { baseUrl } = await app.client.gateway.start();
  const third = openTempApp({ dataDir: app.dataDir, autoStartGateway: false, now: () => app.clock.nowMs });
  await third.app.close();
  expect(await other.client.gateway.find()).toMatchObject({ who: 'ours', url: baseUrl });
  await app.client.gateway.stop();
  expect(existsSync(file())).toBe(false);
  const found = await other.client.gateway.find();
  expect(found.who).toBe('nothing');
  expect(found.url).toBeUndefined();
});

it('another program on a port that is left over is nobody', async () => {
  const server = createServer((_req, res) => res.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  leaveOver(JSON.stringify({ format: 1, url }));
  const found = await other.client.gateway.find();
  expect(found.who).toBe('nothing');
  expect(found.url).toBeUndefined();
  server.close();
});

it.each(['', '{', '{"format":1,"url":"file:///etc/passwd"}', '{"format":2,"url":"http://127.0.0.1:1"}'])(
  'what says nothing is nothing: %s',
  async (content) => {
    leaveOver(content);
    expect((await other.client.gateway.find()).url).toBeUndefined();
  },
);
