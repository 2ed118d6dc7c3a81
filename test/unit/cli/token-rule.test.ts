import { describe, expect, it } from 'vitest';
import type { PolicyRule } from '../../../shared/model/policy-rules.ts';
import { withTokenLimits } from '../../../src-main/cli/token-rule.ts';

const malware: PolicyRule = { type: 'malware', noFacts: 'deny' };
const sdists: PolicyRule = { type: 'platform', sdists: 'deny' };
const limits: PolicyRule = { type: 'tokens', maxTtlDays: 7, networksRequired: true };
const nothing = { maxTtlDays: undefined, networksRequired: undefined };

describe('limits of tokens in a policy that `policy set` changes', () => {
  it('leave every rule as it was where nothing is said of tokens', () => {
    expect(withTokenLimits([malware], nothing)).toEqual([malware]);
    expect(withTokenLimits([malware, limits, sdists], nothing)).toEqual([malware, limits, sdists]);
  });

  it('change what is said, where the rule stands', () => {
    expect(withTokenLimits([malware, limits, sdists], { ...nothing, maxTtlDays: 30 })).toEqual([
      malware,
      { ...limits, maxTtlDays: 30 },
      sdists,
    ]);
    expect(withTokenLimits([limits], { ...nothing, maxTtlDays: false })).toEqual([
      { type: 'tokens', networksRequired: true },
    ]);
  });

  it('come in where they are asked for, and in a new policy', () => {
    const rule = { type: 'tokens', networksRequired: true };
    expect(withTokenLimits([malware], { ...nothing, networksRequired: true })).toEqual([rule, malware]);
    expect(withTokenLimits(undefined, nothing)).toEqual([{ type: 'tokens', networksRequired: false }]);
  });
});
