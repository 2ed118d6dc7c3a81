/** The rule "satisfiable" where `noarch`, in which dependencies may stand, is away, and what is said of it then. */
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { NoarchBeside } from '../../../../src-main/gateway/conda/noarch-beside.ts';
import type { ServedChannel } from '../../../../src-main/gateway/types.ts';
import { UpstreamError } from '../../../../src-main/gateway/types.ts';
import type { ChannelId, TeamId } from '../../../../shared/model/ids.ts';
import type { PolicyRule } from '../../../../shared/model/policy-rules.ts';
import { GatewayScene, channelOf, dayMs, dev, nowMs } from '../gateway-scene.ts';
import { denyList, policyOf } from './policies.ts';

const record = (name: string, version: string, depends: readonly string[] = [], build = '0'): object => ({
  name,
  version,
  build,
  build_number: 0,
  depends,
  license: 'MIT',
  timestamp: nowMs - 100 * dayMs,
});
const index = (subdir: string, records: Record<string, object>): string =>
  JSON.stringify({ info: { subdir }, packages: {}, 'packages.conda': records });

/** `app 2` needs what is hidden here and stands in `noarch`; `top` needs what is hidden everywhere. */
const platform = index('linux-64', {
  'lib-1.0-0.conda': record('lib', '1.0'),
  'lib-2.0-0.conda': record('lib', '2.0'),
  'app-1.0-0.conda': record('app', '1.0', ['lib >=1']),
  'app-2.0-0.conda': record('app', '2.0', ['lib >=2']),
  'app-3.0-0.conda': record('app', '3.0', ['lib >=3']),
});
const noarchOf = (...versions: readonly string[]) =>
  index(
    'noarch',
    Object.fromEntries(
      versions.map((version) => [`lib-${version}-1.conda`, record('lib', version, [], '1')]),
    ),
  );

const rules: readonly PolicyRule[] = [
  denyList('conda', 'lib[version=">=2", build="0"]'),
  denyList('conda', 'lib >=3'),
  { type: 'satisfiable' },
];

type Noarch = { status: number; body: string };
const scene = new GatewayScene();
let noarch: Noarch;
let base = '';
let asked = 0;
let nextChannel = 0;
beforeAll(async () => {
  base = await scene.upstream((req, res) => {
    if (req.url?.endsWith('/linux-64/repodata.json') === true) res.end(platform);
    else if (req.url?.endsWith('/noarch/repodata.json') === true) {
      asked += 1;
      res.writeHead(noarch.status).end(noarch.body);
    } else if (req.url?.endsWith('.conda') === true) res.end('a package');
    else res.writeHead(404).end();
  });
  await scene.open({ dataDir: join(scene.dir, 'data') });
  scene.policies = [policyOf(rules)];
  scene.update();
});
afterAll(() => scene.close());

/** A channel of its own for each test: what was read of another is not its last good. */
let channel = '';
beforeEach(() => {
  channel = `beside-${String((nextChannel += 1))}`;
  noarch = { status: 200, body: noarchOf('2.5', '3.0') };
  scene.addChannel(
    channelOf(channel, { type: 'url', url: `${base}/${channel}`, privateHosts: [new URL(base).host] }),
  );
});

async function listed(subdir = 'linux-64'): Promise<string[]> {
  const { status, body } = await scene.get(`/conda/${channel}/${subdir}/repodata.json`);
  expect(status).toBe(200);
  return Object.keys((JSON.parse(body) as { 'packages.conda': object })['packages.conda']);
}
/** The same, once `noarch` was asked for again: an answer that was just made is given again for a moment. */
async function listedLater(afterMs: number): Promise<string[]> {
  scene.nowMs += afterMs;
  const before = asked;
  return await vi.waitFor(async () => {
    const files = await listed();
    expect(asked).toBeGreaterThan(before);
    return files;
  });
}
const kept = ['lib-1.0-0.conda', 'app-1.0-0.conda'];

