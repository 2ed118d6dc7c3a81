import { dayMs, hourMs } from '../../shared/model/time.ts';

const minuteMs = 60_000;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const counts = new Intl.NumberFormat('en');

/** `in 3 days`, `2 hours ago`, `now`: rounded towards now, so that a deadline never looks later than it is. */
export function relativeTime(atMs: number, nowMs: number): string {
  const gap = atMs - nowMs;
  const size = Math.abs(gap);
  if (size < minuteMs) return 'now';
  if (size < hourMs) return relative.format(Math.trunc(gap / minuteMs), 'minute');
  if (size < 2 * dayMs) return relative.format(Math.trunc(gap / hourMs), 'hour');
  if (size < 120 * dayMs) return relative.format(Math.trunc(gap / dayMs), 'day');
  if (size < 730 * dayMs) return relative.format(Math.trunc(gap / (30 * dayMs)), 'month');
  return relative.format(Math.trunc(gap / (365 * dayMs)), 'year');
}

export const exactTime = (atMs: number): string => exact.format(atMs);
export const clockTime = (atMs: number): string => timeOfDay.format(atMs);
export const formatCount = (value: number): string => counts.format(value);

/** Bytes in the units of file managers: 1 kB = 1000. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `1 token`, `2 tokens`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
