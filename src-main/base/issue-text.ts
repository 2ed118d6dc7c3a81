import type { z } from 'zod';

/** Words for what a schema says about sizes, where it has none of its own; zod's are for programmers. */
export function issueText(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'too_small') {
    const { minimum, origin } = issue;
    if (origin === 'string')
      return minimum === 1 ? 'must not be empty' : `must have ${minimum} characters or more`;
    return origin === 'array' ? `must have ${minimum} entries or more` : `must be ${minimum} or more`;
  }
  if (issue.code === 'too_big') {
    const { maximum, origin } = issue;
    if (origin === 'string') return `must have at most ${maximum} characters`;
    return origin === 'array' ? `must have at most ${maximum} entries` : `must be at most ${maximum}`;
  }
  return undefined;
}
