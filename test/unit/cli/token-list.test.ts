import { describe, expect, it } from 'vitest';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { tokenQuery } from '../../../shared/contract/token-views.ts';
import { tokenState } from '../../../shared/model/domain.ts';
import type { CliSession } from '../../../src-main/cli/session.ts';
import type { ListOptions } from '../../../src-main/cli/token-list.ts';
import { tokenSortKeys, tokenStates } from '../../../shared/model/token-list.ts';
import { listTokens, parseList } from '../../../src-main/cli/token-list.ts';
import { captureOutput } from '../../support/captured-output.ts';

const written = captureOutput();
const atMs = Date.parse('2026-11-24T08:30:00Z');
type Query = Parameters<CliSession['client']['tokens']['list']>[0];

function tokenNo(no: number): TokenView {
  return {
    id: no.toString(36).padStart(8, '0'),
    state: 'active',
    holder: { id: 'h', kind: 'person', name: no === 0 ? '=cmd|calc' : `Grace ${no}` },
    teamName: 'science',
    environmentName: 'dev',
    channelNames: ['main', 'extra'],
    networks: 'anywhere',
    issuedAtMs: atMs,
    issuedByName: 'Ada',
    expiresAtMs: atMs,
    note: '',
  } as unknown as TokenView;
}

/** A host with so many tokens, which gives at most a thousand at once and remembers what it was asked. */
function sessionWith(count: number, json = false): { session: CliSession; asked: Query[] } {
  const asked: Query[] = [];
  const list = async (query: Query) => {
    // As the door does.
    const { offset, limit } = tokenQuery.parse(query);
    asked.push(query);
    const rows = Array.from({ length: Math.max(0, Math.min(limit, count - offset)) }, (_, at) =>
      tokenNo(offset + at),
    );
    return { rows, total: count };
  };
  const teams = async () => [{ id: 't1', name: 'science' }];
  const client = { tokens: { list }, teams: { list: teams } };
  const session = { client, on: () => () => undefined, options: { json } } as unknown as CliSession;
  return { session, asked };
}

const usual: ListOptions = { search: '', reverse: false, csv: false };
const list = (session: CliSession, own: ListOptions) =>
  listTokens(session, own, parseList(own, session.options.json));
const lines = () => written.stdout.trimEnd().split('\n');

describe('token list', () => {
  it('shows all tokens, however many pages they are, and says nothing more', async () => {
    const { session, asked } = sessionWith(2500);
    await list(session, usual);
    expect(lines()).toHaveLength(2501);
    expect(asked.map((query) => query?.offset)).toEqual([0, 1000, 2000]);
    expect(written.stderr).toBe('');
    expect(lines()[0]).toMatch(
      /^ID +STATE +HOLDER +TEAM +ENV +CHANNELS +EXPIRES \(UTC\) +LAST USED \(UTC\)$/,
    );
  });

  it('says on stderr what a limit cuts off', async () => {
    const { session } = sessionWith(2500);
    await list(session, { ...usual, limit: '1200' });
    expect(lines()).toHaveLength(1201);
    expect(written.stderr).toBe('latchkey: showing 1200 of 2500 tokens. Leave --limit out to see all.\n');
  });

  it('takes any limit that is a number of one or more', async () => {
    const { session } = sessionWith(3);
    await list(session, { ...usual, limit: '5000' });
    expect(lines()).toHaveLength(4);
    expect(() => parseList({ ...usual, limit: '0' }, false)).toThrow('--limit must be 1 or more.');
  });

  it('streams a line of JSON for each', async () => {
    const { session } = sessionWith(1500, true);
    await list(session, usual);
    const parsed = lines().map((line) => JSON.parse(line) as TokenView);
    expect(parsed).toHaveLength(1500);
    expect(parsed.at(-1)?.id).toBe(tokenNo(1499).id);
  });

  it('gives each token once, although one was issued between two pages', async () => {
    const { session } = sessionWith(1500, true);
    const { tokens } = session.client;
    let asked = 0;
    const moved = {
      ...session,
      client: {
        ...session.client,
        tokens: {
          ...tokens,
          list: (query: Query) =>
            tokens.list({ ...query, offset: (query?.offset ?? 0) - (asked++ > 0 ? 1 : 0) }),
        },
      },
    } as CliSession;
    await list(moved, usual);
    const ids = lines().map((line) => (JSON.parse(line) as TokenView).id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('writes the chosen columns as CSV, times in ISO 8601, and lets no spreadsheet compute a name', async () => {
    const { session } = sessionWith(2);
    await list(session, { ...usual, csv: true, columns: ['holder', 'channels', 'expires', 'last-used'] });
    expect(written.stdout).toBe(
      'holder,channels,expires,last-used\n' +
        `'=cmd|calc,"main,extra",2026-11-24T08:30:00.000Z,\n` +
        'Grace 1,"main,extra",2026-11-24T08:30:00.000Z,\n',
    );
  });

  it('sorts the newest first, or as it is told', async () => {
    const { session, asked } = sessionWith(1);
    await list(session, usual);
    await list(session, { ...usual, sort: 'expires' });
    await list(session, { ...usual, sort: 'expires', reverse: true });
    await list(session, { ...usual, team: ['science'] });
    expect(asked.map((query) => [query?.sort, query?.descending])).toEqual([
      ['issued', true],
      ['expires', false],
      ['expires', true],
      ['issued', true],
    ]);
    expect(asked.at(-1)?.teamIds).toEqual(['t1']);
  });

  it.each([
    [{ columns: ['colour'] }, 'There is no column "colour". Choose from: id, state,'],
    [{ sort: 'colour' }, '"colour" is not valid for --sort. Choose from: holder, team,'],
    [{ state: ['dead'] }, '"dead" is not valid for --state. Choose from: requested,'],
    [{ limit: 'many' }, '--limit must be a whole number, not "many".'],
  ])('refuses %j before it asks for a passphrase', (more, message) => {
    expect(() => parseList({ ...usual, ...more }, false)).toThrow(message);
  });

  it('knows the states and keys that the contract knows', () => {
    expect([...tokenStates]).toEqual([...tokenState.options]);
    expect([...tokenSortKeys]).toEqual([...tokenQuery.shape.sort.unwrap().options]);
  });
});
