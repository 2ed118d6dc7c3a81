import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { issueText } from '../../../src-renderer/client/issue-text.ts';

const messageOf = (schema: z.ZodType, value: unknown): string =>
  schema.safeParse(value).error?.issues[0]?.message ?? 'accepted';

describe('what a schema refuses, in words', () => {
  it.each([
    [z.number().max(3650), 4000, 'At most 3650.'],
    [z.number().min(1), 0, 'At least 1.'],
    [z.string().max(64), 'x'.repeat(65), 'At most 64 characters.'],
    [z.string().min(12), 'short', 'At least 12 characters.'],
    [z.string().min(1), '', 'This must not be empty.'],
    [z.array(z.string()).max(2), ['a', 'b', 'c'], 'At most 2 entries.'],
    [z.array(z.string()).min(1), [], 'Choose at least one.'],
    [z.string().regex(/^https:/), 'ftp://x', 'This value is not valid.'],
    [z.number(), 'x', 'This value is not valid.'],
    [z.enum(['a', 'b']), 'c', 'This value is not valid.'],
    [z.literal('a'), 'c', 'This value is not valid.'],
    [z.string().refine(() => false, 'must be one line'), 'x', 'Must be one line.'],
  ])('%#', (schema, value, words) => {
    expect(issueText(messageOf(schema, value))).toBe(words);
  });
});
