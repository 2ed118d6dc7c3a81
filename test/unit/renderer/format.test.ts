import { describe, expect, it } from 'vitest';
import { formatsOf } from '../../../shared/texts/format.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { plural, relativeTime } from '../../../src-renderer/ui/format.ts';

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

  it('gives a token that was just issued all of its days', () => {
    const issuedAtMs = nowMs - 20_000;
    expect(relativeTime(issuedAtMs + 90 * dayMs, nowMs)).toBe('in 90 days');
  });

  it('never makes what has passed look longer ago than it is', () => {
    expect(relativeTime(nowMs - 3 * dayMs + 1, nowMs)).toBe('2 days ago');
  });
});

describe('times', () => {
  const atMs = Date.UTC(2026, 10, 25, 15, 48);
  it('of a request says its day and its second once', () => {
    const { momentTime } = formatsOf({ locale: 'en-US', timeZone: 'UTC' });
    expect(momentTime(atMs + 7000)).toMatch(/^Nov 25, 2026, 03:48:07\sPM UTC$/);
  });

  it.each([
    ['en-US', 'America/New_York', 'Nov 25, 2026, 10:48 AM EST'],
    ['de-DE', 'Europe/Berlin', '25. Nov. 2026, 16:48 MEZ'],
    ['en-GB', 'UTC', '25 Nov 2026, 15:48 UTC'],
  ])('are written as in %s, and say the zone %s', (locale, timeZone, text) => {
    // ICU writes a narrow no-break space before AM.
    expect(
      formatsOf({ locale, timeZone })
        .exactTime(atMs)
        .replace(/\u202f/g, ' '),
    ).toBe(text);
  });
});

describe('the end of a token', () => {
  const token = { state: 'active', expiresAtMs: nowMs + 90 * dayMs } as const;
  it('is in the future for one that works, and of no interest for one that was revoked', () => {
    expect(texts.tokens.end(token, nowMs)).toBe('in 90 days');
    const revoked = { ...token, state: 'revoked', revoked: { atMs: nowMs - 2 * hourMs } } as const;
    expect(texts.tokens.end(revoked, nowMs)).toBe('revoked 2 hours ago');
  });
  it('is that of a replaced one where it has a successor and works during the overlap only', () => {
    expect(texts.tokens.state({ state: 'expiring', rotatedTo: 'abcd1234' })).toBe('Replaced');
    expect(texts.tokens.state({ state: 'expiring' })).toBe('Expiring');
    expect(texts.tokens.state({ state: 'expired', rotatedTo: 'abcd1234' })).toBe('Expired');
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
    expect(formatsOf({ locale: 'en' }).formatBytes(bytes)).toBe(text);
  });

  it('agrees in number', () => {
    expect([plural(1, 'token'), plural(1200, 'token')]).toEqual(['1 token', '1,200 tokens']);
  });
});
