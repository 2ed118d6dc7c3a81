/** Licences of packages whose index says nothing about them: read out of their files, few and once. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PolicyRule } from '../../../../shared/model/policy-rules.ts';
import { GatewayScene, channelOf } from '../gateway-scene.ts';
import { metadataText, sdist, sha256, wheel } from '../pypi-scene.ts';
import { denyList, policyOf } from './policies.ts';

const json = 'Accept: application/vnd.pypi.simple.v1+json';
const onlyMit = (unknown: 'allow' | 'deny'): PolicyRule => ({
  type: 'licenses',
  list: 'allow',
  ids: ['MIT'],
  unknown,
});
/** `promised`: the metadata that the page gives the digest of, where it is another one. */
type Served = {
  bytes: Uint8Array;
  metadata?: string;
  promised?: string;
  hasHash?: boolean;
  noRanges?: boolean;
};

const files = new Map<string, Served>();
let requests: string[] = [];
let isAway = false;
const scene = new GatewayScene();
const dataDir = join(scene.dir, 'data');
/** Another one for each test: nothing is known of it. */
let project = '';
let tests = 0;

function serve(req: IncomingMessage, res: ServerResponse): void {
  const path = req.url ?? '';
  if (path === `/${project}/`) {
    res.setHeader('Content-Type', 'application/vnd.pypi.simple.v1+json');
    const entries = [...files].map(([filename, { bytes, metadata, promised, hasHash }]) => ({
      filename,
      url: `files/${filename}`,
      hashes: hasHash === false ? {} : { sha256: sha256(bytes) },
      'core-metadata': metadata === undefined ? false : { sha256: sha256(promised ?? metadata) },
    }));
    res.end(JSON.stringify({ meta: { 'api-version': '1.4' }, name: project, files: entries }));
    return;
  }
  const name = path.slice(`/${project}/files/`.length);
  requests.push(req.headers.range === undefined ? name : `${name} ${req.headers.range}`);
  const file = files.get(name.replace(/\.metadata$/, ''));
  const body = name.endsWith('.metadata') ? file?.metadata : file?.bytes;
  if (isAway) res.writeHead(500).end();
  else if (file === undefined || body === undefined) res.writeHead(404).end();
  else sendPart(req, res, Buffer.from(body), file.noRanges === true);
}

function sendPart(req: IncomingMessage, res: ServerResponse, body: Buffer, noRanges: boolean): void {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(req.headers.range ?? '') ?? [];
  if (noRanges || req.headers.range === undefined) return void res.end(body);
  const start = from === '' ? Math.max(0, body.length - Number(to)) : Number(from);
  const end = from === '' || to === '' ? body.length - 1 : Math.min(Number(to), body.length - 1);
  res.writeHead(206, { 'Content-Range': `bytes ${start}-${end}/${body.length}` });
  res.end(body.subarray(start, end + 1));
}

const withMetadata = (version: string, license: string | undefined): Served => ({
  bytes: wheel(project, version, license === undefined ? {} : { license }),
  metadata: metadataText(project, version, undefined, license),
});
const wheelName = (version: string) => `${project}-${version}-py3-none-any.whl`;

beforeAll(async () => {
  const base = await scene.upstream(serve);
  await scene.open({ dataDir });
  scene.addChannel(
    channelOf(
      'index',
      { type: 'url', url: `${base}/`, privateHosts: [new URL(base).host] },
      { kind: 'pypi' },
    ),
  );
});
beforeEach(() => {
  files.clear();
  requests = [];
  isAway = false;
  tests += 1;
  project = `tool${tests}`;
});
afterAll(() => scene.close());

function enforce(...rules: PolicyRule[]): void {
  scene.policies = [policyOf(rules)];
  scene.update();
}
async function yanked(): Promise<Record<string, string>> {
  const { status, body } = await scene.get(`/pypi/index/simple/${project}/`, json);
  expect(status).toBe(200);
  const page = JSON.parse(body) as { files: { filename: string; yanked: string | false }[] };
  return Object.fromEntries(
    page.files.flatMap(({ filename, yanked: why }) => (why === false ? [] : [[filename, why]])),
  );
}
const get = (name: string) => scene.get(`/pypi/index/files/${project}/${name}`);

