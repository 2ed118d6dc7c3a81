import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packagesService } from '../../../src-main/services/packages.ts';
import { osvRecord } from '../../support/feed-folder.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';

let app: MemoryApp;
let dir: string;
beforeEach(async () => {
  app = await openUnlockedMemoryApp();
  dir = mkdtempSync(join(tmpdir(), 'latchkey-search-'));
});
afterEach(async () => {
  await app.close();
  rmSync(dir, { recursive: true, force: true });
});

const namesOf = async (text: string) =>
  (await app.client.packages.search({ text })).map(({ ecosystem, name }) => `${ecosystem}:${name}`);

describe('the search of packages, while no gateway runs', () => {
  it('finds by any part of a name what conda-forge and PyPI call theirs, the nearest first', async () => {
    const found = await namesOf('PyTorch');
    expect(found[0]).toBe('conda:pytorch');
    expect(found).toContain('pypi:pytorch-lightning');
    expect(found.length).toBeLessThanOrEqual(50);
    // However it is spelled (PEP 503).
    expect(await namesOf('Pytorch_Lightning')).toContain('pypi:pytorch-lightning');
    expect(await namesOf('a')).toHaveLength(50);
    expect(await namesOf('no-such-package-anywhere')).toEqual([]);
  });

  it('finds what advisories, requests and people name', async () => {
    const record = osvRecord('MAL-2026-1', {
      affected: [{ package: { ecosystem: 'PyPI', name: 'Evil_Twin' }, versions: ['1.0'] }],
    });
    writeFileSync(join(dir, 'feed.json'), JSON.stringify([record]));
    await app.client.folders.map({ label: 'osv', path: dir });
    const source = { type: 'folder', label: 'osv' } as const;
    await app.client.curation.saveFeed({
      name: 'osv',
      kind: 'osv',
      source,
      everyHours: 24,
      staleAfterHours: 48,
    });
    await app.client.curation.updateFeed({ name: 'osv' });
    await vi.waitFor(async () =>
      expect((await app.client.curation.facts()).feeds).toMatchObject([{ isUpdating: false, records: 1 }]),
    );
    expect(await namesOf('vil-tw')).toEqual(['pypi:evil-twin']);
    await app.client.curation.label({ ecosystem: 'conda', name: 'acme-labelled', labels: ['approved'] });
    await app.client.curation.mapNames({ names: [{ conda: 'acme-mapped', pypi: 'acme-on-pypi' }] });
    mkdirSync(join(app.dataDir, 'in-use'));
    const used = { ecosystem: 'pypi', name: 'acme-used', lastAtMs: app.clock.nowMs, versions: [] };
    writeFileSync(join(app.dataDir, 'in-use/other.json'), JSON.stringify([used]));
    app.clock.nowMs += 3000;
    expect((await namesOf('acme-')).toSorted()).toEqual([
      'conda:acme-labelled',
      'conda:acme-mapped',
      'conda:acme-tiny',
      'pypi:acme-on-pypi',
      'pypi:acme-tiny',
      'pypi:acme-used',
    ]);
  });
});

it('finds parts of names that only a channel’s own index has, where the gateway has it in memory', async () => {
  const channels = new Map([
    ['c1', { id: 'c1', name: 'internal', kind: 'pypi' }],
    ['c2', { id: 'c2', name: 'mirror', kind: 'pypi' }],
  ]);
  const none = new Map();
  const state = { channels, nameMap: none, labels: none, assessments: none };
  const asked: unknown[] = [];
  const running = {
    explain: async () => {
      asked.push('explain');
      return { channels: [], versions: [] };
    },
    names: async (question: object) => {
      asked.push(question);
      return [
        { channelId: 'c1', names: ['acme-zzz-only-here', '../no name'] },
        { channelId: 'c2', names: ['acme-zzz-only-here'] },
        { channelId: 'gone', names: ['acme-zzz-gone'] },
      ];
    },
  };
  const handlers = packagesService(
    { vault: () => ({ state: () => state }) } as never,
    {
      running: () => running,
      ask: async () => undefined,
      advisories: async () => [],
      inUse: () => [],
    } as never,
  );
  expect(await handlers.search({ text: 'Zzz_only' })).toEqual([
    { ecosystem: 'pypi', name: 'acme-zzz-only-here', channels: ['internal', 'mirror'] },
  ]);
  // The exact look first: it brings indexes in.
  expect(asked).toEqual([
    'explain',
    { channelIds: ['c1', 'c2'], wanted: { conda: 'zzz_only', pypi: 'zzz-only' }, limit: 50 },
  ]);
});
