/** The package cache as people look at it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packageCacheService } from '../../../src-main/services/package-cache.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';

let temp: MemoryApp;
beforeEach(async () => {
  temp = await openUnlockedMemoryApp();
});
afterEach(() => temp.close());

/** Puts a file there as a gateway leaves it. @returns its hash */
function keep(name: string, content: string, ...channelIds: string[]): string {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const dir = join(temp.dataDir, 'package-cache', 'files', sha256.slice(0, 2));
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, sha256), content);
  const filename = `${name}-1.0.tar.gz`;
  const source = { path: filename, ecosystem: 'pypi', name, version: '1.0', filename };
  const sources = (channelIds.length === 0 ? ['main'] : channelIds).map((channelId) => ({
    channelId,
    ...source,
  }));
  const about = { v: 1, sizeBytes: content.length, storedAtMs: 1, sources };
  writeFileSync(join(dir, `${sha256}.json`), JSON.stringify(about));
  return sha256;
}
const pathOf = (sha256: string) => join(temp.dataDir, 'package-cache', 'files', sha256.slice(0, 2), sha256);

describe('the package cache', () => {
  it('is listed, the biggest first, and by part of a name', async () => {
    const { cache } = temp.client;
    expect(await cache.list({})).toEqual({ total: 0, bytes: 0, files: [] });
    keep('small', 'x');
    const big = keep('big', 'x'.repeat(100));
    const page = await cache.list({ limit: 1 });
    expect(page).toMatchObject({
      total: 2,
      bytes: 101,
      files: [{ sha256: big, filename: 'big-1.0.tar.gz' }],
    });
    expect((await cache.list({ text: 'SMALL' })).total).toBe(1);
    expect(await cache.status()).toMatchObject({ files: 2, bytes: 101, maxBytes: 20 * 1024 ** 3 });
  });

  it('says what a rule would take away, and takes that and nothing else', async () => {
    const { cache } = temp.client;
    const one = keep('one', 'one');
    const two = keep('two', 'two two', 'extra');
    const rule = { type: 'channel', channelId: 'extra' as never } as const;
    const gone = { files: 1, bytes: 7, documents: 0, documentBytes: 0 };
    expect(await cache.planPurge(rule)).toEqual(gone);
    expect(existsSync(pathOf(two))).toBe(true);
    expect(await cache.purge(rule)).toEqual(gone);
    expect([existsSync(pathOf(one)), existsSync(pathOf(two))]).toEqual([true, false]);
    expect(await cache.purge({ type: 'package', name: 'one', version: '2.0' })).toMatchObject({ files: 0 });
    expect(await cache.purge({ type: 'all' })).toEqual({
      files: 1,
      bytes: 3,
      documents: 0,
      documentBytes: 0,
    });
  });

  it('knows what nobody may have, also while no gateway runs', async () => {
    const { cache, channels, environments, gateway, policies, teams } = temp.client;
    await teams.create({ name: 'science' });
    const [dev] = await environments.list();
    const upstream = { type: 'folder', label: 'packages', path: temp.dataDir } as const;
    const make = (name: string) =>
      channels.create({ name, kind: 'pypi', upstream, environmentIds: [dev!.id] });
    const [ours, theirs] = [await make('ours'), await make('theirs')];
    keep('good', 'good', ours.id);
    keep('both', 'both', theirs.id, ours.id);
    const bad = keep('bad', 'bad', ours.id);
    const elsewhere = keep('elsewhere', 'elsewhere', theirs.id);
    keep('gone', 'gone', 'of a channel that is gone');
    const held = async () =>
      (await cache.list({ denied: true, sort: 'size' })).files.map(({ sha256 }) => sha256);
    expect(await held()).toEqual([]);
    await policies.save({
      name: 'house',
      mode: 'enforce',
      style: 'hide',
      teams: 'all',
      environments: 'all',
      rules: [
        { type: 'channels', channelIds: [ours.id] },
        { type: 'packages', list: 'deny', specs: [{ ecosystem: 'pypi', spec: 'bad' }] },
      ],
    });
    expect(await held()).toEqual([elsewhere, bad]);
    await gateway.start();
    expect(await held()).toEqual([elsewhere, bad]);
    await gateway.stop();
    expect(await cache.planPurge({ type: 'denied' })).toMatchObject({ files: 2, bytes: 12 });
    expect(await cache.purge({ type: 'denied' })).toMatchObject({ files: 2, bytes: 12 });
    expect(await cache.status()).toMatchObject({ files: 3 });
  });

  it('asks a gateway once for all who wait, and one at a time', async () => {
    const asked: (() => void)[] = [];
    const ask = () => new Promise<never>((resolve) => asked.push(() => resolve([] as never)));
    const { handlers } = packageCacheService(
      { vault: () => undefined as never, emit: () => undefined, now: Date.now },
      {
        dir: join(temp.dataDir, 'package-cache'),
        maxBytes: () => 0,
        ask,
      },
    );
    const plan = () => handlers.planPurge({ type: 'denied' });
    const first = plan();
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    const others = Array.from({ length: 10 }, plan);
    asked[0]?.();
    await first;
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    asked[1]?.();
    await Promise.all(others);
    expect(asked).toHaveLength(2);
  });

  it('is read anew, and what is damaged is put aside', async () => {
    const { cache } = temp.client;
    const good = keep('good', 'good');
    const bad = keep('bad', 'bad');
    writeFileSync(pathOf(bad), 'evil');
    expect(await cache.verify()).toMatchObject({ state: 'running' });
    await vi.waitFor(async () => expect((await cache.verifyStatus()).state).toBe('done'));
    expect(await cache.verifyStatus()).toMatchObject({ files: 2, damaged: [bad], damagedCount: 1 });
    expect([existsSync(pathOf(good)), existsSync(pathOf(bad))]).toEqual([true, false]);
  });
});