describe('licences on PyPI', () => {
  it('are read from core metadata before the first page is answered', async () => {
    files.set(wheelName('1.0'), withMetadata('1.0', 'MIT'));
    files.set(wheelName('2.0'), withMetadata('2.0', 'GPL-3.0-only'));
    files.set(wheelName('3.0'), withMetadata('3.0', undefined));
    enforce(onlyMit('deny'));
    expect(await yanked()).toEqual({
      [wheelName('2.0')]: 'Blocked by policy House rules: license GPL-3.0-only is not allowed',
      [wheelName('3.0')]: 'Blocked by policy House rules: no license given',
    });
    expect(requests.toSorted()).toEqual(['1.0', '2.0', '3.0'].map((one) => `${wheelName(one)}.metadata`));
    for (const suffix of ['', '.metadata'])
      // oxlint-disable-next-line no-await-in-loop
      expect(await get(`${wheelName('2.0')}${suffix}`)).toMatchObject({
        status: 403,
        reason: expect.stringMatching(
          /^Blocked by policy House rules: license GPL-3.0-only is not allowed \[\w+\](?:; \S+ is allowed)?$/,
        ) as string,
      });
    expect((await get(wheelName('1.0'))).status).toBe(200);
    expect((await scene.head(`/pypi/index/files/${project}/${wheelName('2.0')}`)).status).toBe(403);
  });

  it('are asked of nobody where no policy asks for them', async () => {
    files.set(wheelName('1.0'), withMetadata('1.0', 'MIT'));
    enforce(denyList('pypi', 'other'));
    expect(await yanked()).toEqual({});
    expect(requests).toEqual([]);
  });

  it.each<[string, () => [string, Served, string[]]]>([
    [
      'the end of a wheel',
      () => [
        wheelName('1.0'),
        { bytes: wheel(project, '1.0', { license: 'GPL-3.0-only' }) },
        [`${wheelName('1.0')} bytes=-65557`],
      ],
    ],
    [
      'a whole wheel, where the upstream sends no parts',
      () => [
        wheelName('1.0'),
        { bytes: wheel(project, '1.0', { license: 'GPL-3.0-only' }), noRanges: true },
        [`${wheelName('1.0')} bytes=-65557`],
      ],
    ],
    [
      'a wheel whose page gives no digest',
      () => [
        wheelName('1.0'),
        { bytes: wheel(project, '1.0', { license: 'GPL-3.0-only' }), hasHash: false },
        [`${wheelName('1.0')} bytes=-65557`],
      ],
    ],
    [
      'a wheel whose metadata is not what the page promises',
      () => [
        wheelName('1.0'),
        {
          bytes: wheel(project, '1.0', { license: 'GPL-3.0-only' }),
          metadata: 'License-Expression: MIT\n',
          promised: 'another one',
        },
        [`${wheelName('1.0')}.metadata`, `${wheelName('1.0')} bytes=-65557`],
      ],
    ],
    [
      'a source distribution',
      () => [
        `${project}-1.0.tar.gz`,
        {
          bytes: sdist({
            'tool-1.0/src/tool.egg-info/PKG-INFO': 'License-Expression: MIT\n',
            'tool-1.0/PKG-INFO': 'Name: tool\nLicense-Expression: GPL-3.0-only\n\n',
          }),
        },
        [`${project}-1.0.tar.gz`],
      ],
    ],
  ])('are read from %s', async (_what, make) => {
    const [filename, file, asked] = make();
    files.set(filename, file);
    enforce(onlyMit('allow'));
    expect(await yanked()).toEqual({
      [filename]: 'Blocked by policy House rules: license GPL-3.0-only is not allowed',
    });
    expect(requests).toEqual(asked);
    expect((await get(filename)).status).toBe(403);
  });

  it('of a wheel far from its end are read by what its directory says', async () => {
    const padding = Object.fromEntries(
      Array.from({ length: 1500 }, (_, index) => [`${project}/${'n'.repeat(80)}${index}.py`, '']),
    );
    const bytes = wheel(project, '1.0', { license: 'GPL-3.0-only', more: padding });
    files.set(wheelName('1.0'), { bytes });
    enforce(onlyMit('allow'));
    expect(Object.values(await yanked())).toEqual([
      'Blocked by policy House rules: license GPL-3.0-only is not allowed',
    ]);
    expect(requests.length).toBeGreaterThan(2);
  });

  it('count for a file by what it says itself, whatever another file of the release says', async () => {
    files.set(wheelName('1.0'), withMetadata('1.0', 'MIT'));
    const other = `${project}-1.0-cp312-cp312-win_amd64.whl`;
    files.set(other, withMetadata('1.0', 'GPL-3.0-only'));
    enforce(onlyMit('deny'));
    expect(await yanked()).toEqual({});
    expect(requests).toEqual([`${wheelName('1.0')}.metadata`]);
    expect((await get(other)).status).toBe(403);
    // Known from now on.
    await vi.waitFor(async () => {
      scene.nowMs += 1000;
      expect(await yanked()).toEqual({
        [other]: 'Blocked by policy House rules: license GPL-3.0-only is not allowed',
      });
    });
  });

  it('of a page with thousands of files are read for the newest releases only, the others when they are asked for', async () => {
    const name = (release: number, tag = 1): string => `${project}-${release}.0-cp3${tag}-none-any.whl`;
    for (let release = 1; release <= 150; release += 1)
      for (let tag = 1; tag <= 20; tag += 1)
        files.set(name(release, tag), {
          bytes: Buffer.from(name(release, tag)),
          metadata: `License: ${release % 2 === 0 ? 'GPLv2' : 'MIT License'}\n`,
        });
    enforce(onlyMit('deny'));
    const hidden = await yanked();
    expect(hidden[name(149)]).toBeUndefined();
    expect(hidden[name(150)]).toContain('license GPLv2 is not allowed');
    expect(hidden[name(1)]).toBe('Blocked by policy House rules: license not yet read');
    // The newest hundred releases, one file of each.
    await vi.waitFor(() => expect(requests).toHaveLength(100));
    expect((await get(name(1))).status).toBe(200);
    expect((await get(name(2))).status).toBe(403);
  });

  it('that cannot be read now let nothing pass', async () => {
    files.set(wheelName('1.0'), withMetadata('1.0', 'GPL-3.0-only'));
    enforce(onlyMit('allow'));
    expect((await scene.get(`/pypi/index/simple/${project}/`, json)).status).toBe(200);
    const again = wheelName('2.0');
    files.set(again, withMetadata('2.0', 'GPL-3.0-only'));
    scene.nowMs += 60_000;
    isAway = true;
    expect(await yanked()).toEqual({ [wheelName('1.0')]: expect.stringContaining('GPL-3.0-only') as string });
    expect((await get(again)).status).toBe(502);
    expect(scene.gateway.health()).toMatchObject([{ channelId: 'id-index', problems: 1 }]);
    isAway = false;
    expect((await get(again)).status).toBe(403);
  });

  it('are kept for good, in the gateway’s own folder', async () => {
    files.set(wheelName('1.0'), withMetadata('1.0', 'GPL-3.0-only'));
    enforce(onlyMit('deny'));
    await yanked();
    const kept = join(dataDir, 'licenses');
    await vi.waitFor(() =>
      expect(
        readdirSync(kept)
          .map((file) => readFileSync(join(kept, file), 'utf8'))
          .join(''),
      ).toContain(`["${project}",`),
    );
    await scene.gateway.stop();
    await scene.open({ dataDir });
    requests = [];
    expect(Object.keys(await yanked())).toEqual([wheelName('1.0')]);
    expect(requests).toEqual([]);
  });

  it('of a folder’s files are read where they lie', async () => {
    const wheels = join(scene.dir, 'wheels');
    mkdirSync(wheels, { recursive: true });
    writeFileSync(join(wheels, wheelName('1.0')), wheel(project, '1.0', { license: 'MIT' }));
    writeFileSync(join(wheels, wheelName('2.0')), wheel(project, '2.0', { license: 'GPL-3.0-only' }));
    writeFileSync(
      join(wheels, `${project}-3.0.tar.gz`),
      sdist({ 'tool-3.0/PKG-INFO': 'License: GPLv3\nClassifier: License :: OSI Approved\n' }),
    );
    enforce(onlyMit('deny'));
    const statuses = await Promise.all(
      [wheelName('1.0'), wheelName('2.0'), `${project}-3.0.tar.gz`].map(
        async (name) => (await scene.get(`/pypi/python/files/${project}/${name}`)).status,
      ),
    );
    expect(statuses).toEqual([200, 403, 403]);
  });

  it('are explained', async () => {
    files.set(wheelName('1.0'), withMetadata('1.0', 'MIT'));
    files.set(wheelName('2.0'), withMetadata('2.0', 'GPL-3.0-only'));
    enforce(onlyMit('deny'));
    const { teamId, environmentId } = scene.tokens[0]![1];
    const { channels, nearestAllowed } = await scene.gateway.explain({
      ecosystem: 'pypi',
      channelIds: [scene.channels.find(({ name }) => name === 'index')!.id],
      name: project,
      version: '1.0',
      scopes: [{ teamId, environmentId }],
    });
    expect(channels[0]?.files).toMatchObject([
      { facts: { version: '1.0', license: 'MIT' }, verdicts: [{ effect: 'allow' }] },
    ]);
    expect(nearestAllowed).toEqual(['1.0']);
  });
});
