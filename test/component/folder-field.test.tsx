import { useState } from 'react';
import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { Browse } from '../../src-renderer/ui/form/folder-field.tsx';
import { BrowseContext, FolderField } from '../../src-renderer/ui/form/folder-field.tsx';
import { show } from '../support/render.tsx';

function Folder(props: { readonly browse: Browse | undefined }) {
  const [path, setPath] = useState('/srv/old');
  return (
    <BrowseContext value={props.browse}>
      <FolderField label="Folder" value={path} onChange={setPath} />
    </BrowseContext>
  );
}
const field = () => screen.getByLabelText<HTMLInputElement>('Folder');

it('takes the folder that the system’s dialog gave, and keeps the old one when it was cancelled', async () => {
  const browse = vi.fn<Browse>().mockResolvedValueOnce(undefined).mockResolvedValueOnce('/srv/packages');
  const { user } = show(<Folder browse={browse} />);
  await user.click(screen.getByRole('button', { name: 'Browse… Folder' }));
  expect(field().value).toBe('/srv/old');
  await user.click(screen.getByRole('button', { name: 'Browse… Folder' }));
  await expect.poll(() => field().value).toBe('/srv/packages');
  expect(browse.mock.calls).toEqual([['folder'], ['folder']]);
});

it('is typed where the host has no such dialog', () => {
  show(<Folder browse={undefined} />);
  expect(screen.queryByRole('button')).toBeNull();
});
