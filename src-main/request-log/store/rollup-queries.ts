/** Groups from the rollup: every function adds to a map of groups, so that those of open segments come beside. */
import { dayMs, daysOf } from './days.ts';
import { equalVersions } from './equal-versions.ts';
import type { Limits } from './limits.ts';
import type { RollupFile } from './rollup-file.ts';
import type {
  FileQuery,
  IndexUse,
  IndexUseFilter,
  LoggedFile,
  Period,
  RefusalCount,
  RefusalFilter,
  TokenUse,
} from './row-store.ts';
import { addRefusals, addTokenUse } from './segment-sums.ts';

export function refusalsIn(
  { file }: RollupFile,
  filter: RefusalFilter,
  into: Map<string, RefusalCount>,
  limits: Limits,
): void {
  const { from, to } = daysOf(filter);
  const isNamed = filter.policyName !== undefined;
  const find = file.statement(`SELECT day, policy, cause, environment, count, last FROM refusals
    WHERE day BETWEEN ? AND ?${isNamed ? ' AND policy = ?' : ''}`);
  for (const found of find.iterate(from, to, ...(isNamed ? [filter.policyName] : []))) {
    const [day, policyName, cause, environmentId, count, lastMs] = found as unknown as [
      number,
      string,
      RefusalCount['cause'],
      string,
      number,
      number,
    ];
    addRefusals(into, { dayMs: day * dayMs, policyName, cause, environmentId, count, lastMs });
    limits.assertFits(into.size);
  }
}

export function indexDaysIn(
  { file }: RollupFile,
  filter: IndexUseFilter,
  into: Map<number, IndexUse>,
  limits: Limits,
): void {
  const { from, to } = daysOf(filter);
  const [sql, values] = usesWhere(filter);
  limits.assertInTime();
  const find = file.statement(
    `SELECT day, sum(allowed), sum(denied), sum(failed) FROM index_days WHERE day BETWEEN ? AND ?${sql} GROUP BY day`,
  );
  for (const found of find.iterate(from, to, ...values)) {
    const [day, allowed, denied, failed] = found as unknown as [number, number, number, number];
    addUse(into, { fromMs: day * dayMs, allowed, denied, failed });
  }
}

export function usesWhere({ tokenId, channelId }: IndexUseFilter): readonly [string, readonly string[]] {
  const sql = `${tokenId === undefined ? '' : ' AND token = ?'}${channelId === undefined ? '' : ' AND channel = ?'}`;
  return [sql, [tokenId, channelId].filter((value) => value !== undefined)];
}

export function addUse(into: Map<number, IndexUse>, found: IndexUse): void {
  const known = into.get(found.fromMs);
  into.set(found.fromMs, {
    fromMs: found.fromMs,
    allowed: found.allowed + (known?.allowed ?? 0),
    denied: found.denied + (known?.denied ?? 0),
    failed: found.failed + (known?.failed ?? 0),
  });
}

export function tokenUsesIn(
  { file }: RollupFile,
  tokenIds: readonly string[] | undefined,
  into: Map<string, TokenUse>,
  limits: Limits,
): void {
  const columns = 'token, first, last, downloads, cut, refusals, index_requests';
  const one = file.statement(`SELECT ${columns} FROM tokens WHERE token = ?`);
  const all = file.statement(`SELECT ${columns} FROM tokens`);
  const found = tokenIds === undefined ? all.all() : tokenIds.flatMap((tokenId) => one.all(tokenId));
  limits.assertFits(found.length);
  for (const record of found) {
    const [tokenId, firstMs, lastMs, downloads, cut, refusals, indexRequests] = record as unknown as [
      string,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    addTokenUse(into, { tokenId, firstMs, lastMs, downloads, cut, refusals, indexRequests });
  }
}

export function droppedIn({ file }: RollupFile, period: Period): number {
  const { from, to } = daysOf(period);
  const find = file.statement('SELECT coalesce(sum(rows), 0) FROM dropped WHERE day BETWEEN ? AND ?');
  return (find.get(from, to) as unknown as [number])[0];
}

export const isFile = (file: LoggedFile, query: FileQuery): boolean =>
  'sha256' in query
    ? file.sha256 === query.sha256 && query.sha256 !== ''
    : file.ecosystem === query.ecosystem &&
      file.name === query.name &&
      (query.version === undefined || equalVersions(query.ecosystem, query.version).includes(file.version));
