/**
 * Files that a place fetched in a period, from the rollup: months where they are added up, days elsewhere. Grouped, named
 * and cut into a page by SQLite: names of files that are not shown are never made into texts of JavaScript.
 */
import { daysOf } from './days.ts';
import type { Limits } from './limits.ts';
import type { PlaceKind } from './month-tallies.ts';
import { rolledWithin } from './month-tallies.ts';
import type { Place } from './page.ts';
import type { RollupFile } from './rollup-file.ts';
import type { InstalledFile, InstalledWhere, LoggedFile, Period } from './row-store.ts';

type FileRecord = readonly [
  ecosystem: LoggedFile['ecosystem'],
  name: string,
  version: string,
  filename: string,
  sha256: string,
  count: number,
  bytes: number,
  firstMs: number,
  lastMs: number,
];

const fileColumns = 'f.ecosystem, f.name, f.version, f.filename, f.sha256';
const tally = 'count, bytes, first, last';
/** Parts of the period, in the order of the key; of a token, days are those of its subjects. */
const ofDays: Readonly<Record<'place' | 'token', string>> = {
  place: `SELECT file, ${tally} FROM json_each(?) AS part CROSS JOIN installed
    WHERE place = ? AND day BETWEEN json_extract(part.value, '$[0]') AND json_extract(part.value, '$[1]')`,
  token: `SELECT file, ${tally} FROM json_each(?) AS part CROSS JOIN subjects CROSS JOIN holdings INDEXED BY holdings_subject
    WHERE token = ? AND subject = subjects.id
    AND day BETWEEN json_extract(part.value, '$[0]') AND json_extract(part.value, '$[1]')`,
};

/** @returns the first `limit` after a place, in the order of pages */
export function installedIn(
  rollup: RollupFile,
  where: InstalledWhere,
  period: Period,
  after: Place | undefined,
  limit: number,
  limits: Limits,
): readonly InstalledFile[] {
  const { file } = rollup;
  const [kind, id] = placeOfWhere(where);
  const place = rollup.placeId(kind, id);
  if (place === undefined && kind !== 'token') return [];
  const { from, to } = daysOf(period);
  const months = place === undefined ? [] : rolledWithin(file, place, from, to);
  limits.assertInTime();
  const find = file.statement(`SELECT ${fileColumns}, g.count, g.bytes, g.first, g.last FROM
    (SELECT file, sum(count) AS count, sum(bytes) AS bytes, min(first) AS first, max(last) AS last FROM
      (SELECT file, ${tally} FROM month_tallies WHERE place = ? AND month IN (SELECT value FROM json_each(?))
      UNION ALL ${ofDays[kind === 'token' ? 'token' : 'place']}) GROUP BY file) AS g
    CROSS JOIN files AS f ON f.id = g.file
    ${after === undefined ? '' : `WHERE (${fileColumns}) > (?, ?, ?, ?, ?)`} ORDER BY ${fileColumns} LIMIT ?`);
  const found = find.all(
    place ?? -1,
    JSON.stringify(months.map(({ month }) => month)),
    JSON.stringify(daysBetween(months, from, to)),
    kind === 'token' ? id : (place ?? -1),
    ...(after ?? []),
    limit,
  ) as unknown as FileRecord[];
  return found.map(([ecosystem, name, version, filename, sha256, count, bytes, firstMs, lastMs]) => ({
    file: { ecosystem, name, version, filename, sha256 },
    count,
    bytes,
    firstMs,
    lastMs,
  }));
}

function placeOfWhere(where: InstalledWhere): readonly [PlaceKind, string] {
  if ('tokenId' in where) return ['token', where.tokenId];
  return 'teamId' in where ? ['team', where.teamId] : ['environment', where.environmentId];
}

/** What months leave of days. @param months in order */
function daysBetween(
  months: readonly { readonly from: number; readonly to: number }[],
  from: number,
  to: number,
): readonly (readonly [number, number])[] {
  const parts: [number, number][] = [];
  let next = from;
  for (const month of months) {
    if (month.from > next) parts.push([next, month.from - 1]);
    next = month.to + 1;
  }
  if (next <= to) parts.push([next, to]);
  return parts;
}
