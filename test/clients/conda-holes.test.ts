/**
 * Ways past a policy that a conda channel could open (STANDARDS: holes 1–6, 8–10), each with the real rattler: one gateway,
 * one hostile upstream. Invariant: it never asks anybody but the gateway, and takes nothing that is denied.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { BundleChannel } from '../../shared/model/bundle.ts';
import type { TeamId } from '../../shared/model/ids.ts';
import { writeDemoConda } from '../../src-main/services/demo-packages.ts';
import { GatewayScene, channelOf, dayMs, someToken, tokenOf } from '../unit/gateway/gateway-scene.ts';
import { denyList, policyOf } from '../unit/gateway/policies/policies.ts';
import { rattlerInstall, rattlerSolve } from './scene.ts';

const scene = new GatewayScene();
const demo = join(scene.dir, 'demo');
writeDemoConda(demo);
type Records = Record<string, Record<string, unknown>>;
const good = (
  JSON.parse(readFileSync(join(demo, 'noarch', 'repodata.json'), 'utf8')) as { 'packages.conda': Records }
)['packages.conda'];

const record = (name: string, version: string, more: object = {}): Record<string, unknown> => ({
  name,
  version,
  build: '0',
  build_number: 0,
  depends: [],
  subdir: 'noarch',
  noarch: 'generic',
  timestamp: Date.now() - 30 * dayMs,
  size: 10,
  ...more,
});
const recordsOf = (...all: Record<string, unknown>[]): Records =>
  Object.fromEntries(all.map((one) => [`${String(one['name'])}-${String(one['version'])}-0.conda`, one]));
const indexOf = (records: Records, more: object = {}): object => ({
  info: { subdir: 'noarch' },
  packages: {},
  'packages.conda': records,
  ...more,
});

/** By channel: what its upstream sends as repodata. */
const documents = new Map<string, string>();
/** Asked of a server that no client may ever reach. */
const strayed: string[] = [];
let upstream = '';
const others = 'others' as TeamId;
const theirs = someToken();
let runs = 0;

beforeAll(async () => {
  const evil = await scene.upstream((req, res) => {
    strayed.push(req.url ?? '');
    res.end('evil');
  });
  upstream = await scene.upstream((req, res) => {
    const [, channel = '', subdir, name = ''] = (req.url ?? '').split('/');
    const document = documents.get(channel);
    if (subdir === 'noarch' && /repodata[a-z_]*\.json$/.test(name) && document !== undefined) {
      res.end(document.replaceAll('EVIL', evil));
    } else if (name in good) res.end(readFileSync(join(demo, 'noarch', name)));
    else if (name.endsWith('.conda')) res.end('0123456789');
    else if (name !== 'repodata.json' && !name.endsWith('.json.zst')) res.end('not filtered by anybody');
    else res.writeHead(404).end();
  });
  await scene.open({ now: Date.now });
});
afterAll(() => {
  expect(strayed).toEqual([]);
  return scene.close();
});

/** A channel that says this. */
function channel(name: string, document: object | string): void {
  documents.set(name, typeof document === 'string' ? document : JSON.stringify(document));
  const privateHosts = [new URL(upstream).host];
  add(channelOf(name, { type: 'url', url: `${upstream}/${name}`, privateHosts }));
}
function add(added: BundleChannel): void {
  scene.channels.push(added);
  const mine = scene.channels.filter(({ name: known }) => known !== 'beyond-reach');
  scene.tokens[0] = [scene.token.text, { ...tokenOf(scene.token.id, mine), expiresAtMs: Date.now() + dayMs }];
  scene.tokens[1] = [
    theirs.text,
    tokenOf(theirs.id, mine, { teamId: others, expiresAtMs: Date.now() + dayMs }),
  ];
  scene.update();
}
function deny(...specs: string[]): void {
  scene.policies = [policyOf([denyList('conda', ...specs)])];
  scene.update();
}
const urlOf = (name: string, text = scene.token.text) =>
  `http://127.0.0.1:${scene.port}/conda/t/${text}/${name}`;
