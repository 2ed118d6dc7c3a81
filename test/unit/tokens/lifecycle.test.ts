import { describe, expect, it } from 'vitest';
import type { Token } from '../../../shared/model/domain.ts';
import { usual } from '../../../shared/model/domain.ts';
import { planRotation, tokenState } from '../../../src-main/tokens/lifecycle.ts';

const day = 86_400_000;
const hour = 3_600_000;
const token = (days: number, changes: object = {}) =>
  ({ issuedAtMs: 0, expiresAtMs: days * day, ...changes }) as unknown as Token;
const revoked = { atMs: 5, by: 'op', reason: 'lost' };

describe('the state of a token', () => {
  it.each([
    ['at issue', token(90), 0, 'active'],
    ['just before its last 7 days', token(90), 83 * day - 1, 'active'],
    ['from 7 days before its end', token(90), 83 * day, 'expiring'],
    ['in the last millisecond', token(90), 90 * day - 1, 'expiring'],
    ['at its end', token(90), 90 * day, 'expired'],
    ['long after', token(90), 900 * day, 'expired'],
    ['of 10 days, before the last fifth', token(10), 8 * day - 1, 'active'],
    ['of 10 days, in the last fifth', token(10), 8 * day, 'expiring'],
    ['of 35 days, where both limits meet', token(35), 28 * day, 'expiring'],
    ['of one day, after a few hours', token(1), 19 * hour, 'active'],
    ['that is not valid yet', token(90, { notBeforeMs: 10 * day }), day, 'active'],
    ['that was rotated, in its overlap', token(90, { rotatedTo: 'next' }), day, 'expiring'],
    ['that was rotated, after its overlap', token(90, { rotatedTo: 'next' }), 90 * day, 'expired'],
    ['that was revoked', token(90, { revoked }), day, 'revoked'],
    ['that was revoked, after its end too', token(90, { revoked }), 100 * day, 'revoked'],
    ['that was rotated and revoked', token(90, { revoked, rotatedTo: 'next' }), day, 'revoked'],
  ])('%s', (_, subject, nowMs, state) => {
    expect(tokenState(subject, nowMs)).toBe(state);
  });

  it('never goes back: once expired or revoked, always so', () => {
    const order = ['active', 'expiring', 'expired'];
    for (const days of [1, 7, 35, 90, 3650]) {
      const seen = Array.from({ length: 50 }, (_, step) => tokenState(token(days), (step * days * day) / 40));
      const ranks = seen.map((state) => order.indexOf(state));
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
      expect(seen.at(-1)).toBe('expired');
    }
  });
});

describe('a rotation', () => {
  const nowMs = 10 * day;

  it('starts the lifetime of the successor now, and ends the predecessor after the overlap', () => {
    expect(
      planRotation(token(90), { ttlDays: usual.ttlDays, overlapHours: usual.overlapDays * 24, nowMs }),
    ).toEqual({ successorExpiresAtMs: 100 * day, predecessorExpiresAtMs: 17 * day });
  });

  it('never lengthens the life of the predecessor', () => {
    expect(planRotation(token(11), { ttlDays: 30, overlapHours: 168, nowMs }).predecessorExpiresAtMs).toBe(
      11 * day,
    );
  });

  it('ends the predecessor at once without an overlap', () => {
    const plan = planRotation(token(90), { ttlDays: 30, overlapHours: 0, nowMs });
    expect(plan.predecessorExpiresAtMs).toBe(nowMs);
    expect(tokenState(token(90, { expiresAtMs: plan.predecessorExpiresAtMs }), nowMs)).toBe('expired');
  });
});
