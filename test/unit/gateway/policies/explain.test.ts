import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelId, TeamId } from '../../../../shared/model/ids.ts';
import { findNames } from '../../../../src-main/gateway/names-like.ts';
import { nearest } from '../../../../src-main/gateway/versions.ts';
import { GatewayScene, dev, nowMs } from '../gateway-scene.ts';
import { wheel } from '../pypi-scene.ts';
import { denyList, policyOf } from './policies.ts';

const scene = new GatewayScene();
const science = 'science' as TeamId;
const others = 'others' as TeamId;
beforeAll(async () => {
  const records = Object.fromEntries(
    ['1.0', '2.0', '10.0'].map((version) => [
      `tool-${version}-0.conda`,
      { name: 'tool', version, build: '0', build_number: 0, license: 'MIT', timestamp: nowMs - 1000 },
    ]),
  );
  writeFileSync(
    join(scene.folder, 'noarch', 'repodata.json'),
    JSON.stringify({ packages: {}, 'packages.conda': records }),
  );
  mkdirSync(join(scene.dir, 'wheels'), { recursive: true });
  writeFileSync(join(scene.dir, 'wheels', 'acme-1.0-py3-none-any.whl'), wheel('acme', '1.0'));
  scene.policies = [
    policyOf([denyList('conda', 'tool >=10'), denyList('pypi', 'acme')], { teams: [science] }),
  ];
  scene.curation = { labels: [{ ecosystem: 'conda', name: 'tool', labels: ['approved'] }] };
  await scene.open();
});
afterAll(() => scene.close());

describe('what the gateway says about a package', () => {
  it('is what channels have of it, verdicts by team and environment, and the nearest allowed version', async () => {
    const answer = await scene.gateway.explain({
      ecosystem: 'conda',
      channelIds: ['id-internal' as ChannelId, 'gone' as ChannelId],
      name: 'tool',
      scopes: [
        { teamId: science, environmentId: dev },
        { teamId: others, environmentId: dev },
      ],
    });
    expect(answer).toMatchObject({
      version: '10.0',
      versions: ['10.0', '2.0', '1.0'],
      nearestAllowed: ['2.0', '10.0'],
      labels: ['approved'],
      advisories: [],
      channels: [
        {
          channelId: 'id-internal',
          files: [
            {
              facts: { filename: 'tool-10.0-0.conda', license: 'MIT' },
              verdicts: [
                { effect: 'deny', style: 'hide', reasons: [{ rule: 'package.listed' }] },
                { effect: 'allow', reasons: [] },
              ],
            },
          ],
        },
        { channelId: 'gone', files: [] },
      ],
    });
  });

  it('is the same for PyPI, by any spelling of the name', async () => {
    const scopes = [{ teamId: science, environmentId: dev }];
    const channelIds = ['id-python' as ChannelId];
    const answer = await scene.gateway.explain({
      ecosystem: 'pypi',
      channelIds,
      name: 'Acme',
      version: '1.0',
      scopes,
    });
    expect(answer).toMatchObject({
      versions: ['1.0'],
      nearestAllowed: [undefined],
      channels: [{ files: [{ verdicts: [{ effect: 'deny' }] }] }],
    });
  });

  it('is nothing where no channel has it', async () => {
    const channelIds = ['id-internal' as ChannelId];
    const answer = await scene.gateway.explain({
      ecosystem: 'conda',
      channelIds,
      name: 'nothing',
      scopes: [],
    });
    expect(answer).toMatchObject({ version: undefined, versions: [], nearestAllowed: [] });
  });
});

describe('names in indexes that are in memory', () => {
  const channelIds = ['id-internal' as ChannelId, 'id-python' as ChannelId, 'gone' as ChannelId];
  const named = async (text: string, limit = 10) =>
    Object.fromEntries(
      (await scene.gateway.names({ channelIds, wanted: { conda: text, pypi: text }, limit })).map(
        ({ channelId, names }) => [channelId, names],
      ),
    );

  it('are found by any part of them, for conda and PyPI, and nothing is fetched for it', async () => {
    const fresh = new GatewayScene();
    writeFileSync(join(fresh.dir, 'wheels', 'acme-1.0-py3-none-any.whl'), wheel('acme', '1.0'));
    await fresh.open();
    const none = await fresh.gateway.names({ channelIds, wanted: { conda: 'o', pypi: 'm' }, limit: 10 });
    expect(none.every(({ names }) => names.length === 0)).toBe(true);
    await fresh.close();
    expect(await named('oo')).toEqual({ 'id-internal': ['tool'], 'id-python': [], gone: [] });
    expect(await named('cm')).toEqual({ 'id-internal': [], 'id-python': ['acme'], gone: [] });
    expect(await named('oo', 0)).toEqual({ 'id-internal': [], 'id-python': [], gone: [] });
  });

  it('are the best first, and no more than asked for', () => {
    const names = ['zlib-ng', 'lib', 'other-lib', 'libz', 'liba', 'no'];
    const texts = {
      bytes: Buffer.from(names.join('')),
      offsets: Uint32Array.from([0, 7, 10, 19, 23, 27, 29]),
    };
    const found = findNames({ tables: [texts, texts], wanted: 'lib', limit: 4 });
    expect(found).toEqual(['lib', 'liba', 'libz', 'zlib-ng']);
  });
});

it('the nearest version is the one itself, else the next in order, of two the newer', () => {
  const versions = ['4', '3', '2', '1'];
  expect(nearest(versions, '3', new Set(['3', '4']))).toBe('3');
  expect(nearest(versions, '3', new Set(['4', '2']))).toBe('4');
  expect(nearest(versions, '4', new Set(['1']))).toBe('1');
  expect(nearest(versions, '9', new Set(['2', '1']))).toBe('2');
  expect(nearest(versions, '3', new Set())).toBeUndefined();
});
