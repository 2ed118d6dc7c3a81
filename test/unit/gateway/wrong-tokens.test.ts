import { describe, expect, it } from 'vitest';
import { WrongTokens } from '../../../src-main/gateway/wrong-tokens.ts';

const delayOf = (tokens: WrongTokens, address: string, nowMs: number) => {
  const slow = tokens.next(address, nowMs);
  if (slow.type === 'later') slow.done();
  return slow.type === 'now' ? 0 : slow.type === 'later' ? slow.delayMs : -slow.retryAfterSeconds;
};

describe('wrong tokens of one address', () => {
  it('wait longer each time, up to a bound', () => {
    const tokens = new WrongTokens();
    const delays = Array.from({ length: 15 }, () => delayOf(tokens, '192.0.2.1', 0));
    expect(delays).toEqual([0, 0, 0, 0, 0, 100, 200, 400, 800, 1600, 3200, 6400, 8000, 8000, 8000]);
    expect(delayOf(tokens, '192.0.2.2', 0)).toBe(0);
  });

  it('are forgotten with time', () => {
    const tokens = new WrongTokens();
    for (let tries = 0; tries < 100; tries += 1) delayOf(tokens, '192.0.2.1', 0);
    expect(delayOf(tokens, '192.0.2.1', 60_000)).toBe(8000);
    expect(delayOf(tokens, '192.0.2.1', 660_000)).toBe(0);
  });

  it('count by /64 for IPv6', () => {
    const tokens = new WrongTokens();
    const delays = Array.from({ length: 7 }, (_, index) => delayOf(tokens, `2001:db8:1:2::${index + 1}`, 0));
    expect(delays).toEqual([0, 0, 0, 0, 0, 100, 200]);
    expect(delayOf(tokens, '2001:db8:1:3::1', 0)).toBe(0);
  });

  it('are refused when too many of them wait, until one is answered', () => {
    const tokens = new WrongTokens();
    const slow = Array.from({ length: 20 }, () => tokens.next('192.0.2.1', 0));
    expect(slow.map(({ type }) => type)).toEqual([
      ...Array.from({ length: 5 }, () => 'now'),
      ...Array.from({ length: 8 }, () => 'later'),
      ...Array.from({ length: 7 }, () => 'refuse'),
    ]);
    const [first] = slow.flatMap((one) => (one.type === 'later' ? [one] : []));
    first?.done();
    first?.done();
    expect(tokens.size.waiting).toBe(7);
    expect(tokens.next('192.0.2.1', 0).type).toBe('later');
  });
});

it('what is remembered of wrong tokens is bounded, for all addresses together', () => {
  const tokens = new WrongTokens();
  for (let index = 0; index < 30_000; index += 1) {
    for (let tries = 0; tries < 6; tries += 1) tokens.next(`198.51.${index >> 8}.${index & 255}`, 0);
  }
  expect(tokens.size.addresses).toBe(10_000);
  expect(tokens.size.waiting).toBe(512);
});
