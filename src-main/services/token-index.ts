/**
 * What lists and counts of tokens are answered from. Invariant: made once from a state, then kept by the entries of
 * each commit, so that no call and no commit pays for all tokens; time moves tokens between states without anything
 * being touched, because moments are kept sorted and counted by binary search.
 */
import type { Token, TokenState } from '../../shared/model/domain.ts';
import type { HolderId, TokenId } from '../../shared/model/ids.ts';
import type { DomainEvent } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import { expiringFromMs } from '../tokens/lifecycle.ts';
import type { Change } from '../vault/vault-api.ts';
import { SortedList, SortedTimes } from './sorted.ts';

/** A token as it is searched and sorted. Replaced as a whole when the token or its holder changes. */
export type TokenRow = {
  readonly token: Token;
  /** The next three are made when somebody sorts or searches by them. In lower case. */
  holderName: string | undefined;
  note: string | undefined;
  /** Id, holder and note; names of teams and the like are not in it. */
  text: string | undefined;
};

/** Taken in within a few milliseconds. */
const rowsPerStep = 4096;

export type TokenOrder = 'holder' | 'issued' | 'expires' | 'id' | 'note';
export type TokenGroup = 'team' | 'environment' | 'channel' | 'holder';

export class TokenIndex {
  readonly #rows = new Map<TokenId, TokenRow>();
  /** The newest, for the names of holders. */
  #state: OrganizationState;
  #revoked = 0;
  /** Of the tokens that are not revoked: when they end, and from when on they count as expiring. */
  #ends = new SortedTimes();
  #warnings = new SortedTimes();
  /** When the tokens of a team, a channel … end. Like the orders made when first asked for, and kept from then on. */
  readonly #groups = new Map<TokenGroup, Map<string, SortedTimes>>();
  readonly #orders = new Map<TokenOrder, SortedList<TokenRow>>();
  /** What changed since the making of an order began. */
  readonly #missed = new Set<{ removed: TokenRow[]; added: TokenRow[] }>();

  private constructor(state: OrganizationState) {
    this.#state = state;
  }

