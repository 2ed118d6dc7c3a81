/** Which tokens a query means, in which order: answered from the index. */
import type { TokenPage } from '../../shared/contract/token-views.ts';
import type { InputOf } from '../../shared/contract/types.ts';
import type { Contract } from '../../shared/contract/contract.ts';
import type { Token, TokenState } from '../../shared/model/domain.ts';
import type { OrganizationState } from '../organization/state.ts';
import { tokenState } from '../tokens/lifecycle.ts';
import type { TokenIndex, TokenRow } from './token-index.ts';
import { tokenView } from './token-views.ts';
import type { UsageStore } from './usage.ts';

export type TokenQuery = InputOf<Contract['tokens']['list']>;
/** Which tokens, without an order or a page. */
export type TokenFilter = Omit<TokenQuery, 'sort' | 'descending' | 'offset' | 'limit'>;

/**
 * One page of tokens. Walks over an order that the index keeps, and makes views of the rows that are returned; without
 * a filter it does not even walk.
 */
export function queryTokens(
  index: TokenIndex,
  state: OrganizationState,
  query: TokenQuery,
  nowMs: number,
  usage: Pick<UsageStore, 'get' | 'lastUsedAtMs'>,
): TokenPage {
  const { rows, total } = pageInOrder(index, state, query, nowMs, usage);
  return {
    rows: rows.map(({ token }) => tokenView(state, token, nowMs, usage)),
    total,
    countByState: index.countByState(nowMs),
  };
}

/** All tokens that match, in the order of the query. */
export function tokensInOrder(
  index: TokenIndex,
  state: OrganizationState,
  query: TokenFilter & Pick<TokenQuery, 'sort' | 'descending'>,
  nowMs: number,
  usage: Pick<UsageStore, 'lastUsedAtMs'>,
): readonly Token[] {
  const all = { ...query, offset: 0, limit: index.size };
  return pageInOrder(index, state, all, nowMs, usage).rows.map(({ token }) => token);
}

/** All tokens that match, in no order that means anything. */
export function matchingTokens(
  index: TokenIndex,
  state: OrganizationState,
  filter: TokenFilter,
  nowMs: number,
): readonly Token[] {
  const wanted = matcher(index, state, filter, nowMs);
  const rows = index.inOrder('issued');
  return (wanted === undefined ? rows : rows.filter(wanted)).map(({ token }) => token);
}

function pageInOrder(
  index: TokenIndex,
  state: OrganizationState,
  query: TokenQuery,
  nowMs: number,
  usage: Pick<UsageStore, 'lastUsedAtMs'>,
): Page {
  const wanted = matcher(index, state, query, nowMs);
  const matching = (rows: readonly TokenRow[]) => (wanted === undefined ? rows : rows.filter(wanted));
  return query.sort === 'last-used'
    ? pageByLastUse(matching(index.inOrder('issued')), query, usage)
    : pageOf(matching(inSortOrder(index, state, query.sort, nowMs)), query);
}

type Page = { readonly rows: readonly TokenRow[]; readonly total: number };
type Place = Pick<TokenQuery, 'descending' | 'offset' | 'limit'>;

/** Descending is the exact reverse of ascending, ties included. */
function pageOf(rows: readonly TokenRow[], place: Place): Page {
  const [from, to] = rangeOf(rows.length, place);
  const page = rows.slice(from, to);
  return { rows: place.descending ? page.toReversed() : page, total: rows.length };
}

/** Where in ascending order a page begins and ends. */
function rangeOf(total: number, { descending, offset, limit }: Place): readonly [number, number] {
  if (!descending) return [Math.min(total, offset), Math.min(total, offset + limit)];
  const end = Math.max(0, total - offset);
  return [Math.max(0, end - limit), end];
}

/**
 * The page by last use, never used first. Uses change with every request, so there is no order to keep: the page's first
 * and last moment are found among bare numbers, which sort ten times as fast as rows, and only the rows between them are
 * sorted.
 */
function pageByLastUse(
  rows: readonly TokenRow[],
  place: Place,
  usage: Pick<UsageStore, 'lastUsedAtMs'>,
): Page {
  const total = rows.length;
  const [from, to] = rangeOf(total, place);
  if (from === to) return { rows: [], total };
  const times = new Float64Array(total);
  rows.forEach(({ token }, at) => {
    times[at] = usage.lastUsedAtMs(token.id) ?? -1;
  });
  const sorted = times.toSorted();
  const [first, last] = [sorted[from] as number, sorted[to - 1] as number];
  let before = 0;
  const between: { readonly row: TokenRow; readonly atMs: number }[] = [];
  rows.forEach((row, at) => {
    const atMs = times[at] as number;
    if (atMs < first) before += 1;
    else if (atMs <= last) between.push({ row, atMs });
  });
  const page = between
    .toSorted((a, b) => a.atMs - b.atMs)
    .slice(from - before, to - before)
    .map(({ row }) => row);
  return { rows: place.descending ? page.toReversed() : page, total };
}

