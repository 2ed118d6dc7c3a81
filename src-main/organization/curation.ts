/**
 * What an organization says about packages itself: labels, what became of advisories, names and licences that mean the
 * same, and where its facts come from. Invariant: what can loosen (a status that lifts an advisory, a name or licence
 * that stands for another) is an admin's to write, as a policy is; a label alone decides nothing.
 */
import { z } from 'zod';
import { assessmentKey, labelKey } from '../policy/packages/curation-keys.ts';
import { isPrivateHostSpelling } from '../network/private-hosts.ts';
import { requireEntry } from './checks.ts';
import { eventKind, UnfitEvent } from './event-kind.ts';
import { storedHttpUrl, storedNote, storedPrivateHosts, storedReason, storedSlug } from './stored.ts';

const ecosystem = z.enum(['conda', 'pypi']);
const packageName = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[a-z0-9_][a-z0-9._-]*$/);
const version = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[A-Za-z0-9!._+-]+$/);
const label = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[a-z0-9][a-z0-9._-]*$/);
const advisoryId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/);
const license = z
  .string()
  .min(1)
  .max(1024)
  // eslint-disable-next-line no-control-regex
  .regex(/^[^\u0000-\u001f\u007f-\u009f\p{Surrogate}]*$/u);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Where a change of facts came from, when it was not typed. */
const origin = z.strictObject({ source: storedReason, sha256, count: z.int().min(1).max(1_000_000) });
const maxEntries = 20_000;

export const curationEvents = {
  'package.labelled': eventKind({
    schema: z.strictObject({
      type: z.literal('package.labelled'),
      ecosystem,
      name: packageName,
      /** Absent: all versions. */
      version: version.optional(),
      /** All that it has from now on; none takes them off. */
      labels: z
        .array(label)
        .max(64)
        .refine((labels) => new Set(labels).size === labels.length, 'names a label twice')
        .readonly(),
    }),
    right: 'admin',
    apply: (before, { type: _type, labels, ...what }) => {
      const key = labelKey(what);
      return {
        ...before,
        labels: labels.length === 0 ? before.labels.delete(key) : before.labels.set(key, { ...what, labels }),
      };
    },
  }),
  'advisory.assessed': eventKind({
    schema: z.strictObject({
      type: z.literal('advisory.assessed'),
      assessments: z
        .array(
          z.strictObject({
            advisoryId,
            ecosystem,
            name: packageName,
            /** Absent: all versions. */
            version: version.optional(),
            status: z.enum(['reported', 'active', 'mitigated', 'cleared', 'disputed']),
            justification: z
              .enum([
                'component_not_present',
                'vulnerable_code_not_present',
                'vulnerable_code_not_in_execute_path',
                'vulnerable_code_cannot_be_controlled_by_adversary',
                'inline_mitigations_already_exist',
              ])
              .optional(),
            reason: storedReason,
            evidence: storedNote,
          }),
        )
        .min(1)
        .max(maxEntries)
        .readonly(),
      origin: origin.optional(),
    }),
    right: 'admin',
    apply: (before, { assessments }, { atMs, signer }) => {
      let table = before.assessments;
      for (const entry of assessments)
        table = table.set(assessmentKey(entry), { ...entry, atMs, by: signer });
      return { ...before, assessments: table };
    },
  }),
  'names.mapped': eventKind({
    schema: z.strictObject({
      type: z.literal('names.mapped'),
      /** conda's name → the name on PyPI; null: it is nothing on PyPI, whatever a list says. */
      names: z
        .array(z.strictObject({ conda: packageName, pypi: packageName.nullable() }))
        .min(1)
        .max(maxEntries)
        .readonly(),
      origin: origin.optional(),
    }),
    right: 'admin',
    apply: (before, { names }) => {
      let table = before.nameMap;
      for (const { conda, pypi } of names) table = table.set(conda, pypi ?? '');
      return { ...before, nameMap: table };
    },
  }),
  'licenses.aliased': eventKind({
    schema: z.strictObject({
      type: z.literal('licenses.aliased'),
      /** What packages say → an SPDX expression; null takes it off. */
      aliases: z
        .array(z.strictObject({ text: license, expression: license.nullable() }))
        .min(1)
        .max(maxEntries)
        .readonly(),
      origin: origin.optional(),
    }),
    right: 'admin',
    apply: (before, { aliases }) => {
      let table = before.licenseAliases;
      for (const { text, expression } of aliases)
        table = expression === null ? table.delete(text) : table.set(text, expression);
      return { ...before, licenseAliases: table };
    },
  }),
  'feed.set': eventKind({
    schema: z.strictObject({
      type: z.literal('feed.set'),
      feed: z.strictObject({
        name: storedSlug,
        kind: z.enum(['osv', 'kev', 'epss', 'vex']),
        source: z.discriminatedUnion('type', [
          z.strictObject({
            type: z.literal('url'),
            url: storedHttpUrl,
            privateHosts: storedPrivateHosts.optional(),
          }),
          /** A label; each computer keeps for itself which file or folder it means. */
          z.strictObject({ type: z.literal('folder'), label: storedSlug }),
        ]),
        everyHours: z.int().min(1).max(8760),
        /** Facts older than that raise an alarm. */
        staleAfterHours: z.int().min(1).max(87_600),
      }),
    }),
    right: 'admin',
    apply: (before, { feed }) => {
      const { source } = feed;
      if (source.type === 'url' && source.privateHosts?.every(isPrivateHostSpelling) === false)
        throw new UnfitEvent('a private host is not in its one spelling');
      return { ...before, feeds: before.feeds.set(feed.name, feed) };
    },
  }),
  'feed.removed': eventKind({
    schema: z.strictObject({ type: z.literal('feed.removed'), name: storedSlug }),
    right: 'admin',
    apply: (before, { name }) => {
      requireEntry(before.feeds, name, 'feed');
      return { ...before, feeds: before.feeds.delete(name) };
    },
  }),
} as const;
