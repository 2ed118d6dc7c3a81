import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import type { AdvisoryRow } from '../../shared/contract/curation-views.ts';
import { texts } from '../../shared/texts/texts.ts';
import { fakeBridge } from '../support/fake-bridge.ts';
import { show } from '../support/render.tsx';

const row = (id: string, part: Partial<AdvisoryRow> = {}): AdvisoryRow => ({
  id,
  ids: [id],
  isMalware: false,
  isExploited: false,
  ecosystem: 'pypi',
  name: 'requests',
  affected: '<2',
  summary: `About ${id}`,
  ...part,
});
const assessed = row('CVE-2', { status: 'cleared' });
fakeBridge({
  'curation.advisories': ({ open, inUse }: { open: boolean; inUse: boolean }) => {
    if (inUse) return { rows: [], total: 0, knowsUse: false };
    const rows = open ? [row('CVE-1')] : [row('CVE-1'), assessed];
    return { rows, total: rows.length, knowsUse: true };
  },
  'curation.exportVex': () => ({ fileName: 'openvex.json', text: '', count: 0 }),
});
const { AdvisoriesScreen } = await import('../../src-renderer/features/advisories/advisories-screen.tsx');
const { rowId } = await import('../../src-renderer/features/advisories/row-id.ts');

beforeEach(() => {
  window.location.hash = '#/advisories';
});

it('shows an advisory that has left the queue because it was assessed', async () => {
  window.location.hash = `#/advisories/${rowId(assessed)}`;
  show(<AdvisoriesScreen />);
  const drawer = within(await screen.findByRole('dialog', { name: 'CVE-2' }));
  expect(drawer.getByText('About CVE-2')).toBeDefined();
  expect(drawer.getByText('Cleared')).toBeDefined();
});

it('says that there is nothing to export yet, which is no error', async () => {
  const { user } = show(<AdvisoriesScreen />);
  await user.click(await screen.findByRole('button', { name: 'Export OpenVEX…' }));
  const form = within(await screen.findByRole('dialog', { name: 'Export assessments' }));
  expect(
    await form.findByText('Nothing has been assessed yet, so there is nothing to export.'),
  ).toBeDefined();
  expect(form.queryByRole('alert')).toBeNull();
});

it('says why nothing is in use, and sends nobody back to a search that was not made', async () => {
  const { user } = show(<AdvisoriesScreen />);
  await user.click(await screen.findByRole('radio', { name: texts.curation.advisories.onlyInUse }));
  expect(await screen.findByText(texts.curation.advisories.noUse)).toBeDefined();
  expect(screen.queryByText('No matching advisories')).toBeNull();
  await user.click(screen.getByRole('button', { name: texts.curation.advisories.showOpen }));
  await waitFor(() => expect(screen.queryByText(texts.curation.advisories.noUse)).toBeNull());
});
