/** Whatever happens to an organization: deltas come to the same as a whole bundle made from the final state. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bundle } from '../../../shared/model/bundle.ts';
import { operatorId, policyId } from '../../../shared/model/ids.ts';
import type { DomainEvent } from '../../../src-main/organization/events.ts';
import { events } from '../../../src-main/organization/events.ts';
import { bundleOf } from '../../../src-main/services/gateway-bundle.ts';
import { FeedScene, changedChannel, channel, environment, granted, ids, issued, team } from './feed-scene.ts';
import { tokenFields } from './feed-scene.ts';

const pool = (...names: readonly string[]) => fc.constantFrom(...names);
const teams = pool('core', 'data', 'web').map((id) => ids.teamId.parse(id));
const environments = pool('dev', 'qa', 'prod').map((id) => ids.environmentId.parse(id));
const channels = pool('main', 'extra', 'local').map((id) => ids.channelId.parse(id));
const names = pool('one', 'two', 'three', 'main', 'core', 'dev');
const tokens = fc.integer({ min: 1, max: 9 }).map((number) => ids.tokenId.parse(`AAAAAAA${number}`));
const networks = fc.constantFrom('anywhere' as const, ['10.0.0.0/8']);
const end = fc.integer({ min: 2_000, max: 9_000 });
const some = <T>(entry: fc.Arbitrary<T>, minLength: number) =>
  fc.uniqueArray(entry, { minLength, maxLength: 3 });

const most = ['dev', 'qa'].map((id) => ids.environmentId.parse(id));
const channelMore = fc.record({
  name: names,
  environmentIds: fc.oneof({ weight: 3, arbitrary: fc.constant(most) }, some(environments, 0)),
  kind: fc.constant('conda' as const),
  upstream: fc.constantFrom(
    { type: 'url' as const, url: 'https://conda.example/a' },
    { type: 'folder' as const, label: 'wheels' },
    { type: 'folder' as const, label: 'nowhere' },
  ),
});
const main = ids.channelId.parse('main');
const tokenMore = fc.record({
  teamId: teams,
  environmentId: environments,
  channelIds: fc.oneof({ weight: 3, arbitrary: fc.constant([main]) }, some(channels, 1)),
  networks,
  expiresAtMs: end,
});

const ofOrganization: fc.Arbitrary<DomainEvent> = fc.oneof(
  names.map((name): DomainEvent => ({ type: 'organization.renamed', name })),
  fc.constant<DomainEvent>(granted),
  fc.constant<DomainEvent>({
    type: 'operator.changed',
    operatorId: operatorId.parse('ada'),
    name: 'Ada L.',
    role: 'admin',
    teamIds: [],
  }),
);
const ofTeams: fc.Arbitrary<DomainEvent> = fc.oneof(
  fc.tuple(teams, names).map(([id, name]): DomainEvent => team(id, name)),
  fc.tuple(teams, names).map(([id, name]): DomainEvent => ({
    type: 'team.changed',
    team: team(id, name).team,
  })),
  teams.map((teamId): DomainEvent => ({ type: 'team.removed', teamId })),
);
const ofEnvironments: fc.Arbitrary<DomainEvent> = fc.oneof(
  fc.tuple(environments, names).map(([id, name]): DomainEvent => environment(id, name)),
  fc.tuple(environments, names).map(([id, name]): DomainEvent => ({
    type: 'environment.changed',
    environment: environment(id, name).environment,
  })),
  environments.map((environmentId): DomainEvent => ({ type: 'environment.removed', environmentId })),
);
const ofChannels: fc.Arbitrary<DomainEvent> = fc.oneof(
  fc.tuple(channels, channelMore).map(([id, more]): DomainEvent => channel(id, more)),
  fc.tuple(channels, channelMore).map(([id, more]): DomainEvent => changedChannel(id, more)),
  channels.map((channelId): DomainEvent => ({ type: 'channel.removed', channelId })),
);
const ofTokens: fc.Arbitrary<DomainEvent> = fc.oneof(
  fc.tuple(tokens, tokenMore).map(([id, more]): DomainEvent => issued(id, more)),
  fc.tuple(tokens, tokenMore).map(([tokenId, { channelIds, networks: from, expiresAtMs }]): DomainEvent => ({
    type: 'token.changed',
    tokenId,
    holderId: ids.holderId.parse('ci'),
    channelIds,
    networks: from,
    expiresAtMs,
    note: '',
  })),
  fc.tuple(tokens, tokens, end, tokenMore).map(([predecessorId, id, atMs, more]): DomainEvent => ({
    type: 'token.rotated',
    predecessorId,
    predecessorExpiresAtMs: atMs,
    successor: tokenFields(id, more),
  })),
  some(tokens, 1).map((tokenIds): DomainEvent => ({ type: 'token.revoked', tokenIds, reason: 'lost' })),
);
const policies = pool('strict', 'watching').map((id) => policyId.parse(id));
const ofPolicies: fc.Arbitrary<DomainEvent> = fc.oneof(
  fc
    .tuple(policies, fc.constantFrom('policy.created' as const, 'policy.changed' as const), names, channels)
    .map(([id, type, name, channelId]): DomainEvent => ({
      type,
      policy: {
        id,
        name,
        mode: 'enforce',
        style: 'hide',
        teams: 'all',
        environments: 'all',
        rules: [
          { type: 'malware', noFacts: 'deny' },
          { type: 'namespace', names: ['acme-*'], channelIds: [channelId] },
        ],
      },
    })),
  policies.map((id): DomainEvent => ({ type: 'policy.removed', policyId: id })),
);
const packageName = pool('numpy', 'scipy');
const conda = 'conda' as const;
const ofPackages: fc.Arbitrary<DomainEvent> = fc.oneof(
  fc
    .tuple(packageName, fc.constantFrom<readonly string[]>([], ['approved'], ['banned']))
    .map(([name, labels]): DomainEvent => ({ type: 'package.labelled', ecosystem: conda, name, labels })),
  fc
    .tuple(packageName, fc.constantFrom('active' as const, 'cleared' as const))
    .map(([name, status]): DomainEvent => ({
      type: 'advisory.assessed',
      assessments: [{ advisoryId: 'CVE-2024-1', ecosystem: conda, name, status, reason: 'r', evidence: '' }],
    })),
  fc.tuple(packageName, fc.constantFrom('a', null)).map(([name, pypi]): DomainEvent => ({
    type: 'names.mapped',
    names: [{ conda: name, pypi }],
  })),
  fc.tuple(pool('BSD', 'GPL'), fc.constantFrom('MIT', null)).map(([text, expression]): DomainEvent => ({
    type: 'licenses.aliased',
    aliases: [{ text, expression }],
  })),
  pool('kev', 'osv').map((name): DomainEvent => ({
    type: 'feed.set',
    feed: {
      name,
      kind: 'kev',
      source: { type: 'folder', label: 'kev' },
      everyHours: 1,
      staleAfterHours: 2,
    },
  })),
  pool('kev', 'osv').map((name): DomainEvent => ({ type: 'feed.removed', name })),
);
const opaque = (text: string): string => text.padEnd(42, 'A').concat('E');
const ofLogs: fc.Arbitrary<DomainEvent> = fc.oneof(
  fc.integer({ min: 0, max: 9 }).map((n): DomainEvent => ({
    type: 'log.anchored',
    gatewayId: 'gateway',
    publicKey: opaque('key'),
    run: 7,
    n,
    root: opaque(`root${n}`),
    rows: n,
  })),
  fc.boolean().map((opened): DomainEvent => ({
    type: 'log.looked-up',
    subject: { type: 'everybody' },
    fromMs: 0,
    toMs: 1,
    opened,
  })),
  fc.integer({ min: 1, max: 90 }).map((days): DomainEvent => ({
    type: 'log.retention-set',
    rowsDays: days,
    addressDays: days,
    ciUserDays: days,
    rollupDays: days,
  })),
);
const event = fc.oneof(
  { weight: 1, arbitrary: ofOrganization },
  { weight: 2, arbitrary: ofPolicies },
  { weight: 3, arbitrary: ofPackages },
  { weight: 1, arbitrary: ofLogs },
  { weight: 2, arbitrary: ofTeams },
  { weight: 2, arbitrary: ofEnvironments },
  { weight: 2, arbitrary: ofChannels },
  { weight: 9, arbitrary: ofTokens },
);

type Step =
  | { readonly type: 'line'; readonly events: readonly DomainEvent[]; readonly afterMs: number }
  | { readonly type: 'folder'; readonly path: string | undefined };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      type: fc.constant('line' as const),
      events: fc.array(event, { minLength: 1, maxLength: 3 }),
      afterMs: fc.integer({ min: 0, max: 300 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('folder' as const),
      path: fc.constantFrom('/srv/a', '/srv/b', undefined),
    }),
  },
);

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);
const sorted = (bundle: Bundle): Bundle => ({
  ...bundle,
  teams: bundle.teams.toSorted(byId),
  environments: bundle.environments.toSorted(byId),
  channels: bundle.channels.toSorted(byId),
  tokens: bundle.tokens.toSorted(byId),
  policies: bundle.policies.toSorted(byId),
  curation: Object.fromEntries(
    Object.entries(bundle.curation).map(([name, list]) => [name, byText(list as readonly unknown[])]),
  ),
});
/** Those of tables without ids; the order of members says nothing either. */
const byText = (list: readonly unknown[]): readonly unknown[] =>
  list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** A successor of the scope that the fold asks for: chance would hardly ever find it. */
