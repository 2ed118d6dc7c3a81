/** Small parts that many views have. */
import { z } from 'zod';

export const atMs = z.number().int().nonnegative();
export const count = z.number().int().nonnegative();

/** How often one rule of a policy spoke (shared/model/gateway.ts). */
export const policyUse = z.object({
  what: z.enum(['blocked', 'observed', 'hidden']),
  policyName: z.string(),
  rule: z.string(),
  count,
  lastAtMs: atMs,
  packages: z.array(z.string()),
});
