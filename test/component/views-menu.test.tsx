import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { ViewMenu } from '../../src-renderer/ui/table/view-menu.tsx';
import { ViewsMenu } from '../../src-renderer/ui/table/views-menu.tsx';
import { show } from '../support/render.tsx';

const none = () => undefined;

const menus = {
  Columns: <ViewMenu columns={[]} layout={undefined} sort={undefined} onLayout={none} onSort={none} />,
  Views: <ViewsMenu views={[]} query="" onOpen={none} onViews={none} />,
} as const;

it.each(['Columns', 'Views'] as const)('%s closes by Escape although it lost the focus', async (name) => {
  // jsdom shows nothing of it, which Mantine's focus trap complains of at length.
  vi.spyOn(console, 'warn').mockReturnValue(undefined);
  const { user } = show(menus[name]);
  await user.click(screen.getByRole('button', { name }));
  await screen.findByRole('dialog', { hidden: true });
  // jsdom knows no places: to it, the button is out of sight, and so is what belongs to it.
  // As when its window became narrower, and what had the focus is gone.
  (document.activeElement as HTMLElement | null)?.blur();
  await user.keyboard('{Escape}');
  await vi.waitFor(() => expect(screen.queryAllByRole('dialog', { hidden: true }).length).toBe(0));
});
