import type { TokenPage, TokenView } from '../../shared/contract/views.ts';
import type { InputOf } from '../../shared/contract/types.ts';
import type { Contract } from '../../shared/contract/contract.ts';
import type { Token, TokenState } from '../../shared/model/domain.ts';
import { tokenState as tokenStates } from '../../shared/model/domain.ts';
import type { VaultState } from '../../shared/model/state.ts';
import { tokenState } from '../tokens/lifecycle.ts';
import type { UsageStore } from './usage.ts';

type Query = InputOf<Contract['tokens']['list']>;

/** A token as it is shown: names instead of ids, its state now, its usage; no digest. */
export function tokenView(state: VaultState, token: Token, nowMs: number, usage: UsageStore): TokenView {
  const { digest: _digest, ...open } = token;
  const used = usage.get(token.id);
  return {
    ...open,
    state: tokenState(token, nowMs),
    teamName: state.teams.get(token.teamId)?.name ?? '(removed team)',
    environmentName: state.environments.get(token.environmentId)?.name ?? '(removed environment)',
    channelNames: token.channelIds.map((id) => state.channels.get(id)?.name ?? '(removed channel)'),
    issuedByName: state.operators.get(token.issuedBy)?.name ?? '(removed operator)',
    ...(used === undefined ? {} : { usage: used }),
  };
}

/**
 * One page of tokens. Filters on the stored form and makes views only of the rows that are returned, so that a page of
 * a hundred thousand tokens costs a scan, not a hundred thousand objects.
 */
export function queryTokens(state: VaultState, query: Query, nowMs: number, usage: UsageStore): TokenPage {
  const countByState = Object.fromEntries(tokenStates.options.map((name) => [name, 0])) as Record<
    TokenState,
    number
  >;
  const matching: { token: Token; state: TokenState }[] = [];
  const wanted = matcher(state, query);
  for (const token of state.tokens.values()) {
    const current = tokenState(token, nowMs);
    countByState[current] += 1;
    if (wanted(token, current)) matching.push({ token, state: current });
  }
  const key = sortKey(state, query.sort, usage);
  const direction = query.descending ? -1 : 1;
  const sorted = matching
    .map((entry) => ({ ...entry, key: key(entry.token, entry.state) }))
    .toSorted((a, b) => direction * compare(a.key, b.key) || compare(a.token.id, b.token.id));
  return {
    rows: sorted
      .slice(query.offset, query.offset + query.limit)
      .map(({ token }) => tokenView(state, token, nowMs, usage)),
    total: sorted.length,
    countByState,
  };
}

function matcher(state: VaultState, query: Query): (token: Token, current: TokenState) => boolean {
  // An operator pastes what a log shows: `lk-AbCd1234`. Of a whole pasted token only the id part is used.
  const words = query.search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => /^lk-([0-9a-z]{8})(-|$)/.exec(word)?.[1] ?? word);
  const nameOf = (map: ReadonlyMap<string, { readonly name: string }>, id: string) => map.get(id)?.name ?? '';
  return (token, current) => {
    if (query.states.length > 0 && !query.states.includes(current)) return false;
    if (query.teamIds.length > 0 && !query.teamIds.includes(token.teamId)) return false;
    if (query.environmentIds.length > 0 && !query.environmentIds.includes(token.environmentId)) return false;
    if (query.channelIds.length > 0 && !token.channelIds.some((id) => query.channelIds.includes(id)))
      return false;
    if (words.length === 0) return true;
    const text = [
      token.id,
      token.holder.name,
      token.note,
      nameOf(state.teams, token.teamId),
      nameOf(state.environments, token.environmentId),
      ...token.channelIds.map((id) => nameOf(state.channels, id)),
    ]
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

const stateOrder: Readonly<Record<TokenState, number>> = {
  requested: 0,
  active: 1,
  expiring: 2,
  expired: 3,
  revoked: 4,
};

function sortKey(
  state: VaultState,
  sort: Query['sort'],
  usage: UsageStore,
): (token: Token, current: TokenState) => string | number {
  switch (sort) {
    case 'holder':
      return (token) => token.holder.name.toLowerCase();
    case 'team':
      return (token) => state.teams.get(token.teamId)?.name ?? '';
    case 'environment':
      return (token) => state.environments.get(token.environmentId)?.rank ?? -1;
    case 'state':
      return (_token, current) => stateOrder[current];
    case 'issued':
      return (token) => token.issuedAtMs;
    case 'expires':
      return (token) => token.expiresAtMs;
    case 'last-used':
      return (token) => usage.get(token.id)?.lastUsedAtMs ?? 0;
  }
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
