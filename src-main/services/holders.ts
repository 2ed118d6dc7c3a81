/** Holders: who or what uses tokens. They are made with their first token, and can be renamed. */
import type { Contract } from '../../shared/contract/contract.ts';
import type { HolderView } from '../../shared/contract/directory-views.ts';
import type { Handlers, InputOf } from '../../shared/contract/types.ts';
import type { Holder, HolderKind } from '../../shared/model/domain.ts';
import type { HolderId } from '../../shared/model/ids.ts';
import { holderId } from '../../shared/model/ids.ts';
import type { DomainEvent } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import { holderKey } from '../organization/state.ts';
import { nameTaken, requireEntry } from './checks.ts';
import type { Context } from './context.ts';
import { newId } from './context.ts';

export type HolderChoice = { readonly id: HolderId } | { readonly kind: HolderKind; readonly name: string };

/**
 * The holder that is meant: by id, or by kind and name, and then with the event that makes it when there is none.
 * @throws LatchkeyError NOT_FOUND
 */
export function findOrCreateHolder(
  state: OrganizationState,
  choice: HolderChoice,
  context: Pick<Context, 'randomBytes'>,
): { readonly id: HolderId; readonly events: readonly DomainEvent[] } {
  if ('id' in choice) return { id: requireEntry(state.holders, choice.id, 'holder').id, events: [] };
  const known = state.holdersByName.get(holderKey(choice));
  if (known !== undefined) return { id: known, events: [] };
  const { kind, name } = choice;
  const holder = { id: holderId.parse(newId(context)), kind, name, note: '' };
  return { id: holder.id, events: [{ type: 'holder.created', holder }] };
}

export type HolderOrder = Omit<InputOf<Contract['holders']['list']>, 'offset' | 'limit'>;

/** All holders that match, by name or by what is asked for; those that are equal there stand by name. */
export function holdersInOrder(
  context: Pick<Context, 'indexes' | 'now'>,
  { search, kinds, sort, descending }: HolderOrder,
): readonly Holder[] {
  const named = context.indexes().holders().find(search);
  const wanted = kinds.length === 0 ? named : named.filter(({ kind }) => kinds.includes(kind));
  const found = sort === 'name' ? wanted : wanted.toSorted(comparisonOf(context, sort));
  return descending ? found.toReversed() : found;
}

function comparisonOf(
  context: Pick<Context, 'indexes' | 'now'>,
  sort: Exclude<HolderOrder['sort'], 'name'>,
): (a: Holder, b: Holder) => number {
  const byText = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
  switch (sort) {
    case 'kind':
      return (a, b) => byText(a.kind, b.kind);
    case 'note':
      return (a, b) => byText(a.note.toLowerCase(), b.note.toLowerCase());
    case 'created':
      return (a, b) => a.createdAtMs - b.createdAtMs;
    case 'tokens': {
      const live = context.indexes().liveTokens('holder', context.now());
      const counts = new Map<HolderId, number>();
      const countOf = ({ id }: Holder): number => {
        const known = counts.get(id) ?? live(id);
        counts.set(id, known);
        return known;
      };
      return (a, b) => countOf(a) - countOf(b);
    }
  }
}

export function holdersService(context: Context): Handlers['holders'] {
  const viewer = (): ((holder: Holder) => HolderView) => {
    const live = context.indexes().liveTokens('holder', context.now());
    return (holder) => ({ ...holder, activeTokens: live(holder.id) });
  };

  return {
    list: async ({ offset, limit, ...query }) => {
      const found = holdersInOrder(context, query);
      const rows = found.slice(offset, offset + limit).map(viewer());
      return { rows, total: found.length };
    },

    get: async ({ id }) => viewer()(requireEntry(context.vault().state().holders, id, 'holder')),

    update: async ({ id, name, note }) => {
      const { result } = await context.commit((state) => {
        const before = requireEntry(state.holders, id, 'holder');
        const taken = state.holdersByName.get(holderKey({ kind: before.kind, name }));
        if (taken !== undefined && taken !== id) throw nameTaken(before.kind, name);
        const after: Holder = { ...before, name, note };
        const isSame = before.name === name && before.note === note;
        return {
          events: isSame ? [] : [{ type: 'holder.changed', holder: { id, name, note } }],
          result: after,
        };
      });
      return viewer()(result);
    },
  };
}
