import { dayMs } from '../../../../shared/model/time.ts';
import { isOlderByEither, VersionReader } from '../../conda/newest-version.ts';
import { comparePep440, parsePep440 } from '../../pep440/version.ts';
import type { PackageFacts } from '../facts.ts';
import type { MakeJudge } from '../rule-judge.ts';

const yearMs = 365.25 * dayMs;

/** Whether this version stands before another one in the order of its ecosystem: for conda by either reading (CEP 33). */
function isOlder({ ecosystem, version }: PackageFacts, than: string, reader: VersionReader): boolean {
  if (ecosystem === 'conda') return isOlderByEither(reader.read(version), reader.read(than));
  const [first, second] = [parsePep440(version), parsePep440(than)];
  return first !== undefined && second !== undefined && comparePep440(first, second) < 0;
}

/** Denies by what has become of a file, its version or its project. */
export const judgeStatus: MakeJudge<'status'> = (rule) => {
  const reader = new VersionReader();
  const asksNewest = rule.supersededAfterDays !== undefined || rule.silentYears !== undefined;
  return {
    scope: 'file',
    scopeInIndex: 'row',
    needsIndex: true,
    ...(asksNewest ? { asksNewest } : {}),
    // What stands in an index of conda is neither yanked nor removed, and its projects have no status.
    concerns: (ecosystem) => asksNewest || ecosystem !== 'conda',
    objection(facts, nowMs, changes) {
      const { yanked, isRemoved, projectStatus, newest } = facts;
      if (rule.denied.includes('yanked') && yanked !== undefined && yanked !== false) {
        const reason = typeof yanked === 'string' && yanked !== '' ? { reason: yanked } : {};
        return { rule: 'package.status', evidence: { status: 'yanked', ...reason } };
      }
      if (rule.denied.includes('removed') && isRemoved === true)
        return { rule: 'package.status', evidence: { status: 'removed' } };
      for (const status of ['archived', 'deprecated'] as const) {
        if (rule.denied.includes(status) && projectStatus === status)
          return { rule: 'package.status', evidence: { status } };
      }
      if (newest === undefined) return undefined;
      if (rule.supersededAfterDays !== undefined && isOlder(facts, newest.version, reader)) {
        // An older version is at least as old as the newest one.
        const fromMs = facts.publishedAtMs ?? newest.atMs;
        const countsFromMs = fromMs === undefined ? undefined : fromMs + rule.supersededAfterDays * dayMs;
        if (countsFromMs !== undefined && nowMs >= countsFromMs) {
          const evidence = { newest: newest.version, days: rule.supersededAfterDays };
          return { rule: 'package.superseded', evidence };
        }
        if (countsFromMs !== undefined) changes.at(countsFromMs);
      }
      if (rule.silentYears !== undefined && newest.atMs !== undefined) {
        const countsFromMs = newest.atMs + rule.silentYears * yearMs;
        if (nowMs >= countsFromMs)
          return { rule: 'package.silent', evidence: { newestAtMs: newest.atMs, years: rule.silentYears } };
        changes.at(countsFromMs);
      }
      return undefined;
    },
  };
};
