import { describe, expect, it } from 'vitest';
import { TextCache } from '../../../src-main/base/text-cache.ts';

describe('a cache of texts', () => {
  it('makes a value once, until it is the least recently used of too many', () => {
    const cache = new TextCache<string>(2, 10);
    const made: string[] = [];
    const make = (key: string) => {
      made.push(key);
      return key.toUpperCase();
    };
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b'])
      expect(cache.getOrMake(key, make)).toBe(key.toUpperCase());
    expect(made).toEqual(['a', 'b', 'c', 'b']);
    cache.clear();
    cache.getOrMake('b', make);
    expect(made.at(-1)).toBe('b');
    expect(made).toHaveLength(5);
  });

  it('does not keep a key that is too long', () => {
    const cache = new TextCache<number>(10, 3);
    let made = 0;
    const make = () => (made += 1);
    cache.getOrMake('abcd', make);
    cache.getOrMake('abcd', make);
    expect(made).toBe(2);
  });
});
