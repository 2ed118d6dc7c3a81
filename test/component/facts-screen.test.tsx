import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import type { FeedView } from '../../shared/contract/curation-views.ts';
import { fakeBridge } from '../support/fake-bridge.ts';
import { show } from '../support/render.tsx';

const feed = (name: string, part: Partial<FeedView> = {}): FeedView => ({
  name,
  kind: 'osv',
  source: { type: 'url', url: `https://example.com/${name}.zip` },
  everyHours: 24,
  staleAfterHours: 72,
  fetchedAtMs: Date.UTC(2026, 0, 1),
  records: 1200,
  gone: 0,
  isStale: false,
  isUpdating: false,
  ...part,
});
const host = fakeBridge({
  'curation.facts': () => ({
    feeds: [
      feed('good'),
      feed('old', { isStale: true }),
      feed('shrinking', { shrunk: { from: 4000, to: 40 } }),
      feed('broken', { problem: 'The server answered 503.' }),
    ],
    version: 'v',
    counts: [{ ecosystem: 'pypi', advisories: 2661, withoutScore: 2459, malware: 12 }],
  }),
  'curation.updateFeed': ({ name }: { name: string }) => feed(name),
  'curation.saveFeed': (saved: FeedView) => saved,
});
const { FactsScreen } = await import('../../src-renderer/features/facts/facts-screen.tsx');
const { alarmsBeside } = await import('../../src-renderer/features/shell/alarms-beside.ts');
const { feedState } = await import('../../src-renderer/features/facts/feed-columns.tsx');

beforeEach(() => {
  window.location.hash = '#/facts';
});

it('says what needs somebody first', () => {
  expect(feedState(feed('a'))).toBe('good');
  expect(feedState(feed('a', { isStale: true }))).toBe('stale');
  expect(feedState(feed('a', { isStale: true, problem: 'x' }))).toBe('problem');
  expect(feedState(feed('a', { problem: 'x', shrunk: { from: 2, to: 1 } }))).toBe('shrunk');
  expect(feedState(feed('a', { problem: 'x', isUpdating: true }))).toBe('updating');
});

it('shows troubles and counts, and accepts a feed that has shrunk', async () => {
  const { user } = show(<FactsScreen />);
  expect(
    await screen.findByText(
      'Feed shrinking shrank from 4,000 to 40 records. The last good facts stay in use until you accept it.',
    ),
  ).toBeDefined();
  expect(screen.getByText('The server answered 503.')).toBeDefined();
  expect(screen.getByText('2,459 of 2,661 have no score')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Accept the shrunk feed shrinking' }));
  await waitFor(() =>
    expect(host.inputsOf('curation.updateFeed')).toEqual([{ name: 'shrinking', acceptShrunk: true }]),
  );
});

it('says what the shell leaves to it: each feed once, with the way out', async () => {
  const { user } = show(<FactsScreen />);
  const old = await screen.findByText(
    'The facts of feed old are older than 72 hours. Update it, or find out why it can’t be read.',
  );
  await user.click(within(old.parentElement!).getByRole('button', { name: 'Update old now' }));
  await waitFor(() =>
    expect(host.inputsOf('curation.updateFeed').at(-1)).toEqual({ name: 'old', acceptShrunk: false }),
  );
  const alarms = (['facts-stale', 'facts-shrunk', 'facts-problem', 'changes-waiting'] as const).map(
    (code) => ({
      code,
      message: code,
      stopsWrites: false,
    }),
  );
  expect(alarmsBeside('facts', alarms).map(({ code }) => code)).toEqual(['changes-waiting']);
  expect(alarmsBeside('policies', alarms)).toEqual(alarms);
});

it('shows as an example where that kind of feed usually comes from', async () => {
  const { user } = show(<FactsScreen />);
  await screen.findByText('The server answered 503.');
  await user.click(screen.getByRole('button', { name: /^Add feed/ }));
  const form = within(await screen.findByRole('dialog', { name: 'Add feed' }));
  const examples: string[] = [];
  for (const kind of ['osv', 'kev', 'epss', 'vex']) {
    await user.selectOptions(form.getByRole('combobox', { name: 'Kind' }), kind);
    examples.push(form.getByRole('textbox', { name: 'URL' }).getAttribute('placeholder') ?? '');
  }
  expect(examples[0]).toMatch(/PyPI\/all\.zip$/);
  expect(examples[1]).toMatch(/known_exploited_vulnerabilities\.json$/);
  expect(examples[2]).toMatch(/epss_scores-current\.csv\.gz$/);
  expect(examples[3]).toMatch(/openvex\.json$/);
});

it('adds a feed once it has a name and an address that is one', async () => {
  const { user } = show(<FactsScreen />);
  await screen.findByText('The server answered 503.');
  await user.click(screen.getByRole('button', { name: /^Add feed/ }));
  const form = within(await screen.findByRole('dialog', { name: 'Add feed' }));
  await user.type(form.getByRole('textbox', { name: 'Name' }), 'osv-pypi');
  await user.type(form.getByRole('textbox', { name: 'URL' }), 'nowhere');
  expect(form.getAllByText('Enter a URL that starts with https:// or http://.').length).toBeGreaterThan(0);
  await user.clear(form.getByRole('textbox', { name: 'URL' }));
  await user.type(form.getByRole('textbox', { name: 'URL' }), 'https://example.com/all.zip');
  await user.click(form.getByRole('button', { name: 'Add feed' }));
  await waitFor(() =>
    expect(host.inputsOf('curation.saveFeed')).toEqual([
      {
        name: 'osv-pypi',
        kind: 'osv',
        source: { type: 'url', url: 'https://example.com/all.zip' },
        everyHours: 24,
        staleAfterHours: 72,
      },
    ]),
  );
});
