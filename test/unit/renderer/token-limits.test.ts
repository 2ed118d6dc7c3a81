import { describe, expect, it } from 'vitest';
import type { PolicyView } from '../../../shared/contract/views.ts';
import { environmentId, policyId, teamId } from '../../../shared/model/ids.ts';
import {
  daysUntil,
  defaultTtlDays,
  tokenLimits,
} from '../../../src-renderer/features/tokens/token-limits.ts';

const [prod, dev, ci] = [environmentId.parse('prod'), environmentId.parse('dev'), teamId.parse('ci')];
const policy = (part: Partial<PolicyView>): PolicyView => ({
  id: policyId.parse('p'),
  name: 'p',
  mode: 'enforce',
  teamIds: [],
  environmentIds: [],
  rules: [{ type: 'tokens', maxTtlDays: 90, networksRequired: false }],
  createdAtMs: 0,
  readsAs: '',
  ...part,
});

describe('limits that the issue form shows', () => {
  it('takes the strictest lifetime of the policies that fit, and names it', () => {
    const strict = policy({
      name: 'strict',
      environmentIds: [prod],
      rules: [{ type: 'tokens', maxTtlDays: 30, networksRequired: true }],
    });
    expect(tokenLimits([policy({}), strict], ci, prod)).toEqual({
      maxTtlDays: 30,
      maxTtlPolicy: 'strict',
      networksPolicy: 'strict',
    });
    expect(tokenLimits([policy({}), strict], ci, dev).maxTtlDays).toBe(90);
  });

  it('leaves observed policies and those of nobody chosen yet aside', () => {
    expect(tokenLimits([policy({ mode: 'observe' })], ci, prod).maxTtlDays).toBeUndefined();
    expect(tokenLimits([policy({ teamIds: [ci] })], undefined, prod).maxTtlDays).toBeUndefined();
  });

  it('starts with 90 days, or less where a policy says so', () => {
    expect(defaultTtlDays(tokenLimits([], ci, prod))).toBe(90);
    expect(
      defaultTtlDays(
        tokenLimits(
          [policy({ rules: [{ type: 'tokens', maxTtlDays: 14, networksRequired: false }] })],
          ci,
          prod,
        ),
      ),
    ).toBe(14);
  });
});

describe('an expiry date', () => {
  const noonMs = new Date(2026, 2, 10, 12).getTime();
  it.each([
    ['2026-03-11', 1],
    ['2026-03-20', 10],
    ['2026-03-10', 1],
  ])('%s is %d days away, so that the token ends on that day at the latest', (date, days) => {
    expect(daysUntil(date, noonMs)).toBe(days);
  });
});
