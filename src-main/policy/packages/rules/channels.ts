import { globsOf } from '../globs.ts';
import type { MakeJudge } from '../rule-judge.ts';

/** Denies all of other channels. */
export const judgeChannels: MakeJudge<'channels'> = (rule) => ({
  scope: 'channel',
  objection: ({ channelId }) =>
    rule.channelIds.includes(channelId) ? undefined : { rule: 'package.channel', evidence: { channelId } },
});

/** Denies reserved names from other channels (dependency confusion). */
export const judgeNamespace: MakeJudge<'namespace'> = (rule) => {
  const names = globsOf(rule.names);
  return {
    scope: 'name',
    objection({ channelId, name }) {
      const pattern = names.find(name);
      if (pattern === undefined || rule.channelIds.includes(channelId)) return undefined;
      return { rule: 'package.namespace', evidence: { pattern } };
    },
  };
};
