import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('window', { location: { hash: '' }, addEventListener: () => undefined });
const { hashTo, parseRoute, routeHash, useRoute } = await import('../../../src-renderer/state/route.ts');

describe('routes', () => {
  it.each([
    ['', 'overview', undefined],
    ['#/tokens', 'tokens', undefined],
    ['#/tokens/new', 'tokens', 'new'],
    ['#/tokens/aB3xQ9zK', 'tokens', 'aB3xQ9zK'],
    ['#/nowhere', 'overview', undefined],
    ['#/tokens/a/b', 'overview', undefined],
    ['#/tokens/<script>', 'tokens', undefined],
  ])('%s leads to %s with %s open', (hash, screen, open) => {
    expect(parseRoute(hash)).toEqual({ screen, open, query: '' });
  });

  it('keep the query on their screen and drop it on others', () => {
    useRoute.setState(parseRoute('#/tokens?state=expired'));
    expect(hashTo('tokens', 'new')).toBe('#/tokens/new?state=expired');
    expect(hashTo('teams')).toBe('#/teams');
    expect(hashTo('tokens', undefined, 'search=x')).toBe('#/tokens?search=x');
  });

  it('writes what it reads', () => {
    expect(parseRoute(routeHash('channels', 'new'))).toEqual({ screen: 'channels', open: 'new', query: '' });
    const query = 'search=what%3F&team=a&team=b';
    expect(parseRoute(routeHash('tokens', 'aB3xQ9zK', query))).toEqual({
      screen: 'tokens',
      open: 'aB3xQ9zK',
      query,
    });
  });
});
