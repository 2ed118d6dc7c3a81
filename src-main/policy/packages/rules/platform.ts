import { globsOf } from '../globs.ts';
import type { MakeJudge } from '../rule-judge.ts';

/** Denies files for other machines than those that are named. A wheel for several is denied only if none is named. */
export const judgePlatform: MakeJudge<'platform'> = (rule) => {
  const subdirs = rule.subdirs === undefined ? undefined : globsOf(rule.subdirs);
  const wheelTags = rule.wheelTags === undefined ? undefined : globsOf(rule.wheelTags);
  return {
    scope: 'file',
    scopeInIndex: 'channel',
    objection({ kind, platforms }) {
      if (kind === 'sdist')
        return rule.sdists === 'deny' ? { rule: 'package.sdist', evidence: {} } : undefined;
      const allowed = kind === 'wheel' ? wheelTags : subdirs;
      if (allowed === undefined || platforms.some((platform) => allowed.find(platform) !== undefined))
        return undefined;
      return { rule: 'package.platform', evidence: { platform: platforms.join('.').slice(0, 64) || '?' } };
    },
  };
};