describe('a platform under the rule "satisfiable"', () => {
  it('counts what `noarch` has', async () => {
    expect(await listed()).toEqual([...kept, 'app-2.0-0.conda']);
  });

  it.each([
    ['answers with an error', 503, ''],
    ['asks for a password', 401, ''],
    ['is no index', 200, '{"info":'],
  ])('calls nothing unsatisfiable where `noarch` %s, and asks for it once', async (_what, status, body) => {
    noarch = { status, body };
    asked = 0;
    const all = [...kept, 'app-2.0-0.conda', 'app-3.0-0.conda'];
    expect(await listed()).toEqual(all);
    const before = asked;
    const file = await scene.get(`/conda/${channel}/linux-64/app-3.0-0.conda`);
    expect(file.status).toBe(200);
    expect(asked).toBe(before);
    // Its hidden dependency stays hidden.
    expect((await scene.get(`/conda/${channel}/linux-64/lib-2.0-0.conda`)).status).toBe(403);
  });

  it('knows at the next look what `noarch` has, when it is back', async () => {
    noarch = { status: 500, body: '' };
    expect(await listed()).toContain('app-3.0-0.conda');
    noarch = { status: 200, body: noarchOf('3.0') };
    expect(await listedLater(6_000)).toEqual(kept);
  });

  it.each([
    ['fails', 503, ''],
    ['is damaged', 200, '{"info":'],
    ['is forbidden', 403, ''],
  ])('goes on by the last good `noarch` where it %s', async (_what, status, body) => {
    const before = await listed();
    noarch = { status, body };
    expect(await listedLater(120_000)).toEqual(before);
  });

  it('knows that there is no `noarch`', async () => {
    noarch = { status: 404, body: '' };
    // Nobody ever had `lib >=3`: no policy took it away.
    expect(await listed()).toEqual([...kept, 'app-3.0-0.conda']);
  });

  it('names no version as allowed that it hides itself', async () => {
    const refused = await scene.get(`/conda/${channel}/linux-64/app-3.0-0.conda`);
    expect(refused.status).toBe(403);
    expect(refused.body).toContain('needs lib >=3, of which nothing is left');
    expect(JSON.parse(refused.body)).toMatchObject({ nearestAllowed: '2.0' });
    noarch = { status: 200, body: noarchOf('3.0') };
    scene.nowMs += 120_000;
    const now = await scene.get(`/conda/${channel}/linux-64/app-3.0-0.conda`);
    expect(JSON.parse(now.body)).toMatchObject({ nearestAllowed: '1.0' });
  });

  it('is explained for packages of the platform, and where one subdir cannot be read', async () => {
    const question = {
      ecosystem: 'conda' as const,
      channelIds: [`id-${channel}` as ChannelId],
      name: 'app',
      version: '3.0',
      scopes: [{ teamId: 'anyone' as TeamId, environmentId: dev }],
    };
    const answer = await scene.gateway.explain(question);
    expect(answer).toMatchObject({ versions: ['3.0', '2.0', '1.0'], nearestAllowed: ['2.0'] });
    expect(answer.channels[0]?.files.flatMap(({ verdicts }) => verdicts)).toMatchObject([
      {
        effect: 'deny',
        style: 'hide',
        reasons: [{ rule: 'package.unsatisfiable', evidence: { needs: 'lib >=3' } }],
      },
    ]);
    expect(answer.denied[0]?.map(({ version }) => version)).toEqual(['3.0']);
    noarch = { status: 503, body: '' };
    scene.nowMs += 120_000;
    expect(await scene.gateway.explain(question)).toMatchObject({ nearestAllowed: ['2.0'] });
  });

  it('is explained without `noarch` by what is known', async () => {
    noarch = { status: 503, body: '' };
    const answer = await scene.gateway.explain({
      ecosystem: 'conda',
      channelIds: [`id-${channel}` as ChannelId],
      name: 'app',
      scopes: [{ teamId: 'anyone' as TeamId, environmentId: dev }],
    });
    expect(answer).toMatchObject({ version: '3.0', nearestAllowed: ['3.0'], denied: [[]] });
  });
});

describe('packages of `noarch` under the rule "satisfiable"', () => {
  it('are held against `noarch` alone', async () => {
    noarch = {
      status: 200,
      body: index('noarch', {
        'pure-1.0-0.conda': record('pure', '1.0', ['lib >=1']),
        'pure-2.0-0.conda': record('pure', '2.0', ['lib >=3']),
        'odd-1.0-0.conda': record('odd', '1.0', ['app >=3']),
        'lib-2.5-1.conda': record('lib', '2.5', [], '1'),
        'lib-3.0-1.conda': record('lib', '3.0', [], '1'),
      }),
    };
    expect(await listed('noarch')).toEqual(['pure-1.0-0.conda', 'odd-1.0-0.conda', 'lib-2.5-1.conda']);
    const refused = await scene.get(`/conda/${channel}/noarch/pure-2.0-0.conda`);
    expect(JSON.parse(refused.body)).toMatchObject({ nearestAllowed: '1.0' });
  });
});

describe('`noarch` beside a platform', () => {
  it('is not waited for long, and counts when it comes', async () => {
    let give: (found: undefined) => void = () => undefined;
    let finds = 0;
    const late = new Promise<undefined>((resolve) => (give = resolve));
    const finder = {
      find: async () => {
        finds += 1;
        return await late;
      },
      lastGood: () => undefined,
    };
    let atMs = 0;
    const beside = new NoarchBeside(finder, () => atMs, 1);
    const served = { id: 'id' } as ServedChannel;
    expect(await beside.of(served, 'repodata.json')).toBe('unknown');
    expect(await beside.of(served, 'repodata.json')).toBe('unknown');
    expect(finds).toBe(1);
    give(undefined);
    atMs = 5_000;
    expect(await beside.of(served, 'repodata.json')).toBeUndefined();
  });

  it('takes the last good one, and lets through what is a fault of ours', async () => {
    const good = { document: {} } as never;
    let error: Error = new UpstreamError(502, 'away');
    const finder = { find: () => Promise.reject(error), lastGood: () => good };
    const served = { id: 'id' } as ServedChannel;
    expect(await new NoarchBeside(finder, () => 0).of(served, 'repodata.json')).toBe(good);
    error = new Error('a bug');
    await expect(new NoarchBeside(finder, () => 0).of(served, 'repodata.json')).rejects.toThrow('a bug');
  });
});
