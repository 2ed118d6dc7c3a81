import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import type { LogRowView, LogVerifyView } from '../../shared/contract/log-views.ts';
import { fakeBridge } from '../support/fake-bridge.ts';
import { layOut } from '../support/lay-out.ts';
import { show } from '../support/render.tsx';

const id = 'AbCd1234';
const row = (name: string, part: Partial<LogRowView> = {}): LogRowView => ({
  atMs: Date.UTC(2026, 10, 26, 3),
  kind: 'download',
  tokenId: id,
  bytes: 1400,
  status: 200,
  client: 'pip/26.3',
  holder: 'Grace Hopper',
  file: { ecosystem: 'pypi', name, version: '1.0', filename: `${name}-1.0.whl`, sha256: '' },
  ...part,
});
let isFull = false;
let nothing = false;
const counts = { tampered: 0, missing: 0, damaged: 0, 'not-closed': 0, open: 0, retired: 0, whole: 0 };
const idle: LogVerifyView = {
  state: 'idle',
  checked: 0,
  total: 0,
  rows: 0,
  counts,
  macsChecked: 0,
  unknownSigner: 0,
  problems: [],
  problemCount: 0,
};
const segment = 'gatewayAAAAAAAAA.1795658400000.3';
const checked: LogVerifyView = {
  ...idle,
  state: 'done',
  checked: 12,
  total: 12,
  rows: 4200,
  counts: { ...counts, tampered: 1, 'not-closed': 1, open: 1, retired: 4, whole: 9 },
  macsChecked: 12,
  problems: [
    { segment, state: 'tampered', what: ['Line 3 was changed after it was written.'] },
    {
      segment: segment.replace(/3$/, '2'),
      state: 'not-closed',
      what: ['Its gateway ended without signing it.'],
    },
  ],
  problemCount: 2,
};
let check = idle;
const host = fakeBridge({
  'tokens.get': () => ({
    id,
    holder: { id: 'ho-1', name: 'Grace Hopper', kind: 'person' },
    teamName: 'web',
    environmentName: 'dev',
  }),
  'log.rows': ({ cursor, open }: { cursor?: string; open: boolean }) => ({
    rows: nothing
      ? []
      : [
          row(
            cursor === undefined ? 'first' : 'second',
            open ? { address: '10.0.0.7', ciUser: 'grace' } : {},
          ),
        ],
    unopened: 0,
    ...(cursor === undefined ? { next: 'c2' } : {}),
  }),
  'log.indexUse': () => ({
    uses: [
      { fromMs: 0, allowed: 1200, denied: 3, failed: 0 },
      { fromMs: 86_400_000, allowed: 34, denied: 0, failed: 1 },
    ],
  }),
  'log.status': () => ({
    retention: { rowsDays: 400, addressDays: 30, ciUserDays: 30, rollupDays: 1830 },
    rows: 12_000,
    rowsBytes: 3_200_000,
    rollupBytes: 90_000,
    rowsDays: 12,
    rollupDays: 12,
    maxBytes: 53_687_091_200,
    ...(isFull
      ? { roomToMs: Date.UTC(2026, 9, 1), doubtedClock: { clockMs: Date.UTC(2036, 0, 1), daysLeft: 5 } }
      : {}),
    dropped: isFull ? 7 : 0,
    aside: isFull ? ['damaged/gatewayAAAAAAAAA.1.2.jsonl.gz'] : [],
    asideCount: isFull ? 1 : 0,
  }),
  'log.previewRetention': ({ rowsDays }: { rowsDays: number }) => ({
    rowsBytes: rowsDays * 10_000_000,
    personalBytes: 20_000,
    rollupBytes: 500_000_000,
    measuredDays: 12,
    goneBytes: rowsDays < 400 ? 120_000_000 : 0,
  }),
  'log.setRetention': (retention: object) => retention,
  'log.refusals': () => ({
    refusals: nothing
      ? []
      : [
          {
            dayMs: Date.UTC(2026, 10, 26),
            policyName: 'strict',
            cause: 'package.listed',
            count: 2,
            lastMs: 0,
          },
        ],
  }),
  'log.clients': ({ cursor }: { cursor?: string }) => ({
    clients: [
      {
        client: 'pip/26.3',
        ciProject: 'acme/models',
        ciJob: cursor === undefined ? 'nightly' : 'weekly',
        requests: 1200,
        refused: 3,
        firstMs: 0,
        lastMs: Date.UTC(2026, 10, 26, 3),
      },
    ],
    ...(cursor === undefined ? { next: 'c2' } : {}),
  }),
  'log.verifyStatus': () => check,
  'log.verify': () => {
    check = checked;
    return check;
  },
  'log.planPrune': () => ({ segments: 2, persons: 1, bytes: 24_000_000 }),
  'log.prune': () => ({ segments: 2, persons: 1, bytes: 24_000_000 }),
});
const { ActivityScreen } = await import('../../src-renderer/features/activity/activity-screen.tsx');
const { parseRoute, useRoute } = await import('../../src-renderer/state/route.ts');
const { useGateway } = await import('../../src-renderer/state/gateway.ts');
const { useLookedUp } = await import('../../src-renderer/state/looked-up.ts');
const { useSession } = await import('../../src-renderer/state/session.ts');

