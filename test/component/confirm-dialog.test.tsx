import { expect, it, vi } from 'vitest';
import { ConfirmDialog } from '../../src-renderer/ui/confirm-dialog.tsx';
import { focused, show } from '../support/render.tsx';

it('does nothing by Enter but cancel', async () => {
  const onConfirm = vi.fn<() => void>();
  const onClose = vi.fn<() => void>();
  const { user } = show(
    <ConfirmDialog title="Remove team ci?" confirm="Remove" onConfirm={onConfirm} onClose={onClose}>
      It has no tokens.
    </ConfirmDialog>,
  );
  await vi.waitFor(() => expect(focused()).toBe('Cancel'));
  await user.keyboard('{Enter}');
  expect(onClose).toHaveBeenCalledOnce();
  expect(onConfirm).not.toHaveBeenCalled();
});
