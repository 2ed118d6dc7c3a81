/** What of the request log is looked at, as it stands in the address: `#/activity?view=installed&team=…&days=7`. */
import { dayMs } from '../../shared/model/time.ts';

/** Whole days of UTC, as the log counts: so many up to today, chosen ones (both included), or all that is kept. */
export type DayPeriod =
  | { readonly type: 'last'; readonly days: number }
  | { readonly type: 'chosen'; readonly from: string; readonly to: string }
  | { readonly type: 'all' };

export type ActivityQuestion = {
  /** '' is the first one of the screen. */
  readonly view: string;
  readonly period: DayPeriod;
  readonly team: string;
  readonly environment: string;
  /** What became of requests; '' is all of them. */
  readonly kind: string;
  /** A channel's id; '' is all of them. */
  readonly channel: string;
  /** A package or a file's hash, as it is typed; '' is all of them. */
  readonly package: string;
  /** The name of a policy that refused; '' is all of them. */
  readonly policy: string;
};

/** So many days can be chosen without a calendar. */
export const periodDays = [1, 7, 30, 90] as const;
const usual: DayPeriod = { type: 'last', days: 30 };
const most = { id: 64, policy: 128, package: 400 };
const day = /^\d{4}-\d{2}-\d{2}$/;

/** What makes no sense in an address counts for nothing. */
export function parseActivityQuestion(query: string): ActivityQuestion {
  const params = new URLSearchParams(query);
  const text = (key: string, chars: number = most.id) => (params.get(key) ?? '').slice(0, chars);
  return {
    view: text('view'),
    period: parsePeriod(params),
    team: text('team'),
    environment: text('environment'),
    kind: text('kind'),
    channel: text('channel'),
    package: text('package', most.package),
    policy: text('policy', most.policy),
  };
}

function parsePeriod(params: URLSearchParams): DayPeriod {
  const [from, to] = [params.get('from') ?? '', params.get('to') ?? ''];
  if (isDay(from) && isDay(to)) return { type: 'chosen', from, to };
  if (params.get('days') === 'all') return { type: 'all' };
  const days = periodDays.find((one) => String(one) === params.get('days'));
  return days === undefined ? usual : { type: 'last', days };
}

const isDay = (text: string): boolean => day.test(text) && !Number.isNaN(Date.parse(text));

/** @param question what is left out is not asked for */
export function formatActivityQuestion(question: Partial<ActivityQuestion>): string {
  const { period = usual, ...texts } = question;
  const params = new URLSearchParams();
  for (const key of ['view', 'team', 'environment', 'kind', 'channel', 'package', 'policy'] as const)
    if ((texts[key] ?? '') !== '') params.set(key, texts[key] ?? '');
  if (period.type === 'chosen') {
    params.set('from', period.from);
    params.set('to', period.to);
  } else if (period.type === 'all') params.set('days', 'all');
  else if (period.type === usual.type && period.days !== usual.days) params.set('days', String(period.days));
  return params.toString();
}

/** From the first moment on, up to before the second. The same all day long, so that looking again is the same question. */
export function momentsOf(
  period: DayPeriod,
  nowMs: number = Date.now(),
): { readonly fromMs?: number; readonly toMs?: number } {
  if (period.type === 'all') return {};
  if (period.type === 'chosen')
    return { fromMs: Date.parse(period.from), toMs: Date.parse(period.to) + dayMs };
  const todayMs = Math.floor(nowMs / dayMs) * dayMs;
  return { fromMs: todayMs - (period.days - 1) * dayMs };
}

/** Whether there is such a period: its last day is not before its first. */
export const isPeriod = (period: DayPeriod): boolean => period.type !== 'chosen' || period.from <= period.to;

/** A day of UTC as `YYYY-MM-DD`. */
export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