  /** The index of a state, a few milliseconds at a time. What is committed meanwhile is to be applied afterwards. */
  static *inSteps(state: OrganizationState): Generator<void, TokenIndex> {
    const index = new TokenIndex(state);
    const ends: number[] = [];
    const warnings: number[] = [];
    for (const token of state.tokens.values()) {
      const row = rowOf(token);
      index.#rows.set(token.id, row);
      if (isNotRevoked(row)) {
        ends.push(endOf(row));
        warnings.push(warningOf(row));
      }
      if (index.#rows.size % rowsPerStep === 0) yield;
    }
    index.#revoked = index.#rows.size - ends.length;
    index.#ends.update([], ends);
    yield;
    index.#warnings.update([], warnings);
    return index;
  }

  /** What the first look at an order would wait for, a few milliseconds at a time; commits may come between. */
  *prepareOrder(order: TokenOrder): Generator<void> {
    if (order === 'holder') yield* this.#nameAllInSteps();
    const missed = { removed: [], added: [] };
    this.#missed.add(missed);
    const list = yield* SortedList.inSteps([...this.#rows.values()], this.#comparisons[order]);
    this.#missed.delete(missed);
    if (this.#orders.has(order)) return;
    const gone = new Set<TokenRow>(missed.removed);
    list.update(
      missed.removed,
      missed.added.filter((row) => !gone.has(row)),
    );
    this.#orders.set(order, list);
  }

  /** The same for the first search. */
  *prepareSearch(): Generator<void> {
    let count = 0;
    for (const row of this.#rows.values()) {
      this.textOf(row);
      count += 1;
      if (count % rowsPerStep === 0) yield;
    }
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The row of a token, if there is one. */
  rowOf(id: TokenId): TokenRow | undefined {
    return this.#rows.get(id);
  }

  /** Takes over a commit: costs what it changed. */
  apply({ entries, state }: Pick<Change<OrganizationState, DomainEvent>, 'entries' | 'state'>): void {
    this.#state = state;
    const touched = new Set<TokenId>();
    const renamed = new Set<HolderId>();
    for (const { event } of entries) {
      for (const id of tokensOf(event)) touched.add(id);
      if (event.type === 'holder.changed') renamed.add(event.holder.id);
    }
    if (renamed.size > 0) {
      // Rare, and one pass whatever is renamed.
      for (const { token } of this.#rows.values()) if (renamed.has(token.holderId)) touched.add(token.id);
    }
    if (touched.size === 0) return;
    const removed: TokenRow[] = [];
    const added: TokenRow[] = [];
    for (const id of touched) {
      const before = this.#rows.get(id);
      const token = state.tokens.get(id);
      if (before !== undefined) removed.push(before);
      if (token !== undefined) added.push(rowOf(token));
    }
    this.#replace(removed, added);
  }

  /** All rows, in ascending order. */
  inOrder(order: TokenOrder): readonly TokenRow[] {
    let list = this.#orders.get(order);
    if (list === undefined) {
      list = new SortedList(this.#rows.values(), this.#comparisons[order]);
      this.#orders.set(order, list);
    }
    return list.items;
  }

  /** What a word is looked for in. */
  textOf(row: TokenRow): string {
    row.text ??= `${row.token.id}\n${this.#holderNameOf(row)}\n${row.token.note}`.toLowerCase();
    return row.text;
  }

  *#nameAllInSteps(): Generator<void> {
    let count = 0;
    for (const row of this.#rows.values()) {
      this.#holderNameOf(row);
      count += 1;
      if (count % rowsPerStep === 0) yield;
    }
  }

  #holderNameOf(row: TokenRow): string {
    row.holderName ??= this.#state.holders.get(row.token.holderId)?.name.toLowerCase() ?? '';
    return row.holderName;
  }

  #noteOf(row: TokenRow): string {
    row.note ??= row.token.note.toLowerCase();
    return row.note;
  }

  readonly #comparisons: Readonly<Record<TokenOrder, (a: TokenRow, b: TokenRow) => number>> = {
    holder: (a, b) => byText(this.#holderNameOf(a), this.#holderNameOf(b)) || byId(a, b),
    issued: (a, b) => a.token.issuedAtMs - b.token.issuedAtMs || byId(a, b),
    expires: (a, b) => a.token.expiresAtMs - b.token.expiresAtMs || byId(a, b),
    id: byId,
    note: (a, b) => byText(this.#noteOf(a), this.#noteOf(b)) || byId(a, b),
  };

  countByState(nowMs: number): Record<TokenState, number> {
    const expired = this.#ends.countUntil(nowMs);
    const warned = this.#warnings.countUntil(nowMs);
    return {
      requested: 0,
      active: this.#ends.size - warned,
      expiring: warned - expired,
      expired,
      revoked: this.#revoked,
    };
  }

  /** How many tokens of a team, environment, channel or holder still work. */
  countLive(group: TokenGroup, id: string, nowMs: number): number {
    let ends = this.#groups.get(group);
    if (ends === undefined) {
      ends = new Map();
      updateGroup(ends, group, [], [...this.#rows.values()].filter(isNotRevoked));
      this.#groups.set(group, ends);
    }
    const times = ends.get(id);
    return times === undefined ? 0 : times.size - times.countUntil(nowMs);
  }

  #replace(removed: readonly TokenRow[], added: readonly TokenRow[]): void {
    for (const { token } of removed) this.#rows.delete(token.id);
    for (const row of added) this.#rows.set(row.token.id, row);
    const [gone, come] = [removed.filter(isNotRevoked), added.filter(isNotRevoked)];
    this.#revoked += added.length - come.length - (removed.length - gone.length);
    this.#ends.update(gone.map(endOf), come.map(endOf));
    this.#warnings.update(gone.map(warningOf), come.map(warningOf));
    for (const [group, ends] of this.#groups) updateGroup(ends, group, gone, come);
    for (const list of this.#orders.values()) list.update(removed, added);
    for (const missed of this.#missed) {
      for (const row of removed) missed.removed.push(row);
      for (const row of added) missed.added.push(row);
    }
  }
}

function updateGroup(
  ends: Map<string, SortedTimes>,
  group: TokenGroup,
  gone: readonly TokenRow[],
  come: readonly TokenRow[],
): void {
  const changes = new Map<string, { readonly removed: number[]; readonly added: number[] }>();
  const note = ({ token }: TokenRow, which: 'removed' | 'added'): void => {
    for (const id of keysOf(group, token)) {
      let change = changes.get(id);
      if (change === undefined) changes.set(id, (change = { removed: [], added: [] }));
      change[which].push(token.expiresAtMs);
    }
  };
  for (const row of gone) note(row, 'removed');
  for (const row of come) note(row, 'added');
  for (const [id, { removed, added }] of changes) {
    const times = ends.get(id) ?? new SortedTimes();
    times.update(removed, added);
    if (times.size === 0) ends.delete(id);
    else ends.set(id, times);
  }
}

/** The same counts without an index, of several groups by one pass over all tokens. */
export function countLiveTokens<G extends TokenGroup>(
  state: OrganizationState,
  groups: readonly G[],
  nowMs: number,
): Readonly<Record<G, ReadonlyMap<string, number>>> {
  const counts = groups.map((group) => ({ group, byId: new Map<string, number>() }));
  for (const token of state.tokens.values()) {
    if (token.revoked !== undefined || token.expiresAtMs <= nowMs) continue;
    for (const { group, byId } of counts) {
      for (const id of keysOf(group, token)) byId.set(id, (byId.get(id) ?? 0) + 1);
    }
  }
  return Object.fromEntries(counts.map(({ group, byId }) => [group, byId])) as Record<G, Map<string, number>>;
}

const isNotRevoked = ({ token }: TokenRow): boolean => token.revoked === undefined;
const endOf = ({ token }: TokenRow): number => token.expiresAtMs;
const warningOf = ({ token }: TokenRow): number => expiringFromMs(token);

function keysOf(group: TokenGroup, token: Token): readonly string[] {
  switch (group) {
    case 'team':
      return [token.teamId];
    case 'environment':
      return [token.environmentId];
    case 'channel':
      return token.channelIds;
    case 'holder':
      return [token.holderId];
  }
}

/** All members from the start, so that all rows have one shape. */
const rowOf = (token: Token): TokenRow => ({
  token,
  holderName: undefined,
  note: undefined,
  text: undefined,
});

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byId = (a: TokenRow, b: TokenRow): number => byText(a.token.id, b.token.id);
/** Tokens that an event changed or made. */
function tokensOf(event: DomainEvent): readonly TokenId[] {
  if (event.type === 'token.issued') return [event.token.id];
  if (event.type === 'token.rotated') return [event.predecessorId, event.successor.id];
  if (event.type === 'token.changed') return [event.tokenId];
  return event.type === 'token.revoked' ? event.tokenIds : [];
}