const actAs = (role: 'admin' | 'auditor') =>
  useSession.setState({ session: { operator: { id: 'op-1', name: 'Ada', role } } as never });
const goTo = (hash: string) => act(async () => useRoute.setState(parseRoute(hash), true));

beforeEach(async () => {
  layOut();
  isFull = false;
  nothing = false;
  check = idle;
  actAs('admin');
  for (const whose of [id, 'everybody']) useLookedUp.getState().choose(whose);
  await goTo(`#/activity/${id}`);
});

it('shows a token’s requests by pages, and sums the index requests', async () => {
  const { user } = show(<ActivityScreen />);
  expect(await screen.findByText('first 1.0')).toBeDefined();
  expect(
    screen.getByText(
      'This token belongs to a person, so looking at its rows is recorded in the vault’s log.',
    ),
  ).toBeDefined();
  expect(screen.getByText('1,234 allowed · 3 denied · 1 failed')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Older' }));
  expect(await screen.findByText('second 1.0')).toBeDefined();
  expect(host.inputsOf('log.rows').at(-1)).toMatchObject({ tokenId: id, cursor: 'c2', open: false });
  await user.click(screen.getByRole('button', { name: 'Newer' }));
  expect(await screen.findByText('first 1.0')).toBeDefined();
});

it('shows the requests of everybody, of an environment, of one outcome, and whose they were', async () => {
  await goTo('#/activity?view=requests&kind=refusal&days=7');
  const { user } = show(<ActivityScreen />);
  expect(await screen.findByText('first 1.0')).toBeDefined();
  expect(host.inputsOf('log.rows').at(-1)).toMatchObject({ kind: 'refusal', open: false });
  expect(host.inputsOf('log.rows').at(-1)).not.toHaveProperty('tokenId');
  expect(screen.getByRole('link', { name: 'Grace Hopper' }).getAttribute('href')).toBe(`#/activity/${id}`);
  await user.selectOptions(screen.getByRole('combobox', { name: 'Outcome' }), 'Downloaded');
  await waitFor(() => expect(host.inputsOf('log.rows').at(-1)).toMatchObject({ kind: 'download' }));
});

it('narrows the requests to a channel, a policy and a package, and says how a package is written', async () => {
  await goTo('#/activity?view=requests&channel=ch-1&policy=gone');
  const { user } = show(<ActivityScreen />);
  expect(await screen.findByText('first 1.0')).toBeDefined();
  expect(host.inputsOf('log.rows').at(-1)).toMatchObject({ channelId: 'ch-1', policyName: 'gone' });
  expect(screen.getByRole('option', { name: 'gone', selected: true })).toBeDefined();
  const asked = host.inputsOf('log.rows').length;
  const field = screen.getByRole('textbox', { name: 'Package' });
  await user.type(field, 'requests{Enter}');
  expect(screen.getByText('Write conda:openssl, pypi:django==4.2, or a file’s SHA-256.')).toBeDefined();
  expect(host.inputsOf('log.rows')).toHaveLength(asked);
  await user.clear(field);
  await user.type(field, 'pypi:Requests==2.32.0{Enter}');
  const file = { ecosystem: 'pypi', name: 'Requests', version: '2.32.0' };
  await waitFor(() => expect(host.inputsOf('log.rows').at(-1)).toMatchObject({ file, policyName: 'gone' }));
  expect(window.location.hash).toContain('package=pypi%3ARequests');
});

it('says that filters leave nothing, not that nothing happened', async () => {
  nothing = true;
  await goTo('#/activity?view=requests&channel=ch-gone&package=requests');
  show(<ActivityScreen />);
  expect(await screen.findByText('No requests match these filters')).toBeDefined();
  // What is wrong with an address shows without a click.
  expect(screen.getByText('Write conda:openssl, pypi:django==4.2, or a file’s SHA-256.')).toBeDefined();
  await goTo('#/activity?view=refusals&policy=strict');
  expect(await screen.findByText('strict refused nothing in this period')).toBeDefined();
  await goTo('#/activity?view=requests');
  expect(await screen.findByText('No requests in this period')).toBeDefined();
});

it('narrows the refusals to a policy', async () => {
  await goTo('#/activity?view=refusals&policy=strict');
  const { user } = show(<ActivityScreen />);
  expect(await screen.findByRole('link', { name: '2026-11-26' })).toBeDefined();
  expect(host.inputsOf('log.refusals').at(-1)).toMatchObject({ policyName: 'strict' });
  await user.selectOptions(screen.getByRole('combobox', { name: 'Policy' }), 'All policies');
  await waitFor(() => expect(host.inputsOf('log.refusals').at(-1)).not.toHaveProperty('policyName'));
});

it('asks for nothing of a person, or of everybody, before it said that this is recorded', async () => {
  useLookedUp.getState().reset();
  const before = host.inputsOf('log.rows').length;
  const { user } = show(<ActivityScreen />);
  expect(
    await screen.findByText(/^If you look at what Grace Hopper installed, that is recorded/),
  ).toBeDefined();
  expect(host.inputsOf('log.rows')).toHaveLength(before);
  await goTo('#/activity?view=requests');
  expect(screen.getByText(/If you look at them, that is recorded in the vault’s log/)).toBeDefined();
  expect(host.inputsOf('log.rows')).toHaveLength(before);
  await goTo(`#/activity/${id}`);
  await user.click(await screen.findByRole('button', { name: 'Show and record' }));
  expect(await screen.findByText('first 1.0')).toBeDefined();
  // Another look at the same asks no more, until the vault is locked.
  await goTo('#/activity');
  await goTo(`#/activity/${id}?view=clients`);
  expect(await screen.findByText('nightly')).toBeDefined();
});

it('opens what is sealed only after it said that this is recorded', async () => {
  const { user } = show(<ActivityScreen />);
  await screen.findByText('first 1.0');
  const before = host.inputsOf('log.rows').length;
  await user.click(screen.getByRole('button', { name: 'Open addresses…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Open addresses and CI users' }));
  expect(dialog.getByText(/is recorded in the vault’s log/)).toBeDefined();
  expect(host.inputsOf('log.rows').slice(before)).toEqual([]);
  await user.click(dialog.getByRole('button', { name: 'Open and record' }));
  expect(await screen.findByText('10.0.0.7')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Hide addresses' }));
  await waitFor(() => expect(screen.queryByText('10.0.0.7')).toBeNull());
});

it('lets nobody but an admin open it', async () => {
  actAs('auditor');
  show(<ActivityScreen />);
  await screen.findByText('first 1.0');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Open addresses…' }).disabled).toBe(true);
});

it('says what is missing of the log, and what a retention takes and removes before it is saved', async () => {
  isFull = true;
  await goTo('#/activity?view=log');
  const { user } = show(<ActivityScreen />);
  expect(await screen.findByText(/^7 rows could not be written/)).toBeDefined();
  act(() =>
    useGateway.setState({
      gateway: { log: { waitingRows: 40, droppedRows: 2, problem: 'The disk is full.' } } as never,
    }),
  );
  expect(
    screen.getByText(
      'The disk is full. 40 rows wait in memory; installs go on. 2 rows were dropped since the gateway started.',
    ),
  ).toBeDefined();
  expect(screen.getByText(/3\.2 MB, of 12 days; at most 50 GiB \(53\.7 GB\)/)).toBeDefined();
  const notAsSet = screen.getByText(/are gone before their time: the log is as large as it may be/);
  expect(notAsSet.textContent).toMatch(/until it has said so on 5 more days\.$/);
  expect(screen.getByText(/^1 damaged segment put aside: request-log\/damaged\/gateway/)).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Change retention…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Log retention' }));
  expect(await dialog.findByText('About 4.5 GB in all')).toBeDefined();
  const rows = dialog.getByRole('textbox', { name: 'Rows' });
  await user.clear(rows);
  await user.type(rows, '100');
  expect(await dialog.findByText('About 1.5 GB in all')).toBeDefined();
  expect(dialog.getByText(/rows older than 100 days\. About 120 MB of what is there goes\./)).toBeDefined();
  expect(dialog.getByText('20.0 kB')).toBeDefined();
  await user.click(dialog.getByRole('button', { name: 'Save' }));
  await waitFor(() =>
    expect(host.inputsOf('log.setRetention')).toEqual([
      { rowsDays: 100, addressDays: 30, ciUserDays: 30, rollupDays: 1830, maxGib: 50 },
    ]),
  );
});

it('shows a token’s clients by pages, from the log', async () => {
  await goTo(`#/activity/${id}?view=clients`);
  const { user } = show(<ActivityScreen />);
  expect(await screen.findByText('nightly')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Older' }));
  expect(await screen.findByText('weekly')).toBeDefined();
  expect(host.inputsOf('log.clients').at(-1)).toMatchObject({ tokenId: id, cursor: 'c2' });
});

it('checks the log, and says of each segment that is not as written what was found', async () => {
  await goTo('#/activity?view=log');
  const { user } = show(<ActivityScreen />);
  const card = within(await screen.findByRole('region', { name: 'Check the log' }));
  await user.click(card.getByRole('button', { name: 'Check now' }));
  expect(await card.findByText('The log is not as it was written: 1 segment changed')).toBeDefined();
  expect(
    card.getByText(/12 segments read, with 4,200 rows\. Signatures, order and every batch were checked\./),
  ).toBeDefined();
  const found = within(card.getByRole('table', { name: 'Segments that need a look' }));
  expect(found.getByText('Line 3 was changed after it was written.')).toBeDefined();
  expect(found.getByText(segment)).toBeDefined();
  expect(found.getByText('Its gateway ended without signing it.')).toBeDefined();
  const said = [...document.querySelectorAll('dt')].map(
    (term) => `${term.textContent} ${term.nextElementSibling?.textContent}`,
  );
  expect(said).toContain(
    'Removed by retention 4 older than the log is kept, or the oldest where it was full',
  );
});

it('leads from the refusals of a day to its refused requests', async () => {
  await goTo('#/activity?view=refusals');
  show(<ActivityScreen />);
  const day = await screen.findByRole('link', { name: '2026-11-26' });
  expect(day.getAttribute('href')).toBe(
    '#/activity?view=requests&kind=refusal&policy=strict&from=2026-11-26&to=2026-11-26',
  );
});

it('cleans up only after it said what goes', async () => {
  await goTo('#/activity?view=log');
  const { user } = show(<ActivityScreen />);
  await user.click(await screen.findByRole('button', { name: 'Clean up now…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Clean up the log' }));
  expect(
    await dialog.findByText(
      '2 segments of the log (24.0 MB) and addresses and CI users of 1 further segment will be removed.',
    ),
  ).toBeDefined();
  expect(host.inputsOf('log.prune')).toEqual([]);
  await user.click(dialog.getByRole('button', { name: 'Clean up' }));
  await waitFor(() => expect(host.inputsOf('log.prune')).toHaveLength(1));
});
