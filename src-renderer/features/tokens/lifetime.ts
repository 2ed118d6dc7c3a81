import type { EffectivePolicy } from '../../../shared/contract/policy-views.ts';
import { limits, usual } from '../../../shared/model/domain.ts';
import { dayMs } from '../../../shared/model/time.ts';
import { formatDay } from '../../../shared/texts/format.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.tokenForms.policyHints;

/** The longest lifetime that the contract takes, days. */
export const longestTtlDays = limits.ttlDays;
export const lifetimePresets = [30, 90, 180, 365] as const;

/** What a form says about the policies there; main decides. */
export type PolicyHints = {
  readonly maxTtlDays: number | undefined;
  readonly networksRequired: boolean;
  /** Sentences beside the fields. */
  readonly lifetime: string;
  readonly networks: string;
};

/** @param effective what main answered for the team and environment; undefined until it did */
export function policyHints(effective: EffectivePolicy | undefined): PolicyHints {
  const enforced = (effective?.sources ?? []).filter((source) => source.mode === 'enforce');
  const observed = (effective?.sources ?? []).filter((source) => source.mode === 'observe');
  const maxTtlDays = effective?.maxTtlDays;
  const strictest = enforced.find((source) => source.maxTtlDays === maxTtlDays && maxTtlDays !== undefined);
  const watching = observed.find(
    (source) => source.maxTtlDays !== undefined && source.maxTtlDays < (maxTtlDays ?? Infinity),
  );
  const asking = enforced.find((source) => source.networksRequired);
  return {
    maxTtlDays,
    networksRequired: effective?.networksRequired ?? false,
    lifetime: [
      maxTtlDays === undefined ? '' : words.most(strictest?.policyName, maxTtlDays),
      watching === undefined ? '' : words.observed(watching.policyName, watching.maxTtlDays ?? 0),
    ]
      .filter(Boolean)
      .join(' '),
    networks: effective?.networksRequired === true ? words.networks(asking?.policyName) : '',
  };
}

/** 90 days, or less where a policy says so. */
export function defaultTtlDays(maxTtlDays: number | undefined): number {
  return Math.min(usual.ttlDays, maxTtlDays ?? usual.ttlDays);
}

type Lived = { readonly issuedAtMs: number; readonly expiresAtMs: number };

/**
 * The latest end that an extension may ask for. Policies judge the whole lifetime, from the issue on; the end that a token
 * has it may keep.
 */
export function latestEndMs(maxTtlDays: number | undefined, token: Lived, nowMs: number): number {
  const latestMs =
    maxTtlDays === undefined ? nowMs + longestTtlDays * dayMs : token.issuedAtMs + maxTtlDays * dayMs;
  return Math.max(latestMs, token.expiresAtMs);
}

/** What is said beside the end of a token that there is. */
export function endHint(maxTtlDays: number | undefined, lifetime: string, token: Lived): string {
  if (maxTtlDays === undefined || lifetime === '') return lifetime;
  return `${lifetime} ${words.latest(formatDay(token.issuedAtMs), formatDay(token.issuedAtMs + maxTtlDays * dayMs))}`;
}

/** The end of a day in local time. @param date `YYYY-MM-DD`, as the date picker gives it */
export function endOfDayMs(date: string): number {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return new Date(year, month - 1, day, 23, 59, 59, 999).getTime();
}

/** Whole days from now that end on or before the end of a day in local time; at least one. */
export function daysUntil(date: string, nowMs: number): number {
  return Math.max(1, Math.floor((endOfDayMs(date) - nowMs) / dayMs));
}

/** `YYYY-MM-DD` in local time. */
export function isoDate(atMs: number): string {
  const date = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