const freshHome = (): string => {
  runs += 1;
  const home = join(scene.dir, `home-${runs}`);
  mkdirSync(home);
  return home;
};
/** With shards, and without: both say the same, and everything comes from the gateway. */
async function solve(name: string, specs: string, days?: number): Promise<string[]> {
  scene.events.length = 0;
  const [sharded, plain] = await Promise.all(
    [true, false].map((shards) =>
      rattlerSolve(freshHome(), urlOf(name), specs, { shards, ...(days === undefined ? {} : { days }) }),
    ),
  );
  const asked = scene.events.filter(({ status }) => status === 200).map(({ path }) => path);
  expect(asked).toContainEqual(
    expect.stringMatching(/^\/conda\/.*\/noarch\/shards\/[0-9a-f]{64}\.msgpack\.zst$/),
  );
  expect(asked).toContain(`/conda/${name}/noarch/repodata.json.zst`);
  expect(plain?.solved, plain?.output).toEqual(sharded?.solved);
  expect(sharded?.solved, sharded?.output).not.toEqual([]);
  for (const url of [...(sharded?.urls ?? []), ...(plain?.urls ?? [])])
    expect(url.startsWith(`http://127.0.0.1:${scene.port}/conda/`), url).toBe(true);
  return sharded?.solved ?? [];
}
const fetchAs = (text: string, path: string, ...headers: string[]) =>
  scene.raw(path, { headers: [`Authorization: ${scene.basic(text)}`, ...headers] });
const noarch = async (name: string, file = 'repodata.json') =>
  await fetchAs(scene.token.text, `/conda/${name}/noarch/${file}`);

