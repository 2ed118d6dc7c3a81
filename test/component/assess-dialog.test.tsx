import { screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { AdvisoryRow } from '../../shared/contract/curation-views.ts';
import { fakeBridge } from '../support/fake-bridge.ts';
import { show } from '../support/render.tsx';

const host = fakeBridge({ 'curation.assess': () => ({}) });
const { AssessDialog } = await import('../../src-renderer/features/advisories/assess-dialog.tsx');
const { rowId } = await import('../../src-renderer/features/advisories/row-id.ts');

const row = (id: string): AdvisoryRow => ({
  id,
  ids: [id],
  isMalware: false,
  isExploited: false,
  ecosystem: 'pypi',
  name: 'requests',
  affected: '< 2',
  summary: '',
});

it('says the same about several, with a justification only where one fits', async () => {
  const [onDone, onClose] = [vi.fn<() => void>(), vi.fn<() => void>()];
  const { user } = show(
    <AssessDialog rows={[row('CVE-1'), row('CVE-2')]} onDone={onDone} onClose={onClose} />,
  );
  const form = within(screen.getByRole('dialog', { name: 'Assess 2 advisories' }));
  expect(form.queryByRole('combobox', { name: 'Justification' })).toBeNull();
  expect(form.queryByRole('textbox', { name: 'Only version' })).toBeNull();
  await user.click(form.getByRole('radio', { name: 'Cleared' }));
  await user.selectOptions(
    form.getByRole('combobox', { name: 'Justification' }),
    'The vulnerable code is never run',
  );
  await user.type(form.getByRole('textbox', { name: 'Reason' }), 'not reached');
  await user.click(form.getByRole('button', { name: 'Save 2 assessments' }));
  await waitFor(() => expect(onDone).toHaveBeenCalled());
  expect(host.inputsOf('curation.assess')).toEqual([
    {
      assessments: ['CVE-1', 'CVE-2'].map((advisoryId) => ({
        advisoryId,
        ecosystem: 'pypi',
        name: 'requests',
        status: 'cleared',
        justification: 'vulnerable_code_not_in_execute_path',
        reason: 'not reached',
        evidence: '',
      })),
    },
  ]);
});

it('has addresses of letters that may stand in one, and one per package', () => {
  const ids = [row('CVE-1'), row('CVE-2'), { ...row('CVE-1'), name: 'idna' }].map(rowId);
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[0-9A-Za-z_-]{1,64}$/);
});
