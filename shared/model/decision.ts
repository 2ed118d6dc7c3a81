/**
 * The one form of a decision: about tokens, about access, later about packages. A decision is data: effect, and reasons
 * as policy, rule and evidence by id and number. Words are made later, where somebody reads them (one file of texts per
 * room), so that a decision can be stored, compared and told in another way. It never holds a secret.
 */
import type { PolicyId, TokenId } from './ids.ts';

type NoEvidence = Readonly<Record<string, never>>;

/** Which rules there are, and what each brings forward. */
export type EvidenceByRule = {
  /** A token would live longer than the policy allows. */
  'tokens.lifetime': { readonly ttlDays: number; readonly maxTtlDays: number };
  /** A token names no source networks where the policy wants some. */
  'tokens.networks': NoEvidence;
  'access.credential-missing': NoEvidence;
  /** `what` is a fixed word of ours, never what the client sent. */
  'access.credential-malformed': { readonly what: string };
  'access.credential-ambiguous': { readonly what: string };
  /** The gateway was given nothing to enforce yet. */
  'access.not-configured': NoEvidence;
  'access.token-unknown': NoEvidence;
  'access.token-revoked': { readonly tokenId: TokenId; readonly atMs: number; readonly reason: string };
  'access.token-expired': {
    readonly tokenId: TokenId;
    readonly expiresAtMs: number;
    readonly rotatedTo?: TokenId;
  };
  'access.token-not-yet-valid': { readonly tokenId: TokenId; readonly notBeforeMs: number };
  'access.network': { readonly tokenId: TokenId; readonly address: string };
  'access.path-unknown': NoEvidence;
  /** Unknown, foreign or of the other kind: the same for all three, so the channel is not named. */
  'access.channel': { readonly tokenId: TokenId };
};

export type Rule = keyof EvidenceByRule;

/** Why something was denied, or would be. A policy and its mode are named where a policy said so. */
export type Reason<R extends Rule = Rule> = {
  [K in R]: {
    readonly policyId?: PolicyId;
    readonly policyName?: string;
    readonly rule: K;
    /** `observe` only reports: such a reason never makes the effect `deny`. */
    readonly mode?: 'enforce' | 'observe';
    readonly evidence: EvidenceByRule[K];
  };
}[R];

export type Decision = { readonly effect: 'allow' | 'deny'; readonly reasons: readonly Reason[] };
