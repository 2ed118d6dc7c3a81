/** A project's page under policies, and its files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelId } from '../../../../shared/model/ids.ts';
import { GatewayScene, channelOf, dayMs, nowMs } from '../gateway-scene.ts';
import { wheel } from '../pypi-scene.ts';
import { denyList, policyOf } from './policies.ts';

const json = 'Accept: application/vnd.pypi.simple.v1+json';
const hash = { sha256: 'a'.repeat(64) };
const file = (filename: string, ageDays: number, more: object = {}): object => ({
  filename,
  url: `files/${filename}`,
  hashes: hash,
  'upload-time': new Date(nowMs - ageDays * dayMs).toISOString(),
  'core-metadata': hash,
  yanked: false,
  ...more,
});
const files = [
  file('tool-1.0-py3-none-any.whl', 400),
  file('tool-1.0.tar.gz', 400, { 'core-metadata': false }),
  file('tool-1.1-py3-none-any.whl', 300, { yanked: 'a mistake' }),
  file('tool-2.0-cp312-cp312-win_amd64.whl', 100),
  file('tool-3.0-py3-none-any.whl', 1),
];

type Page = {
  files: { filename: string; yanked: boolean | string; 'core-metadata': unknown }[];
  versions: string[];
  'project-status'?: { status: string };
};

const scene = new GatewayScene();
let status: string | undefined;
beforeAll(async () => {
  const base = await scene.upstream((req, res) => {
    if (req.url === '/tool/') {
      res.setHeader('Content-Type', 'application/vnd.pypi.simple.v1+json');
      const more = status === undefined ? {} : { 'project-status': { status } };
      res.end(JSON.stringify({ meta: { 'api-version': '1.4' }, name: 'tool', files, ...more }));
    } else if (req.url?.startsWith('/tool/files/') === true) res.end('a file');
    else res.writeHead(404).end();
  });
  await scene.open();
  const upstream = { type: 'url', url: `${base}/`, privateHosts: [new URL(base).host] } as const;
  scene.addChannel(channelOf('index', upstream, { kind: 'pypi' }));
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
async function page(): Promise<Page> {
  const { status: got, body } = await scene.get('/pypi/index/simple/tool/', json);
  expect(got).toBe(200);
  return JSON.parse(body) as Page;
}
const get = (name: string) => scene.get(`/pypi/index/files/tool/${name}`);
const yanked = (found: Page): Record<string, boolean | string> =>
  Object.fromEntries(
    found.files.filter((entry) => entry.yanked !== false).map((entry) => [entry.filename, entry.yanked]),
  );

describe('a page under policies', () => {
  it('marks what is hidden as yanked, with the reason, and without metadata', async () => {
    enforce(policyOf([{ type: 'age', minDays: 7, unknown: 'deny' }]));
    const found = await page();
    expect(found.files).toHaveLength(5);
    expect(yanked(found)).toEqual({
      'tool-1.1-py3-none-any.whl': 'a mistake',
      'tool-3.0-py3-none-any.whl':
        'Blocked by policy House rules: published on 2026-11-23, less than 7 days ago',
    });
    expect(found.files.at(-1)?.['core-metadata']).toBe(false);
    expect(found.files[0]?.['core-metadata']).toEqual(hash);
    expect(found.versions).toEqual(['1.0', '1.1', '2.0']);
  });

  it('says the same in HTML', async () => {
    enforce(policyOf([denyList('pypi', 'tool==2.0')]));
    const { status: got, body } = await scene.get('/pypi/index/simple/tool/', 'Accept: text/html');
    expect(got).toBe(200);
    const [line = ''] = body.split('\n').filter((text) => text.includes('tool-2.0-'));
    expect(line).toContain('data-yanked="Blocked by policy House rules: on the deny list as tool==2.0"');
    expect(line).not.toContain('data-core-metadata');
  });

  it('keeps what is refused, unmarked', async () => {
    enforce(policyOf([denyList('pypi', 'tool>=2')], { style: 'refuse' }));
    const found = await page();
    expect(yanked(found)).toEqual({ 'tool-1.1-py3-none-any.whl': 'a mistake' });
    expect(found.versions).toEqual(['1.0', '1.1', '2.0', '3.0']);
  });

  it('has another tag under other policies', async () => {
    enforce(policyOf([denyList('pypi', 'nothing')]));
    const first = await scene.get('/pypi/index/simple/tool/', json);
    const tag = `If-None-Match: ${first.headers['etag']}`;
    expect((await scene.get('/pypi/index/simple/tool/', json, tag)).status).toBe(304);
    enforce(policyOf([denyList('pypi', 'nothing-else')]));
    expect((await scene.get('/pypi/index/simple/tool/', json, tag)).status).toBe(200);
  });
});

describe('a file of PyPI under policies', () => {
  it.each([
    [
      'an sdist',
      'tool-1.0.tar.gz',
      { type: 'platform', wheelTags: ['any'], sdists: 'deny' },
      'source distributions run code',
    ],
    [
      'another machine’s wheel',
      'tool-2.0-cp312-cp312-win_amd64.whl',
      { type: 'platform', wheelTags: ['any'], sdists: 'deny' },
      'platform win_amd64 is not allowed',
    ],
    [
      'a yanked one',
      'tool-1.1-py3-none-any.whl',
      { type: 'status', denied: ['yanked'] },
      'yanked: a mistake',
    ],
    [
      'a superseded one',
      'tool-1.0-py3-none-any.whl',
      { type: 'status', denied: [], supersededAfterDays: 1 },
      'older than 1 day, and there is 3.0',
    ],
    [
      'a young one',
      'tool-3.0-py3-none-any.whl',
      { type: 'age', minDays: 7, unknown: 'deny' },
      'published on 2026-11-23',
    ],
    [
      'a name from elsewhere',
      'tool-1.0-py3-none-any.whl',
      { type: 'namespace', names: ['tool*'], channelIds: ['inside' as ChannelId] },
      'names like tool* come from internal channels only',
    ],
    [
      'metadata of a denied one',
      'tool-3.0-py3-none-any.whl.metadata',
      { type: 'age', minDays: 7, unknown: 'deny' },
      'published on 2026-11-23',
    ],
  ] as const)('is refused: %s', async (_what, filename, rule, reason) => {
    enforce(policyOf([rule]));
    const { status: got, reason: phrase } = await get(filename);
    expect([got, phrase]).toEqual([403, expect.stringContaining(`House rules: ${reason}`)]);
    expect((await scene.head(`/pypi/index/files/tool/${filename}`)).status).toBe(403);
  });

  it('is sent where nothing speaks against it', async () => {
    enforce(policyOf([{ type: 'age', minDays: 7, unknown: 'deny' }]));
    const { status: got, body } = await get('tool-1.0-py3-none-any.whl');
    expect([got, body]).toEqual([200, 'a file']);
    expect((await get('tool-9.0-py3-none-any.whl')).status).toBe(404);
  });

  it('of a quarantined project is refused by the rule about malware', async () => {
    enforce(policyOf([{ type: 'malware', noFacts: 'allow' }]));
    status = 'quarantined';
    scene.nowMs += 60_000;
    try {
      const found = await page();
      expect([found.files, found['project-status']]).toEqual([[], { status: 'quarantined' }]);
      const { status: got, reason } = await get('tool-1.0-py3-none-any.whl');
      expect([got, reason]).toEqual([403, expect.stringContaining('quarantined by its index')]);
    } finally {
      status = undefined;
      scene.nowMs += 60_000;
    }
  });
});

it('a folder of wheels is judged like an index, its versions by labels', async () => {
  const folder = join(scene.dir, 'folder');
  mkdirSync(folder);
  for (const version of ['1.0', '2.0'])
    writeFileSync(join(folder, `acme-${version}-py3-none-any.whl`), wheel('acme', version));
  scene.addChannel(channelOf('folder', { type: 'folder', path: folder }, { kind: 'pypi' }));
  enforce(policyOf([{ type: 'labels', required: ['approved'], denied: [] }]));
  scene.curation = { labels: [{ ecosystem: 'pypi', name: 'acme', version: '1.0', labels: ['approved'] }] };
  scene.update();
  const { body } = await scene.get('/pypi/folder/simple/acme/', json);
  expect(yanked(JSON.parse(body) as Page)).toEqual({
    'acme-2.0-py3-none-any.whl': 'Blocked by policy House rules: not labelled approved',
  });
  expect((await scene.get('/pypi/folder/files/acme/acme-2.0-py3-none-any.whl')).status).toBe(403);
  expect((await scene.get('/pypi/folder/files/acme/acme-1.0-py3-none-any.whl')).status).toBe(200);
});
