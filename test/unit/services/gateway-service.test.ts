import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewayView } from '../../../shared/contract/gateway-views.ts';
import type { Settings } from '../../../shared/contract/settings-views.ts';
import { settings as settingsSchema } from '../../../shared/contract/settings-views.ts';
import type { GatewayRequestEvent } from '../../../shared/model/gateway.ts';
import type { GatewayService } from '../../../src-main/services/gateway.ts';
import { gatewayService } from '../../../src-main/services/gateway.ts';
import type { UsageStore } from '../../../src-main/services/usage.ts';
import type { InProcessGateway } from '../../support/in-process-gateway.ts';
import { inProcessGateway } from '../../support/in-process-gateway.ts';
import { someToken } from '../gateway/gateway-scene.ts';
import { FeedScene } from './feed-scene.ts';

let settings: Settings;
let views: GatewayView[];
let recorded: GatewayRequestEvent[];
let flushed: number;
let service: GatewayService;
let gateways: InProcessGateway;

beforeEach(() => {
  settings = settingsSchema.parse({ gateway: { port: 0 } });
  views = [];
  recorded = [];
  flushed = 0;
  const usage = {
    record: (event: GatewayRequestEvent) => void recorded.push(event),
    flush: () => void (flushed += 1),
  } as unknown as UsageStore;
  gateways = inProcessGateway();
  service = gatewayService(
    {
      dataDir: join(tmpdir(), 'latchkey-gateway-service'),
      settings: { read: () => settings, write: () => undefined, problems: () => [] },
      now: Date.now,
      emit: (name, event) => {
        if (name === 'gateway.changed') views.push(event as GatewayView);
      },
    },
    { sources: new FeedScene().sources, usage, launch: gateways.launch },
  );
});
afterEach(() => service.close());

const ask = async (path: string): Promise<number> => (await fetch(`${service.baseUrl()}${path}`)).status;

describe('the gateway of the app', () => {
  it('starts once however often it is asked, and tells its address', async () => {
    const [one, two] = await Promise.all([service.handlers.start({}), service.handlers.start({})]);
    expect(one).toMatchObject({ running: true, host: '127.0.0.1' });
    expect(one.port).toBe(two.port);
    expect(one.baseUrl).toBe(`http://127.0.0.1:${one.port}`);
    expect(await ask('/conda/x/noarch/repodata.json')).toBe(401);
    expect(await service.handlers.stop({})).toMatchObject({ running: false, port: 0 });
  });

  it('shows the public URL and the loopback name where they stand for the address', async () => {
    settings = settingsSchema.parse({ gateway: { host: '0.0.0.0', port: 8701 } });
    expect(service.baseUrl()).toBe('http://127.0.0.1:8701');
    settings = settingsSchema.parse({ gateway: { host: '::1', port: 8701 } });
    expect(service.baseUrl()).toBe('http://[::1]:8701');
    settings = settingsSchema.parse({ gateway: { publicUrl: 'https://pkgs.example' } });
    expect(service.baseUrl()).toBe('https://pkgs.example');
  });

  it('says why it does not run, and keeps nobody out who only unlocked', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    settings = settingsSchema.parse({ gateway: { port } });
    await service.startIfWanted();
    expect(await service.handlers.status({})).toMatchObject({
      running: false,
      problem: expect.stringContaining(`Port ${port}`) as string,
    });
    await expect(service.handlers.start({})).rejects.toMatchObject({ code: 'GATEWAY_PORT_IN_USE' });
    await new Promise((resolve) => other.close(resolve));
    expect(await service.handlers.start({})).toMatchObject({ running: true });
    expect(await service.handlers.status({})).not.toHaveProperty('problem');
  });

  it('does not start by itself when the settings say so', async () => {
    settings = settingsSchema.parse({ gateway: { port: 0, autoStart: false } });
    await service.startIfWanted();
    expect(await service.handlers.status({})).toMatchObject({ running: false });
  });

  it('counts, remembers and tells requests, and starts its counts over', async () => {
    const heard: GatewayRequestEvent[] = [];
    const stop = service.onRequest((event) => heard.push(event));
    await service.handlers.start({});
    await ask('/conda/x/noarch/repodata.json');
    await ask('/a//b');
    await ask('/healthz');
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    const status = await service.handlers.status({});
    expect(status).toMatchObject({ allowed: 0, denied: 1, errors: 1 });
    expect(status.bytes).toBeGreaterThan(0);
    expect(status.recent.map((event) => event.status)).toEqual([400, 401]);
    expect([heard.length, recorded.length]).toEqual([2, 2]);
    await vi.waitFor(() => expect(views.at(-1)).toMatchObject({ denied: 1, errors: 1 }));
    stop();
    await service.handlers.stop({});
    expect(flushed).toBe(1);
    expect(await service.handlers.start({})).toMatchObject({ denied: 0, errors: 0, bytes: 0 });
  });

  it('is started again alone when it dies, on its port, with what it was given and what was denied', async () => {
    const { vault } = await new FeedScene().open();
    await service.feed.follow(vault);
    const started = await service.handlers.start({});
    await service.feed.unfollow();
    vault.isLocked = true;
    await service.feed.deny([{ seq: vault.seq(), channels: ['main'] }]);
    gateways.crash('SIGSEGV');
    expect(await service.handlers.status({})).toMatchObject({
      running: false,
      port: 0,
      baseUrl: started.baseUrl,
      problem: expect.stringContaining('ended unexpectedly (SIGSEGV)') as string,
    });
    await vi.waitFor(async () =>
      expect(await service.handlers.status({})).toMatchObject({ running: true, port: started.port }),
    );
    expect(await service.handlers.status({})).not.toHaveProperty('problem');
    expect(gateways.started()).toBe(2);
    expect(await ask('/conda/main/noarch/repodata.json')).toBe(401);
  });

  it('says that it crashes again and again, and stays stopped when it is stopped', async () => {
    await service.handlers.start({});
    for (let life = 1; life <= 4; life += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await vi.waitFor(
        async () => expect(await service.handlers.status({})).toMatchObject({ running: true }),
        {
          timeout: 10_000,
        },
      );
      gateways.crash('exit code 1');
    }
    expect(await service.handlers.status({})).toMatchObject({
      running: false,
      problem:
        'The gateway ended unexpectedly (exit code 1), 4 times in a row. It starts again in 2 seconds.',
    });
    await service.handlers.stop({});
    expect(await service.handlers.status({})).not.toHaveProperty('problem');
  });

  it('says that a change of its address waits for a restart', async () => {
    const { port } = await service.handlers.start({});
    expect(await service.handlers.status({})).toMatchObject({ needsRestart: false });
    settings = settingsSchema.parse({ gateway: { port: port === 8700 ? 8701 : 8700 } });
    expect(await service.handlers.status({})).toMatchObject({ needsRestart: true, port });
  });

  it('enforces what the feed was told, also by a gateway that is started after the lock', async () => {
    const { vault } = await new FeedScene().open();
    await service.handlers.start({});
    const path = '/conda/main/noarch/repodata.json';
    const withToken = async () =>
      (await fetch(`${service.baseUrl()}${path}`, { headers: { authorization: `Bearer ${someText}` } }))
        .status;
    expect(await withToken()).toBe(503);
    await service.feed.follow(vault);
    expect(await withToken()).toBe(401);
    await service.feed.unfollow();
    vault.isLocked = true;
    await service.handlers.stop({});
    await service.handlers.start({});
    expect(await withToken()).toBe(401);
  });
});

const someText = someToken().text;
