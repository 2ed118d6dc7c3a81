import { screen, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { SelectionBar } from '../../src-renderer/features/tokens/selection-bar.tsx';
import { allMatching, noSelection, select } from '../../src-renderer/ui/table/selection.ts';
import { show } from '../support/render.tsx';

const status = () => within(screen.getByRole('toolbar')).getByRole('status');
const rows = (count: number) =>
  select(
    noSelection,
    Array.from({ length: count }, (_, at) => `t${at}`),
    true,
  );
const bar = (props: Partial<Parameters<typeof SelectionBar>[0]>) => (
  <SelectionBar
    count={5}
    total={5000}
    isPage={false}
    picked={rows(5)}
    onPick={() => undefined}
    onAct={() => undefined}
    {...props}
  />
);

it('says what is covered, and offers all that match', async () => {
  const onPick = vi.fn<() => void>();
  const { user, rerender } = show(bar({ count: 200, isPage: true, picked: rows(200), onPick }));
  expect(status().textContent).toBe('200 on this page selected');
  await user.click(screen.getByRole('button', { name: 'Select all 5,000 matching tokens' }));
  expect(onPick).toHaveBeenCalledWith(allMatching);
  rerender(bar({}));
  expect(status().textContent).toBe('5 selected');
  rerender(bar({ count: 5000, picked: allMatching }));
  expect(status().textContent).toBe('All 5,000 matching selected');
  expect(screen.queryByRole('button', { name: /^Select all/ })).toBeNull();
  rerender(bar({ count: 4999, picked: select(allMatching, ['t1'], false) }));
  expect(status().textContent).toBe('4,999 selected: all matching but 1');
});

it('is all that match where every row was picked by hand', () => {
  show(bar({ count: 5, total: 5 }));
  expect(status().textContent).toBe('All 5 matching selected');
  expect(screen.queryByRole('button', { name: /^Select all/ })).toBeNull();
});
