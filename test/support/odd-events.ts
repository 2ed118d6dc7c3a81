/** Events as a careless or hostile program may write them: most are of the right form, many do not fit. */
import fc from 'fast-check';
import {
  begin,
  dayMs,
  slug,
  name,
  note,
  oddPrivateHosts,
  teamId,
  environmentId,
  channelId,
  holderId,
  policyId,
  tokenId,
  listOf,
  mostly,
  some,
  scope,
  networks,
  url,
  sealed,
  end,
} from './odd-values.ts';
import { oddCuration, oddLogKeeping, oddRule } from './odd-rules.ts';

type Raw = Record<string, unknown>;

const upstream = fc.oneof(
  { weight: 3, arbitrary: url.map((one) => ({ type: 'url', url: one })) },
  slug.map((label) => ({ type: 'folder', label })),
);
const channel = fc.record(
  {
    id: channelId,
    name: slug,
    kind: mostly(fc.constant('conda'), fc.constant('pypi')),
    upstream,
    environmentIds: mostly<string[]>(fc.constant(['dev', 'prod']), listOf(environmentId, 0)),
    note,
    sealedCredentials: sealed,
    privateHosts: oddPrivateHosts,
  },
  { requiredKeys: ['id', 'name', 'kind', 'upstream', 'environmentIds', 'note'] },
);
const policy = fc.record({
  id: policyId,
  name: slug,
  mode: fc.constantFrom('enforce', 'observe'),
  style: mostly(fc.constantFrom('hide', 'refuse'), fc.constant('show')),
  teams: scope(teamId),
  environments: scope(environmentId),
  rules: fc.array(oddRule, { maxLength: 2 }),
});
const team = fc.record({ id: teamId, name: slug, description: note });
const environment = fc.record({
  id: environmentId,
  name: slug,
  rank: fc.constantFrom(0, 5, 1_000_000, 1_000_001),
  isProtected: fc.boolean(),
});
const holder = { id: holderId, name, note };
const scopeOfToken = {
  holderId,
  channelIds: listOf(channelId, 1),
  expiresAtMs: end,
  notBeforeMs: begin,
  networks,
  note: fc.constant(''),
};
const token = fc.record(
  {
    ...scopeOfToken,
    id: tokenId,
    digest: fc.integer({ min: 0, max: 3000 }).map((number) => number.toString(16).padStart(64, '0')),
    teamId,
    environmentId,
    permission: fc.constant('install'),
  },
  {
    requiredKeys: [
      'id',
      'digest',
      'holderId',
      'teamId',
      'environmentId',
      'channelIds',
      'permission',
      'expiresAtMs',
      'networks',
      'note',
    ],
  },
);
const typed = (
  type: string,
  fields: Record<string, fc.Arbitrary<unknown>>,
  optional: readonly string[] = [],
) =>
  fc
    .record(fields, { requiredKeys: Object.keys(fields).filter((one) => !optional.includes(one)) })
    .map((rest): Raw => ({ type, ...rest }));

const rightForm: fc.Arbitrary<Raw> = fc.oneof(
  typed('organization.renamed', { name }),
  typed('holder.created', {
    holder: fc.record({ ...holder, id: some('h', 40), kind: fc.constantFrom('person', 'service', 'agent') }),
  }),
  typed('holder.changed', { holder: fc.record(holder) }),
  typed('team.created', { team }),
  typed('team.changed', { team }),
  typed('team.removed', { teamId }),
  typed('environment.created', { environment }),
  typed('environment.changed', { environment }),
  typed('environment.removed', { environmentId }),
  { weight: 3, arbitrary: typed('channel.created', { channel }) },
  { weight: 3, arbitrary: typed('channel.changed', { channel }) },
  typed('channel.removed', { channelId }),
  typed('policy.created', { policy }),
  typed('policy.changed', { policy }),
  typed('policy.removed', { policyId }),
  { weight: 4, arbitrary: oddCuration },
  { weight: 2, arbitrary: oddLogKeeping },
  { weight: 16, arbitrary: typed('token.issued', { token }) },
  {
    weight: 4,
    arbitrary: typed('token.rotated', {
      predecessorId: tokenId,
      predecessorExpiresAtMs: end,
      successor: token,
    }),
  },
  { weight: 8, arbitrary: typed('token.changed', { tokenId, ...scopeOfToken }, ['notBeforeMs']) },
  { weight: 2, arbitrary: typed('token.revoked', { tokenIds: listOf(tokenId, 1), reason: name }) },
  typed('log.restored', {
    fromSeq: fc.constantFrom(0, 1),
    lostSeq: fc.constantFrom(0, 9),
    lostHash: fc.constant('A'.repeat(43)),
  }),
);

const wrongValue = fc.constantFrom<unknown>(null, true, -1, 0.5, 1e21, 2 ** 53, '', [], {}, ['x'], 'x\ny', {
  more: 1,
});
/** Puts something wrong at one place. */
const spoilt: fc.Arbitrary<Raw> = fc
  .tuple(rightForm, fc.nat(), fc.nat(), wrongValue)
  .map(([event, a, b, value]) => {
    const copy = structuredClone(event);
    const inner = Object.values(copy).find(
      (one): one is Raw => typeof one === 'object' && one !== null && !Array.isArray(one),
    );
    const target = a % 2 === 0 && inner !== undefined ? inner : copy;
    const names = Object.keys(target);
    const at = names[b % names.length] ?? '';
    if (a % 3 === 0) delete target[at];
    else if (a % 3 === 1) target[at] = value;
    else target['unknown'] = value;
    return copy;
  });

/** Ends are days from the line on; this makes times of them. */
export function placedAt(events: readonly Raw[], atMs: number): readonly Raw[] {
  const times = new Set(['expiresAtMs', 'notBeforeMs', 'predecessorExpiresAtMs']);
  const place = (value: unknown, key = ''): unknown => {
    if (typeof value === 'number' && times.has(key) && Math.abs(value) < 10_000)
      return Math.round(atMs + value * dayMs);
    if (Array.isArray(value)) return value.map((one) => place(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([inner, one]) => [inner, place(one, inner)]));
  };
  return events.map((event) => place(event) as Raw);
}

/** The events of a line. */
export const oddEvents: fc.Arbitrary<readonly Raw[]> = fc.oneof(
  { weight: 8, arbitrary: rightForm.map((event) => [event]) },
  { weight: 2, arbitrary: fc.array(rightForm, { minLength: 2, maxLength: 4 }) },
  { weight: 1, arbitrary: spoilt.map((event) => [event]) },
);
