/** Numbers, lists and spans of time in English words; the digits are the person's own. */
import { dayMs, hourMs } from '../../model/time.ts';
import { formatCount } from '../format.ts';
import { once } from '../once.ts';

const minuteMs = 60_000;
const list = once(() => new Intl.ListFormat('en-GB'));
const choice = once(() => new Intl.ListFormat('en-GB', { type: 'disjunction' }));
const relative = once(() => new Intl.RelativeTimeFormat('en', { numeric: 'auto' }));

/** `1 token`, `2,000 tokens`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** The first letter of a sentence. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `a, b and c`. */
export const listed = (parts: readonly string[]): string => list().format(parts);

/** `a, b or c`. */
export const either = (parts: readonly string[]): string => choice().format(parts);

/**
 * `in 3 days`, `2 hours ago`, `now`. What has passed is rounded down; what is to come to the nearest, so that a token
 * that was just issued for 90 days has 90 left, and not 89.
 */
export function relativeTime(atMs: number, nowMs: number): string {
  const gap = atMs - nowMs;
  const size = Math.abs(gap);
  const whole = (unitMs: number): number => (gap < 0 ? Math.trunc(gap / unitMs) : Math.round(gap / unitMs));
  if (size < minuteMs) return 'now';
  if (size < hourMs) return relative().format(whole(minuteMs), 'minute');
  if (size < 2 * dayMs) return relative().format(whole(hourMs), 'hour');
  if (size < 120 * dayMs) return relative().format(whole(dayMs), 'day');
  if (size < 730 * dayMs) return relative().format(whole(30 * dayMs), 'month');
  return relative().format(whole(365 * dayMs), 'year');
}
