/**
 * What the fold demands of a token that gets more than it had. The services ask the same rules before, for better words;
 * this is the last guard, and nothing that an edited log or another version writes gets past it.
 */
import type { Networks, Token } from '../../shared/model/domain.ts';
import type { ChannelId, EnvironmentId } from '../../shared/model/ids.ts';
import { evaluateTokenRules } from '../policy/token-rules.ts';
import { isNarrowerOrEqual, parseNetworks } from '../tokens/networks.ts';
import type { LineContext } from '../vault/domain.ts';
import { requireEntry } from './checks.ts';
import { UnfitEvent } from './event-kind.ts';
import type { OrganizationState } from './state.ts';

type Scope = Pick<Token, 'teamId' | 'environmentId' | 'channelIds' | 'networks' | 'expiresAtMs'> & {
  readonly notBeforeMs?: number | undefined;
};

/** @throws UnfitEvent when the token is ill-formed, reaches what it may not, or breaks an enforced rule */
export function requireIssueAllowed(state: OrganizationState, token: Scope, line: LineContext): void {
  requireTimes(token, line);
  requireNetworks(token.networks);
  requireReach(state, token.environmentId, token.channelIds);
  requireRules(state, token, { ttlMs: token.expiresAtMs - line.atMs, networks: token.networks });
}

/**
 * The same for what a change adds; what stays or shrinks is not judged again, so that editing never gets stuck. An
 * extension is judged by the whole lifetime, from the issue on: a limit of 90 days is none if it begins again each day.
 * What the token names must be there: a line of an earlier time could have removed it while it was dead.
 */
export function requireChangeAllowed(state: OrganizationState, before: Token, after: Scope): void {
  requireNetworks(after.networks);
  requireTimes(after, { atMs: before.issuedAtMs });
  requireEntry(state.teams, after.teamId, 'team');
  requireEntry(state.environments, after.environmentId, 'environment');
  for (const id of after.channelIds) requireEntry(state.channels, id, 'channel');
  if (after.expiresAtMs > before.expiresAtMs && before.rotatedTo !== undefined) {
    throw new UnfitEvent('a token that was rotated is not extended');
  }
  const isNew = (id: ChannelId) => !before.channelIds.includes(id);
  requireReach(state, after.environmentId, after.channelIds.filter(isNew));
  requireRules(state, after, {
    ...(after.expiresAtMs > before.expiresAtMs ? { ttlMs: after.expiresAtMs - before.issuedAtMs } : {}),
    ...(isNarrowerOrEqual(after.networks, before.networks) ? {} : { networks: after.networks }),
  });
}

function requireTimes(token: Scope, line: Pick<LineContext, 'atMs'>): void {
  if (token.expiresAtMs <= line.atMs) throw new UnfitEvent('the token ends before it is issued');
  if (token.notBeforeMs !== undefined && token.notBeforeMs >= token.expiresAtMs) {
    throw new UnfitEvent('the token ends before it begins');
  }
}

function requireNetworks(networks: Networks): void {
  if (networks === 'anywhere') return;
  let right: readonly string[];
  try {
    right = parseNetworks(networks);
  } catch {
    throw new UnfitEvent('a network of the token is not valid');
  }
  if (right.join() !== networks.join())
    throw new UnfitEvent('a network of the token is not in its one spelling');
}

function requireReach(
  state: OrganizationState,
  environmentId: EnvironmentId,
  channelIds: readonly ChannelId[],
): void {
  for (const id of channelIds) {
    const channel = requireEntry(state.channels, id, 'channel');
    if (!channel.environmentIds.includes(environmentId)) {
      throw new UnfitEvent(`channel "${channel.name}" is not open to the token’s environment`);
    }
  }
}

function requireRules(
  state: OrganizationState,
  // Only these two: what a token has besides is judged only where `facts` name it.
  { teamId, environmentId }: Pick<Token, 'teamId' | 'environmentId'>,
  facts: { readonly ttlMs?: number; readonly networks?: Networks },
): void {
  const asked = { teamId, environmentId, ...facts };
  const { effect, reasons } = evaluateTokenRules(state.policies.values(), asked);
  if (effect === 'allow') return;
  const policies = reasons.flatMap((reason) => (reason.mode === 'enforce' ? [reason.policyName] : []));
  throw new UnfitEvent(`a policy does not allow it (${[...new Set(policies)].join(', ')})`);
}
