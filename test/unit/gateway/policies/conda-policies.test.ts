/** An index of conda under policies, and its files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChannelId, PolicyId, TeamId } from '../../../../shared/model/ids.ts';
import { GatewayScene, channelOf, dayMs, dev, nowMs, someToken, tokenOf } from '../gateway-scene.ts';
import { denyList, policyOf } from './policies.ts';

const record = (name: string, version: string, more: object = {}): object => ({
  name,
  version,
  build: '0',
  build_number: 0,
  depends: [],
  license: 'MIT',
  subdir: 'noarch',
  summary: 'as long as others '.repeat(20),
  timestamp: nowMs - 100 * dayMs,
  ...more,
});

const index = {
  info: {
    subdir: 'noarch',
    base_url: 'https://elsewhere.example',
    repodata_revisions: { v3: { n_packages: 7 } },
  },
  packages: {
    'tool-1.0-0.tar.bz2': record('tool', '1.0'),
    'tool-2.0-0.tar.bz2': record('tool', '2.0', { license: 'GPL-3.0-only' }),
  },
  'packages.conda': {
    'tool-3.0-0.conda': record('tool', '3.0', { indexed_timestamp: nowMs - dayMs }),
    'other-1.0-0.conda': record('other', '1.0'),
    'liar-1.0-0.conda': record('other', '1.0'),
    'tool-2.0-0.tar.bz2': record('tool', '2.0'),
  },
  v3: {
    conda: { 'new-1.0-0': record('new', '1.0', { indexed_timestamp: nowMs - 50 * dayMs }) },
    whl: { 'wheel-1.0-0': record('wheel', '1.0') },
  },
  v4: { conda: { 'later-1.0-0': record('later', '1.0') } },
  removed: ['tool-0.1-0.conda', 7],
  repodata_version: 2,
};

type Index = {
  info: Record<string, unknown>;
  removed: unknown;
  repodata_version: number;
  v4?: unknown;
} & Record<'packages' | 'packages.conda', Record<string, Record<string, unknown>>> & {
    v3: Record<string, Record<string, Record<string, unknown>>>;
  };

const others = 'others' as TeamId;
const scene = new GatewayScene();
let shown = index as object;
let base = '';
let asked = 0;
beforeAll(async () => {
  base = await scene.upstream((req, res) => {
    if (
      req.url?.endsWith('/noarch/repodata.json') === true ||
      req.url?.endsWith('current_repodata.json') === true
    ) {
      asked += 1;
      res.setHeader('Last-Modified', new Date(nowMs - dayMs).toUTCString());
      res.setHeader('ETag', '"upstream"');
      res.end(JSON.stringify(shown));
    } else if (req.url?.endsWith('.conda') === true || req.url?.endsWith('.tar.bz2') === true)
      res.end('a package');
    else res.writeHead(404).end();
  });
  await scene.open({ dataDir: join(scene.dir, 'data') });
  scene.addChannel(channelOf('remote', { type: 'url', url: base, privateHosts: [new URL(base).host] }));
});
beforeEach(() => {
  scene.policies = [];
  scene.curation = {};
  scene.update();
});
afterAll(() => scene.close());

function enforce(...policies: GatewayScene['policies']): void {
  scene.policies = policies;
  scene.update();
}
async function repodata(path = 'repodata.json'): Promise<Index> {
  const { status, body } = await scene.get(`/conda/remote/noarch/${path}`);
  expect(status).toBe(200);
  return JSON.parse(body) as Index;
}
const filesOf = (found: Index): string[] => [
  ...Object.keys(found.packages),
  ...Object.keys(found['packages.conda']),
  ...Object.keys(found.v3['conda'] ?? {}).map((name) => `${name}.conda`),
];
const everything = [
  'tool-1.0-0.tar.bz2',
  'tool-2.0-0.tar.bz2',
  'tool-3.0-0.conda',
  'other-1.0-0.conda',
  'new-1.0-0.conda',
];
const without = (...files: string[]) => everything.filter((file) => !files.includes(file));

describe('an index under policies', () => {
  it('has what they leave, and nothing that nobody can judge', async () => {
    enforce(policyOf([denyList('conda', 'tool 2.*')]));
    const found = await repodata();
    expect(filesOf(found)).toEqual(without('tool-2.0-0.tar.bz2'));
    expect(found).toEqual({
      packages: { 'tool-1.0-0.tar.bz2': expect.objectContaining({ version: '1.0' }) },
      'packages.conda': expect.anything(),
      v3: { conda: { 'new-1.0-0': expect.anything() } },
      removed: ['tool-0.1-0.conda'],
      repodata_version: 1,
      info: {
        subdir: 'noarch',
        repodata_revisions: { v3: { n_packages: 1, oldest: nowMs - 50 * dayMs, newest: nowMs - 50 * dayMs } },
      },
    });
    const health = scene.gateway.health().find(({ channelId }) => channelId === 'id-remote');
    // A record under another's name, one that stands in two containers; wheels, a later revision.
    expect(health?.dropped).toMatchObject({ 'unknown-record': 2, 'unknown-member': 2 });
  });

  it('has no way to a file whose record contradicts its name', async () => {
    const liar = '/conda/remote/noarch/liar-1.0-0.conda';
    enforce(policyOf([denyList('conda', 'somebody-else')]));
    for (const answer of [
      await scene.get(liar),
      await scene.head(liar),
      await scene.get(liar, 'Range: bytes=0-1'),
    ])
      expect([answer.status, answer.reason]).toEqual([403, expect.stringContaining('cannot be relied on')]);
    enforce();
    expect((await scene.get(liar)).status).toBe(200);
  });

  it('is the same by every name and coding, and by HEAD', async () => {
    enforce(policyOf([denyList('conda', 'other')]));
    const plain = await scene.get('/conda/remote/noarch/repodata.json');
    const zst = await scene.get('/conda/remote/noarch/repodata.json.zst');
    const gzip = await scene.get('/conda/remote/noarch/repodata.json', 'Accept-Encoding: gzip');
    expect(zstdDecompressSync(Buffer.from(zst.body, 'latin1')).toString()).toBe(plain.body);
    expect(gunzipSync(Buffer.from(gzip.body, 'latin1')).toString()).toBe(plain.body);
    for (const [path, got] of [
      ['repodata.json', plain],
      ['repodata.json.zst', zst],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const head = await scene.head(`/conda/remote/noarch/${path}`);
      expect([head.status, head.headers['etag'], head.headers['content-length'], head.body]).toEqual([
        200,
        got.headers['etag'],
        got.headers['content-length'],
        '',
      ]);
    }
    expect(filesOf(await repodata('current_repodata.json'))).toEqual(without('other-1.0-0.conda'));
    for (const path of ['repodata.json.bz2', 'repodata.jlap'])
      // oxlint-disable-next-line no-await-in-loop
      expect((await scene.get(`/conda/remote/noarch/${path}`)).status).toBe(404);
  });

  it('is never "not modified" after a change of policies, nor for another team', async () => {
    enforce(policyOf([denyList('conda', 'nothing-like-it')]));
    const first = await scene.get('/conda/remote/noarch/repodata.json');
    const tag = `If-None-Match: ${first.headers['etag']}`;
    const since = `If-Modified-Since: ${new Date(nowMs).toUTCString()}`;
    expect((await scene.get('/conda/remote/noarch/repodata.json', tag)).status).toBe(304);
    expect(first.headers['last-modified']).toBeUndefined();
    enforce(policyOf([denyList('conda', 'nothing-of-its-like')]));
    expect((await scene.get('/conda/remote/noarch/repodata.json', tag)).status).toBe(200);
    expect((await scene.get('/conda/remote/noarch/repodata.json', since)).status).toBe(200);
    enforce(policyOf([denyList('conda', 'other')], { teams: [others] }));
    const other = someToken();
    scene.tokens[1] = [other.text, tokenOf(other.id, scene.channels, { teamId: others })];
    scene.update();
    const free = await scene.get('/conda/remote/noarch/repodata.json');
    const theirs = await scene.raw('/conda/remote/noarch/repodata.json', {
      headers: [`Authorization: ${scene.basic(other.text)}`, `If-None-Match: ${free.headers['etag']}`],
    });
    expect([theirs.status, filesOf(JSON.parse(theirs.body) as Index)]).toEqual([
      200,
      without('other-1.0-0.conda'),
    ]);
    scene.tokens.pop();
  });

  it('changes with labels that people put on packages', async () => {
    enforce(policyOf([{ type: 'labels', required: [], denied: ['bad'] }]));
    expect(filesOf(await repodata())).toEqual(everything);
    scene.curation = { labels: [{ ecosystem: 'conda', name: 'other', labels: ['bad'] }] };
    scene.update();
    expect(filesOf(await repodata())).toEqual(without('other-1.0-0.conda'));
  });

  it('judges age by the channel’s clock, by the builder’s only at the first sight, and releases by itself', async () => {
    enforce(policyOf([{ type: 'age', minDays: 7, unknown: 'deny' }]));
    expect(filesOf(await repodata())).toEqual(without('tool-3.0-0.conda'));
    shown = {
      ...index,
      packages: { ...index.packages, 'tool-4.0-0.tar.bz2': record('tool', '4.0') },
    };
    try {
      // The same answer is given again for a moment.
      const eventually = async (files: string[]) =>
        vi.waitFor(async () => expect(filesOf(await repodata()).sort()).toEqual(files.toSorted()));
      scene.nowMs = nowMs + 60_000;
      const before = asked;
      await vi.waitFor(async () => {
        await repodata();
        expect(asked).toBeGreaterThan(before);
      });
      await eventually(without('tool-3.0-0.conda'));
      // What came yesterday is old enough six days later.
      scene.nowMs = nowMs + 6 * dayMs;
      await eventually(everything);
      scene.nowMs = nowMs + 60_000 + 7 * dayMs;
      await eventually([...everything, 'tool-4.0-0.tar.bz2']);
      const late = await repodata();
      expect(late.packages['tool-4.0-0.tar.bz2']?.['indexed_timestamp']).toBe(nowMs + 60_000);
      expect(late.packages['tool-1.0-0.tar.bz2']?.['indexed_timestamp']).toBe(nowMs - 100 * dayMs);
    } finally {
      shown = index;
      scene.nowMs = nowMs;
    }
  });

  it('of an empty folder is one without packages', async () => {
    const empty = join(scene.dir, 'empty');
    mkdirSync(empty);
    scene.addChannel(channelOf('empty', { type: 'folder', path: empty }));
    enforce(policyOf([denyList('conda', 'x')]));
    const { body } = await scene.get('/conda/empty/noarch/repodata.json');
    expect(JSON.parse(body)).toMatchObject({
      info: { subdir: 'noarch' },
      packages: {},
      'packages.conda': {},
    });
  });

  it('of a folder is filtered too', async () => {
    writeFileSync(
      join(scene.folder, 'noarch', 'repodata.json'),
      JSON.stringify({ packages: {}, 'packages.conda': { 'tool-1.0-0.conda': record('tool', '1.0') } }),
    );
    enforce(policyOf([denyList('conda', 'tool')]));
    const { body } = await scene.get('/conda/internal/noarch/repodata.json');
    expect((JSON.parse(body) as Index)['packages.conda']).toEqual({});
    expect((await scene.get('/conda/internal/noarch/tool-1.0-0.conda')).status).toBe(403);
  });
});

describe('a file under policies', () => {
  it('is refused with policy, reason and an id, by GET, HEAD and range alike, and the request is told so', async () => {
    enforce(policyOf([denyList('conda', 'tool 2.*')]));
    scene.events.length = 0;
    const got = await scene.get('/conda/remote/noarch/tool-2.0-0.tar.bz2');
    expect(got.status).toBe(403);
    expect(got.reason).toMatch(
      /^Blocked by policy House rules: on the deny list as tool 2\.\* \[[0-9a-z]{10}\]; 3\.0 is allowed$/,
    );
    const id = /\[(\w+)\]/.exec(got.reason)?.[1] ?? '';
    expect(JSON.parse(got.body)).toMatchObject({
      status: 403,
      detail: got.reason,
      decision: id,
      package: { ecosystem: 'conda', name: 'tool', version: '2.0', filename: 'tool-2.0-0.tar.bz2' },
      reasons: [
        { policy: 'House rules', rule: 'package.listed', mode: 'enforce', evidence: { spec: 'tool 2.*' } },
      ],
    });
    const head = await scene.head('/conda/remote/noarch/tool-2.0-0.tar.bz2');
    const range = await scene.get('/conda/remote/noarch/tool-2.0-0.tar.bz2', 'Range: bytes=0-3');
    expect([head.reason, range.reason]).toEqual([got.reason, got.reason]);
    expect(scene.events).toHaveLength(3);
    expect(scene.events[0]).toMatchObject({
      status: 403,
      outcome: 'deny',
      cause: 'package.listed',
      decision: { effect: 'deny', reasons: [{ rule: 'package.listed', policyName: 'House rules' }] },
    });
    const told = await scene.raw(`/latchkey/decision/${id}`);
    expect(JSON.parse(told.body)).toMatchObject({ decision: id, package: { name: 'tool', version: '2.0' } });
    const page = await scene.raw(`/latchkey/decision/${id}`, { headers: ['Accept: text/html'] });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.body).toContain('<h1>tool 2.0 is blocked by policy</h1>');
    for (const secret of [scene.token.id, scene.token.text, 'science', 'remote', '127.0.0.1'])
      expect(page.body + told.body).not.toContain(secret);
    expect((await scene.raw('/latchkey/decision/0123456789')).status).toBe(404);
    expect(scene.gateway.decision(id)).toMatchObject({
      filename: 'tool-2.0-0.tar.bz2',
      channelName: 'remote',
    });
  });

  it('that is allowed is sent, with what observing policies would have said', async () => {
    enforce(
      policyOf([denyList('conda', 'other')]),
      policyOf([denyList('conda', 'tool')], {
        id: 'watch' as PolicyId,
        name: 'Watch',
        mode: 'observe',
      }),
    );
    scene.events.length = 0;
    const { status, body } = await scene.get('/conda/remote/noarch/tool-1.0-0.tar.bz2');
    expect([status, body]).toEqual([200, 'a package']);
    expect(scene.events[0]?.decision).toMatchObject({
      effect: 'allow',
      reasons: [{ mode: 'observe', policyName: 'Watch', rule: 'package.listed' }],
    });
  });

  it('stays listed where the policy refuses, and is not sent', async () => {
    enforce(policyOf([denyList('conda', 'other')], { style: 'refuse' }));
    expect(filesOf(await repodata())).toEqual(everything);
    expect((await scene.get('/conda/remote/noarch/other-1.0-0.conda')).status).toBe(403);
  });

  it.each([
    [
      'a file in no index, by its name',
      'gone-1.0-0.conda',
      denyList('conda', 'gone'),
      'on the deny list as gone',
    ],
    [
      'a file in no index that a rule cannot judge',
      'gone-1.0-0.conda',
      { type: 'age', minDays: 1, unknown: 'allow' },
      'in no index of its channel',
    ],
    ['one whose name says no version', 'tool.conda', denyList('conda', 'tool'), 'in no index of its channel'],
    [
      'one whose name says no build',
      'tool-1.0-0-.conda',
      denyList('conda', 'tool'),
      'in no index of its channel',
    ],
    [
      'a removed one',
      'tool-0.1-0.conda',
      { type: 'status', denied: ['removed'] },
      'removed from its channel',
    ],
    [
      'one under another record’s name',
      'liar-1.0-0.conda',
      { type: 'licenses', list: 'allow', ids: ['MIT'], unknown: 'allow' },
      'its record in the index cannot be relied on',
    ],
    [
      'one of a later revision',
      'later-1.0-0.conda',
      { type: 'licenses', list: 'allow', ids: ['MIT'], unknown: 'allow' },
      'in no index of its channel',
    ],
    [
      'one whose licence is on no list',
      'tool-2.0-0.tar.bz2',
      { type: 'licenses', list: 'allow', ids: ['MIT'], unknown: 'allow' },
      'license GPL-3.0-only is not allowed',
    ],
  ] as const)('is refused: %s', async (_what, filename, rule, reason) => {
    enforce(policyOf([rule]));
    const { status, reason: phrase } = await scene.get(`/conda/remote/noarch/${filename}`);
    expect([status, phrase]).toEqual([403, expect.stringContaining(`House rules: ${reason} [`)]);
  });

  it('in no index is sent where its name is all that is asked for', async () => {
    enforce(policyOf([denyList('conda', 'other')]));
    expect((await scene.get('/conda/remote/noarch/gone-1.0-0.conda')).status).toBe(200);
  });

  it.each([
    [{ supersededAfterDays: 30 }, ['tool-1.0-0.tar.bz2', 'tool-2.0-0.tar.bz2'], 'package.superseded'],
    [{ silentYears: 0.2 }, ['other-1.0-0.conda'], 'package.silent'],
  ] as const)('is judged by the newest version, in the index as alone: %j', async (asks, denied, says) => {
    enforce(policyOf([{ type: 'status', denied: [], ...asks }]));
    expect(filesOf(await repodata())).toEqual(without(...denied));
    const statuses = await Promise.all(
      everything.map(async (file) => (await scene.get(`/conda/remote/noarch/${file}`)).status),
    );
    expect(everything.filter((_, index) => statuses[index] === 403)).toEqual(denied);
    const [{ name, version } = { name: '', version: '' }] = denied.map(
      (file) =>
        /^(?<name>[a-z]+)-(?<version>[\d.]+)-/.exec(file)?.groups as { name: string; version: string },
    );
    const answer = await scene.gateway.explain({
      ecosystem: 'conda',
      channelIds: ['id-remote' as ChannelId],
      name,
      version,
      scopes: [{ teamId: 'anyone' as TeamId, environmentId: dev }],
    });
    expect(answer.channels[0]?.files.flatMap(({ verdicts }) => verdicts)).toMatchObject([
      { effect: 'deny', reasons: [{ rule: says }] },
    ]);
    expect(answer.denied[0]).toHaveLength(denied.length);
  });
});

describe('the rule "satisfiable"', () => {
  const made = (depends: readonly string[], version: string, name: string) =>
    record(name, version, { depends });
  const chain = {
    info: { subdir: 'noarch' },
    packages: {},
    'packages.conda': {
      'lib-1.0-0.conda': record('lib', '1.0'),
      'lib-2.0-0.conda': record('lib', '2.0'),
      'app-1.0-0.conda': made(['lib >=1'], '1.0', 'app'),
      'app-2.0-0.conda': made(['lib >=2', '__unix'], '2.0', 'app'),
      'top-1.0-0.conda': made(['app >=2'], '1.0', 'top'),
    },
    v3: {},
  };

  it('hides what needs what is hidden, and refuses it with the reason', async () => {
    shown = chain;
    scene.addChannel(
      channelOf('chained', { type: 'url', url: `${base}/chained`, privateHosts: [new URL(base).host] }),
    );
    const listedIn = async (rules: Parameters<typeof policyOf>[0]) => {
      enforce(policyOf(rules));
      const { body } = await scene.get('/conda/chained/noarch/repodata.json');
      return Object.keys((JSON.parse(body) as Index)['packages.conda']);
    };
    try {
      const denied = denyList('conda', 'lib >=2');
      expect(await listedIn([denied])).toContain('top-1.0-0.conda');
      expect(await listedIn([denied, { type: 'satisfiable' }])).toEqual([
        'lib-1.0-0.conda',
        'app-1.0-0.conda',
      ]);
      const refused = await scene.get('/conda/chained/noarch/app-2.0-0.conda');
      expect(refused.status).toBe(403);
      expect(refused.body).toContain('needs lib >=2, of which nothing is left');
      expect((await scene.get('/conda/chained/noarch/app-1.0-0.conda')).status).toBe(200);
      expect(await listedIn([{ type: 'satisfiable' }])).toHaveLength(5);
    } finally {
      shown = index;
    }
  });
});
