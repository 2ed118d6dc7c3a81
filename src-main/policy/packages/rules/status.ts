import { dayMs } from '../../../../shared/model/time.ts';
import type { MakeJudge } from '../rule-judge.ts';

const yearMs = 365.25 * dayMs;

/** Denies by what has become of a file, its version or its project. */
export const judgeStatus: MakeJudge<'status'> = (rule) => ({
  scope: 'file',
  needsIndex: true,
  objection({ yanked, isRemoved, projectStatus, newest, version }, nowMs, changes) {
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
    if (newest?.atMs === undefined) return undefined;
    if (rule.supersededAfterDays !== undefined && newest.version !== version) {
      const countsFromMs = newest.atMs + rule.supersededAfterDays * dayMs;
      if (nowMs >= countsFromMs) {
        const evidence = { newest: newest.version, days: rule.supersededAfterDays };
        return { rule: 'package.superseded', evidence };
      }
      changes.at(countsFromMs);
    }
    if (rule.silentYears !== undefined) {
      const countsFromMs = newest.atMs + rule.silentYears * yearMs;
      if (nowMs >= countsFromMs)
        return { rule: 'package.silent', evidence: { newestAtMs: newest.atMs, years: rule.silentYears } };
      changes.at(countsFromMs);
    }
    return undefined;
  },
});
