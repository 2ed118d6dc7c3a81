/** The package cache as people look at it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewayPackages } from '../../../src-main/services/gateway-process.ts';
import { packageCacheService } from '../../../src-main/services/package-cache.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';

let temp: MemoryApp;
beforeEach(async () => {
  temp = await openUnlockedMemoryApp();
});
afterEach(() => temp.close());

/** Puts a file there as a gateway leaves it. @returns its hash */
function keep(name: string, content: string, channelId = 'main'): string {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const dir = join(temp.dataDir, 'package-cache', 'files', sha256.slice(0, 2));
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, sha256), content);
  const filename = `${name}-1.0.tar.gz`;
  const source = { channelId, path: filename, ecosystem: 'pypi', name, version: '1.0', filename };
  const about = { v: 1, sizeBytes: content.length, storedAtMs: 1, sources: [source] };
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

  it('needs the gateway to know what nobody may have', async () => {
    await expect(temp.client.cache.planPurge({ type: 'denied' })).rejects.toMatchObject({
      code: 'GATEWAY_NOT_RUNNING',
    });
  });

  it('lists what nobody may have, as the running gateway judges', async () => {
    keep('good', 'good');
    const bad = keep('bad', 'bad');
    const cacheDenied = () => Promise.resolve([bad, 'f'.repeat(64)]);
    const { handlers } = packageCacheService(
      { vault: temp.app.session.vault, emit: () => undefined, now: Date.now },
      {
        dir: join(temp.dataDir, 'package-cache'),
        maxBytes: () => 1,
        running: () => ({ cacheDenied }) as unknown as GatewayPackages,
      },
    );
    const query = { text: '', sort: 'size', limit: 10 } as const;
    expect(await handlers.list({ ...query, denied: true })).toMatchObject({
      total: 1,
      bytes: 3,
      files: [{ sha256: bad }],
    });
    expect((await handlers.list({ ...query, denied: false })).total).toBe(2);
    await expect(temp.client.cache.list({ denied: true })).rejects.toMatchObject({
      code: 'GATEWAY_NOT_RUNNING',
    });
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
