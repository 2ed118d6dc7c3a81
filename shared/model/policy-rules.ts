/**
 * What a policy may ask (DESIGN: Policy), as the forms and the contract know it; the log has strict forms of its own
 * (src-main/organization/policy-rules.ts). Invariant: the conditions of one rule are joined by *and*, rules by *or*: any
 * rule that objects denies. Nothing here allows; a policy can only take away.
 */
import { z } from 'zod';
import { limits } from './domain.ts';
import { channelId } from './ids.ts';
import { curatedStatus, packageLabel, packageLimits, packageSpec } from './packages.ts';

/** What a rule does with a package about which nothing is known. It is a common case, so each rule says it. */
const unknown = z.enum(['allow', 'deny']);
const days = (least: number) => z.number().int().min(least).max(36_500);

/** The rule about tokens themselves: longest lifetime and where they may be used from. */
export const tokensRule = z
  .object({
    type: z.literal('tokens'),
    maxTtlDays: z.number().int().min(1).max(limits.ttlDays).optional(),
    networksRequired: z.boolean(),
  })
  .readonly();

/** Only these channels may be reached, whatever a token's scope says. */
export const channelsRule = z
  .object({ type: z.literal('channels'), channelIds: z.array(channelId).min(1).max(1000).readonly() })
  .readonly();

/** A closed list (`allow`: nothing else) or a deny list. A closed list speaks about the ecosystems that it names. */
export const packagesRule = z
  .object({
    type: z.literal('packages'),
    list: z.enum(['allow', 'deny']),
    specs: z.array(packageSpec).min(1).max(packageLimits.specs).readonly(),
  })
  .readonly();

/** Packages with a known vulnerability that meets all conditions given here. */
export const vulnerabilitiesRule = z
  .object({
    type: z.literal('vulnerabilities'),
    /** Highest CVSS base score of the advisory or any of its aliases; absent: any score, also none. */
    atLeast: z.number().min(0.1).max(10).optional(),
    /** With `atLeast`: what of an advisory that has no score. */
    unknown,
    /** Only those that are known to be exploited (CISA KEV). */
    exploitedOnly: z.boolean(),
    /** Only those with at least this probability of exploitation (EPSS), 0 to 1. */
    epssAtLeast: z.number().min(0).max(1).optional(),
    /** Statuses that people may give an advisory and that lift it. */
    liftedBy: z.array(curatedStatus).max(5).readonly(),
    /** Only those for which a fixed version exists. */
    fixedOnly: z.boolean(),
    /** Only those that have been public for so long, days. */
    graceDays: days(0),
    /** While no advisories are there at all. */
    noFacts: unknown,
  })
  .readonly();

/** Packages that are malware: advisories `MAL-…`, quarantined projects. */
export const malwareRule = z.object({ type: z.literal('malware'), noFacts: unknown }).readonly();

/** Licences by SPDX identifiers, `allow`: nothing else. */
export const licensesRule = z
  .object({
    type: z.literal('licenses'),
    list: z.enum(['allow', 'deny']),
    ids: z.array(z.string().min(1).max(128)).min(1).max(1000).readonly(),
    unknown,
  })
  .readonly();

/** Files that are younger than so many days, by a clock that their author does not own. */
export const ageRule = z.object({ type: z.literal('age'), minDays: days(1), unknown }).readonly();

export const packageStatuses = ['yanked', 'removed', 'archived', 'deprecated'] as const;
/** What has become of a package. */
export const statusRule = z
  .object({
    type: z.literal('status'),
    denied: z.array(z.enum(packageStatuses)).max(4).readonly(),
    /** Versions that are older than so many days while a newer one exists. */
    supersededAfterDays: days(1).optional(),
    /** Packages without any release for so many years. */
    silentYears: z.number().int().min(1).max(50).optional(),
  })
  .readonly();

/** For which machines; what is not named is denied. Absent: all. */
export const platformRule = z
  .object({
    type: z.literal('platform'),
    /** conda's subdirs, e.g. `linux-64`; `noarch` is one of them. */
    subdirs: z.array(z.string().min(1).max(64)).min(1).max(64).readonly().optional(),
    /** Platform tags of wheels with `*`, e.g. `manylinux*_x86_64`; `any` is one of them. */
    wheelTags: z.array(z.string().min(1).max(64)).min(1).max(64).readonly().optional(),
    /** Source distributions run code when they are installed. */
    sdists: z.enum(['allow', 'deny']),
  })
  .readonly();

/** Names that people put on packages: all of these, none of those. */
export const labelsRule = z
  .object({
    type: z.literal('labels'),
    required: z.array(packageLabel).max(packageLimits.labels).readonly(),
    denied: z.array(packageLabel).max(packageLimits.labels).readonly(),
  })
  .readonly();

/** Names that only these channels may serve (dependency confusion). `*` stands for any characters. */
export const namespaceRule = z
  .object({
    type: z.literal('namespace'),
    names: z
      .array(
        z
          .string()
          .min(1)
          .max(packageLimits.nameChars)
          .regex(/^[a-z0-9_*][a-z0-9._*-]*$/),
      )
      .min(1)
      .max(1000)
      .readonly(),
    channelIds: z.array(channelId).min(1).max(1000).readonly(),
  })
  .readonly();

/**
 * Packages that can no longer be installed, because policies hid all that one of their dependencies may be. It speaks about
 * indexes of conda: on PyPI what a file needs stands in the file.
 */
export const satisfiableRule = z.object({ type: z.literal('satisfiable') }).readonly();

export const policyRule = z.discriminatedUnion('type', [
  tokensRule,
  channelsRule,
  packagesRule,
  vulnerabilitiesRule,
  malwareRule,
  licensesRule,
  ageRule,
  statusRule,
  platformRule,
  labelsRule,
  namespaceRule,
  satisfiableRule,
]);
export type PolicyRule = z.infer<typeof policyRule>;
export type PolicyRuleType = PolicyRule['type'];
export type RuleOf<T extends PolicyRuleType> = Extract<PolicyRule, { readonly type: T }>;

/** Layers, highest first: a lower one can only tighten. */
export const policyLayers = ['organization', 'environment', 'team'] as const;
export type PolicyLayer = (typeof policyLayers)[number];

/** The layer of a policy: one that names teams is of the team's, with or without an environment. */
export function layerOf(policy: {
  readonly teams: 'all' | readonly unknown[];
  readonly environments: 'all' | readonly unknown[];
}): PolicyLayer {
  if (policy.teams !== 'all') return 'team';
  return policy.environments === 'all' ? 'organization' : 'environment';
}
