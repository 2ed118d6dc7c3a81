import { describe, expect, it } from 'vitest';
import type { Raw } from './scene.ts';
import {
  after,
  channelFields,
  dayMs,
  environmentFields,
  lineAt,
  nowMs,
  organization,
  policyFields,
  stored,
  teamFields,
  tokenFields,
  whyVoid,
} from './scene.ts';
import { unfit } from './unfit.ts';

const base = organization();
const removeTeam: Raw = { type: 'team.removed', teamId: 'core' };
const removeEnvironment: Raw = { type: 'environment.removed', environmentId: 'dev' };
const removeChannel: Raw = { type: 'channel.removed', channelId: 'main' };
const revokeAll: Raw = { type: 'token.revoked', tokenIds: ['CoreTok1', 'DataTok1'], reason: 'r' };
const removePolicy: Raw = { type: 'policy.removed', policyId: 'lifetime' };
const freeLena: Raw = {
  type: 'operator.changed',
  operatorId: 'lena',
  name: 'Lena',
  role: 'lead',
  teamIds: [],
};
const closeChannels = ['main', 'extra'].map((id): Raw => ({
  type: 'channel.changed',
  channel: { ...channelFields(id), environmentIds: [] },
}));

describe('what is written names only what there is', () => {
  const token = (fields: Raw): Raw => ({
    type: 'token.issued',
    token: { ...tokenFields('NewToken'), ...fields },
  });
  const policy = (fields: Raw): Raw => ({
    type: 'policy.created',
    policy: { ...policyFields('new'), ...fields },
  });
  const channel = (fields: Raw): Raw => ({
    type: 'channel.created',
    channel: { ...channelFields('new'), ...fields },
  });
  it.each<readonly [string, Raw, RegExp]>([
    ['a token’s holder', token({ holderId: 'nobody' }), /no such holder/],
    ['a token’s team', token({ teamId: 'nowhere' }), /no such team/],
    ['a token’s environment', token({ environmentId: 'nowhere' }), /no such environment/],
    ['a token’s channels', token({ channelIds: ['main', 'nowhere'] }), /no such channel/],
    ['a policy’s teams', policy({ teams: ['core', 'nowhere'] }), /no such team/],
    ['a policy’s environments', policy({ environments: ['dev', 'nowhere'] }), /no such environment/],
    [
      'the channels of a policy’s rules',
      policy({ rules: [{ type: 'channels', channelIds: ['main', 'nowhere'] }] }),
      /no such channel/,
    ],
    [
      'the channels of reserved names',
      policy({ rules: [{ type: 'namespace', names: ['acme-*'], channelIds: ['nowhere'] }] }),
      /no such channel/,
    ],
    ['a removed feed', { type: 'feed.removed', name: 'x' }, /no such feed/],
    ['a channel’s environments', channel({ environmentIds: ['dev', 'nowhere'] }), /no such environment/],
    ['a removed team', { type: 'team.removed', teamId: 'nowhere' }, /no such team/],
    ['a removed environment', { type: 'environment.removed', environmentId: 'x' }, /no such environment/],
    ['a removed channel', { type: 'channel.removed', channelId: 'x' }, /no such channel/],
    ['a removed policy', { type: 'policy.removed', policyId: 'x' }, /no such policy/],
  ])('%s', (_what, event, why) => {
    expect(whyVoid(base, [event])).toEqual(unfit(why));
  });

  it('a token’s channels are open to its environment', () => {
    const event = token({ environmentId: 'prod' });
    expect(whyVoid(base, [event])).toEqual(unfit(/channel "main" is not open/));
  });

  it('a channel keeps its kind and is none without an http(s) URL', () => {
    const changed = { type: 'channel.changed', channel: { ...channelFields('main'), kind: 'pypi' } };
    expect(whyVoid(base, [changed])).toEqual(unfit(/kind/));
    for (const url of [
      'ftp://example.org/',
      'file:///srv/packages',
      'example.org',
      'https:example.org',
      'https:\\\\example.org',
      ' https://example.org/',
      'https://exam\nple.org/',
    ]) {
      expect(() => stored(channel({ upstream: { type: 'url', url } }))).toThrow('url');
    }
    for (const url of [
      'https://[::1/',
      'https://example.org:99999/',
      'https://user@example.org/',
      'https://:secret@example.org/',
      'https://example.org/?token=1',
      'https://example.org/#main',
    ]) {
      expect(whyVoid(base, [channel({ upstream: { type: 'url', url } })])).toEqual(unfit(/URL/));
    }
    for (const url of [
      'https://example.org/t/secret/main',
      'https://example.org/api/repo/t/secret/team',
      'https://example.org/%74/secret',
    ]) {
      expect(whyVoid(base, [channel({ upstream: { type: 'url', url } })])).toEqual(
        unfit(/a token stands in/),
      );
    }
    for (const url of ['https://example.org/t', 'https://example.org/t/', 'https://example.org/tt/main']) {
      expect(whyVoid(base, [channel({ upstream: { type: 'url', url } })])).toBeUndefined();
    }
  });

  it('lists private hosts in their one spelling, and beside a URL only', () => {
    const upstream = { type: 'url', url: 'https://example.org/main' };
    for (const privateHosts of [
      ['store.corp.example:443'],
      ['10.0.0.0/8', '10.1.2.3:8081', '[fd00::5]:443', 'fd00::/8'],
      ['a_b.example:1'],
    ]) {
      expect(whyVoid(base, [channel({ upstream, privateHosts })])).toBeUndefined();
    }
    for (const privateHost of [
      'Store.example:443',
      'store.example',
      'store.example:0',
      'store.example:0443',
      'store.example:65536',
      'store.example.:443',
      '10.0.0.1',
      '10.0.0.1/8',
      '[::ffff:10.0.0.1]:443',
      '[FD00::5]:443',
      'https://store.example:443',
    ]) {
      expect(whyVoid(base, [channel({ upstream, privateHosts: [privateHost] })])).toEqual(unfit(/spelling/));
    }
    expect(
      whyVoid(base, [channel({ upstream: { type: 'folder', label: 'x' }, privateHosts: ['a:1'] })]),
    ).toEqual(unfit(/folder reaches no hosts/));
    expect(() => stored(channel({ upstream, privateHosts: [] }))).toThrow('privateHosts');
    expect(() => stored(channel({ upstream, privateHosts: ['a:1', 'a:1'] }))).toThrow('privateHosts');
  });
});

