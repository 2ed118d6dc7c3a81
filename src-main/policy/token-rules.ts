/**
 * What policies say about tokens themselves. Invariant: pure; deny wins over any number of allows; layers can only
 * tighten, so the order of policies never matters; `observe` reports and never decides.
 */
import type { Networks } from '../../shared/model/domain.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { PolicyRule, RuleOf } from '../../shared/model/policy-rules.ts';
import type { Decision, Reason } from '../../shared/model/decision.ts';
import type { EnvironmentId, PolicyId, TeamId } from '../../shared/model/ids.ts';
import { dayMs } from '../../shared/model/time.ts';

/** Days, rounded up to a tenth: never shown as fewer than they are. */
const daysOf = (ms: number): number => Math.ceil((ms / dayMs) * 10) / 10;

/** What is asked for. Only what is given is judged: a change that touches no lifetime has none here. */
export type TokenFacts = {
  readonly teamId: TeamId;
  readonly environmentId: EnvironmentId;
  readonly ttlMs?: number;
  readonly networks?: Networks;
};
/** Whether a policy speaks about this team and environment. */
export function applies(policy: Policy, where: Pick<TokenFacts, 'teamId' | 'environmentId'>): boolean {
  return (
    (policy.teams === 'all' || policy.teams.includes(where.teamId)) &&
    (policy.environments === 'all' || policy.environments.includes(where.environmentId))
  );
}

/** Judges a token that is about to be issued. All objections are returned, not the first. */
export function evaluateTokenRules(policies: Iterable<Policy>, facts: TokenFacts): Decision {
  const reasons = [...policies]
    .filter((policy) => applies(policy, facts))
    .flatMap((policy) =>
      policy.rules.filter(isTokensRule).flatMap((rule) =>
        objections(rule, facts).map((objection) => ({
          policyId: policy.id,
          policyName: policy.name,
          mode: policy.mode,
          ...objection,
        })),
      ),
    );
  return { effect: reasons.some((reason) => reason.mode === 'enforce') ? 'deny' : 'allow', reasons };
}

/** What one policy asks of tokens; its rules together. */
export type TokenDemand = {
  readonly policyId: PolicyId;
  readonly policyName: string;
  readonly mode: Policy['mode'];
  readonly maxTtlDays?: number;
  readonly networksRequired: boolean;
};

/** What all policies ask of tokens there: enforced ones first. The limits are those of the enforced ones. */
export function effectiveTokenRules(
  policies: Iterable<Policy>,
  where: Pick<TokenFacts, 'teamId' | 'environmentId'>,
): {
  readonly maxTtlDays?: number;
  readonly networksRequired: boolean;
  readonly sources: readonly TokenDemand[];
} {
  const sources = [...policies]
    .filter((policy) => applies(policy, where))
    .map(demandOf)
    .filter((demand) => demand.maxTtlDays !== undefined || demand.networksRequired)
    .toSorted((a, b) => orderOf(a) - orderOf(b) || (a.policyName < b.policyName ? -1 : 1));
  const enforced = sources.filter(({ mode }) => mode === 'enforce');
  return {
    ...shortest(enforced),
    networksRequired: enforced.some(({ networksRequired }) => networksRequired),
    sources,
  };
}

const orderOf = ({ mode }: TokenDemand): number => (mode === 'enforce' ? 0 : 1);

function demandOf({ id, name, mode, rules }: Policy): TokenDemand {
  return {
    policyId: id,
    policyName: name,
    mode,
    ...shortest(rules.filter(isTokensRule)),
    networksRequired: rules.some((rule) => isTokensRule(rule) && rule.networksRequired),
  };
}

const isTokensRule = (rule: PolicyRule): rule is RuleOf<'tokens'> => rule.type === 'tokens';

function shortest(limits: readonly { readonly maxTtlDays?: number | undefined }[]): { maxTtlDays?: number } {
  const days = limits.flatMap(({ maxTtlDays }) => (maxTtlDays === undefined ? [] : [maxTtlDays]));
  return days.length === 0 ? {} : { maxTtlDays: Math.min(...days) };
}

type Objection =
  Pick<Reason<'tokens.lifetime'>, 'rule' | 'evidence'> | Pick<Reason<'tokens.networks'>, 'rule' | 'evidence'>;

function objections(rule: RuleOf<'tokens'>, facts: TokenFacts): readonly Objection[] {
  const found: Objection[] = [];
  const { maxTtlDays } = rule;
  if (maxTtlDays !== undefined && facts.ttlMs !== undefined && facts.ttlMs > maxTtlDays * dayMs) {
    found.push({ rule: 'tokens.lifetime', evidence: { ttlDays: daysOf(facts.ttlMs), maxTtlDays } });
  }
  if (rule.networksRequired && facts.networks === 'anywhere') {
    found.push({ rule: 'tokens.networks', evidence: {} });
  }
  return found;
}
