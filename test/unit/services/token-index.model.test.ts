import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenQuery } from '../../../shared/contract/token-views.ts';
import { tokenSortKeys } from '../../../shared/model/token-list.ts';
import type { Token } from '../../../shared/model/domain.ts';
import type { HolderId, TokenId } from '../../../shared/model/ids.ts';
import { dayMs } from '../../../shared/model/time.ts';
import type { DomainEvent } from '../../../src-main/organization/events.ts';
import type { OrganizationState } from '../../../src-main/organization/state.ts';
import { finish } from '../../../src-main/base/steps.ts';
import { tableById, tableOf } from '../../../src-main/base/table.ts';
import type { TokenGroup } from '../../../src-main/services/token-index.ts';
import { MadeInSteps } from '../../../src-main/services/made-in-steps.ts';
import { TokenIndex, countLiveTokens } from '../../../src-main/services/token-index.ts';
import type { TokenQuery } from '../../../src-main/services/token-query.ts';
import { queryTokens } from '../../../src-main/services/token-query.ts';
import { tokenState } from '../../../src-main/tokens/lifecycle.ts';

const beginMs = Date.UTC(2026, 0, 1);
const named = (prefix: string, count: number) =>
  tableById(
    Array.from({ length: count }, (_, at) => ({
      id: `${prefix}${at}`,
      name: `${prefix}-name-${count - at}`,
      rank: count - at,
    })),
  );
const holders = ['Grace', 'ada', 'CI', 'grace'].map((name, at) => ({
  id: `h${at}` as HolderId,
  kind: 'person' as const,
  name,
  note: '',
  createdAtMs: 0,
}));
const operators = ['Ada', 'Bert'].map((name, at) => ({ id: `o${at}`, name }));
const empty = {
  organizationName: 'Org',
  createdAtMs: 0,
  operators: tableById(operators),
  holders: tableById(holders),
  teams: named('t', 3),
  environments: named('e', 3),
  channels: named('c', 4),
  policies: tableOf(),
  tokens: tableOf(),
  digests: tableOf(),
  holdersByName: tableOf(),
} as unknown as OrganizationState;

const anyToken = fc
  .record({
    at: fc.nat(99),
    holder: fc.nat(3),
    team: fc.nat(2),
    environment: fc.nat(2),
    channels: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 3 }),
    issuedDay: fc.nat(5),
    lifeDays: fc.integer({ min: 1, max: 60 }),
    note: fc.constantFrom('', 'Laptop', 'ci runner'),
    revoked: fc.boolean(),
    rotated: fc.boolean(),
  })
  .map(
    (drawn) =>
      ({
        id: `token${String(drawn.at).padStart(3, '0')}`,
        holderId: `h${drawn.holder}`,
        teamId: `t${drawn.team}`,
        environmentId: `e${drawn.environment}`,
        channelIds: drawn.channels.map((at) => `c${at}`),
        issuedAtMs: beginMs + drawn.issuedDay * dayMs,
        expiresAtMs: beginMs + (drawn.issuedDay + drawn.lifeDays) * dayMs,
        note: drawn.note,
        issuedBy: `o${drawn.issuedDay % 3}`,
        ...(drawn.revoked ? { revoked: { atMs: beginMs, by: 'ada', reason: 'lost' } } : {}),
        ...(drawn.rotated ? { rotatedTo: 'other000' } : {}),
      }) as unknown as Token,
  );
/** A commit: some tokens come or change, and maybe a holder gets another name. */
const anyChange = fc.record({
  tokens: fc.uniqueArray(anyToken, { maxLength: 50, selector: (token) => token.id }),
  renamed: fc.option(fc.record({ holder: fc.nat(3), name: fc.constantFrom('Zoe', 'Bob', 'Grace') })),
});

type Drawn = { readonly tokens: readonly Token[]; readonly renamed: { holder: number; name: string } | null };

