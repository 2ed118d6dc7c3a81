/** The rule about tokens among the rules of a policy, as `policy set` changes it. Pure. */
import type { PolicyRule } from '../../shared/model/policy-rules.ts';

/** Absent: as it was; `false`: no limit. */
export type TokenLimits = {
  readonly maxTtlDays: number | false | undefined;
  readonly networksRequired: boolean | undefined;
};

/**
 * @param before those of the policy; undefined: it is new
 * @returns the same with these limits, every other rule where it was; a rule about tokens comes in only where one is asked for
 */
export function withTokenLimits(
  before: readonly PolicyRule[] | undefined,
  limits: TokenLimits,
): readonly PolicyRule[] {
  const old = before?.find((rule) => rule.type === 'tokens');
  const isAsked = limits.maxTtlDays !== undefined || limits.networksRequired !== undefined;
  if (before !== undefined && !isAsked) return before;
  const asked = limits.maxTtlDays ?? old?.maxTtlDays;
  const maxTtlDays = asked === false ? undefined : asked;
  const rule: PolicyRule = {
    type: 'tokens',
    networksRequired: limits.networksRequired ?? old?.networksRequired ?? false,
    ...(maxTtlDays === undefined ? {} : { maxTtlDays }),
  };
  if (old === undefined) return [rule, ...(before ?? [])];
  return (before ?? []).map((one) => (one === old ? rule : one));
}
