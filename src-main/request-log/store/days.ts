/** Days and months of UTC, by which the log is kept. */
import type { Period } from './row-store.ts';

export const dayMs = 86_400_000;
/** A clock may be wrong; a row of another century would make a database for its month. */
const [firstMs, endMs] = [Date.UTC(2020, 0), Date.UTC(2100, 0)];

export const isUsableTime = (atMs: number): boolean =>
  Number.isSafeInteger(atMs) && atMs >= firstMs && atMs < endMs;

/** Since the epoch. */
export const dayOf = (atMs: number): number => Math.floor(atMs / dayMs);

/** The first and the last day of a period, within what can be; none of a period that ends before it begins. */
export function daysOf({ fromMs, toMs }: Period): { readonly from: number; readonly to: number } {
  const from = dayOf(Math.max(fromMs ?? firstMs, firstMs));
  const isEmpty = fromMs !== undefined && toMs !== undefined && toMs <= fromMs;
  return { from, to: isEmpty ? from - 1 : dayOf(Math.min(toMs ?? endMs, endMs) - 1) };
}

/** E.g. `2026-11`. */
export const monthOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 7);

/** When a month of `monthOf` begins. */
export const monthStartMs = (month: string): number => Date.parse(`${month}-01T00:00:00Z`);

export function monthEndMs(month: string): number {
  const start = new Date(monthStartMs(month));
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1);
}

export const isWithin = (atMs: number, { fromMs, toMs }: Period): boolean =>
  (fromMs === undefined || atMs >= fromMs) && (toMs === undefined || atMs < toMs);

/** Segments are closed after a day at the latest. What comes later still is treated as late. */
const settledDays = 2;

export const isOver = (month: string, nowMs: number): boolean =>
  dayOf(nowMs) >= dayOf(monthEndMs(month)) + settledDays;
