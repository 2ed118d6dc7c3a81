import type { Channel, Environment, Operator, Policy, Team, Token } from './domain.ts';
import type { ChannelId, EnvironmentId, OperatorId, PolicyId, TeamId, TokenId } from './ids.ts';

/** The fold of the event log. Never stored as such, never changed in place. */
export type VaultState = {
  readonly organizationName: string;
  readonly createdAtMs: number;
  readonly operators: ReadonlyMap<OperatorId, Operator>;
  readonly teams: ReadonlyMap<TeamId, Team>;
  readonly environments: ReadonlyMap<EnvironmentId, Environment>;
  readonly channels: ReadonlyMap<ChannelId, Channel>;
  readonly policies: ReadonlyMap<PolicyId, Policy>;
  readonly tokens: ReadonlyMap<TokenId, Token>;
};
