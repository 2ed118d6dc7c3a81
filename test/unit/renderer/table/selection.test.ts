import { describe, expect, it } from 'vitest';
import {
  allMatching,
  isSelected,
  noSelection,
  select,
  selectedCount,
  stateOfPage,
} from '../../../../src-renderer/ui/table/selection.ts';

describe('a selection', () => {
  it('of rows counts what was picked', () => {
    const picked = select(select(noSelection, ['a', 'b'], true), ['b', 'c'], false);
    expect(selectedCount(picked, 5_000)).toBe(1);
    expect(isSelected(picked, 'a')).toBe(true);
    expect(isSelected(picked, 'b')).toBe(false);
  });

  it('of all that match counts all but those that were taken out', () => {
    const picked = select(select(allMatching, ['a', 'b'], false), ['b'], true);
    expect(selectedCount(picked, 5_000)).toBe(4_999);
    expect(isSelected(picked, 'a')).toBe(false);
    expect(isSelected(picked, 'never loaded')).toBe(true);
  });

  it('says what of a page it covers', () => {
    const page = ['a', 'b'];
    expect(stateOfPage(noSelection, page)).toBe('none');
    expect(stateOfPage(select(noSelection, ['a'], true), page)).toBe('some');
    expect(stateOfPage(select(noSelection, ['elsewhere'], true), page)).toBe('some');
    expect(stateOfPage(select(noSelection, page, true), page)).toBe('all');
    expect(stateOfPage(allMatching, page)).toBe('all');
    expect(stateOfPage(noSelection, [])).toBe('none');
  });
});
