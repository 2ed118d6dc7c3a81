/** The locked app and its gateway, while others change the vault. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { SessionView } from '../../../shared/contract/session-views.ts';
import type { InProcessGateway } from '../../support/in-process-gateway.ts';
import { inProcessGateway } from '../../support/in-process-gateway.ts';
import type { TempApp } from '../../support/temp-app.ts';
import { openTempApp, openUnlockedApp, testPassphrase } from '../../support/temp-app.ts';

let app: TempApp;
let gateways: InProcessGateway;
const ends: (() => void)[] = [];
let secrets: Map<string, string>;
let ids: { team: string; environment: string; other: string; channel: string; tokens: string[] };

beforeEach(async () => {
  gateways = inProcessGateway();
  app = await openUnlockedApp({ launchGateway: gateways.launch });
  const { client } = app;
  const folder = join(app.dataDir, 'packages');
  mkdirSync(join(folder, 'noarch'), { recursive: true });
  writeFileSync(
    join(folder, 'noarch', 'repodata.json'),
    '{"info":{"subdir":"noarch"},"packages":{},"packages.conda":{}}',
  );
  const big = join(folder, 'noarch', 'big-1.0-0.conda');
  writeFileSync(big, '');
  truncateSync(big, 256 * 1024 * 1024);
  const [dev, qa] = await client.environments.list();
  const team = await client.teams.create({ name: 'science' });
  const channel = await client.channels.create({
    name: 'main',
    kind: 'conda',
    upstream: { type: 'folder', label: 'packages', path: folder },
    environmentIds: [dev!.id, qa!.id],
  });
  secrets = new Map();
  const tokens: string[] = [];
  for (const [name, environmentId] of [
    ['one', dev!.id],
    ['two', dev!.id],
    ['three', qa!.id],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop
    const issued = await client.tokens.issue({
      holder: { kind: 'service', name },
      teamId: team.id,
      environmentId,
      channelIds: [channel.id],
      ttlDays: 30,
    });
    secrets.set(name, issued.secret);
    tokens.push(issued.token.id);
  }
  ids = { team: team.id, environment: dev!.id, other: qa!.id, channel: channel.id, tokens };
  await client.session.lock();
});
afterEach(() => app.close());

const statusOf = async (name: string, channel = 'main'): Promise<number> => {
  const { baseUrl } = await app.client.gateway.status();
  const headers = { authorization: `Bearer ${secrets.get(name) ?? ''}` };
  return (await fetch(`${baseUrl}/conda/${channel}/noarch/repodata.json`, { headers })).status;
};
const statuses = () => Promise.all(['one', 'two', 'three'].map((name) => statusOf(name)));
const alarms = async (): Promise<SessionView['alarms']> => (await app.client.session.status()).alarms;

/** Another process on the same folder, unlocked for a while. */
async function elsewhere(work: (client: TempApp['client']) => Promise<unknown>): Promise<void> {
  const other = openTempApp({ dataDir: app.dataDir, autoStartGateway: false, usageInstance: 'cli' });
  await other.client.session.unlock({ passphrase: testPassphrase });
  await work(other.client);
  await other.app.close();
}

