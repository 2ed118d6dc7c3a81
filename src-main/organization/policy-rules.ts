/**
 * Rules as the log holds them. Invariant: strict and frozen; wider than the forms of today, so that a stored rule is never
 * refused because a form's bound became tighter.
 */
import { z } from 'zod';
import { channelId, idsOf } from './stored.ts';

/** Most entries of a list in a rule. */
const maxEntries = 20_000;

const text = (maxChars: number) =>
  z
    .string()
    .min(1)
    .max(maxChars)
    // eslint-disable-next-line no-control-regex
    .regex(/^[^\u0000-\u001f\u007f-\u009f\p{Surrogate}]*$/u);
/** Without doubles, so that one list has few spellings. */
const listOf = <S extends z.ZodType<string>>(entry: S, least: 0 | 1, most: number) =>
  z
    .array(entry)
    .min(least)
    .max(most)
    .refine((entries) => new Set(entries).size === entries.length, 'names an entry twice')
    .readonly();
const textsOf = (maxChars: number, least: 0 | 1) => listOf(text(maxChars), least, maxEntries);
const unknown = z.enum(['allow', 'deny']);
const days = z.int().min(0).max(1_000_000);

/** A package by name and versions. The text is not read here: what it means is the policy's to say. */
const spec = z.strictObject({ ecosystem: z.enum(['conda', 'pypi']), spec: text(1024) });

export const storedRule = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('tokens'),
    maxTtlDays: z.int().min(1).max(36_500).optional(),
    networksRequired: z.boolean(),
  }),
  z.strictObject({ type: z.literal('channels'), channelIds: idsOf(channelId, 1) }),
  z.strictObject({
    type: z.literal('packages'),
    list: z.enum(['allow', 'deny']),
    specs: z.array(spec).min(1).max(maxEntries).readonly(),
  }),
  z.strictObject({
    type: z.literal('vulnerabilities'),
    atLeast: z.number().min(0).max(10).optional(),
    unknown,
    exploitedOnly: z.boolean(),
    epssAtLeast: z.number().min(0).max(1).optional(),
    liftedBy: listOf(z.enum(['reported', 'active', 'mitigated', 'cleared', 'disputed']), 0, 5),
    fixedOnly: z.boolean(),
    graceDays: days,
    noFacts: unknown,
  }),
  z.strictObject({ type: z.literal('malware'), noFacts: unknown }),
  z.strictObject({
    type: z.literal('licenses'),
    list: z.enum(['allow', 'deny']),
    ids: textsOf(256, 1),
    unknown,
  }),
  z.strictObject({ type: z.literal('age'), minDays: days, unknown }),
  z.strictObject({
    type: z.literal('status'),
    denied: listOf(z.enum(['yanked', 'removed', 'archived', 'deprecated']), 0, 4),
    supersededAfterDays: days.optional(),
    silentYears: z.int().min(1).max(1000).optional(),
  }),
  z.strictObject({
    type: z.literal('platform'),
    subdirs: textsOf(128, 1).optional(),
    wheelTags: textsOf(128, 1).optional(),
    sdists: z.enum(['allow', 'deny']),
  }),
  z.strictObject({ type: z.literal('labels'), required: textsOf(128, 0), denied: textsOf(128, 0) }),
  z.strictObject({
    type: z.literal('namespace'),
    names: textsOf(512, 1),
    channelIds: idsOf(channelId, 1),
  }),
  z.strictObject({ type: z.literal('satisfiable') }),
]);

/** The channels that a rule names. */
export function channelsOf(rule: z.infer<typeof storedRule>): readonly z.infer<typeof channelId>[] {
  return rule.type === 'channels' || rule.type === 'namespace' ? rule.channelIds : [];
}
