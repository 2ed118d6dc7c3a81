/** Policies: what they are, what they were, what all of them together ask. */
import { z } from 'zod';
import { atMs } from '../model/domain.ts';
import { environmentId, policyId, teamId } from '../model/ids.ts';
import { policy } from '../model/policy.ts';
import { policyLayers, policyRule } from '../model/policy-rules.ts';

export const policyView = policy.unwrap().extend({
  /** The whole policy as one plain English paragraph. */
  readsAs: z.string(),
  layer: z.enum(policyLayers),
  /** Which version this is, from 1. */
  version: z.number().int().min(1),
});
export type PolicyView = Readonly<z.infer<typeof policyView>>;

export const policyDraft = policy.unwrap().omit({ id: true, createdAtMs: true });
export type PolicyDraft = Readonly<z.infer<typeof policyDraft>>;

/** What is wrong with a draft, or noteworthy, beyond its form. */
export const policyProblem = z.object({
  /** Which rule, from 0; absent: the policy as a whole. */
  ruleNo: z.number().int().min(0).optional(),
  /** `error`: it is not saved. `warning`: it does not do what one might think. */
  level: z.enum(['error', 'warning']),
  code: z.enum([
    /** A spec that is not one; `text` is the spec. */
    'bad-spec',
    /** Not an SPDX identifier. */
    'unknown-license',
    /** A rule without any condition. */
    'empty-rule',
    /** A rule that does nothing, as one of a higher layer denies all that it denies; `text` is that policy. */
    'shadowed',
    /** The facts that it needs are not there; `text` is the kind of feed. */
    'no-facts',
    /** The same rule stands before it; `text` is its number, from 1. */
    'doubled',
    /** It looks at what others hide, and nothing hides anything. */
    'hides-nothing',
    /** It is of use where packages are hidden, and its policy only refuses. */
    'only-refused',
  ]),
  text: z.string(),
});
export type PolicyProblem = Readonly<z.infer<typeof policyProblem>>;

/** What a draft would be, before it is saved. */
export const policyPreview = z.object({
  readsAs: z.string(),
  layer: z.enum(policyLayers),
  problems: z.array(policyProblem),
});
export type PolicyPreview = Readonly<z.infer<typeof policyPreview>>;

/** One version of a policy, and what it changed. */
export const policyVersionView = z.object({
  version: z.number().int().min(1),
  atMs,
  /** The operator's name. */
  by: z.string(),
  /** Absent: the policy was removed. */
  policy: policyView.optional(),
  /** What differs from the version before, a line each. */
  changes: z.array(z.object({ kind: z.enum(['added', 'removed', 'changed']), text: z.string() })),
});
export type PolicyVersionView = Readonly<z.infer<typeof policyVersionView>>;

/** A policy to begin with. */
export const policyTemplate = z.object({
  key: z.enum(['block-malware', 'production-strict', 'research-observe', 'regulated', 'ai-agents']),
  draft: policyDraft,
  readsAs: z.string(),
});
export type PolicyTemplate = Readonly<z.infer<typeof policyTemplate>>;

/** What counts for a team in an environment, highest layer first. */
export const policyStack = z.array(
  z.object({
    layer: z.enum(policyLayers),
    policyId,
    policyName: z.string(),
    mode: z.enum(['enforce', 'observe']),
    style: z.enum(['hide', 'refuse']),
    rules: z.array(
      z.object({
        rule: policyRule,
        readsAs: z.string(),
        /** The policy of a higher layer whose rule denies all that this one does. */
        shadowedBy: z.string().optional(),
      }),
    ),
  }),
);
export type PolicyStack = Readonly<z.infer<typeof policyStack>>;

/** Policies as a text for git (YAML), and what was signed with it. */
export const policyText = z.object({ text: z.string(), hash: z.string() });
/** What a text would change. */
export const policyPlan = z.object({
  /** To be given to `apply`: of the text and of what stands now. */
  planHash: z.string(),
  baseHash: z.string(),
  changes: z.array(
    z.object({
      kind: z.enum(['added', 'removed', 'changed']),
      policyName: z.string(),
      lines: z.array(z.string()),
    }),
  ),
  /** Errors first; with an error it cannot be applied. */
  problems: z.array(
    policyProblem.extend({
      policyName: z.string(),
      /** In the text, from 1. */
      line: z.number().int().min(1),
    }),
  ),
});
export type PolicyPlan = Readonly<z.infer<typeof policyPlan>>;
export const maxPolicyTextChars = 2 * 1024 * 1024;

/** What policies ask of new tokens of a team in an environment. */
export const effectivePolicy = z.object({
  /** The longest lifetime that enforced policies leave. */
  maxTtlDays: z.number().int().optional(),
  networksRequired: z.boolean(),
  /** The policies that say so, enforced ones first; `observe` ones only report. */
  sources: z.array(
    z.object({
      policyId,
      policyName: z.string(),
      mode: z.enum(['enforce', 'observe']),
      maxTtlDays: z.number().int().optional(),
      networksRequired: z.boolean(),
    }),
  ),
});
export type EffectivePolicy = Readonly<z.infer<typeof effectivePolicy>>;

export const where = z.object({ teamId, environmentId });
