/** What the file of a table holds: rows that are looked up here, or a short list that the page has. */
import type { TokenColumn } from '../../shared/contract/table-views.ts';
import type { TokenView } from '../../shared/contract/token-views.ts';
import type { Contract } from '../../shared/contract/contract.ts';
import type { InputOf } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Token } from '../../shared/model/domain.ts';
import { tokenDigest, redactTokens } from '../tokens/format.ts';
import { requireEntry } from './checks.ts';
import type { Context } from './context.ts';
import { holdersInOrder } from './holders.ts';
import type { Cell, PlainTable } from './table-text.ts';
import { tokensInOrder } from './token-query.ts';
import { tokenView } from './token-views.ts';
import type { UsageStore } from './usage.ts';

type Source = InputOf<Contract['exports']['saveTable']>['source'];
type TokensSource = Extract<Source, { of: 'tokens' }>;
type SecretsSource = Extract<Source, { of: 'secrets' }>;
type RowsSource = Extract<Source, { of: 'rows' }>;

/** @throws LatchkeyError TOKEN_MALFORMED, NOT_FOUND, INVALID_INPUT */
export function tableOf(context: Context, usage: UsageStore, source: Source): PlainTable {
  switch (source.of) {
    case 'tokens':
      return tokensTable(context, usage, source);
    case 'secrets':
      return secretsTable(context, usage, source);
    case 'rows':
      return rowsTable(source);
    case 'holders': {
      const holders = holdersInOrder(context, source);
      const live = context.indexes().liveTokens('holder', context.now());
      return table(['id', 'name', 'kind', 'active-tokens', 'note', 'created'], holders, (holder) => [
        holder.id,
        holder.name,
        holder.kind,
        live(holder.id),
        holder.note,
        isoTime(holder.createdAtMs),
      ]);
    }
  }
}

function table<T>(
  columns: readonly string[],
  entries: readonly T[],
  row: (entry: T) => readonly Cell[],
): PlainTable {
  return { columns, rows: { length: entries.length, at: (index) => row(entries[index] as T) } };
}

function tokensTable(
  context: Context,
  usage: UsageStore,
  { selection, sort, descending, columns }: TokensSource,
): PlainTable {
  const state = context.vault().state();
  const nowMs = context.now();
  const filter = selection.by === 'filter' ? selection.filter : noFilter;
  const except = new Set(selection.by === 'filter' ? selection.except : []);
  const picked = selection.by === 'ids' ? new Set(selection.ids) : undefined;
  const index = context.indexes().tokens();
  const tokens = tokensInOrder(index, state, { ...filter, sort, descending }, nowMs, usage).filter(
    ({ id }) => picked?.has(id) ?? !except.has(id),
  );
  return table<Token>(columns, tokens, (token) => {
    const view = tokenView(state, token, nowMs, usage);
    return columns.map((column) => tokenCells[column](view));
  });
}

const noFilter = {
  search: '',
  ids: [],
  holderIds: [],
  states: [],
  teamIds: [],
  environmentIds: [],
  channelIds: [],
};

const isoTime = (atMs: number): string => new Date(atMs).toISOString();

const tokenCells: Readonly<Record<TokenColumn, (token: TokenView) => Cell>> = {
  id: ({ id }) => `lk-${id}`,
  holder: ({ holder }) => holder.name,
  'holder-kind': ({ holder }) => holder.kind,
  team: ({ teamName }) => teamName,
  environment: ({ environmentName }) => environmentName,
  channels: ({ channelNames }) => channelNames,
  networks: ({ networks }) => (networks === 'anywhere' ? networks : [...networks]),
  state: ({ state }) => state,
  issued: ({ issuedAtMs }) => isoTime(issuedAtMs),
  'issued-by': ({ issuedByName }) => issuedByName,
  expires: ({ expiresAtMs }) => isoTime(expiresAtMs),
  'last-used': ({ usage }) => (usage === undefined ? null : isoTime(usage.lastUsedAtMs)),
  'last-client': ({ usage }) => usage?.lastClient ?? null,
  requests: ({ usage }) => (usage === undefined ? 0 : usage.allowed + usage.denied),
  note: ({ note }) => note,
};

/** New tokens for whoever hands them over. Only secrets of these very tokens. */
function secretsTable(context: Context, usage: UsageStore, { issued }: SecretsSource): PlainTable {
  const state = context.vault().state();
  const nowMs = context.now();
  const tokens = issued.map(({ tokenId, secret }) => {
    const token = requireEntry(state.tokens, tokenId, 'token');
    if (tokenDigest(secret) !== token.digest) {
      throw new LatchkeyError('TOKEN_MALFORMED', ['tokenOther', tokenId]);
    }
    return { view: tokenView(state, token, nowMs, usage), secret };
  });
  const columns: readonly TokenColumn[] = ['id', 'holder', 'holder-kind', 'team', 'environment', 'channels'];
  const more: readonly TokenColumn[] = ['expires', 'note'];
  return table([...columns, 'replaces', ...more, 'token'], tokens, ({ view, secret }) => [
    ...columns.map((column) => tokenCells[column](view)),
    view.rotatedFrom === undefined ? null : `lk-${view.rotatedFrom}`,
    ...more.map((column) => tokenCells[column](view)),
    secret,
  ]);
}

/** What the page shows is no place for secrets: a file of them asks for the passphrase first. */
function rowsTable({ columns, rows }: RowsSource): PlainTable {
  for (const row of rows) {
    for (const cell of row) {
      if (typeof cell === 'string' && redactTokens(cell) !== cell) {
        throw new LatchkeyError('INVALID_INPUT', ['tableHoldsSecret']);
      }
    }
  }
  return table(columns, rows, (row) => row);
}
