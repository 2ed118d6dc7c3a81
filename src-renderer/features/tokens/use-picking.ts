import { useCallback, useEffect, useRef } from 'react';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { rowAt } from '../../state/token-pages.ts';
import type { Selection } from '../../ui/table/selection.ts';
import { select } from '../../ui/table/selection.ts';

/** Picks one row; with Shift all loaded ones from the row that was picked before. Stays the same function: each row has it. */
export function usePicking(
  pages: ReadonlyMap<number, readonly TokenView[]>,
  picked: Selection,
  pick: (picked: Selection) => void,
): (index: number, on: boolean, isRange: boolean) => void {
  const last = useRef<number>(undefined);
  const now = useRef({ pages, picked });
  useEffect(() => {
    now.current = { pages, picked };
  }, [pages, picked]);
  return useCallback(
    (index, on, isRange) => {
      const from = isRange ? (last.current ?? index) : index;
      const [low, high] = from <= index ? [from, index] : [index, from];
      const ids = Array.from(
        { length: high - low + 1 },
        (_, at) => rowAt(now.current.pages, low + at)?.id,
      ).filter((id) => id !== undefined);
      last.current = index;
      pick(select(now.current.picked, ids, on));
    },
    [pick],
  );
}