describe('with a conda channel that wants to lead past the gateway, rattler', () => {
  it.each([
    ['absolute', 'EVIL/'],
    ['relative', '../../../elsewhere/'],
  ])('takes files from the gateway, where base_url is %s (1)', async (what, base_url) => {
    const records = Object.fromEntries(
      Object.entries(good).map(([file, one]) => [file, { ...one, url: `EVIL/${file}` }]),
    );
    channel(`base-${what}`, {
      ...indexOf(records, { repodata_version: 2, base_url, shards_base_url: base_url }),
      info: { subdir: 'noarch', base_url, shards_base_url: base_url },
    });
    deny('acme-tool >=2.1');
    expect(await solve(`base-${what}`, 'acme-tool')).toEqual(['acme-tool=2.0.0']);
    const { code, output } = await rattlerInstall(freshHome(), urlOf(`base-${what}`), 'acme-tool', undefined);
    expect([code, output]).toEqual([0, expect.stringContaining('installed acme-tool=2.0.0')]);
  });

  it('takes no denied record of v3, and none of v4 (2)', async () => {
    const v3 = recordsOf(record('tool', '2.0'), record('tool', '3.0'));
    const bare = (records: Records): Records =>
      Object.fromEntries(Object.entries(records).map(([file, one]) => [file.slice(0, -6), one]));
    channel('revisions', {
      ...indexOf(recordsOf(record('tool', '1.0'))),
      info: { subdir: 'noarch', repodata_revisions: { v3: { n_packages: 2 }, v4: { n_packages: 1 } } },
      v3: { conda: bare(v3) },
      v4: { conda: bare(recordsOf(record('tool', '4.0'))) },
    });
    scene.policies = [];
    scene.update();
    // Where no policy speaks nobody knows the one of v4 either.
    expect(await solve('revisions', 'tool')).toEqual(['tool=3.0']);
    const unjudged = JSON.parse((await noarch('revisions')).body) as Record<string, object>;
    expect(Object.keys(unjudged)).toEqual(['info', 'packages', 'packages.conda', 'v3']);
    expect(unjudged['info']).toEqual({ subdir: 'noarch', repodata_revisions: { v3: {} } });
    deny('tool >=3');
    expect(await solve('revisions', 'tool')).toEqual(['tool=2.0']);
    const { info, v4 } = JSON.parse((await noarch('revisions')).body) as Record<string, unknown>;
    expect([info, v4]).toMatchObject([{ repodata_revisions: { v3: { n_packages: 1 } } }, undefined]);
    const health = scene.gateway.health().find(({ channelId }) => channelId === 'id-revisions');
    // In `info` and beside it.
    expect(health?.dropped['unknown-member']).toBe(2);
    expect((await noarch('revisions', 'tool-3.0-0.conda')).status).toBe(403);
  });

  it('gets no removed file that is denied, by whatever way (3)', async () => {
    channel('removed', {
      ...indexOf(recordsOf(record('tool', '1.0'))),
      removed: ['tool-9.0-0.conda', 'tool-8.0-0.conda'],
    });
    deny('tool >=9');
    expect(await solve('removed', 'tool')).toEqual(['tool=1.0']);
    expect((await noarch('removed', 'tool-9.0-0.conda')).status).toBe(403);
    expect((await noarch('removed', 'tool-8.0-0.conda')).status).toBe(200);
  });

  it('finds no form of the index that nobody filters (4)', async () => {
    channel('variants', indexOf(recordsOf(record('tool', '1.0'), record('tool', '2.0'))));
    deny('tool >=2');
    expect(await solve('variants', 'tool')).toEqual(['tool=1.0']);
    for (const name of ['current_repodata.json', 'repodata_from_packages.json', 'repodata.json'])
      for (const end of ['', '.zst', '.bz2', '.gz']) {
        const path = `/conda/variants/noarch/${name}${end}`;
        // oxlint-disable-next-line no-await-in-loop
        const [got, head] = await Promise.all([scene.get(path), scene.head(path)]);
        expect([head.status, head.headers['etag']], path).toEqual([got.status, got.headers['etag']]);
        expect(got.status, path).toBe(end === '' || end === '.zst' ? 200 : 404);
        expect(got.body).not.toContain('tool-2.0');
      }
    for (const name of ['repodata.jlap', 'repodata.info.json', 'repodata_shards.msgpack', 'index.html'])
      // oxlint-disable-next-line no-await-in-loop
      expect((await noarch('variants', name)).status, name).toBe(404);
  });

  it('is led to no other channel (5)', async () => {
    channel('beyond-reach', indexOf(recordsOf(record('secret', '1.0'))));
    channel('related', {
      ...indexOf(recordsOf(record('tool', '1.0'))),
      info: { subdir: 'noarch', channel_relations: { base: '../beyond-reach', overrides: '../x' } },
    });
    for (const policies of [[], [policyOf([denyList('conda', 'nothing')])]]) {
      scene.policies = policies;
      scene.update();
      // oxlint-disable-next-line no-await-in-loop
      expect(await solve('related', 'tool')).toEqual(['tool=1.0']);
      for (const { path } of scene.events) expect(path).toMatch(/^\/conda\/related\//);
    }
  });

  it('does not pull in what is denied, and takes what goes without it (6)', async () => {
    channel(
      'pulled',
      indexOf(
        recordsOf(
          record('tool', '2.0', { depends: ['lib >=2'] }),
          record('tool', '1.0', { depends: ['lib >=1'] }),
          record('lib', '2.0'),
          record('lib', '1.0'),
        ),
      ),
    );
    deny('lib >=2');
    expect(await solve('pulled', 'tool')).toEqual(['lib=1.0', 'tool=1.0']);
  });

  it('of another team is not told "not modified" of what this one has (8)', async () => {
    channel('shared', indexOf(recordsOf(record('tool', '1.0'), record('tool', '2.0'))));
    scene.policies = [policyOf([denyList('conda', 'tool >=2')], { teams: [others] })];
    scene.update();
    const home = freshHome();
    // One cache for both, as on a shared machine.
    const mine = await rattlerSolve(home, urlOf('shared'), 'tool');
    const other = await rattlerSolve(home, urlOf('shared', theirs.text), 'tool');
    expect([mine.solved, other.solved]).toEqual([['tool=2.0'], ['tool=1.0']]);
    for (const file of ['repodata.json', 'repodata.json.zst', 'repodata_shards.msgpack.zst']) {
      // oxlint-disable-next-line no-await-in-loop
      const { headers } = await noarch('shared', file);
      expect(headers).toMatchObject({
        'cache-control': 'private',
        vary: expect.stringContaining('Authorization'),
      });
      // oxlint-disable-next-line no-await-in-loop
      const answer = await fetchAs(
        theirs.text,
        `/conda/shared/noarch/${file}`,
        `If-None-Match: ${headers['etag']}`,
      );
      expect(answer.status, file).toBe(200);
    }
  });

  it.each([
    'noarch/tool%2d2.0-0.conda',
    'noarch/%74ool-2.0-0.conda',
    'noarch/./tool-2.0-0.conda',
    'noarch/x/../tool-2.0-0.conda',
    'noarch/x/%2e%2e/tool-2.0-0.conda',
    'noarch%2ftool-2.0-0.conda',
    'noarch//tool-2.0-0.conda',
    'noarch;x/tool-2.0-0.conda',
    'noarch/tool-2.0-0.conda;x',
    'noarch\\tool-2.0-0.conda',
    'noarch/tool-2.0-0.conda%00',
    'noarch/tool-2.0-0.conda?x=1',
    'noarch/tool-2.0-0%c0%ae.conda',
    'noarch/TOOL-2.0-0.conda',
    'linux-64/../noarch/tool-2.0-0.conda',
  ])('is sent nothing by a tricky path: %s (9)', async (path) => {
    if (!documents.has('paths')) channel('paths', indexOf(recordsOf(record('tool', '2.0'))));
    deny('tool >=2');
    for (const extra of [[], ['Range: bytes=0-3']])
      // oxlint-disable-next-line no-await-in-loop
      expect([400, 403, 404]).toContain((await scene.get(`/conda/paths/${path}`, ...extra)).status);
  });

  it('takes no record that two readers would read differently (10)', async () => {
    const [one, two] = [record('tool', '1.0'), record('tool', '2.0', { license: 'MIT' })].map((some) =>
      JSON.stringify(some),
    );
    // A key of a container, of the licence, of the version; a licence that stands twice.
    channel(
      'escaped',
      `{"\\u0070ackages":{},"packages.c\\u006fnda":{"tool-1.0-0.conda":${one},"tool-2.0-\\u0030.conda":${two},` +
        `"tool-3.0-0.conda":${two?.replaceAll('2.0', '3.0').replace('license', 'licens\\u0065').replace('MIT', 'GPL-3.0-only')},` +
        `"tool-4.0-0.conda":${two?.replaceAll('2.0', '4.0').replace('}', ',"license":"GPL-3.0-only"}')}},"info":{"subdir":"noarch"}}`,
    );
    scene.policies = [
      policyOf([
        denyList('conda', 'tool ==2.0'),
        { type: 'licenses', list: 'deny', ids: ['GPL-3.0-only'], unknown: 'allow' },
      ]),
    ];
    scene.update();
    expect(await solve('escaped', 'tool')).toEqual(['tool=1.0']);
    channel('twice', `{"packages.conda":{"tool-1.0-0.conda":${one},"tool-1.0-0.conda":${one}}}`);
    channel('bom', `\ufeff{"packages.conda":{"tool-1.0-0.conda":${one}}}`);
    channel('rest', `{"packages.conda":{"tool-1.0-0.conda":${one}}} {}`);
    channel('nan', `{"packages.conda":{"tool-1.0-0.conda":${one?.replace('"size":10', '"size":NaN')}}}`);
    for (const name of ['twice', 'bom', 'rest']) {
      // oxlint-disable-next-line no-await-in-loop
      const { solved, output } = await rattlerSolve(freshHome(), urlOf(name), 'tool');
      expect([solved, output], name).toEqual([[], expect.stringContaining('502')]);
    }
    expect((await noarch('nan')).body).not.toContain('tool-1.0');
  });

  it('waits as long as it is told, by the gateway’s clock (CEP 47)', async () => {
    const folder = join(scene.dir, 'cooled');
    mkdirSync(join(folder, 'noarch'), { recursive: true });
    const has = (...versions: string[]): void =>
      writeFileSync(
        join(folder, 'noarch', 'repodata.json'),
        JSON.stringify(indexOf(recordsOf(...versions.map((version) => record('tool', version))))),
      );
    has('1.0');
    add(channelOf('cooled', { type: 'folder', path: folder }));
    scene.policies = [];
    scene.update();
    expect(await solve('cooled', 'tool')).toEqual(['tool=1.0']);
    // Its builder says that it is a month old; it came just now.
    has('1.0', '2.0');
    // An answer is given again for a moment, and each form is an answer of its own.
    await vi.waitFor(async () => expect((await noarch('cooled')).body).toContain('tool-2.0'));
    await vi.waitFor(async () => {
      const { body } = await noarch('cooled', 'repodata.json.zst');
      expect(zstdDecompressSync(Buffer.from(body, 'latin1')).toString()).toContain('tool-2.0');
    });
    expect(await solve('cooled', 'tool')).toEqual(['tool=2.0']);
    expect(await solve('cooled', 'tool', 7)).toEqual(['tool=1.0']);
    deny('nothing');
    expect(await solve('cooled', 'tool', 7)).toEqual(['tool=1.0']);
  });
});
