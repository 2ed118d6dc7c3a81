/**
 * Who may sign what: one pure table, asked before an event is written and again whenever the log is replayed.
 * Invariant: an event is judged by the state before it; what the table does not allow is never applied.
 */
import type { OperatorRole } from '../../shared/model/domain.ts';
import type { DomainEvent, DomainEventType } from '../../shared/model/events.ts';
import type { OperatorId, TeamId } from '../../shared/model/ids.ts';
import type { VaultState } from '../../shared/model/state.ts';

/** `own-team`: a lead, for the teams that the lead leads. */
type Right = 'admin' | 'own-team';

const table: Readonly<Record<DomainEventType, Right>> = {
  // Only as the first event, which brings its own signer.
  'organization.created': 'admin',
  'organization.renamed': 'admin',
  'team.created': 'admin',
  'team.changed': 'admin',
  'team.removed': 'admin',
  'environment.created': 'admin',
  'environment.changed': 'admin',
  'environment.removed': 'admin',
  'channel.created': 'admin',
  'channel.changed': 'admin',
  'channel.removed': 'admin',
  'policy.changed': 'admin',
  'policy.removed': 'admin',
  'token.issued': 'own-team',
  'token.rotated': 'own-team',
  'token.revoked': 'own-team',
};

/** Why a signer may not write an event; undefined when allowed. `before` is undefined for the first event. */
export function whyNotAuthorized(
  before: VaultState | undefined,
  signer: OperatorId,
  event: DomainEvent,
): string | undefined {
  if (before === undefined) {
    if (event.type !== 'organization.created') return 'the first event must create the organization';
    if (event.operator.id !== signer) return 'the first operator must sign the first event';
    return event.operator.role === 'admin' ? undefined : 'the first operator must be an admin';
  }
  if (event.type === 'organization.created') return 'the organization exists already';
  const operator = before.operators.get(signer);
  if (operator === undefined) return 'the signer is no operator';
  if (issuerOf(event) !== undefined && issuerOf(event) !== signer)
    return 'a token names another operator as its issuer';
  const allowed: Readonly<Record<OperatorRole, boolean>> = {
    admin: true,
    lead:
      table[event.type] === 'own-team' &&
      teamsOf(before, event).every((team) => operator.teamIds.includes(team)),
    auditor: false,
  };
  return allowed[operator.role] ? undefined : `the role ${operator.role} may not write ${event.type}`;
}

/** Who a new token says issued it: only ever the signer, whatever the role. */
function issuerOf(event: DomainEvent): OperatorId | undefined {
  if (event.type === 'token.issued') return event.token.issuedBy;
  return event.type === 'token.rotated' ? event.successor.issuedBy : undefined;
}

/** The teams that an event about tokens touches. */
function teamsOf(state: VaultState, event: DomainEvent): readonly TeamId[] {
  switch (event.type) {
    case 'token.issued':
      return [event.token.teamId];
    case 'token.rotated': {
      const before = state.tokens.get(event.predecessorId);
      return before === undefined ? [event.successor.teamId] : [event.successor.teamId, before.teamId];
    }
    case 'token.revoked':
      return event.tokenIds.flatMap((id) => {
        const token = state.tokens.get(id);
        return token === undefined ? [] : [token.teamId];
      });
    case 'organization.created':
    case 'organization.renamed':
    case 'team.created':
    case 'team.changed':
    case 'team.removed':
    case 'environment.created':
    case 'environment.changed':
    case 'environment.removed':
    case 'channel.created':
    case 'channel.changed':
    case 'channel.removed':
    case 'policy.changed':
    case 'policy.removed':
      return [];
  }
}
