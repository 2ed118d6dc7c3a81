/** Rows of the request log with the names that their ids have now. */
import type { LogRowView } from '../../shared/contract/log-views.ts';
import type { ChannelId, EnvironmentId, TeamId, TokenId } from '../../shared/model/ids.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { OpenedWho } from '../request-log/log-row.ts';
import type { StoredRow, Subject } from '../request-log/store/row-store.ts';

/** What may be undefined may be absent instead. */
type Defined<T> = T extends unknown
  ? { readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
      readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
    }
  : never;

/** Without members that are undefined: they are absent. */
export function definedOnly<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}

/** Of the name that something has now; one that was removed since still has its id. */
const nameOr = (named: { readonly name: string } | undefined, id: string): string | undefined =>
  named?.name ?? (id === '' ? undefined : id);

export const environmentName = (id: string, { environments }: OrganizationState): string | undefined =>
  nameOr(environments.get(id as EnvironmentId), id);

/** Who fetched, by name. */
export function subjectNames({ tokenId, teamId, environmentId }: Subject, state: OrganizationState) {
  const token = state.tokens.get(tokenId as TokenId);
  return {
    tokenId,
    ...definedOnly({
      holder: token === undefined ? undefined : state.holders.get(token.holderId)?.name,
      team: nameOr(state.teams.get(teamId as TeamId), teamId),
      environment: environmentName(environmentId, state),
    }),
  };
}

export function rowView(row: StoredRow, state: OrganizationState, who: OpenedWho | undefined): LogRowView {
  const { atMs, kind, bytes, status, client } = row;
  const { ecosystem = '', name = '', version = '', filename = '', sha256 = '' } = row;
  const hasFile = filename !== '' || name !== '' || sha256 !== '';
  const { tokenId = '', teamId = '', environmentId = '' } = row;
  return {
    atMs,
    kind,
    bytes,
    status,
    client,
    ...subjectNames({ tokenId, teamId, environmentId }, state),
    ...(hasFile ? { file: { ecosystem, name, version, filename, sha256 } } : {}),
    ...definedOnly({
      channel: nameOr(state.channels.get(row.channelId as ChannelId), row.channelId ?? ''),
      cache: row.cache,
      cause: row.cause,
      policyName: row.policyName,
      decisionId: row.decisionId,
      ciProject: row.ciProject,
      ciJob: row.ciJob,
      address: who?.address,
      ciUser: who?.ciUser,
    }),
  };
}
