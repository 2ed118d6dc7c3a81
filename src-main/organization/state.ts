/**
 * What the log amounts to. Invariant: a state is never changed in place; a change makes a new one that shares all that
 * did not change, so that its cost does not grow with the number of tokens and an older state stays as it was.
 */
import type {
  Channel,
  Environment,
  Holder,
  HolderKind,
  Operator,
  Team,
  Token,
} from '../../shared/model/domain.ts';
import type { Assessment, Feed, Labelled } from '../../shared/model/curation.ts';
import type { LogAnchor, Retention } from '../../shared/model/log-keeping.ts';
import type { Policy, PolicyVersion } from '../../shared/model/policy.ts';
import type {
  ChannelId,
  EnvironmentId,
  HolderId,
  OperatorId,
  PolicyId,
  TeamId,
  TokenId,
} from '../../shared/model/ids.ts';
import type { Table } from '../base/table.ts';

/** The fold of the log. */
export type OrganizationState = {
  readonly organizationName: string;
  readonly createdAtMs: number;
  readonly operators: Table<OperatorId, Operator>;
  readonly holders: Table<HolderId, Holder>;
  readonly teams: Table<TeamId, Team>;
  readonly environments: Table<EnvironmentId, Environment>;
  readonly channels: Table<ChannelId, Channel>;
  readonly policies: Table<PolicyId, Policy>;
  readonly tokens: Table<TokenId, Token>;
  /** What each policy was, oldest first; also of policies that are gone. The log has all, this the last ones. */
  readonly policyVersions: Table<PolicyId, readonly PolicyVersion[]>;
  /** By `labelKey`. */
  readonly labels: Table<string, Labelled>;
  /** By `assessmentKey`. */
  readonly assessments: Table<string, Assessment>;
  /** conda's name → PyPI's; '' where it is nothing there. */
  readonly nameMap: Table<string, string>;
  /** What packages say of their licence → an SPDX expression. */
  readonly licenseAliases: Table<string, string>;
  /** By name. */
  readonly feeds: Table<string, Feed>;
  /** How far request logs had come when it was last looked: by gateway and run, the newest few thousand. */
  readonly anchors: Table<string, LogAnchor>;
  readonly retention: Retention;
  /** Every digest that ever was: a revoked secret never comes back under another id. */
  readonly digests: Table<string, TokenId>;
  /** Holders by `holderKey`: their names are unique, and there may be as many as tokens. */
  readonly holdersByName: Table<string, HolderId>;
};

/** The key of a holder's name: unique within a kind. */
export const holderKey = (holder: { readonly kind: HolderKind; readonly name: string }): string =>
  `${holder.kind} ${holder.name}`;