function fitting(one: DomainEvent, { vault }: FeedScene): DomainEvent {
  const before = one.type === 'token.rotated' ? vault.state().tokens.get(one.predecessorId) : undefined;
  if (one.type !== 'token.rotated' || before === undefined) return one;
  const { teamId, environmentId, channelIds } = before;
  return { ...one, successor: { ...one.successor, teamId, environmentId, channelIds } };
}

async function play(steps: readonly Step[]): Promise<FeedScene> {
  const scene = await new FeedScene().open();
  scene.vault.commit(team('data'), team('web'), environment('qa'), environment('prod'));
  scene.vault.commit(
    changedChannel('main', { environmentIds: most }),
    channel('extra', { environmentIds: most }),
    channel('local', { environmentIds: most, upstream: { type: 'folder', label: 'wheels' } }),
  );
  for (const next of steps) {
    if (next.type === 'line') {
      scene.vault.nowMs += next.afterMs;
      // As one line; where that is void, each alone, so that much of what is drawn takes effect.
      const line = next.events.map((one) => fitting(one, scene));
      if (!scene.vault.commit(...line)) for (const one of line) scene.vault.commit(one);
    } else if (next.path === undefined) scene.folders.unmap('wheels');
    else scene.folders.map('wheels', next.path);
  }
  // Behind everything that waits its turn, folders included.
  await scene.feed.unfollow();
  return scene;
}

describe('bundles and deltas', () => {
  it('come to the same for any history', async () => {
    const tried = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), async (steps) => {
        const { vault, sources, sink } = await play(steps);
        const enforced = sink.tables.toBundle() as Bundle;
        const { number, madeAtMs } = enforced;
        const head = { number, seq: vault.seq(), madeAtMs };
        const whole = await bundleOf(vault.state(), head, (entry) => sources.of(vault, entry));
        expect(sorted(enforced)).toEqual(sorted(whole));
        expect(sink.loads).toHaveLength(1);
        for (const sent of [...sink.loads, ...sink.deltas]) {
          expect(structuredClone(sent)).toEqual(sent);
          expect(JSON.parse(JSON.stringify(sent))).toStrictEqual(sent);
        }
        for (const type of vault.effective) tried.add(type);
      }),
      { numRuns: 200 },
    );
    // What never took effect was never tried.
    const other = ['operator.added', 'holder.changed'];
    expect([...tried, ...other, 'format.raised', 'log.restored'].toSorted()).toEqual(
      Object.keys(events).toSorted(),
    );
  });
});
