/** Policies, and what all of them together ask. */
import { z } from 'zod';
import { policy } from '../model/policy.ts';
import { policyId } from '../model/ids.ts';

export const policyView = policy.unwrap().extend({
  /** The whole policy as one plain English paragraph. */
  readsAs: z.string(),
});
export type PolicyView = Readonly<z.infer<typeof policyView>>;

export const policyDraft = policy.unwrap().omit({ id: true, createdAtMs: true });

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
