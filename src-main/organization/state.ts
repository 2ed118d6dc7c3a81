/**
 * What the log amounts to. Invariant: a state is never changed in place; a change makes a new one that shares all that
 * did not change, so that its cost does not grow with the number of tokens and an older state stays as it was.
 */
import { Map as PersistentMap } from 'immutable';
import type {
  Channel,
  Environment,
  Holder,
  HolderKind,
  Operator,
  Policy,
  Team,
  Token,
} from '../../shared/model/domain.ts';
import type {
  ChannelId,
  EnvironmentId,
  HolderId,
  OperatorId,
  PolicyId,
  TeamId,
  TokenId,
} from '../../shared/model/ids.ts';

/** A map whose changes are new maps. Read like a ReadonlyMap. */
export interface Table<K, V> {
  readonly size: number;
  get(key: K): V | undefined;
  has(key: K): boolean;
  keys(): IterableIterator<K>;
  values(): IterableIterator<V>;
  entries(): IterableIterator<[K, V]>;
  [Symbol.iterator](): IterableIterator<[K, V]>;
  set(key: K, value: V): Table<K, V>;
  delete(key: K): Table<K, V>;
}

/** A table of entries, by their ids unless another key is given. */
export function tableOf<K, V>(entries: Iterable<readonly [K, V]> = []): Table<K, V> {
  return PersistentMap<K, V>(entries as Iterable<[K, V]>);
}

/** A table of things by their own ids. */
export function tableById<T extends { readonly id: string }>(items: Iterable<T>): Table<T['id'], T> {
  return PersistentMap<T['id'], T>().withMutations((table) => {
    for (const item of items) table.set(item.id, item);
  });
}

/** The fold of the log. */
export type OrganizationState = {
  readonly organizationName: string;
  readonly createdAtMs: number;
  readonly operators: Table<OperatorId, Operator>;
  readonly holders: Table<HolderId, Holder>;
  readonly teams: Table<TeamId, Team>;
  readonly environments: Table<EnvironmentId, Environment>;
  readonly channels: Table<ChannelId, Channel>;
  readonly policies: Table<PolicyId, Policy>;
  readonly tokens: Table<TokenId, Token>;
  /** Every digest that ever was: a revoked secret never comes back under another id. */
  readonly digests: Table<string, TokenId>;
  /** Holders by `holderKey`: their names are unique, and there may be as many as tokens. */
  readonly holdersByName: Table<string, HolderId>;
};

/** The key of a holder's name: unique within a kind. */
export const holderKey = (holder: { readonly kind: HolderKind; readonly name: string }): string =>
  `${holder.kind} ${holder.name}`;
