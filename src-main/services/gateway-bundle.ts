/**
 * Bundles and deltas, made from the organization. Invariant: a delta applied to what was enforced before gives the same
 * as a whole bundle made from the state after; it costs what the entries touch, never the number of tokens. A channel
 * that is broken is in it as broken, and keeps nothing else out.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { assertNever } from '../../shared/assert-never.ts';
import type {
  Bundle,
  BundleAssessment,
  BundleChannel,
  BundleCuration,
  BundleDelta,
  BundleLogKeeping,
  BundleToken,
} from '../../shared/model/bundle.ts';
import type { Channel, Token } from '../../shared/model/domain.ts';
import type { ChannelId, EnvironmentId, PolicyId, TeamId, TokenId } from '../../shared/model/ids.ts';
import type { DomainEvent } from '../organization/events.ts';
import type { Table } from '../base/table.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { Change, Entry } from '../vault/vault-api.ts';
import type { ChannelSource } from './channel-sources.ts';

export type OrganizationChange = Change<OrganizationState, DomainEvent>;
/** Where a channel's packages come from on this computer, or why they cannot. */
export type SourceOf = (channel: Channel) => Promise<ChannelSource>;

/** Tokens made into bundle entries at a time: a few milliseconds, then others have their turn. */
const tokensPerTurn = 5_000;

/** Everything, from one state. Takes turns with other work; the state is never changed in place, so nothing shows. */
export async function bundleOf(
  state: OrganizationState,
  head: Pick<Bundle, 'number' | 'seq' | 'madeAtMs'>,
  sourceOf: SourceOf,
): Promise<Bundle> {
  const channels = await Promise.all(
    [...state.channels.values()].map((channel) => bundleChannel(channel, sourceOf)),
  );
  const tokens: BundleToken[] = [];
  for (const token of state.tokens.values()) {
    tokens.push(bundleToken(token));
    if (tokens.length % tokensPerTurn === 0) await nextTurn();
  }
  return {
    ...head,
    organizationName: state.organizationName,
    teams: [...state.teams.values()].map(nameOf),
    environments: [...state.environments.values()].map(nameOf),
    channels,
    policies: [...state.policies.values()],
    curation: {
      labels: [...state.labels.values()],
      assessments: [...state.assessments.values()].map(deciding),
      names: [...state.nameMap],
      licenses: [...state.licenseAliases],
    },
    logKeeping: logKeepingOf(state),
    tokens,
  };
}

/** What the entries of a change touched, as it is after the change. */
export async function deltaOf(
  { state, seq, entries }: OrganizationChange,
  head: Pick<BundleDelta, 'from' | 'number' | 'madeAtMs'>,
  sourceOf: SourceOf,
  /** Channels whose credentials did not open: tried again when the change brought keys. */
  brokenChannelIds: () => readonly ChannelId[],
): Promise<BundleDelta> {
  const touched = touchedBy(entries);
  if (touched.keys) for (const id of brokenChannelIds()) touched.channels.add(id);
  const teams = split(touched.teams, state.teams);
  const environments = split(touched.environments, state.environments);
  const channels = split(touched.channels, state.channels);
  const policies = split(touched.policies, state.policies);
  const tokens = split(touched.tokens, state.tokens);
  const changedChannels = await Promise.all(
    channels.there.map((channel) => bundleChannel(channel, sourceOf)),
  );
  return {
    ...head,
    seq,
    ...(touched.organization ? { organizationName: state.organizationName } : {}),
    ...list('teams', teams.there.map(nameOf)),
    ...list('removedTeamIds', teams.gone),
    ...list('environments', environments.there.map(nameOf)),
    ...list('removedEnvironmentIds', environments.gone),
    ...list('channels', changedChannels),
    ...list('removedChannelIds', channels.gone),
    ...list('policies', policies.there),
    ...list('removedPolicyIds', policies.gone),
    ...(Object.keys(touched.curation).length === 0 ? {} : { curation: touched.curation }),
    ...(touched.logKeeping ? { logKeeping: logKeepingOf(state) } : {}),
    ...list('tokens', tokens.there.map(bundleToken)),
  };
}

export async function bundleChannel(channel: Channel, sourceOf: SourceOf): Promise<BundleChannel> {
  const { id, name, kind, environmentIds } = channel;
  return { id, name, kind, environmentIds, ...(await sourceOf(channel)) };
}

function bundleToken(token: Token): BundleToken {
  const { id, digest, teamId, environmentId, channelIds, networks, expiresAtMs } = token;
  const { issuedAtMs, notBeforeMs, revoked, rotatedTo } = token;
  return {
    id,
    digest,
    teamId,
    environmentId,
    channelIds,
    networks,
    // A lifetime is judged from the issue on: a line dated ahead must not lengthen it at its beginning.
    notBeforeMs: Math.max(issuedAtMs, notBeforeMs ?? 0),
    expiresAtMs,
    ...(revoked === undefined ? {} : { revoked: { atMs: revoked.atMs, reason: revoked.reason } }),
    ...(rotatedTo === undefined ? {} : { rotatedTo }),
  };
}

