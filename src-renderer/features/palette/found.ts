import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import type { Screen } from '../../state/route.ts';
import { useAnswer } from '../../state/use-answer.ts';

/** Something of the organization that the palette leads to. */
export type Found = {
  readonly screen: Screen;
  readonly id: string;
  readonly name: string;
  readonly kind: string;
};

const most = 6;
const none: readonly Found[] = [];
const words = texts.palette;
const lists = ['channels', 'teams', 'environments', 'policies'] as const;

/**
 * Tokens and holders by the contract's own search. What was found stays until there is something newer; `isFresh` says that
 * it belongs to the text.
 * @param text what was typed
 */
export function useFound(text: string): { readonly found: readonly Found[]; readonly isFresh: boolean } {
  const search = text.trim().slice(0, 200);
  const { value, isStale, problem } = useAnswer(
    search === '' ? undefined : search,
    async () => {
      const [tokens, holders] = await Promise.all([
        api.tokens.list({ search, limit: most }),
        api.holders.list({ search, limit: most }),
      ]);
      return [
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
      ];
    },
    { causes: ['tokens', 'holders'], delayMs: 150 },
  );
  // With a problem it was locked meanwhile, or the host is gone: the shell says so.
  const found = search === '' || problem !== undefined ? none : (value ?? none);
  return { found, isFresh: !isStale };
}

/** The short lists, which are here as a whole. */
export function useListed(): readonly Found[] {
  const directory = useDirectory();
  return lists.flatMap((screen) =>
    directory[screen].map(({ id, name }) => ({ screen, id, name, kind: words.kinds[screen] })),
  );
}
