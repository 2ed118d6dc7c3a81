import { useCallback, useEffect, useRef, useState } from 'react';
import type { Contract } from '../../shared/contract/contract.ts';
import type { HolderView } from '../../shared/contract/directory-views.ts';
import type { InputOf } from '../../shared/contract/types.ts';
import { api } from '../client/api.ts';
import { useChangesOf } from './changes.ts';
import { keepNear, pagesAround, pageSize } from './token-pages.ts';

export type HolderFilter = Omit<InputOf<Contract['holders']['list']>, 'offset' | 'limit'>;
type Loaded = {
  readonly total: number | undefined;
  readonly pages: ReadonlyMap<number, readonly HolderView[]>;
};

const shown = ['holders', 'tokens'] as const;

/** Holders by page, as a table scrolls; read again when one of them changes. What is here stays until then. */
export function useHolderPages(filter: HolderFilter): Loaded & {
  readonly problem: unknown;
  readonly onVisible: (first: number, last: number) => void;
  readonly retry: () => void;
} {
  const [loaded, setLoaded] = useState<Loaded>({ total: undefined, pages: new Map() });
  const [problem, setProblem] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  const changes = useChangesOf(shown);
  const question = JSON.stringify([filter, changes, attempt]);
  /** Answers to an older question are dropped. */
  const asked = useRef(question);
  const loading = useRef(new Set<number>());
  const load = useCallback(async (page: number, mine: string, isFirst: boolean) => {
    if (loading.current.has(page)) return;
    loading.current.add(page);
    const [wanted] = JSON.parse(mine) as [HolderFilter];
    try {
      const { rows, total } = await api.holders.list({ ...wanted, offset: page * pageSize, limit: pageSize });
      if (asked.current !== mine) return;
      setLoaded(({ pages }) => ({ total, pages: new Map(isFirst ? [] : pages).set(page, rows) }));
      setProblem(undefined);
    } catch (caught) {
      if (asked.current === mine) setProblem(caught);
    } finally {
      if (asked.current === mine) loading.current.delete(page);
    }
  }, []);
  useEffect(() => {
    asked.current = question;
    loading.current.clear();
    void load(0, question, true);
  }, [question, load]);
  const { total, pages } = loaded;
  const onVisible = useCallback(
    (first: number, last: number) => {
      if (total === undefined) return;
      const wanted = pagesAround(first, last, total);
      const kept = keepNear(pages, wanted);
      if (kept.size !== pages.size) setLoaded({ total, pages: kept });
      for (const page of wanted) if (!kept.has(page)) void load(page, asked.current, false);
    },
    [total, pages, load],
  );
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  return { ...loaded, problem, onVisible, retry };
}