function inSortOrder(
  index: TokenIndex,
  state: OrganizationState,
  sort: Exclude<TokenQuery['sort'], 'last-used'>,
  nowMs: number,
): readonly TokenRow[] {
  switch (sort) {
    case 'holder':
    case 'issued':
    case 'expires':
    case 'id':
    case 'note':
      return index.inOrder(sort);
    // Few groups, each in an order that is kept: a pass, where sorting would compare a million times.
    case 'team':
      return grouped(index.inOrder('holder'), byTeam(state));
    case 'environment':
      return grouped(index.inOrder('holder'), byRank(state));
    case 'issued-by':
      return grouped(index.inOrder('issued'), byOperator(state));
    case 'state':
      return grouped(index.inOrder('expires'), ({ token }) => stateOrder[tokenState(token, nowMs)]);
  }
}

/** Teams are few and rows many: a native map answers many times faster than the persistent one. */
function byTeam(state: OrganizationState): (row: TokenRow) => string {
  const names = new Map([...state.teams.values()].map(({ id, name }) => [id, name]));
  return ({ token }) => names.get(token.teamId) ?? '';
}

function byRank(state: OrganizationState): (row: TokenRow) => number {
  const ranks = new Map([...state.environments.values()].map(({ id, rank }) => [id, rank]));
  return ({ token }) => ranks.get(token.environmentId) ?? -1;
}

function byOperator(state: OrganizationState): (row: TokenRow) => string {
  const names = new Map([...state.operators.values()].map(({ id, name }) => [id, name.toLowerCase()]));
  return ({ token }) => names.get(token.issuedBy) ?? '';
}

/** Rows by an ascending key; those of one key keep their order. */
function grouped(rows: readonly TokenRow[], keyOf: (row: TokenRow) => string | number): readonly TokenRow[] {
  const byKey = new Map<string | number, TokenRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, [row]);
    else group.push(row);
  }
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, group]) => group);
}

const stateOrder: Readonly<Record<TokenState, number>> = {
  requested: 0,
  active: 1,
  expiring: 2,
  expired: 3,
  revoked: 4,
};

/** Whether a row is asked for; undefined when all are. */
function matcher(
  index: TokenIndex,
  state: OrganizationState,
  query: TokenFilter,
  nowMs: number,
): ((row: TokenRow) => boolean) | undefined {
  const states = setOf(query.states);
  const teams = setOf<string>(query.teamIds);
  const environments = setOf<string>(query.environmentIds);
  const channels = setOf<string>(query.channelIds);
  const ids = setOf<string>(query.ids);
  const holders = setOf<string>(query.holderIds);
  const words = wordsOf(query.search).map((word) => namesWith(state, word));
  const filters = [states, teams, environments, channels, ids, holders].some((set) => set !== undefined);
  if (!filters && words.length === 0) return undefined;
  return (row) => {
    const { token } = row;
    if (ids?.has(token.id) === false) return false;
    if (holders?.has(token.holderId) === false) return false;
    if (teams?.has(token.teamId) === false) return false;
    if (environments?.has(token.environmentId) === false) return false;
    if (channels !== undefined && !token.channelIds.some((id) => channels.has(id))) return false;
    if (states?.has(tokenState(token, nowMs)) === false) return false;
    return words.every((word) => hasWord(index.textOf(row), row.token, word));
  };
}

const setOf = <T>(values: readonly T[]): ReadonlySet<T> | undefined =>
  values.length === 0 ? undefined : new Set(values);

/** An operator pastes what a log shows: `lk-AbCd1234`. Of a whole pasted token only the id part is used. */
export function wordsOf(search: string): readonly string[] {
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => /^lk-([0-9a-z]{8})(-|$)/.exec(word)?.[1] ?? word);
}

type Word = {
  readonly text: string;
  /** Ids of what has the word in its name: a renamed team then costs its tokens nothing. */
  readonly teams: ReadonlySet<string>;
  readonly environments: ReadonlySet<string>;
  readonly channels: ReadonlySet<string>;
};

function namesWith(state: OrganizationState, text: string): Word {
  const having = (entries: Iterable<{ readonly id: string; readonly name: string }>) => {
    const ids = new Set<string>();
    for (const { id, name } of entries) if (name.toLowerCase().includes(text)) ids.add(id);
    return ids;
  };
  return {
    text,
    teams: having(state.teams.values()),
    environments: having(state.environments.values()),
    channels: having(state.channels.values()),
  };
}

function hasWord(text: string, token: Token, word: Word): boolean {
  return (
    text.includes(word.text) ||
    word.teams.has(token.teamId) ||
    word.environments.has(token.environmentId) ||
    (word.channels.size > 0 && token.channelIds.some((id) => word.channels.has(id)))
  );
}