function logKeepingOf({ retention, operators }: OrganizationState): BundleLogKeeping {
  const recipients = [...operators.values()]
    .filter(({ role }) => role === 'admin')
    .map(({ id, keyNo, receiveKey }) => ({ operatorId: id, keyNo, x: receiveKey.x }))
    .toSorted((a, b) => (a.operatorId < b.operatorId ? -1 : 1));
  return { retention, recipients };
}

/** What of an assessment a gateway needs: neither who said it nor why. */
function deciding({ advisoryId, ecosystem, name, version, status }: BundleAssessment): BundleAssessment {
  return { advisoryId, ecosystem, name, status, ...(version === undefined ? {} : { version }) };
}

const nameOf = <I>({ id, name }: { readonly id: I; readonly name: string }) => ({ id, name });

type Touched = {
  organization: boolean;
  /** Operators got keys: what did not open before may open now. */
  keys: boolean;
  logKeeping: boolean;
  readonly teams: Set<TeamId>;
  readonly environments: Set<EnvironmentId>;
  readonly channels: Set<ChannelId>;
  readonly policies: Set<PolicyId>;
  /** The events say all of what changed. */
  readonly curation: { -readonly [K in keyof BundleCuration]: BundleCuration[K] };
  readonly tokens: Set<TokenId>;
};

function touchedBy(entries: readonly Entry<DomainEvent>[]): Touched {
  const touched: Touched = {
    organization: false,
    keys: false,
    logKeeping: false,
    teams: new Set(),
    environments: new Set(),
    channels: new Set(),
    policies: new Set(),
    curation: {},
    tokens: new Set(),
  };
  for (const { event } of entries) touch(touched, event);
  return touched;
}

function touch(touched: Touched, event: DomainEvent): void {
  switch (event.type) {
    case 'organization.created':
      touched.organization = true;
      touched.logKeeping = true;
      return;
    case 'operator.added':
    case 'operator.changed':
    case 'log.retention-set':
      touched.logKeeping = true;
      return;
    case 'organization.renamed':
      touched.organization = true;
      return;
    case 'team.created':
    case 'team.changed':
      touched.teams.add(event.team.id);
      return;
    case 'team.removed':
      touched.teams.add(event.teamId);
      return;
    case 'environment.created':
    case 'environment.changed':
      touched.environments.add(event.environment.id);
      return;
    case 'environment.removed':
      touched.environments.add(event.environmentId);
      return;
    case 'channel.created':
    case 'channel.changed':
      touched.channels.add(event.channel.id);
      return;
    case 'channel.removed':
      touched.channels.add(event.channelId);
      return;
    case 'token.issued':
      touched.tokens.add(event.token.id);
      return;
    case 'token.rotated':
      touched.tokens.add(event.predecessorId).add(event.successor.id);
      return;
    case 'token.changed':
      touched.tokens.add(event.tokenId);
      return;
    case 'token.revoked':
      for (const id of event.tokenIds) touched.tokens.add(id);
      return;
    case 'key.granted':
      touched.keys = true;
      return;
    case 'policy.created':
    case 'policy.changed':
      touched.policies.add(event.policy.id);
      return;
    case 'policy.removed':
      touched.policies.add(event.policyId);
      return;
    case 'package.labelled': {
      const { type: _type, ...labelled } = event;
      touched.curation.labels = [...(touched.curation.labels ?? []), labelled];
      return;
    }
    case 'advisory.assessed':
      touched.curation.assessments = [
        ...(touched.curation.assessments ?? []),
        ...event.assessments.map(deciding),
      ];
      return;
    case 'names.mapped':
      touched.curation.names = [
        ...(touched.curation.names ?? []),
        ...event.names.map(({ conda, pypi }) => [conda, pypi ?? ''] as const),
      ];
      return;
    case 'licenses.aliased':
      touched.curation.licenses = [
        ...(touched.curation.licenses ?? []),
        ...event.aliases.map(({ text, expression }) => [text, expression] as const),
      ];
      return;
    // The gateway enforces nothing of these.
    case 'feed.set':
    case 'feed.removed':
    case 'log.anchored':
    case 'log.looked-up':
    case 'holder.created':
    case 'holder.changed':
    case 'format.raised':
    case 'log.restored':
      return;
    default:
      assertNever(event);
  }
}

function split<I, T>(ids: ReadonlySet<I>, table: Pick<Table<I, T>, 'get'>): { there: T[]; gone: I[] } {
  const there: T[] = [];
  const gone: I[] = [];
  for (const id of ids) {
    const entry = table.get(id);
    if (entry === undefined) gone.push(id);
    else there.push(entry);
  }
  return { there, gone };
}

/** A member that is not there when there is nothing in it. */
const list = <N extends string, T>(name: N, items: readonly T[]): { readonly [K in N]?: readonly T[] } =>
  items.length === 0 ? {} : ({ [name]: items } as { readonly [K in N]: readonly T[] });
