import type { PolicyView } from '../../../shared/contract/views.ts';
import type { EnvironmentId, TeamId } from '../../../shared/model/ids.ts';
import { dayMs } from '../../../shared/model/time.ts';

/** What enforced policies say about a new token. A help for the form only: main decides. */
export type TokenLimits = {
  readonly maxTtlDays: number | undefined;
  readonly maxTtlPolicy: string | undefined;
  readonly networksPolicy: string | undefined;
};

export const lifetimePresets = [30, 90, 180, 365] as const;

/** The strictest of the enforced policies that fit. An id that is not chosen yet fits only policies for all. */
export function tokenLimits(
  policies: readonly PolicyView[],
  teamId: TeamId | undefined,
  environmentId: EnvironmentId | undefined,
): TokenLimits {
  const fits = <Id extends string>(ids: readonly Id[], id: Id | undefined) =>
    ids.length === 0 || (id !== undefined && ids.includes(id));
  let limits: TokenLimits = { maxTtlDays: undefined, maxTtlPolicy: undefined, networksPolicy: undefined };
  for (const policy of policies) {
    if (policy.mode !== 'enforce') continue;
    if (!fits(policy.teamIds, teamId) || !fits(policy.environmentIds, environmentId)) continue;
    for (const rule of policy.rules) {
      if (rule.type !== 'tokens') continue;
      if (rule.maxTtlDays !== undefined && rule.maxTtlDays < (limits.maxTtlDays ?? Infinity)) {
        limits = { ...limits, maxTtlDays: rule.maxTtlDays, maxTtlPolicy: policy.name };
      }
      if (rule.networksRequired) limits = { ...limits, networksPolicy: limits.networksPolicy ?? policy.name };
    }
  }
  return limits;
}

/** 90 days, or less where a policy says so. */
export function defaultTtlDays(limits: TokenLimits): number {
  return Math.min(90, limits.maxTtlDays ?? 90);
}

/**
 * Whole days from now that end on or before the end of a day in local time; at least one.
 * @param date `YYYY-MM-DD`, as the date picker gives it
 */
export function daysUntil(date: string, nowMs: number): number {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const endMs = new Date(year, month - 1, day, 23, 59, 59, 999).getTime();
  return Math.max(1, Math.floor((endMs - nowMs) / dayMs));
}
