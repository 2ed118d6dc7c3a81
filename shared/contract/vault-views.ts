/** The log itself. */
import { z } from 'zod';
import { atMs, count } from './atoms.ts';

export const vaultView = z.object({
  /** How many lines the log has. */
  seq: count,
  /** The format that the log declares, and the newest that this program writes. */
  format: z.object({ declared: z.number().int(), supported: z.number().int() }),
  /** Lines that count for nothing, newest first, at most 100 of `voidCount`. */
  voidLines: z.array(
    z.object({ line: z.number().int(), signer: z.string(), atMs: atMs.optional(), why: z.string() }),
  ),
  voidCount: count,
  /** How far the check in the background has come; `done` when there is nothing left to check. */
  background: z.object({ done: z.boolean(), checked: count }),
});
export type VaultView = Readonly<z.infer<typeof vaultView>>;

/** The full check of the log, a job with progress. */
export const verifyView = z.object({
  state: z.enum(['idle', 'running', 'done', 'cancelled', 'failed']),
  checked: count,
  total: count,
  voidCount: count,
  /** Why it failed: the line and what is wrong with it. */
  problem: z.string().optional(),
});
export type VerifyView = Readonly<z.infer<typeof verifyView>>;
