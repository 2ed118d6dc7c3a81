/** How often rules of policies spoke about requests with one token. Bounded; what spoke last stays. */
import type { GatewayRequestEvent, PolicyUse } from '../../shared/model/gateway.ts';

/** More rules than speak about the work of one team. */
const maxUses = 30;
/** The last ones are enough to see what it is about. */
const maxPackages = 5;

type Told = Pick<GatewayRequestEvent, 'atMs' | 'decision' | 'package' | 'insteadOf'>;

/** What policies said about one request. */
export function policyUsesOf({ atMs, decision, package: about, insteadOf }: Told): readonly PolicyUse[] {
  if (about === undefined) return [];
  const use = { count: 1, lastAtMs: atMs, packages: [`${about.name} ${about.version}`] };
  const said = (decision?.reasons ?? []).flatMap(({ policyName, rule, mode }): PolicyUse[] =>
    policyName === undefined
      ? []
      : [{ ...use, policyName, rule, what: mode === 'observe' ? 'observed' : 'blocked' }],
  );
  if (insteadOf?.reason.policyName === undefined) return said;
  const { policyName, rule } = insteadOf.reason;
  const hidden = [`${about.name} ${insteadOf.version}`];
  return [...said, { ...use, policyName, rule, what: 'hidden', packages: hidden }];
}

/** The sum of both, with those that spoke last first. */
export function addPolicyUses(
  before: readonly PolicyUse[],
  more: readonly PolicyUse[],
): readonly PolicyUse[] {
  if (more.length === 0) return before;
  const uses = new Map(before.map((use) => [keyOf(use), use]));
  for (const use of more) {
    const known = uses.get(keyOf(use));
    uses.set(keyOf(use), known === undefined ? use : sumOf(known, use));
  }
  return [...uses.values()].toSorted((a, b) => b.lastAtMs - a.lastAtMs).slice(0, maxUses);
}

const keyOf = ({ what, policyName, rule }: PolicyUse): string => `${what} ${rule} ${policyName}`;

function sumOf(a: PolicyUse, b: PolicyUse): PolicyUse {
  const [older, newer] = a.lastAtMs <= b.lastAtMs ? [a, b] : [b, a];
  return {
    ...newer,
    count: a.count + b.count,
    packages: [...new Set([...newer.packages, ...older.packages])].slice(0, maxPackages),
  };
}
