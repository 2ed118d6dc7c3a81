/**
 * Files that a place fetched in a period, from the rollup: months where they are added up, days elsewhere. Grouped, named
 * and cut into a page by SQLite: names of files that are not shown are never made into texts of JavaScript.
 */
import { daysOf } from './days.ts';
import type { Limits } from './limits.ts';
import { rolledWithin } from './month-tallies.ts';
import type { Place } from './page.ts';
import type { PlaceKind, RollupFile } from './rollup-file.ts';
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
  const place = rollup.placeId(...placeOfWhere(where));
  if (place === undefined) return [];
  const { from, to } = daysOf(period);
  const months = rolledWithin(file, place, from, to);
  limits.assertInTime();
  const find = file.statement(`SELECT ${fileColumns}, g.count, g.bytes, g.first, g.last FROM
    (SELECT file, sum(count) AS count, sum(bytes) AS bytes, min(first) AS first, max(last) AS last FROM
      (SELECT file, ${tally} FROM month_tallies WHERE place = ? AND month IN (SELECT value FROM json_each(?))
      UNION ALL SELECT file, ${tally} FROM json_each(?) AS part CROSS JOIN installed
        WHERE place = ? AND day BETWEEN json_extract(part.value, '$[0]') AND json_extract(part.value, '$[1]'))
      GROUP BY file) AS g
    CROSS JOIN files AS f ON f.id = g.file
    ${after === undefined ? '' : `WHERE (${fileColumns}) > (?, ?, ?, ?, ?)`} ORDER BY ${fileColumns} LIMIT ?`);
  const found = find.all(
    place,
    JSON.stringify(months.map(({ month }) => month)),
    JSON.stringify(daysBetween(months, from, to)),
    place,
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