function apply(index: Pick<TokenIndex, 'apply'>, state: OrganizationState, change: Drawn): OrganizationState {
  let after = state;
  const events: DomainEvent[] = [];
  for (const token of change.tokens) {
    events.push({ type: 'token.issued', token } as unknown as DomainEvent);
    after = { ...after, tokens: after.tokens.set(token.id, token) };
  }
  if (change.renamed !== null) {
    const holder = { ...holders[change.renamed.holder]!, name: change.renamed.name };
    events.push({ type: 'holder.changed', holder } as unknown as DomainEvent);
    after = { ...after, holders: after.holders.set(holder.id, holder) };
  }
  index.apply({ entries: events.map((event) => ({ event })) as never, state: after });
  return after;
}

const usedAtMs = (id: TokenId): number | undefined =>
  Number(id.slice(5)) % 3 === 0 ? beginMs + Number(id.slice(5)) : undefined;
const usage = { get: () => undefined, lastUsedAtMs: usedAtMs };
const groups: readonly (readonly [TokenGroup, readonly string[]])[] = [
  ['team', ['t0', 't1', 't2']],
  ['environment', ['e0', 'e1', 'e2']],
  ['channel', ['c0', 'c1', 'c2', 'c3']],
  ['holder', ['h0', 'h1', 'h2', 'h3']],
];

/** What a page must be, by the plainest means. */
function expected(state: OrganizationState, query: TokenQuery, nowMs: number): readonly TokenId[] {
  const holderOf = (token: Token) => state.holders.get(token.holderId)!.name.toLowerCase();
  const nameOf = (table: { get(id: never): { name: string } | undefined }, id: string) =>
    table.get(id as never)?.name ?? '';
  const order = ['requested', 'active', 'expiring', 'expired', 'revoked'];
  const key: Record<TokenQuery['sort'], (token: Token) => readonly (string | number)[]> = {
    holder: (token) => [holderOf(token)],
    team: (token) => [nameOf(state.teams, token.teamId), holderOf(token)],
    environment: (token) => [state.environments.get(token.environmentId)!.rank, holderOf(token)],
    state: (token) => [order.indexOf(tokenState(token, nowMs)), token.expiresAtMs],
    issued: (token) => [token.issuedAtMs],
    expires: (token) => [token.expiresAtMs],
    'last-used': (token) => [usedAtMs(token.id) ?? -1, token.issuedAtMs],
    id: () => [],
    note: (token) => [token.note.toLowerCase()],
    'issued-by': (token) => [state.operators.get(token.issuedBy)?.name.toLowerCase() ?? '', token.issuedAtMs],
  };
  const compare = (a: Token, b: Token): number => {
    const [ka, kb] = [
      [...key[query.sort](a), a.id],
      [...key[query.sort](b), b.id],
    ];
    const at = ka.findIndex((part, index) => part !== kb[index]);
    return at < 0 ? 0 : ka[at]! < kb[at]! ? -1 : 1;
  };
  const text = (token: Token) =>
    [
      token.id,
      holderOf(token),
      token.note,
      nameOf(state.teams, token.teamId),
      nameOf(state.environments, token.environmentId),
      ...token.channelIds.map((id) => nameOf(state.channels, id)),
    ]
      .join('\n')
      .toLowerCase();
  const has = (list: readonly string[], ...ids: readonly string[]) =>
    list.length === 0 || ids.some((id) => list.includes(id));
  const found = [...state.tokens.values()]
    .filter(
      (token) =>
        has(query.states, tokenState(token, nowMs)) &&
        has(query.teamIds, token.teamId) &&
        has(query.environmentIds, token.environmentId) &&
        has(query.channelIds, ...token.channelIds) &&
        has(query.ids, token.id) &&
        has(query.holderIds, token.holderId) &&
        query.search
          .toLowerCase()
          .split(/\s+/)
          .every((word) => text(token).includes(word)),
    )
    .toSorted(compare);
  return (query.descending ? found.toReversed() : found).map(({ id }) => id);
}

