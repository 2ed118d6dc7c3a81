import { describe, expect, it } from 'vitest';
import { keepNear, pagesFor, pageSize, rowAt } from '../../../src-renderer/state/token-pages.ts';

describe('pages of the token table', () => {
  it.each([
    [0, 15, 0, []],
    [0, 15, 10, [0]],
    [190, 205, 100_000, [0, 1]],
    [199_990, 200_020, 200_000, [999]],
    [-5, 3, 100_000, [0]],
  ])('rows %d to %d of %d need the pages %j', (first, last, total, pages) => {
    expect(pagesFor(first, last, total)).toEqual(pages);
  });

  it('forgets pages far from what is visible', () => {
    const pages = new Map([0, 1, 8, 10, 12, 13].map((page) => [page, 'rows'] as const));
    expect([...keepNear(pages, [10, 11]).keys()]).toEqual([8, 10, 12, 13]);
  });

  it('keeps what it has while nothing is wanted', () => {
    const pages = new Map([[3, 'rows']]);
    expect(keepNear(pages, [])).toBe(pages);
  });

  it('finds a row by its index in the whole table, and nothing where the page is not here', () => {
    const pages = new Map([[1, ['a', 'b']]]);
    expect(rowAt(pages, pageSize + 1)).toBe('b');
    expect(rowAt(pages, 0)).toBeUndefined();
  });
});
