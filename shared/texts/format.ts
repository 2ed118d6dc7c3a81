/**
 * Numbers and times as the person's own system writes them: its locale, its time zone, and the zone named, so that two
 * people who read a time aloud mean the same moment. Words around them are the catalogue's (`en/grammar.ts`).
 */

import { once } from './once.ts';

/** The system's, unless a test names one. */
type Where = { readonly locale?: string; readonly timeZone?: string };

/** Formats for one locale and zone. */
export function formatsOf({ locale, timeZone }: Where = {}) {
  const zone = timeZone === undefined ? {} : { timeZone };
  const minute = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short', ...zone } as const;
  const date = { year: 'numeric', month: 'short', day: 'numeric' } as const;
  const exact = once(() => new Intl.DateTimeFormat(locale, { ...date, ...minute }));
  const clock = once(() => new Intl.DateTimeFormat(locale, { ...minute, second: '2-digit' }));
  const moment = once(() => new Intl.DateTimeFormat(locale, { ...date, ...minute, second: '2-digit' }));
  const day = once(() => new Intl.DateTimeFormat(locale, { dateStyle: 'long', ...zone }));
  const counts = once(() => new Intl.NumberFormat(locale));
  const amounts = once(
    () => new Intl.NumberFormat(locale, { maximumFractionDigits: 1, minimumFractionDigits: 1 }),
  );
  return {
    /** `Nov 25, 2026, 04:48 PM GMT+1`. */
    exactTime: (atMs: number): string => exact().format(atMs),
    /** `Nov 25, 2026, 04:48:12 PM GMT+1`. */
    momentTime: (atMs: number): string => moment().format(atMs),
    /** `04:48:12 PM GMT+1`. */
    clockTime: (atMs: number): string => clock().format(atMs),
    /** `November 25, 2026`. */
    formatDay: (atMs: number): string => day().format(atMs),
    /** `12,345`. */
    formatCount: (value: number): string => counts().format(value),
    /** Bytes in the units of file managers: 1 kB = 1000. */
    formatBytes: (bytes: number): string => {
      const units = ['B', 'kB', 'MB', 'GB', 'TB'];
      let value = bytes;
      let unit = 0;
      while (value >= 1000 && unit < units.length - 1) {
        value /= 1000;
        unit += 1;
      }
      const isWhole = unit === 0 || value >= 100;
      return `${isWhole ? counts().format(Math.round(value)) : amounts().format(value)} ${units[unit]}`;
    },
  };
}

export const { exactTime, momentTime, clockTime, formatCount, formatBytes, formatDay } = formatsOf();

/** What a calendar shows. A week begins on Monday where the system does not say. */
export function dayFormats({ locale }: Where = {}) {
  const { day, month, shortMonth, weekday } = {
    day: new Intl.DateTimeFormat(locale, { dateStyle: 'long' }),
    month: new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long' }),
    shortMonth: new Intl.DateTimeFormat(locale, { month: 'short' }),
    weekday: new Intl.DateTimeFormat(locale, { weekday: 'short' }),
  };
  return { day, month, shortMonth, weekday, firstDayOfWeek: firstDayOf(day.resolvedOptions().locale) };
}

type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;
type WithWeek = Intl.Locale & {
  readonly getWeekInfo?: () => { readonly firstDay: number };
  readonly weekInfo?: { readonly firstDay: number };
};

/** 0 is Sunday. @param tag a locale; engines before 2024 have `weekInfo` as a property */
function firstDayOf(tag: string): Weekday {
  const locale: WithWeek = new Intl.Locale(tag);
  const week = locale.getWeekInfo?.() ?? locale.weekInfo;
  return ((week?.firstDay ?? 1) % 7) as Weekday;
}
