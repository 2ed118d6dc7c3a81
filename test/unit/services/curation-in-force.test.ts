/** What an admin says about packages counts at the gateway, and feeds are read where a gateway runs, without being asked. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { osvRecord } from '../../support/feed-folder.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';

let app: MemoryApp;
let secret: string;
const filename = 'acme-1.0-0.conda';

beforeAll(async () => {
  app = await openUnlockedMemoryApp();
  const { client } = app;
  const packages = join(app.dataDir, 'packages/noarch');
  mkdirSync(packages, { recursive: true });
  const record = {
    name: 'acme',
    version: '1.0',
    build: '0',
    build_number: 0,
    depends: [],
    subdir: 'noarch',
    license: 'Acme  License',
  };
  writeFileSync(
    join(packages, 'repodata.json'),
    JSON.stringify({ info: { subdir: 'noarch' }, packages: {}, 'packages.conda': { [filename]: record } }),
  );
  writeFileSync(join(packages, filename), 'bytes');
  const feed = join(app.dataDir, 'osv');
  mkdirSync(feed);
  const affected = [{ package: { ecosystem: 'PyPI', name: 'evil' }, versions: ['1.0'] }];
  writeFileSync(join(feed, 'MAL-2026-1.json'), JSON.stringify(osvRecord('MAL-2026-1', { affected })));

  const [dev] = await client.environments.list();
  const team = await client.teams.create({ name: 'science' });
  const channel = await client.channels.create({
    name: 'main',
    kind: 'conda',
    upstream: { type: 'folder', label: 'packages', path: join(app.dataDir, 'packages') },
    environmentIds: [dev!.id],
  });
  await client.policies.save({
    name: 'house',
    mode: 'enforce',
    style: 'hide',
    teams: 'all',
    environments: 'all',
    rules: [
      { type: 'licenses', list: 'allow', ids: ['MIT'], unknown: 'deny' },
      { type: 'malware', noFacts: 'allow' },
    ],
  });
  await client.folders.map({ label: 'osv', path: feed });
  await client.curation.saveFeed({
    name: 'osv',
    kind: 'osv',
    source: { type: 'folder', label: 'osv' },
    everyHours: 24,
    staleAfterHours: 48,
  });
  ({ secret } = await client.tokens.issue({
    holder: { kind: 'service', name: 'ci' },
    teamId: team.id,
    environmentId: dev!.id,
    channelIds: [channel.id],
    ttlDays: 30,
  }));
  await client.gateway.start();
});
afterAll(() => app.close());

const ask = async (path: string) => {
  const { baseUrl } = await app.client.gateway.status();
  const headers = { authorization: `Bearer ${secret}` };
  return await fetch(`${baseUrl}/conda/main/noarch/${path}`, { headers });
};
const served = async (): Promise<string[]> => {
  const index = (await (await ask('repodata.json')).json()) as { 'packages.conda': object };
  return Object.keys(index['packages.conda']);
};
const becomes = (files: readonly string[]) => vi.waitFor(async () => expect(await served()).toEqual(files));

describe('at the gateway', () => {
  it('a feed is read because a gateway runs, and counts', async () => {
    await vi.waitFor(async () =>
      expect((await app.client.curation.facts()).feeds).toMatchObject([{ records: 1, isUpdating: false }]),
    );
  });

  it('a license is what the organization says that its name means', async () => {
    expect(await served()).toEqual([]);
    await app.client.curation.aliasLicenses({ aliases: [{ text: 'acme license', expression: 'MIT' }] });
    await becomes([filename]);
    await app.client.curation.aliasLicenses({ aliases: [{ text: 'Acme License', expression: null }] });
    await becomes([]);
    await app.client.curation.aliasLicenses({ aliases: [{ text: 'ACME LICENSE', expression: 'MIT' }] });
    await becomes([filename]);
  });

  it('PyPI’s advisories are about the conda package whose name is mapped', async () => {
    await app.client.curation.mapNames({ names: [{ conda: 'acme', pypi: 'evil' }] });
    await becomes([]);
    const refused = await ask(filename);
    expect([refused.status, refused.statusText]).toEqual([403, expect.stringContaining('MAL-2026-1')]);
    await app.client.curation.mapNames({ names: [{ conda: 'acme', pypi: null }] });
    await becomes([filename]);
    expect((await ask(filename)).status).toBe(200);
  });

  it('what was asked for is in use', async () => {
    await app.client.curation.mapNames({ names: [{ conda: 'acme', pypi: 'evil' }] });
    await vi.waitFor(async () =>
      expect((await app.client.curation.advisories({ inUse: true })).rows).toMatchObject([
        { id: 'MAL-2026-1', inUse: { packages: [{ ecosystem: 'conda', name: 'acme', versions: ['1.0'] }] } },
      ]),
    );
  });

  it('a package is explained while no gateway runs too', async () => {
    const explained = async () => {
      const { channels } = await app.client.packages.explain({ ecosystem: 'conda', name: 'acme' });
      return channels.flatMap(({ files }) =>
        files.map(({ filename: file, verdicts }) => [
          file,
          verdicts[0]?.verdict.effect,
          verdicts[0]?.verdict.reasons[0]?.says,
        ]),
      );
    };
    const running = await explained();
    expect(running).toEqual([[filename, 'deny', expect.stringContaining('MAL-2026-1')]]);
    await app.client.gateway.stop();
    expect(await explained()).toEqual(running);
    const [dev] = await app.client.environments.list();
    const [team] = await app.client.teams.list();
    const [channel] = await app.client.channels.list();
    const where = { channelId: channel!.id, teamId: team!.id, environmentId: dev!.id };
    expect(await app.client.packages.hidden(where)).toMatchObject({
      total: 1,
      versions: [{ name: 'acme', version: '1.0' }],
    });
    expect((await app.client.gateway.status()).running).toBe(false);
    await expect(app.client.packages.decision({ id: '0123456789' })).rejects.toMatchObject({
      code: 'GATEWAY_NOT_RUNNING',
    });
  });
});
