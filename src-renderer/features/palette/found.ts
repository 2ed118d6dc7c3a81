import { useEffect, useState } from 'react';
import { useDebouncedValue } from '@mantine/hooks';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import type { Screen } from '../../state/route.ts';

/** Something of the organization that the palette leads to. */
export type Found = {
  readonly screen: Screen;
  readonly id: string;
  readonly name: string;
  readonly kind: string;
};

const most = 6;
const words = texts.palette;
const lists = ['channels', 'teams', 'environments', 'policies'] as const;

/** Tokens and holders by the contract's own search, the newest question's answer alone. @param text what was typed */
export function useFound(text: string): readonly Found[] {
  const [search] = useDebouncedValue(text.trim(), 150);
  const [found, setFound] = useState<readonly Found[]>([]);
  useEffect(() => {
    let isCurrent = true;
    if (search === '') setFound([]);
    else
      Promise.all([
        api.tokens.list({ search: search.slice(0, 200), limit: most }),
        api.holders.list({ search: search.slice(0, 200), limit: most }),
      ]).then(
        ([tokens, holders]) => {
          if (!isCurrent) return;
          setFound([
            ...tokens.rows.map(({ id, holder }): Found => ({
              screen: 'tokens',
              id,
              name: words.token(id, holder.name),
              kind: words.kinds.tokens,
            })),
            ...holders.rows.map(({ id, name }): Found => ({
              screen: 'holders',
              id,
              name,
              kind: words.kinds.holders,
            })),
          ]);
        },
        // Locked meanwhile, or the host is gone: the shell says so.
        () => isCurrent && setFound([]),
      );
    return () => {
      isCurrent = false;
    };
  }, [search]);
  return found;
}

/** The short lists, which are here as a whole. */
export function useListed(): readonly Found[] {
  const directory = useDirectory();
  return lists.flatMap((screen) =>
    directory[screen].map(({ id, name }) => ({ screen, id, name, kind: words.kinds[screen] })),
  );
}
