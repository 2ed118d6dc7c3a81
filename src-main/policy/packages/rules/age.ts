import { dayMs } from '../../../../shared/model/time.ts';
import type { MakeJudge } from '../rule-judge.ts';

/** Denies what was published too short a time ago. What is dated ahead is young. */
export const judgeAge: MakeJudge<'age'> = (rule) => ({
  scope: 'file',
  needsIndex: true,
  minAgeMs: rule.minDays * dayMs,
  objection({ publishedAtMs }, nowMs) {
    const { minDays } = rule;
    if (publishedAtMs === undefined)
      return rule.unknown === 'deny' ? { rule: 'package.age-unknown', evidence: { minDays } } : undefined;
    const endsAtMs = publishedAtMs + minDays * dayMs;
    return nowMs < endsAtMs
      ? { rule: 'package.too-young', evidence: { publishedAtMs, minDays }, endsAtMs }
      : undefined;
  },
});
