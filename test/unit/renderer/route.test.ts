import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('window', { location: { hash: '' }, addEventListener: () => undefined });
const { parseRoute, routeHash } = await import('../../../src-renderer/state/route.ts');

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
    expect(parseRoute(hash)).toEqual({ screen, open });
  });

  it('writes what it reads', () => {
    expect(parseRoute(routeHash('channels', 'new'))).toEqual({ screen: 'channels', open: 'new' });
  });
});
