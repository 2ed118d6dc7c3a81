/** `token list`: all that fit, page by page, however many; a cut is said. */
import type { TokenView } from '../../shared/contract/token-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { TokenState } from '../../shared/model/domain.ts';
import { tokenSortKeys, tokenStates } from '../../shared/model/token-list.ts';
import { parseChoice } from './options.ts';
import { formatTable, print, printCsv, printJsonLine, printNotice } from './output.ts';
import type { CliClient, CliSession } from './session.ts';
import { parseWholeNumber, pick } from './session.ts';
import type { ColumnName } from './token-columns.ts';
import { headOf, parseColumns, textsOf, valuesOf } from './token-columns.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.cli.tokens;

export type ListOptions = {
  readonly search: string;
  readonly state?: readonly string[];
  readonly team?: readonly string[];
  readonly env?: readonly string[];
  readonly channel?: readonly string[];
  readonly sort?: string;
  readonly reverse: boolean;
  readonly columns?: readonly string[];
  readonly csv: boolean;
  readonly limit?: string;
};

type Query = NonNullable<Parameters<CliClient['tokens']['list']>[0]>;

/** What the contract gives at once. */
const pageRows = 1000;

type Wanted = {
  readonly names: readonly ColumnName[];
  readonly limit: number | undefined;
  readonly states: TokenState[];
  readonly sort: (typeof tokenSortKeys)[number];
};

/** What can be judged before anybody types a passphrase. @throws LatchkeyError INVALID_INPUT */
export function parseList(own: ListOptions, isJson: boolean): Wanted {
  if (own.csv && isJson) throw new LatchkeyError('INVALID_INPUT', words.eitherFormat);
  const limit = own.limit === undefined ? undefined : parseWholeNumber(own.limit, '--limit');
  if (limit === 0) throw new LatchkeyError('INVALID_INPUT', words.limit);
  return {
    names: parseColumns(own.columns),
    limit,
    states: (own.state ?? []).map((state) => parseChoice(tokenStates, state, '--state')),
    sort: own.sort === undefined ? 'issued' : parseChoice(tokenSortKeys, own.sort, '--sort'),
  };
}

export async function listTokens(
  { client, options }: CliSession,
  own: ListOptions,
  wanted: Wanted,
): Promise<void> {
  const { names, limit } = wanted;
  const pages = pagesOf(client, await queryOf(client, own, wanted), limit);
  const cells: (readonly string[])[] = [];
  let [shown, total] = [0, 0];
  if (own.csv) await printCsv([names]);
  for await (const page of pages) {
    shown += page.rows.length;
    ({ total } = page);
    if (options.json) for (const token of page.rows) printJsonLine(token);
    else if (own.csv) await printCsv(page.rows.map((token) => valuesOf(token, names)));
    else cells.push(...page.rows.map((token) => textsOf(token, names)));
  }
  if (!own.csv && !options.json) print(false, undefined, formatTable(headOf(names), cells));
  if (shown < total) {
    printNotice(words.cut(shown, total));
  }
}

/** @throws LatchkeyError NOT_FOUND */
async function queryOf(client: CliClient, own: ListOptions, { states, sort }: Wanted): Promise<Query> {
  const idsOf = async <T extends { readonly id: string; readonly name: string }>(
    names: readonly string[] | undefined,
    list: () => Promise<readonly T[]>,
    what: string,
  ): Promise<T['id'][]> => {
    if (names === undefined) return [];
    const entries = await list();
    return names.map((name) => pick(entries, name, what).id);
  };
  return {
    search: own.search,
    states,
    teamIds: await idsOf(own.team, () => client.teams.list(), 'team'),
    environmentIds: await idsOf(own.env, () => client.environments.list(), 'environment'),
    channelIds: await idsOf(own.channel, () => client.channels.list(), 'channel'),
    sort,
    // Unless asked otherwise, the newest stand first.
    descending: own.reverse !== (own.sort === undefined),
  };
}

/** Tokens that were issued meanwhile move the others: each is given once. */
async function* pagesOf(
  client: CliClient,
  query: Query,
  limit: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<{ readonly rows: readonly TokenView[]; readonly total: number }> {
  const seen = new Set<string>();
  for (let offset = 0; ; offset += pageRows) {
    // One page at a time: the next is asked for when this one was printed.
    // oxlint-disable-next-line no-await-in-loop
    const page = await client.tokens.list({ ...query, offset, limit: pageRows });
    const fresh = page.rows.filter(({ id }) => !seen.has(id)).slice(0, limit - seen.size);
    for (const { id } of fresh) seen.add(id);
    yield { rows: fresh, total: page.total };
    if (page.rows.length < pageRows || seen.size >= limit) return;
  }
}
