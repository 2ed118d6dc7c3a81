/** A policy: rules for teams × environments, which decide about tokens and about packages. */
import { z } from 'zod';
import { atMs, everything, slug } from './domain.ts';
import { environmentId, operatorId, policyId, teamId } from './ids.ts';
import { policyRule } from './policy-rules.ts';

/** `hide`: denied packages are left out of indexes; `refuse`: they are listed, and refused when they are downloaded. */
export const policyStyle = z.enum(['hide', 'refuse']);
export type PolicyStyle = z.infer<typeof policyStyle>;

export const policy = z
  .object({
    id: policyId,
    name: slug,
    mode: z.enum(['enforce', 'observe']),
    style: policyStyle,
    teams: z.union([everything, z.array(teamId).min(1).readonly()]),
    environments: z.union([everything, z.array(environmentId).min(1).readonly()]),
    rules: z.array(policyRule).max(64).readonly(),
    createdAtMs: atMs,
  })
  .readonly();
export type Policy = z.infer<typeof policy>;

/** What a policy was from a line of the log on. */
export const policyVersion = z
  .object({
    /** Counts from 1 for each policy. */
    version: z.number().int().min(1),
    atMs,
    by: operatorId,
    /** Absent: it was removed. */
    policy: policy.optional(),
  })
  .readonly();
export type PolicyVersion = z.infer<typeof policyVersion>;
