/**
 * A token's life, from times alone. Invariant: revoked beats expired beats expiring; a revoked or expired token never
 * becomes valid again; a rotation never lengthens the predecessor's life.
 */
import type { Token, TokenState } from '../../shared/model/domain.ts';
import { dayMs, hourMs } from '../../shared/model/time.ts';

/** How long before its end a token counts as expiring: 7 days, or a fifth of a life that is shorter than 35 days. */
export function expiringWindowMs(token: Pick<Token, 'issuedAtMs' | 'expiresAtMs'>): number {
  return Math.min(7 * dayMs, (token.expiresAtMs - token.issuedAtMs) / 5);
}

/** The moment from which a token counts as expiring. One that was rotated does from the start: its overlap runs. */
export function expiringFromMs(token: Pick<Token, 'issuedAtMs' | 'expiresAtMs' | 'rotatedTo'>): number {
  return token.rotatedTo === undefined ? token.expiresAtMs - expiringWindowMs(token) : 0;
}

/**
 * The state at a moment. A token that was rotated counts as expiring during its overlap. `requested` belongs to
 * approvals, which no token of this version waits for.
 */
export function tokenState(token: Token, nowMs: number): TokenState {
  if (token.revoked !== undefined) return 'revoked';
  if (nowMs >= token.expiresAtMs) return 'expired';
  return nowMs >= expiringFromMs(token) ? 'expiring' : 'active';
}

/** When the successor ends and when the predecessor does: after the overlap, but never later than it would have. */
export function planRotation(
  token: Pick<Token, 'expiresAtMs'>,
  plan: { readonly ttlDays: number; readonly overlapHours: number; readonly nowMs: number },
): { readonly successorExpiresAtMs: number; readonly predecessorExpiresAtMs: number } {
  return {
    successorExpiresAtMs: plan.nowMs + plan.ttlDays * dayMs,
    predecessorExpiresAtMs: Math.min(token.expiresAtMs, plan.nowMs + plan.overlapHours * hourMs),
  };
}
