/**
 * Pages with a cursor: the place of the last item in the order of all, so that it holds while others come and when a
 * segment is taken into the database between two pages.
 */
import { LatchkeyError } from '../../../shared/errors.ts';
import type { Page, PageOf } from './row-store.ts';

/** A place in an order: numbers descend (newest first), texts ascend by their code points. */
export type Place = readonly [first: number | string, ...rest: readonly (number | string)[]];

const [defaultLimit, maxLimit] = [100, 1000];
/** A place names a file and a subject: five and three texts. */
const maxCursorChars = 8192;

export const limitOf = (page: PageOf | undefined): number =>
  Math.min(maxLimit, Math.max(1, Math.trunc(page?.limit ?? defaultLimit)));

const cursorOf = (place: Place): string => Buffer.from(JSON.stringify(place), 'utf8').toString('base64url');

/** @throws LatchkeyError INVALID_INPUT where it is none of such a place */
export function placeOf(page: PageOf | undefined, like: string): Place | undefined {
  const cursor = page?.cursor;
  if (cursor === undefined) return undefined;
  const place = cursor.length > maxCursorChars ? undefined : parsed(cursor);
  const isLike = Array.isArray(place) && place.map((part) => (typeof part)[0]).join('') === like;
  if (!isLike) throw new LatchkeyError('INVALID_INPUT', ['logCursor']);
  return place as unknown as Place;
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** By code points, as SQLite orders UTF-8: those beyond 16 bits, which are two units, come after all that are one. */
function isBefore(a: string, b: string): boolean {
  for (let at = 0; at < a.length && at < b.length; at += 1) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return orderOf(left) < orderOf(right);
  }
  return a.length < b.length;
}

const orderOf = (unit: number): number =>
  unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit;

/** Negative: `a` comes first. */
export function comparePlaces(a: Place, b: Place): number {
  // A loop over numbers: it is run a million times for a page.
  for (let index = 0; index < a.length; index += 1) {
    const [left, right] = [a[index], b[index]];
    if (left === right || left === undefined || right === undefined) continue;
    if (typeof left === 'number') return Number(right) - left;
    return isBefore(left, String(right)) ? -1 : 1;
  }
  return 0;
}

/** @returns the place of the last one that stays */
function cutToFirst<T>(found: (readonly [Place, T])[], count: number): Place | undefined {
  found.sort(([a], [b]) => comparePlaces(a, b));
  found.length = Math.min(found.length, count);
  return found.at(-1)?.[0];
}

/** The page of all items that comes after a cursor. */
export function pageOf<T>(
  items: Iterable<T>,
  place: (item: T) => Place,
  like: string,
  page: PageOf | undefined,
): Page<T> {
  const after = placeOf(page, like);
  const limit = limitOf(page);
  const left: (readonly [Place, T])[] = [];
  let worst: Place | undefined;
  for (const item of items) {
    const own = place(item);
    if (after !== undefined && comparePlaces(own, after) <= 0) continue;
    if (worst !== undefined && comparePlaces(own, worst) >= 0) continue;
    left.push([own, item]);
    // Not all are sorted for the sake of a page.
    if (left.length >= 2 * (limit + 1)) worst = cutToFirst(left, limit + 1);
  }
  cutToFirst(left, limit + 1);
  const shown = left.slice(0, limit);
  const last = shown.at(-1);
  const found = shown.map(([, item]) => item);
  return left.length > limit && last !== undefined
    ? { items: found, next: cursorOf(last[0]) }
    : { items: found };
}
