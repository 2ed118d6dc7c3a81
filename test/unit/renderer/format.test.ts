import { describe, expect, it } from 'vitest';
import { formatBytes, plural, relativeTime } from '../../../src-renderer/ui/format.ts';

const nowMs = Date.UTC(2026, 0, 1);
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe('relative times', () => {
  it.each([
    [0, 'now'],
    [59_000, 'now'],
    [5 * 60_000, 'in 5 minutes'],
    [-5 * 60_000, '5 minutes ago'],
    [47 * hourMs, 'in 47 hours'],
    [-50 * hourMs, '2 days ago'],
    [30 * dayMs, 'in 30 days'],
    [90 * dayMs, 'in 90 days'],
    [150 * dayMs, 'in 5 months'],
    [800 * dayMs, 'in 2 years'],
  ])('reads %d ms from now as "%s"', (gapMs, text) => {
    expect(relativeTime(nowMs + gapMs, nowMs)).toBe(text);
  });

  it('never makes a deadline look later than it is', () => {
    expect(relativeTime(nowMs + 3 * dayMs - 1, nowMs)).toBe('in 2 days');
  });
});

describe('amounts', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [234_000_000, '234 MB'],
    [4_812_000_000, '4.8 GB'],
  ])('shows %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('agrees in number', () => {
    expect([plural(1, 'token'), plural(1200, 'token')]).toEqual(['1 token', '1,200 tokens']);
  });
});
