import { LatchkeyError } from '../../shared/errors.ts';
import type { HolderKind } from '../../shared/model/domain.ts';
import { limits } from '../../shared/model/domain.ts';
import type { TokenId } from '../../shared/model/ids.ts';
import { dayMs, hoursPerDay } from '../../shared/model/time.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.cli.options;

/** `AbCd1234` and `lk-AbCd1234` alike; of a whole token only the id is used. */
export function idOf(text: string): TokenId {
  const bare = text.replace(/^lk-/, '').slice(0, text.startsWith('lk-') ? 8 : undefined);
  if (/^[0-9A-Za-z]{8}$/.test(bare)) return bare as TokenId;
  throw new LatchkeyError('INVALID_INPUT', words.tokenId(bare.slice(0, 40)));
}

/** One of a list of words. @throws LatchkeyError INVALID_INPUT */
export function parseChoice<T extends string>(choices: readonly T[], value: string, what: string): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new LatchkeyError('INVALID_INPUT', words.choice(value.slice(0, 40), what, choices.join(', ')));
}

/**
 * A command that changes something is told what.
 * @param modifiers options that only say how another one is meant
 * @throws LatchkeyError INVALID_INPUT
 */
export function requireSomeOption(own: object, modifiers: readonly string[] = []): void {
  const given = Object.entries(own).some(
    ([name, value]) => value !== undefined && value !== false && !modifiers.includes(name),
  );
  if (given) return;
  throw new LatchkeyError('INVALID_INPUT', words.nothing);
}

/** What kind of holder is meant; a person unless said otherwise. @throws LatchkeyError INVALID_INPUT */
export function holderKindOf(own: { readonly service: boolean; readonly agent: boolean }): HolderKind {
  if (own.service && own.agent) {
    throw new LatchkeyError('INVALID_INPUT', words.holderKind);
  }
  return own.service ? 'service' : own.agent ? 'agent' : 'person';
}

/** A port. @throws LatchkeyError INVALID_INPUT */
export function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new LatchkeyError('INVALID_INPUT', `--port is 0 to 65535, not "${text.slice(0, 40)}".`);
}

/**
 * How long a token works beside its successor: days, or with a unit (`7`, `7d`, `12h`).
 * @returns hours
 * @throws LatchkeyError INVALID_INPUT
 */
export function parseOverlap(text: string): number {
  const [, count, unit] = /^(\d{1,6})([dh]?)$/i.exec(text.trim()) ?? [];
  const hours = Number(count) * (unit?.toLowerCase() === 'h' ? 1 : hoursPerDay);
  if (hours <= limits.overlapDays * hoursPerDay) return hours;
  throw new LatchkeyError(
    'INVALID_INPUT',
    `--overlap takes days or hours, such as 7d or 12h, at most ${limits.overlapDays}d; not "${text.slice(0, 40)}".`,
  );
}

/**
 * The end of a token: so many days from now, or a day (its end, UTC) or time in ISO 8601.
 * @throws LatchkeyError INVALID_INPUT
 */
export function parseEnd(
  own: { readonly days?: string; readonly expires?: string },
  nowMs: number,
): number | undefined {
  if (own.days !== undefined && own.expires !== undefined) {
    throw new LatchkeyError('INVALID_INPUT', words.end);
  }
  if (own.days !== undefined) {
    if (!/^\d{1,5}$/.test(own.days)) {
      throw new LatchkeyError('INVALID_INPUT', words.days(own.days.slice(0, 40)));
    }
    return nowMs + Number(own.days) * dayMs;
  }
  if (own.expires === undefined) return undefined;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(own.expires);
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(own.expires);
  const atMs = Date.parse(isDay ? `${own.expires}T23:59:59Z` : own.expires);
  if ((!isDay && !isTime) || Number.isNaN(atMs)) {
    throw new LatchkeyError('INVALID_INPUT', words.expires);
  }
  return atMs;
}
