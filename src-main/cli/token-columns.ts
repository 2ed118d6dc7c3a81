/** What `token list` can show of a token, in words for people and as values for programs. */
import type { TokenView } from '../../shared/contract/token-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { formatTime } from './output.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.cli.tokens;

type Column = {
  /** In a table; of a time, with its zone. */
  readonly head: string;
  readonly text: (token: TokenView) => string;
  /** In CSV, where it differs: times in ISO 8601. */
  readonly value?: (token: TokenView) => string;
};

const iso = (atMs: number | undefined): string => (atMs === undefined ? '' : new Date(atMs).toISOString());

const columns = {
  id: { head: words.heads.id, text: ({ id }) => `lk-${id}` },
  state: {
    head: words.heads.state,
    text: (token) => texts.tokens.state(token).toLowerCase(),
    value: ({ state }) => state,
  },
  holder: { head: words.heads.holder, text: ({ holder }) => holder.name },
  kind: { head: words.heads.kind, text: ({ holder }) => holder.kind },
  team: { head: words.heads.team, text: ({ teamName }) => teamName },
  env: { head: words.heads.env, text: ({ environmentName }) => environmentName },
  channels: { head: words.heads.channels, text: ({ channelNames }) => channelNames.join(',') },
  networks: {
    head: words.heads.networks,
    text: ({ networks }) => (networks === 'anywhere' ? networks : networks.join(',')),
  },
  issued: {
    head: words.heads.issued,
    text: ({ issuedAtMs }) => formatTime(issuedAtMs),
    value: ({ issuedAtMs }) => iso(issuedAtMs),
  },
  'issued-by': { head: words.heads.issuedBy, text: ({ issuedByName }) => issuedByName },
  expires: {
    head: words.heads.expires,
    // A revoked one ended before that.
    text: ({ state, expiresAtMs }) => formatTime(state === 'revoked' ? undefined : expiresAtMs),
    value: ({ expiresAtMs }) => iso(expiresAtMs),
  },
  'last-used': {
    head: words.heads.lastUsed,
    text: ({ usage }) => formatTime(usage?.lastUsedAtMs),
    value: ({ usage }) => iso(usage?.lastUsedAtMs),
  },
  note: { head: words.heads.note, text: ({ note }) => note },
} as const satisfies Readonly<Record<string, Column>>;

export type ColumnName = keyof typeof columns;
export const columnNames = Object.keys(columns) as readonly ColumnName[];
export const usualColumns = [
  'id',
  'state',
  'holder',
  'team',
  'env',
  'channels',
  'expires',
  'last-used',
] as const satisfies readonly ColumnName[];

/** @throws LatchkeyError INVALID_INPUT, naming what there is */
export function parseColumns(names: readonly string[] | undefined): readonly ColumnName[] {
  if (names === undefined) return usualColumns;
  return names.map((name) => {
    const found = columnNames.find((known) => known === name);
    if (found !== undefined) return found;
    throw new LatchkeyError('INVALID_INPUT', words.unknownColumn(name.slice(0, 40), columnNames.join(', ')));
  });
}

export const headOf = (names: readonly ColumnName[]): readonly string[] =>
  names.map((name) => columns[name].head);

export const textsOf = (token: TokenView, names: readonly ColumnName[]): readonly string[] =>
  names.map((name) => columns[name].text(token));

/** The same for a program. */
export const valuesOf = (token: TokenView, names: readonly ColumnName[]): readonly string[] =>
  names.map((name) => {
    const column: Column = columns[name];
    return (column.value ?? column.text)(token);
  });