const anyQuery = fc
  .record({
    search: fc.constantFrom('', 'grace', 'lap 0', 't-name-1', 'e-name-2 ci', 'token00'),
    states: fc.subarray(['active', 'expiring', 'expired', 'revoked'] as const),
    teamIds: fc.subarray(['t0', 't1']),
    environmentIds: fc.subarray(['e0', 'e2']),
    channelIds: fc.subarray(['c1']),
    ids: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      fc.subarray(['token001', 'token012', 'token030']),
    ),
    holderIds: fc.subarray(['h0', 'h3'], { maxLength: 1 }),
    sort: fc.constantFrom(...tokenSortKeys),
    descending: fc.boolean(),
    offset: fc.nat(30),
    limit: fc.integer({ min: 1, max: 30 }),
  })
  .map((query) => tokenQuery.parse(query));

describe('the index of tokens', () => {
  it('is the same when commits come between the steps of its making', () => {
    fc.assert(
      fc.property(
        fc.array(anyChange, { minLength: 1, maxLength: 8 }),
        fc.array(anyQuery, { minLength: 1, maxLength: 4 }),
        fc.nat(4),
        (changes, queries, early) => {
          let state = empty;
          const making = new MadeInSteps(() => TokenIndex.inSteps(state));
          const commit = () => {
            const change = changes.pop();
            if (change !== undefined) state = apply(making, state, change);
          };
          for (let count = 0; count < early; count += 1) commit();
          while (!making.step()) commit();
          const index = making.get();
          for (const steps of [
            index.prepareOrder('issued'),
            index.prepareOrder('holder'),
            index.prepareOrder('expires'),
            index.prepareSearch(),
          ]) {
            while (steps.next().done !== true) commit();
          }
          while (changes.length > 0) commit();
          for (const query of queries) {
            const ids = expected(state, query, beginMs);
            const page = queryTokens(making.get(), state, query, beginMs, usage);
            expect(page.rows.map(({ id }) => id)).toEqual(
              ids.slice(query.offset, query.offset + query.limit),
            );
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('answers every page and count as a look at all tokens would, whatever was committed', () => {
    fc.assert(
      fc.property(
        fc.array(anyChange, { minLength: 1, maxLength: 6 }),
        fc.array(anyQuery, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 70 * dayMs }),
        (changes, queries, afterMs) => {
          const nowMs = beginMs + afterMs;
          const index = finish(TokenIndex.inSteps(empty));
          // Orders and groups are made early, so that all changes go through them.
          for (const query of queries) queryTokens(index, empty, query, nowMs, usage);
          for (const [group] of groups) index.countLive(group, 'x', nowMs);
          let state = empty;
          for (const change of changes) state = apply(index, state, change);

          for (const query of queries) {
            const ids = expected(state, query, nowMs);
            const page = queryTokens(index, state, query, nowMs, usage);
            expect(page.total).toBe(ids.length);
            expect(page.rows.map(({ id }) => id)).toEqual(
              ids.slice(query.offset, query.offset + query.limit),
            );
          }
          const byState = { requested: 0, active: 0, expiring: 0, expired: 0, revoked: 0 };
          for (const token of state.tokens.values()) byState[tokenState(token, nowMs)] += 1;
          expect(index.countByState(nowMs)).toEqual(byState);
          const live = countLiveTokens(
            state,
            groups.map(([group]) => group),
            nowMs,
          );
          for (const [group, ids] of groups) {
            for (const id of ids) expect(index.countLive(group, id, nowMs)).toBe(live[group].get(id) ?? 0);
          }
          // Made anew from the last state, it says the same.
          expect(finish(TokenIndex.inSteps(state)).countByState(nowMs)).toEqual(byState);
        },
      ),
      { numRuns: 150 },
    );
  });
});
