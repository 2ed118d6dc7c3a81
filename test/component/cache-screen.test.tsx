import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { fakeBridge } from '../support/fake-bridge.ts';
import { layOut } from '../support/lay-out.ts';
import { show } from '../support/render.tsx';

let files = 3;
const host = fakeBridge({
  'cache.status': () => ({
    files,
    bytes: 2_500_000_000,
    documents: 4,
    documentBytes: 61_000_000,
    maxBytes: 20 * 1024 ** 3,
    days: 7,
    hits: 90,
    hitBytes: 9_000_000_000,
    misses: 10,
    missBytes: 1_000_000_000,
    damaged: 1,
  }),
  'cache.list': () => ({
    total: 340,
    bytes: 2_500_000_000,
    files: [
      {
        sha256: 'a'.repeat(64),
        sizeBytes: 900_000_000,
        usedAtMs: 0,
        filename: 'torch-2.9.1.whl',
        ecosystem: 'pypi',
        name: 'torch',
        version: '2.9.1',
        channels: ['pypi'],
      },
    ],
  }),
  'cache.planPurge': ({ type }: { type: string }) =>
    type === 'denied'
      ? { files: 2, bytes: 5_000_000, documents: 0, documentBytes: 0 }
      : { files: 1, bytes: 900_000_000, documents: 4, documentBytes: 61_000_000 },
  'cache.purge': () => {
    files = 1;
    return { files: 2, bytes: 5_000_000, documents: 0, documentBytes: 0 };
  },
  'cache.verifyStatus': () => ({
    state: 'idle',
    files: 0,
    bytes: 0,
    totalFiles: 0,
    damaged: [],
    damagedCount: 0,
  }),
});
const { CacheScreen } = await import('../../src-renderer/features/cache/cache-screen.tsx');
const { noteChanges } = await import('../../src-renderer/state/changes.ts');

beforeEach(() => {
  layOut();
  files = 3;
  window.location.hash = '#/cache';
});

it('says how much is kept, how often it helped, what is damaged, and which are the biggest', async () => {
  const { user } = show(<CacheScreen />);
  expect(await screen.findByText('90 %')).toBeDefined();
  expect(screen.getByText('90 of 100 downloads in 7 days')).toBeDefined();
  expect(screen.getByText('4 index documents, 61.0 MB')).toBeDefined();
  expect(screen.getByText(/1 file did not match its hash/)).toBeDefined();
  expect(await screen.findByRole('link', { name: 'torch 2.9.1' })).toBeDefined();
  expect(screen.getByText('The first 1 of 340 files.')).toBeDefined();
  await user.click(screen.getByRole('checkbox', { name: 'Only what is held back' }));
  await waitFor(() => expect(host.inputsOf('cache.list').at(-1)).toMatchObject({ denied: true }));
});

it('takes away what is held back, once it said how much that is', async () => {
  const { user } = show(<CacheScreen />);
  expect(await screen.findByText('2 files, 5.0 MB')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Remove them…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Empty the cache' }));
  expect(await dialog.findByText('2 files, 5.0 MB, will be removed.')).toBeDefined();
  await user.click(dialog.getByRole('button', { name: 'Remove 2 files' }));
  await waitFor(() => expect(host.inputsOf('cache.purge')).toEqual([{ type: 'denied' }]));
  expect(await screen.findByText(/^1 file, at most/)).toBeDefined();
});

it('says that index documents go with everything', async () => {
  const { user } = show(<CacheScreen />);
  await user.click(await screen.findByRole('button', { name: 'Empty the cache…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Empty the cache' }));
  await user.click(dialog.getByRole('radio', { name: 'Everything' }));
  expect(await dialog.findByText(/So will 4 index documents, 61.0 MB\./)).toBeDefined();
});

it('asks what nobody may have when policies change, and not with each use', async () => {
  show(<CacheScreen />);
  await screen.findByText('90 %');
  const asked = (what: string) => host.inputsOf(what).length;
  await waitFor(() => expect(asked('cache.planPurge')).toBeGreaterThan(0));
  const [plans, looks] = [asked('cache.planPurge'), asked('cache.status')];
  act(() => noteChanges(['usage'], undefined));
  await waitFor(() => expect(asked('cache.status')).toBe(looks + 1));
  expect(asked('cache.planPurge')).toBe(plans);
  act(() => noteChanges(['policies'], 1));
  await waitFor(() => expect(asked('cache.planPurge')).toBe(plans + 1));
});
