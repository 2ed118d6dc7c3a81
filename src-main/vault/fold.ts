/**
 * Event by event to the state. Invariant: pure and total over legal events; an event about something that is not there
 * (or is there already) is refused with a sentence, never skipped and never half applied.
 */
import { assertNever } from '../../shared/errors.ts';
import type { DomainEvent } from '../../shared/model/events.ts';
import type { OperatorId, TokenId } from '../../shared/model/ids.ts';
import type { Token } from '../../shared/model/domain.ts';
import type { VaultState } from '../../shared/model/state.ts';

/** An event that does not fit the state before it. */
export class UnfitEvent extends Error {}

/** How a map is made writable: copied for a single event, used as it is by a replay that owns its maps. */
type Writable = <K, V>(map: ReadonlyMap<K, V>) => Map<K, V>;
const copied: Writable = (map) => new Map(map);
/** For a replay from the start, whose intermediate states nobody sees: a copy per event would cost n². */
export const inPlace: Writable = <K, V>(map: ReadonlyMap<K, V>) => map as Map<K, V>;

/**
 * The state after an event. By default maps are copied where they change, so that an older state stays as it was.
 * @throws UnfitEvent
 */
export function foldEvent(
  before: VaultState | undefined,
  event: DomainEvent,
  signer: OperatorId,
  write: Writable = copied,
): VaultState {
  if (before === undefined) {
    if (event.type !== 'organization.created')
      throw new UnfitEvent('the first event must create the organization');
    return {
      organizationName: event.name,
      createdAtMs: event.atMs,
      operators: new Map([[event.operator.id, event.operator]]),
      teams: new Map(),
      environments: new Map(),
      channels: new Map(),
      policies: new Map(),
      tokens: new Map(),
    };
  }
  switch (event.type) {
    case 'organization.created':
      throw new UnfitEvent('the organization exists already');
    case 'organization.renamed':
      return { ...before, organizationName: event.name };
    case 'team.created':
      return { ...before, teams: added(write, before.teams, event.team.id, event.team) };
    case 'team.changed':
      return { ...before, teams: changed(write, before.teams, event.team.id, event.team) };
    case 'team.removed':
      return { ...before, teams: removed(write, before.teams, event.teamId) };
    case 'environment.created':
      return {
        ...before,
        environments: added(write, before.environments, event.environment.id, event.environment),
      };
    case 'environment.changed':
      return {
        ...before,
        environments: changed(write, before.environments, event.environment.id, event.environment),
      };
    case 'environment.removed':
      return { ...before, environments: removed(write, before.environments, event.environmentId) };
    case 'channel.created':
      return { ...before, channels: added(write, before.channels, event.channel.id, event.channel) };
    case 'channel.changed':
      return { ...before, channels: changed(write, before.channels, event.channel.id, event.channel) };
    case 'channel.removed':
      return { ...before, channels: removed(write, before.channels, event.channelId) };
    case 'policy.changed':
      return { ...before, policies: write(before.policies).set(event.policy.id, event.policy) };
    case 'policy.removed':
      return { ...before, policies: removed(write, before.policies, event.policyId) };
    case 'token.issued':
      mustFit(before, event.token);
      if (event.token.rotatedFrom !== undefined)
        throw new UnfitEvent('a token that is issued succeeds no other');
      return { ...before, tokens: added(write, before.tokens, event.token.id, event.token) };
    case 'token.rotated':
      return { ...before, tokens: rotated(before, event, write) };
    case 'token.revoked':
      return { ...before, tokens: revoked(before.tokens, event, signer, write) };
    default:
      return assertNever(event);
  }
}

function rotated(
  before: VaultState,
  event: Extract<DomainEvent, { type: 'token.rotated' }>,
  write: Writable,
) {
  const predecessor = before.tokens.get(event.predecessorId);
  if (predecessor === undefined) throw new UnfitEvent('the rotated token does not exist');
  if (predecessor.revoked !== undefined) throw new UnfitEvent('a revoked token cannot be rotated');
  if (predecessor.rotatedTo !== undefined) throw new UnfitEvent('the token was rotated already');
  mustFit(before, event.successor);
  if (event.successor.rotatedFrom !== predecessor.id)
    throw new UnfitEvent('the successor names another predecessor');
  const tokens = added(write, before.tokens, event.successor.id, event.successor);
  return tokens.set(predecessor.id, {
    ...predecessor,
    rotatedTo: event.successor.id,
    expiresAtMs: Math.min(predecessor.expiresAtMs, event.predecessorExpiresAtMs),
  });
}

function revoked(
  tokens: ReadonlyMap<TokenId, Token>,
  event: Extract<DomainEvent, { type: 'token.revoked' }>,
  signer: OperatorId,
  write: Writable,
) {
  if (!event.tokenIds.every((id) => tokens.has(id))) throw new UnfitEvent('a revoked token does not exist');
  const next = write(tokens);
  for (const id of event.tokenIds) {
    const token = next.get(id);
    // The first revocation stays: its time and reason are evidence.
    if (token !== undefined && token.revoked === undefined) {
      next.set(id, { ...token, revoked: { atMs: event.atMs, by: signer, reason: event.reason } });
    }
  }
  return next;
}

/** A new token points at what is there, and is neither revoked nor rotated yet. */
function mustFit(state: VaultState, token: Token): void {
  if (token.revoked !== undefined || token.rotatedTo !== undefined)
    throw new UnfitEvent('a new token is not used up');
  if (!state.teams.has(token.teamId)) throw new UnfitEvent('the token’s team does not exist');
  if (!state.environments.has(token.environmentId))
    throw new UnfitEvent('the token’s environment does not exist');
  if (!token.channelIds.every((id) => state.channels.has(id)))
    throw new UnfitEvent('a channel of the token does not exist');
}

function added<K, V>(write: Writable, map: ReadonlyMap<K, V>, key: K, value: V): Map<K, V> {
  if (map.has(key)) throw new UnfitEvent('what the event adds exists already');
  return write(map).set(key, value);
}

function changed<K, V>(write: Writable, map: ReadonlyMap<K, V>, key: K, value: V): Map<K, V> {
  if (!map.has(key)) throw new UnfitEvent('what the event changes does not exist');
  return write(map).set(key, value);
}

function removed<K, V>(write: Writable, map: ReadonlyMap<K, V>, key: K): Map<K, V> {
  if (!map.has(key)) throw new UnfitEvent('what the event removes does not exist');
  const next = write(map);
  next.delete(key);
  return next;
}
