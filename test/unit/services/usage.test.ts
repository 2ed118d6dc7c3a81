import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayRequestEvent } from '../../../shared/model/gateway.ts';
import { tokenId } from '../../../shared/model/ids.ts';
import { openUsage } from '../../../src-main/services/usage.ts';

const id = tokenId.parse('AbCd1234');
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-usage-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const request = (atMs: number, more: Partial<GatewayRequestEvent> = {}): GatewayRequestEvent => ({
  atMs,
  method: 'GET',
  path: '/pypi/x/simple/',
  status: 200,
  reason: '',
  outcome: 'allow',
  tokenId: id,
  client: 'pip/26.3',
  address: '127.0.0.1',
  bytes: 10,
  durationMs: 1,
  ...more,
});

describe('the usage of tokens', () => {
  it('adds up requests, also those of another gateway on the same folder', () => {
    const app = openUsage(dir, 'app');
    const other = openUsage(dir, 'gateway-1');
    app.record(request(1));
    app.record(request(2, { outcome: 'deny', client: 'uv/0.13.9' }));
    other.record(request(3));
    other.flush();
    app.refresh();
    expect(app.get(id)).toMatchObject({
      allowed: 2,
      denied: 1,
      bytes: 30,
      lastUsedAtMs: 3,
      firstUsedAtMs: 1,
    });
    expect(app.get(id)?.clients.map((entry) => entry.client)).toContain('uv/0.13.9');
    expect(app.lastUsedAtMs(id)).toBe(3);
  });

  it('keeps no address on disk: a process knows those of its own requests as long as it runs', () => {
    const gateway = openUsage(dir, 'gateway-1');
    for (const [index, address] of ['192.0.2.7', '192.0.2.8'].entries())
      gateway.record(request(index, { address }));
    gateway.flush();
    expect(gateway.get(id)).toMatchObject({
      lastAddress: '192.0.2.8',
      clients: [{ address: '192.0.2.8' }, {}],
    });
    expect(readFileSync(join(dir, 'usage', 'gateway-1.json'), 'utf8')).not.toContain('192.0.2');
    const [app, other] = [openUsage(dir, 'app'), openUsage(dir, 'gateway-2')];
    other.record(request(5));
    other.flush();
    app.refresh();
    const clients = [{ client: 'pip/26.3', address: '', lastAtMs: 5, requests: 3 }];
    expect(app.get(id)).toMatchObject({ lastAddress: '', clients });
  });

  it('looks at what other processes wrote at most every two seconds, and only where it changed', () => {
    let nowMs = 10_000;
    const app = openUsage(dir, 'app', () => nowMs);
    const other = openUsage(dir, 'gateway-1');
    app.refresh();
    other.record(request(5));
    other.flush();
    app.refresh();
    expect(app.lastUsedAtMs(id)).toBeUndefined();
    nowMs += 2_000;
    app.refresh();
    expect(app.lastUsedAtMs(id)).toBe(5);
    // A clock that was set back does not keep it from looking.
    other.record(request(6));
    other.flush();
    nowMs -= 5_000;
    app.refresh();
    expect(app.lastUsedAtMs(id)).toBe(6);
  });

  it('keeps the latest use, though one that began earlier is told later', () => {
    const usage = openUsage(dir, 'app');
    usage.record({ ...request(9), client: 'uv/1' });
    usage.record({ ...request(4), client: 'pip/1' });
    expect(usage.get(id)).toMatchObject({ firstUsedAtMs: 4, lastUsedAtMs: 9, lastClient: 'uv/1' });
  });

  it('leaves out what another process wrote in no form of ours', () => {
    mkdirSync(join(dir, 'usage'));
    const entries = { [id]: { lastUsedAtMs: 'yesterday' }, other: null };
    writeFileSync(join(dir, 'usage', 'gateway-1.json'), JSON.stringify(entries));
    const app = openUsage(dir, 'app');
    app.refresh();
    expect(app.get(id)).toBeUndefined();
  });

  it('survives a restart, and a damaged file', () => {
    const first = openUsage(dir, 'app');
    first.record(request(1));
    first.flush();
    expect(openUsage(dir, 'app').get(id)?.allowed).toBe(1);
    writeFileSync(join(dir, 'usage', 'app.json'), '{');
    expect(openUsage(dir, 'app').get(id)).toBeUndefined();
  });

  it('goes on when it cannot be saved, and saves when it can again', () => {
    const usage = openUsage(dir, 'app');
    writeFileSync(join(dir, 'usage'), 'a file where the folder belongs');
    usage.record(request(1));
    expect(() => usage.flush()).not.toThrow();
    rmSync(join(dir, 'usage'));
    mkdirSync(join(dir, 'usage'));
    usage.flush();
    expect(readFileSync(join(dir, 'usage', 'app.json'), 'utf8')).toContain('AbCd1234');
  });

  it('remembers a bounded number of clients', () => {
    const usage = openUsage(dir, 'app');
    for (let count = 0; count < 100; count += 1) usage.record(request(count, { client: `made-up/${count}` }));
    expect(usage.get(id)?.clients).toHaveLength(20);
  });
});

