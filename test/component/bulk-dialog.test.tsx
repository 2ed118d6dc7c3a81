import { screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { BulkOutcome, BulkPlan } from '../../shared/contract/bulk-views.ts';
import { tokenId } from '../../shared/model/ids.ts';
import { fakeBridge } from '../support/fake-bridge.ts';
import { show } from '../support/render.tsx';

const ids = ['AbCd1234', 'EfGh5678', 'IjKl9012'].map((id) => tokenId.parse(id));
const noPlan = { selected: 3, changes: 0, skipped: [], sample: [], most: 500, plan: '0'.repeat(64) };
const host = fakeBridge({
  'tokens.planBulk': () => noPlan,
  'tokens.applyBulk': () => ({ changed: 2, issued: [] }),
});
const { BulkDialog } = await import('../../src-renderer/features/tokens/bulk-dialog.tsx');

const plans = (plan: (input: { act: { note?: string } }) => Partial<BulkPlan>) => {
  host.answers['tokens.planBulk'] = (input: never) => ({ ...noPlan, ...plan(input) });
};
const open = (type: 'revoke' | 'rotate' | 'narrow' | 'note') => {
  const onDone = vi.fn<(outcome: BulkOutcome) => void>();
  const view = show(
    <BulkDialog type={type} selection={{ by: 'ids', ids }} onDone={onDone} onClose={() => undefined} />,
  );
  return { ...view, onDone, dialog: within(screen.getByRole('dialog')) };
};

it('counts only what changes, says why the rest stays, and does what the preview counted', async () => {
  plans(() => ({ changes: 2, skipped: [{ why: 'revoked', count: 1 }], plan: 'a'.repeat(64) }));
  const { user, dialog, onDone } = open('revoke');
  expect(await dialog.findByText('Changes 2 of 3 tokens.')).toBeDefined();
  expect(dialog.getByText('1 is revoked')).toBeDefined();
  // Without a reason it says so instead.
  await user.click(dialog.getByRole('button', { name: 'Revoke 2 tokens' }));
  expect((await dialog.findAllByText('Enter a reason.')).length).toBeGreaterThan(0);
  expect(host.inputsOf('tokens.applyBulk')).toEqual([]);
  await user.type(dialog.getByRole('textbox', { name: 'Reason' }), 'left the team');
  await user.click(dialog.getByRole('button', { name: 'Revoke 2 tokens' }));
  await waitFor(() => expect(onDone).toHaveBeenCalledWith({ changed: 2, issued: [] }));
  expect(host.inputsOf('tokens.applyBulk')).toEqual([
    {
      selection: { by: 'ids', ids },
      act: { type: 'revoke', reason: 'left the team' },
      plan: 'a'.repeat(64),
    },
  ]);
});

it('is counted anew for what is typed, and an answer to something older counts for nothing', async () => {
  plans(({ act }) => ({ changes: act.note === 'new' ? 3 : 1 }));
  const { user, dialog } = open('note');
  expect(await dialog.findByText('Changes 1 of 3 tokens.')).toBeDefined();
  await user.type(dialog.getByRole('textbox', { name: 'Note' }), 'new');
  expect(dialog.queryByText('Changes 1 of 3 tokens.')).toBeNull();
  expect(await dialog.findByText('Changes 3 of 3 tokens.')).toBeDefined();
});

it('cannot be sent where nothing would change, or too much at once', async () => {
  plans(() => ({ changes: 0, skipped: [{ why: 'same', count: 3 }] }));
  const first = open('note');
  expect(await first.dialog.findByText('Nothing would change.')).toBeDefined();
  first.unmount();
  plans(() => ({ selected: 900, changes: 900 }));
  const { dialog } = open('rotate');
  expect(await dialog.findByText('At most 500 at once. Narrow the selection.')).toBeDefined();
});

it('asks nothing of the host while it does not know what to take away', async () => {
  const before = host.inputsOf('tokens.planBulk').length;
  const { dialog } = open('narrow');
  expect(await dialog.findByText('Choose what to take away first.')).toBeDefined();
  expect(host.inputsOf('tokens.planBulk').length).toBe(before);
});

it('counts an overlap in days, and refuses more than the contract takes', async () => {
  plans(() => ({ changes: 3 }));
  const { user, dialog } = open('rotate');
  await dialog.findByText('Changes 3 of 3 tokens.');
  expect(host.inputsOf('tokens.planBulk').at(-1)).toMatchObject({
    act: { type: 'rotate', overlapHours: 168, ttlDays: 90 },
  });
  const overlap = dialog.getByRole('textbox', { name: 'Overlap' });
  await user.clear(overlap);
  await user.type(overlap, '91');
  expect(await dialog.findByText('Enter whole numbers of days.')).toBeDefined();
});
