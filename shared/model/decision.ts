/**
 * The one form of a decision: about tokens, about access, later about packages. A decision is data: effect, and reasons
 * as policy, rule and evidence by id and number. Words are made later, where somebody reads them (one file of texts per
 * room), so that a decision can be stored, compared and told in another way. It never holds a secret.
 */
import type { ChannelId, PolicyId, TokenId } from './ids.ts';
import type { CuratedStatus } from './packages.ts';

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
  /** The policy lets only other channels be reached. */
  'package.channel': { readonly channelId: ChannelId };
  /** It is on no closed list. */
  'package.not-listed': NoEvidence;
  /** The entry of a deny list that it matches. */
  'package.listed': { readonly spec: string };
  'package.vulnerable': {
    /** The advisory, by the id that most know it by. */
    readonly advisoryId: string;
    /** CVSS base score, the highest of its aliases; absent where none has one. */
    readonly score?: number;
    readonly isExploited?: true;
    /** 0 to 1. */
    readonly epss?: number;
    readonly status?: CuratedStatus;
    /** The lowest version that is not affected, where there is one. */
    readonly fixedIn?: string;
    /** How many other advisories speak against it too. */
    readonly others?: number;
  };
  'package.malware': { readonly advisoryId: string };
  'package.quarantined': NoEvidence;
  /** Nothing is known, and the rule wants that something is. */
  'package.no-facts': { readonly about: 'vulnerabilities' | 'malware' };
  /**
   * `license` is what the package says, shortened; absent where it says nothing. `isUnread`: nobody looked yet what it says;
   * it is looked when this very file is asked for.
   */
  'package.license': { readonly license?: string; readonly isUnknown?: true; readonly isUnread?: true };
  'package.too-young': { readonly publishedAtMs: number; readonly minDays: number };
  'package.age-unknown': { readonly minDays: number };
  'package.status': {
    readonly status: 'yanked' | 'removed' | 'archived' | 'deprecated';
    readonly reason?: string;
  };
  'package.superseded': { readonly newest: string; readonly days: number };
  'package.silent': { readonly newestAtMs: number; readonly years: number };
  /** `platform`: a subdir or the platform tag of a wheel. */
  'package.platform': { readonly platform: string };
  'package.sdist': NoEvidence;
  'package.label-missing': { readonly label: string };
  'package.label-denied': { readonly label: string };
  /** Only other channels may serve this name. */
  'package.namespace': { readonly pattern: string };
  /** A dependency, of which what may be used was hidden; as the record says it, shortened. */
  'package.unsatisfiable': { readonly needs: string };
  /**
   * The file stands in no index, so that nothing is known of it but its name. `isRemoved`: the index says that it was taken
   * out. `isUnusable`: it has a record that contradicts the file's name, or is none.
   */
  'package.unlisted': { readonly isRemoved?: true; readonly isUnusable?: true };
  /** The rules could not be evaluated: what fails is denied. `code` is a fixed word of ours. */
  'package.failed': { readonly code: string };
};

export type Rule = keyof EvidenceByRule;

/** Why something was denied, or would be. A policy and its mode are named where a policy said so. */
export type Reason<R extends Rule = Rule> = {
  [K in R]: {
    readonly policyId?: PolicyId;
    readonly policyName?: string;
    /** Its place among the policy's rules, from 0; of decisions about packages. */
    readonly ruleNo?: number;
    readonly rule: K;
    /** `observe` only reports: such a reason never makes the effect `deny`. */
    readonly mode?: 'enforce' | 'observe';
    readonly evidence: EvidenceByRule[K];
  };
}[R];

export type Decision = { readonly effect: 'allow' | 'deny'; readonly reasons: readonly Reason[] };