const versionOf = (file: string): string => {
  const { ino, size, mtimeMs } = statSync(file);
  return `${ino} ${size} ${mtimeMs}`;
};

describe('the usage files of gateways that ended', () => {
  const hourMs = 3_600_000;
  const path = (name: string) => join(dir, 'usage', name);
  const names = () =>
    readdirSync(join(dir, 'usage'))
      .filter((name) => name.endsWith('.json'))
      .toSorted();
  /** As if nobody had written to it for hours. */
  const silent = (name: string) => {
    const at = new Date(Date.now() - 2 * hourMs);
    utimesSync(path(name), at, at);
  };
  const ended = (name: string, ...atMs: readonly number[]) => {
    const usage = openUsage(dir, name);
    for (const at of atMs) usage.record(request(at));
    usage.flush();
    silent(`${name}.json`);
    return usage;
  };
  const seen = () => {
    const app = openUsage(dir, 'app');
    app.refresh();
    return app.get(id);
  };

  it('become one, and say the same', async () => {
    ended('gateway-8700-1', 1, 2);
    ended('gateway-8700-2', 3);
    ended('agent', 4);
    const before = seen();
    await openUsage(dir, 'app').mergeEnded();
    expect(names()).toEqual(['agent.json', 'merged.json']);
    expect(seen()).toEqual(before);
    ended('gateway-8700-3', 5);
    await openUsage(dir, 'app').mergeEnded();
    expect(names()).toEqual(['agent.json', 'merged.json']);
    expect(seen()).toMatchObject({ allowed: 5, firstUsedAtMs: 1, lastUsedAtMs: 5 });
  });

  it('stay while they are written, and the own one always', async () => {
    openUsage(dir, 'gateway-8700-1').flush();
    const running = openUsage(dir, 'gateway-8700-1');
    running.record(request(1));
    running.flush();
    ended('gateway-8700-2', 1);
    await openUsage(dir, 'gateway-8700-2').mergeEnded();
    expect(names()).toEqual(['gateway-8700-1.json', 'gateway-8700-2.json']);
  });

  it('are not counted twice when a gateway that was only idle goes on', async () => {
    const idle = ended('gateway-8700-1', 1, 2);
    await openUsage(dir, 'app').mergeEnded();
    idle.record(request(7));
    idle.flush();
    expect(names()).toEqual(['gateway-8700-1.json', 'merged.json']);
    expect(seen()).toMatchObject({ allowed: 3, lastUsedAtMs: 7 });
    idle.record(request(8));
    idle.flush();
    expect(seen()).toMatchObject({ allowed: 4, lastUsedAtMs: 8 });
  });

  it('are not counted twice when the one that added them up was killed before they went', async () => {
    ended('gateway-8700-1', 1, 2);
    const left = readFileSync(path('gateway-8700-1.json'));
    await openUsage(dir, 'app').mergeEnded();
    // As it was before it went: the sum names it by its version.
    writeFileSync(path('gateway-8700-1.json'), left);
    silent('gateway-8700-1.json');
    const sum = JSON.parse(readFileSync(path('merged.json'), 'utf8')) as Record<string, unknown>;
    const version = versionOf(path('gateway-8700-1.json'));
    writeFileSync(
      path('merged.json'),
      JSON.stringify({ ...sum, ' files': { 'gateway-8700-1.json': version } }),
    );
    await openUsage(dir, 'app').mergeEnded();
    expect(names()).toEqual(['merged.json']);
    expect(seen()).toMatchObject({ allowed: 2 });
  });

  it('are not counted twice by whoever looks, nor by their process when it goes on, after such a kill', async () => {
    const idle = ended('gateway-8700-1', 1, 2);
    const left = readFileSync(path('gateway-8700-1.json'));
    await openUsage(dir, 'app').mergeEnded();
    writeFileSync(path('gateway-8700-1.json'), left);
    silent('gateway-8700-1.json');
    const sum = JSON.parse(readFileSync(path('merged.json'), 'utf8')) as Record<string, unknown>;
    const files = { 'gateway-8700-1.json': versionOf(path('gateway-8700-1.json')) };
    writeFileSync(path('merged.json'), JSON.stringify({ ...sum, ' files': files }));
    expect(seen()).toMatchObject({ allowed: 2 });
    idle.record(request(7));
    const again = openUsage(dir, 'gateway-8700-1');
    idle.flush();
    expect(seen()).toMatchObject({ allowed: 3, lastUsedAtMs: 7 });
    silent('gateway-8700-1.json');
    await openUsage(dir, 'app').mergeEnded();
    expect(names()).toEqual(['merged.json']);
    expect(seen()).toMatchObject({ allowed: 3 });
    // It had not looked yet when its file was taken.
    again.record(request(9));
    again.flush();
    expect(seen()).toMatchObject({ allowed: 4, lastUsedAtMs: 9 });
  });

  it('are counted once where several processes add them up at once', async () => {
    for (let n = 1; n <= 12; n += 1) ended(`gateway-8700-${n}`, n);
    await Promise.all([1, 2, 3, 4].map((n) => openUsage(dir, `app-${n}`).mergeEnded()));
    expect(names()).toEqual(['merged.json']);
    expect(seen()).toMatchObject({ allowed: 12, firstUsedAtMs: 1, lastUsedAtMs: 12 });
  });

  it('that are damaged are put into no sum and go', async () => {
    ended('gateway-8700-1', 1);
    writeFileSync(path('gateway-8700-2.json'), '{');
    silent('gateway-8700-2.json');
    await openUsage(dir, 'app').mergeEnded();
    expect(names()).toEqual(['merged.json']);
    expect(seen()).toMatchObject({ allowed: 1 });
  });
});

describe('what another source knows of last uses', () => {
  const learned = (lastMs: number) => [{ tokenId: id, firstMs: 1, lastMs, downloads: 3, refusals: 1 }];

  it('counts where it is later, and leaves what else is known', () => {
    const usage = openUsage(dir, 'app');
    usage.record(request(5));
    const before = usage.get(id);
    usage.learn(learned(4));
    expect(usage.get(id)).toEqual(before);
    usage.learn(learned(9));
    expect(usage.lastUsedAtMs(id)).toBe(9);
    expect(usage.get(id)).toEqual({ ...before, lastUsedAtMs: 9 });
    usage.record(request(10));
    expect(usage.get(id)).toMatchObject({ lastUsedAtMs: 10, allowed: 2 });
  });

  it('counts alone where files of usage are lost, without a client', () => {
    const usage = openUsage(dir, 'app');
    usage.learn(learned(9));
    expect(usage.get(id)).toMatchObject({
      firstUsedAtMs: 1,
      lastUsedAtMs: 9,
      lastClient: '',
      allowed: 3,
      denied: 1,
      clients: [],
    });
  });
});