describe('a removal', () => {
  it('of a team waits for its live tokens, the policies that name it and those who lead it', () => {
    expect(whyVoid(base, [removeTeam])).toEqual(unfit(/token lk-CoreTok1 still uses the team/));
    expect(whyVoid(base, [revokeAll, removeTeam])).toEqual(unfit(/policy "lifetime" still names the team/));
    const line = [revokeAll, removePolicy, removeTeam];
    expect(whyVoid(base, line)).toEqual(unfit(/Operator lena still leads the team/));
    expect(whyVoid(after(base, [freeLena]), line)).toBeUndefined();
  });

  it('of an environment waits for live tokens, policies and channels', () => {
    expect(whyVoid(base, [removeEnvironment])).toEqual(unfit(/token lk-CoreTok1 still uses the environment/));
    expect(whyVoid(base, [revokeAll, removeEnvironment])).toEqual(unfit(/policy "lifetime"/));
    expect(whyVoid(base, [revokeAll, removePolicy, removeEnvironment])).toEqual(unfit(/channel "main"/));
    const line = [revokeAll, removePolicy, ...closeChannels, removeEnvironment];
    expect(whyVoid(base, line)).toBeUndefined();
  });

  it('of a channel waits for live tokens', () => {
    expect(whyVoid(base, [removeChannel])).toEqual(unfit(/token lk-CoreTok1 still uses the channel/));
    expect(whyVoid(base, [revokeAll, removeChannel])).toBeUndefined();
  });

  it.each<readonly [string, Raw]>([
    ['lets only some channels be reached', { type: 'channels', channelIds: ['extra', 'main'] }],
    ['reserves names for it', { type: 'namespace', names: ['acme-*'], channelIds: ['main'] }],
  ])('of a channel waits for the policy that %s', (_what, rule) => {
    const policy = { ...policyFields('lifetime'), rules: [...policyFields('lifetime').rules, rule] };
    const named = after(base, [{ type: 'policy.changed', policy }]);
    expect(whyVoid(named, [revokeAll, removeChannel])).toEqual(
      unfit(/policy "lifetime" still names the channel/),
    );
    expect(whyVoid(named, [revokeAll, { type: 'channel.removed', channelId: 'extra' }])).toEqual(
      rule['type'] === 'channels' ? unfit(/still names the channel/) : undefined,
    );
    expect(whyVoid(named, [revokeAll, removePolicy, removeChannel])).toBeUndefined();
  });

  it('is not held up by policies for all, which go on speaking for all', () => {
    const forAll = after(base, [
      {
        type: 'policy.changed',
        policy: { ...policyFields('lifetime'), teams: 'all', environments: 'all' },
      },
    ]);
    const state = after(forAll, [revokeAll, ...closeChannels, removeEnvironment]);
    expect([...state.policies.values()]).toMatchObject([{ teams: 'all', environments: 'all' }]);
  });

  it('leaves dead tokens as they were: they are evidence', () => {
    const state = after(base, [revokeAll, removeChannel]);
    expect([...state.tokens.values()][0]).toMatchObject({ channelIds: ['main'], revoked: { reason: 'r' } });
  });

  it('takes an expired token for dead, by the line’s own time', () => {
    const end = nowMs + 30 * dayMs;
    expect(whyVoid(base, [removeChannel], lineAt('ada', end - 1))).toEqual(unfit(/still uses/));
    expect(whyVoid(base, [removeChannel], lineAt('ada', end))).toBeUndefined();
    expect(whyVoid(base, [removeChannel], lineAt('ada', 0, end))).toEqual(unfit(/still uses/));
  });

  it('frees name and references: what comes after it in the line finds nothing', () => {
    const recreate: Raw = { type: 'team.created', team: { ...teamFields('core-2'), name: 'core' } };
    const free = after(base, [freeLena]);
    expect(whyVoid(free, [revokeAll, removePolicy, removeTeam, recreate])).toBeUndefined();
    const late: Raw = { type: 'policy.created', policy: policyFields('late') };
    expect(whyVoid(free, [revokeAll, removePolicy, removeTeam, late])).toEqual(unfit(/no such team/));
    const open: Raw = { type: 'channel.created', channel: channelFields('new') };
    const gone = [revokeAll, removePolicy, ...closeChannels, removeEnvironment];
    expect(whyVoid(base, [...gone, open])).toEqual(unfit(/no such environment/));
    const again: Raw = { type: 'environment.created', environment: environmentFields('dev-2') };
    expect(whyVoid(base, [...gone, again])).toBeUndefined();
  });
});
