import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { LatchkeyError } from '../../shared/errors.ts';
import { PathDialog } from '../../src-renderer/features/lists/path-dialog.tsx';
import { show } from '../support/render.tsx';

const words = {
  path: 'Path',
  hint: 'In your home folder.',
  save: 'Save',
  replace: 'Replace',
  exists: 'It exists',
  existsText: 'Replace it?',
};

it.each([
  new LatchkeyError('INVALID_INPUT', ['savePathNotAbsolute'], { details: { folder: 'list.csv' } }),
  new LatchkeyError('FILE_NOT_WRITABLE', ['saveFolderMissing', '/gone'], { details: { path: '/gone' } }),
])('says at the field what is wrong with a path', async (error) => {
  const onClose = vi.fn<() => void>();
  const save = () => Promise.reject(error);
  const { user } = show(
    <PathDialog title="Save" fileName="list.csv" words={words} save={save} onClose={onClose} />,
  );
  await user.click(await screen.findByRole('button', { name: 'Save' }));
  const field = screen.getByRole('textbox', { name: 'Path' });
  await vi.waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
  expect(screen.getByRole('dialog').textContent).toContain(error.message);
  expect(onClose).not.toHaveBeenCalled();
});
