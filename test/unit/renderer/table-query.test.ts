import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TableQuery } from '../../../src-renderer/state/table-query.ts';
import { startFakeHost } from './fake-host.ts';

startFakeHost();
const { emptyQuery, formatTableQuery, isFiltered, parseTableQuery } =
  await import('../../../src-renderer/state/table-query.ts');
const { filterOf, noFilter, selectionOf } = await import('../../../src-renderer/state/tokens.ts');

const anyQuery: fc.Arbitrary<TableQuery> = fc.record({
  search: fc.string({ maxLength: 100, unit: 'binary' }),
  sort: fc.option(fc.record({ id: fc.stringMatching(/^[a-z-]{1,12}$/), descending: fc.boolean() }), {
    nil: undefined,
  }),
  filters: fc.dictionary(
    fc.stringMatching(/^[a-z]{1,8}$/).filter((name) => !['search', 'sort', 'order'].includes(name)),
    fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9_,&= -]{1,12}$/), { minLength: 1, maxLength: 4 }),
    { noNullPrototype: true },
  ),
});

describe('how a list is looked at', () => {
  it('stands in the address and comes back as it was', () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        expect(parseTableQuery(formatTableQuery(query))).toEqual(query);
      }),
    );
    expect(formatTableQuery(emptyQuery)).toBe('');
  });

  it('is filtered by a search or a filter, not by an order', () => {
    expect(isFiltered(parseTableQuery('sort=holder&order=desc'))).toBe(false);
    expect(isFiltered(parseTableQuery('state=expired'))).toBe(true);
    expect(isFiltered(parseTableQuery('search=x'))).toBe(true);
    expect(isFiltered(parseTableQuery('state='))).toBe(false);
  });
});

describe('an address of the list of tokens', () => {
  it('says all that main can filter and sort by', () => {
    const query =
      'search=x&state=expired&team=t&env=e&channel=c&holder=h&id=AbCd1234&sort=last-used&order=desc';
    expect(filterOf(parseTableQuery(query))).toEqual({
      search: 'x',
      states: ['expired'],
      teamIds: ['t'],
      environmentIds: ['e'],
      channelIds: ['c'],
      holderIds: ['h'],
      ids: ['AbCd1234'],
      sort: 'last-used',
      descending: true,
    });
    expect(filterOf(emptyQuery)).toEqual(noFilter);
  });

  it('counts for nothing where it makes no sense', () => {
    expect(filterOf(parseTableQuery('search=x&sort=colour'))).toEqual({ ...noFilter, search: 'x' });
    expect(filterOf(parseTableQuery('state=melted&state=expired')).states).toEqual(['expired']);
  });
});

it('what is picked is what main is told', () => {
  const filter = { ...noFilter, search: 'x' };
  expect(selectionOf({ by: 'rows', ids: new Set(['AbCd1234']) }, filter)).toEqual({
    by: 'ids',
    ids: ['AbCd1234'],
  });
  const all = selectionOf({ by: 'all', except: new Set(['AbCd1234']) }, filter);
  expect(all).toMatchObject({ by: 'filter', filter: { search: 'x' }, except: ['AbCd1234'] });
  expect(all).not.toHaveProperty('filter.sort');
});