describe('the locked app', () => {
  it('enforces what is revoked elsewhere, and says what waits', async () => {
    expect(await statuses()).toEqual([200, 200, 200]);
    expect(await alarms()).toEqual([]);
    let told = 0;
    app.app.on('session.changed', () => (told += 1));
    await elsewhere(async (client) => {
      await client.tokens.revoke({ ids: [ids.tokens[0]!], reason: 'laptop lost' });
    });
    await vi.waitFor(async () => expect(await statuses()).toEqual([403, 200, 200]), {
      interval: 20,
      timeout: 20_000,
    });
    await vi.waitFor(async () =>
      expect(await alarms()).toEqual([
        {
          code: 'changes-waiting',
          message: expect.stringContaining('One change was made elsewhere since the lock.') as string,
          stopsWrites: false,
        },
      ]),
    );
    expect(told).toBeGreaterThan(0);
  });

  it.each([['locked'], ['unlocked']])('%s, ends a download whose token is revoked elsewhere', async (how) => {
    if (how === 'unlocked') await app.client.session.unlock({ passphrase: testPassphrase });
    const { port } = await app.client.gateway.status();
    const received: string[] = [];
    const ended = new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(
          `GET /conda/main/noarch/big-1.0-0.conda HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${secrets.get('one') ?? ''}\r\n\r\n`,
        ),
      );
      // More than buffers hold is left: it cannot end by itself.
      socket.once('data', (part: Buffer) => {
        received.push(part.toString('latin1').slice(0, 15));
        socket.pause();
      });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      socket.on('close', () => resolve('closed'));
      ends.push(() => socket.resume());
    });
    await vi.waitFor(() => expect(received).toEqual(['HTTP/1.1 200 OK']));
    await elsewhere((client) => client.tokens.revoke({ ids: [ids.tokens[0]!], reason: 'lost' }));
    await vi.waitFor(async () => expect(await statusOf('one')).toBe(403), { interval: 20, timeout: 20_000 });
    // What was on its way is read, then the end.
    for (const goOn of ends.splice(0)) goOn();
    expect(await ended).toBe('ECONNRESET');
  });

  it('enforces an earlier end and a channel that was removed; what is new waits for the unlock', async () => {
    let fresh = '';
    await elsewhere(async (client) => {
      const issued = await client.tokens.issue({
        holder: { kind: 'service', name: 'four' },
        teamId: ids.team,
        environmentId: ids.environment,
        channelIds: [ids.channel],
        ttlDays: 30,
      });
      fresh = issued.secret;
      await client.tokens.rotate({ id: ids.tokens[1]!, overlapHours: 0, ttlDays: 30 });
    });
    secrets.set('four', fresh);
    await vi.waitFor(async () => expect(await statuses()).toEqual([200, 403, 200]), {
      interval: 20,
      timeout: 20_000,
    });
    expect(await statusOf('four')).toBe(401);
    await elsewhere(async (client) => {
      const list = await client.tokens.list({ limit: 100 });
      await client.tokens.revoke({ ids: list.rows.map(({ id }) => id), reason: 'all' });
      await client.channels.remove({ id: ids.channel });
    });
    await vi.waitFor(async () => expect(await statuses()).toEqual([403, 403, 403]), {
      interval: 20,
      timeout: 20_000,
    });
  });

  it('keeps denials for a gateway that is started again, and lets the unlock take their place', async () => {
    await elsewhere((client) => client.tokens.revoke({ ids: [ids.tokens[0]!], reason: 'lost' }));
    await vi.waitFor(async () => expect(await statusOf('one')).toBe(403), { interval: 20, timeout: 20_000 });
    gateways.crash();
    await vi.waitFor(async () => expect(await app.client.gateway.status()).toMatchObject({ running: true }));
    expect(await statuses()).toEqual([403, 200, 200]);
    await app.client.session.unlock({ passphrase: testPassphrase });
    expect(await statuses()).toEqual([403, 200, 200]);
    expect(await alarms()).toEqual([]);
  });

  it('lets who changes something elsewhere know how much of the log its gateway enforces', async () => {
    const { port, baseUrl: url, startedAtMs } = await app.client.gateway.status();
    const other = openTempApp({ dataDir: app.dataDir, autoStartGateway: false, usageInstance: 'cli' });
    const settings = other.app.settings.read();
    other.app.settings.write({ ...settings, gateway: { ...settings.gateway, port } });
    // The number of lines is known without a key.
    const { enforced: seq, ...found } = await other.client.gateway.find();
    const ours = { who: 'ours', url, publicUrl: '', startedAtMs: expect.any(Number) };
    expect(found).toEqual({ ...ours, lines: seq });
    expect(Math.abs((found.startedAtMs ?? 0) - (startedAtMs ?? 0))).toBeLessThan(60_000);
    await other.client.session.unlock({ passphrase: testPassphrase });
    await other.client.teams.create({ name: 'waits' });
    expect(await other.client.gateway.find()).toEqual({ ...ours, enforced: seq, lines: seq! + 1 });
    await app.client.session.unlock({ passphrase: testPassphrase });
    await vi.waitFor(
      async () =>
        expect(await other.client.gateway.find()).toMatchObject({ who: 'ours', enforced: seq! + 1 }),
      { interval: 50, timeout: 20_000 },
    );
    await app.client.gateway.stop();
    expect(await other.client.gateway.find()).toEqual({ who: 'nothing', url, lines: seq! + 1 });
    await other.app.close();
  });

  it('says that the log is away, and follows it when it is back', async () => {
    const log = join(app.dataDir, 'vault.log');
    renameSync(log, `${log}.away`);
    await vi.waitFor(async () =>
      expect((await alarms()).map(({ code }) => code)).toEqual(['log-not-followed']),
    );
    expect(await statuses()).toEqual([200, 200, 200]);
    renameSync(`${log}.away`, log);
    await vi.waitFor(async () => expect(await alarms()).toEqual([]));
    await elsewhere((client) => client.tokens.revoke({ ids: [ids.tokens[0]!], reason: 'lost' }));
    await vi.waitFor(async () => expect(await statusOf('one')).toBe(403), { interval: 20, timeout: 20_000 });
  });

  it('says that another log stands in its place, and believes nothing of it', async () => {
    const log = join(app.dataDir, 'vault.log');
    writeFileSync(log, 'nonsense\n');
    await vi.waitFor(async () =>
      expect((await alarms()).map(({ code }) => code)).toEqual(['log-not-followed']),
    );
    expect(await statuses()).toEqual([200, 200, 200]);
  });
});
