/**
 * What lines denied that are lost, denied again after an admin has accepted the loss. Invariant: whatever was taken away
 * before stays away as far as this computer remembers; what no longer fits (a team that others need) is left, and its
 * tokens are denied all the same.
 */
import type { Token } from '../../shared/model/domain.ts';
import type { TokenId } from '../../shared/model/ids.ts';
import { channelId, environmentId, teamId, tokenId } from '../../shared/model/ids.ts';
import { organizationDomain } from '../organization/domain.ts';
import type { DomainEvent } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import { maxIds } from '../organization/stored.ts';
import type { ClearDenials, LineContext } from '../vault/domain.ts';
import { liveTokensThat } from './checks.ts';
import { planEnvironmentRemoval, planTeamRemoval } from './removals.ts';
import { changeEvent } from './token-maker.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.alarms.restored;

const reason = words.reason;

/** @param line where the events will stand */
export function denyAgain(
  state: OrganizationState,
  denials: readonly ClearDenials[],
  line: LineContext,
): readonly DomainEvent[] {
  const events: DomainEvent[] = [];
  let current = state;
  /** Takes events that fit, all or none: one that does not must not void the rest. */
  const add = (more: readonly DomainEvent[]): boolean => {
    if (more.length === 0) return true;
    const verdict = organizationDomain.applyLine(current, more, line);
    if (!verdict.ok) return false;
    current = verdict.state;
    events.push(...more);
    return true;
  };

  const revoked = new Set<TokenId>();
  for (const id of denials.flatMap(({ tokens }) => tokens ?? [])) {
    const known = tokenOf(current, id);
    if (known !== undefined && known.revoked === undefined) revoked.add(known.id);
  }
  const ids = [...revoked];
  for (let from = 0; from < ids.length; from += maxIds)
    add([{ type: 'token.revoked', tokenIds: ids.slice(from, from + maxIds), reason }]);

  for (const [id, endMs] of denials.flatMap(({ ends }) => Object.entries(ends ?? {}))) {
    const token = tokenOf(current, id);
    if (token === undefined || token.revoked !== undefined || token.expiresAtMs <= endMs) continue;
    if (add([endedAt(token, endMs)]) || token.expiresAtMs <= line.atMs) continue;
    // Something that it names is gone, so that it cannot be changed: it is taken away.
    add([{ type: 'token.revoked', tokenIds: [token.id], reason }]);
  }

  const removals = (names: readonly string[], plan: (name: string) => readonly DomainEvent[]): void => {
    for (const name of new Set(names)) add(plan(name));
  };
  removals(
    denials.flatMap(({ channels }) => channels ?? []),
    (name) => {
      const id = channelId.safeParse(name);
      if (!id.success || !current.channels.has(id.data)) return [];
      const users = liveTokensThat((token) => token.channelIds.includes(id.data), current, line.atMs);
      return users.length > 0 ? [] : [{ type: 'channel.removed', channelId: id.data }];
    },
  );
  removals(
    denials.flatMap(({ environments }) => environments ?? []),
    (name) => {
      const id = environmentId.safeParse(name);
      if (!id.success || !current.environments.has(id.data)) return [];
      const plan = planEnvironmentRemoval(current, id.data, line.atMs);
      return plan.users.length > 0 ? [] : plan.events;
    },
  );
  removals(
    denials.flatMap(({ teams }) => teams ?? []),
    (name) => {
      const id = teamId.safeParse(name);
      if (!id.success || !current.teams.has(id.data)) return [];
      const plan = planTeamRemoval(current, id.data, line.atMs);
      return plan.users.length > 0 ? [] : plan.events;
    },
  );
  return events;
}

function tokenOf(state: OrganizationState, id: string): Token | undefined {
  const parsed = tokenId.safeParse(id);
  return parsed.success ? state.tokens.get(parsed.data) : undefined;
}

function endedAt(token: Token, expiresAtMs: number): DomainEvent {
  // A change is judged from the issue on; an end before it cannot be said, and means the same.
  const end = Math.max(expiresAtMs, token.issuedAtMs + 1, (token.notBeforeMs ?? 0) + 1);
  return changeEvent({ ...token, expiresAtMs: end });
}
