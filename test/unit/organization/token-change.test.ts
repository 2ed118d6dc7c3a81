import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Raw } from './scene.ts';
import {
  after,
  changeOf,
  channelFields,
  dayMs,
  lineAt,
  nowMs,
  organization,
  policyFields,
  tokenFields,
  whyVoid,
} from './scene.ts';
import { unfit } from './unfit.ts';

const base = organization();
const tokenIn = (state: ReturnType<typeof organization>, id: string) =>
  [...state.tokens.values()].find((token) => token.id === id);

type Scope = {
  readonly channelIds: readonly string[];
  readonly expiresAtMs: number;
  readonly networks: 'anywhere' | readonly string[];
};
const change = (scope: Scope, fields: Raw = {}): Raw => ({ ...changeOf('SomeTokn'), ...scope, ...fields });
const issueOf = (scope: Scope, id: string): Raw => ({
  type: 'token.issued',
  token: { ...tokenFields(id), ...scope },
});

/** From the widest to the narrowest: each lies in the one before it. */
const networkChain = ['anywhere', ['10.0.0.0/8', '2001:db8::/32'], ['10.0.0.0/8'], ['10.1.0.0/16']] as const;
const channels = ['main', 'extra'];
const scopes = fc.record({
  channelIds: fc.subarray(channels, { minLength: 1 }),
  expiresAtMs: fc.integer({ min: 1, max: 400 }).map((days) => nowMs + days * dayMs),
  networks: fc.constantFrom<Scope['networks']>(...networkChain, ['192.0.2.0/24']),
});
/** Any tightening of what policies say, and of where channels may be used. */
const restrictions = fc.record({
  maxTtlDays: fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
  networksRequired: fc.boolean(),
  closed: fc.subarray(channels),
});
type Restriction = typeof restrictions extends fc.Arbitrary<infer T> ? T : never;

function restricted(state: ReturnType<typeof organization>, { closed, ...rule }: Restriction) {
  const policy = { ...policyFields('lifetime'), teams: 'all', rules: [{ type: 'tokens', ...rule }] };
  const closings = closed.map((id) => ({
    type: 'channel.changed',
    channel: { ...channelFields(id), environmentIds: [] },
  }));
  return after(state, [{ type: 'policy.changed', policy }, ...closings]);
}
/** A token of this scope that was issued before the restriction came. */
const withToken = (scope: Scope, restriction: Restriction) => {
  const free = after(base, [{ type: 'policy.removed', policyId: 'lifetime' }]);
  const policyAgain = { type: 'policy.created', policy: policyFields('lifetime') };
  return restricted(after(free, [issueOf(scope, 'SomeTokn'), policyAgain]), restriction);
};
const rank = (networks: Scope['networks']) =>
  networkChain.findIndex((one) => String(one) === String(networks));

describe('a change of a token', () => {
  it('extends it within the whole lifetime that policies allow, however often and late', () => {
    const later = lineAt('ada', nowMs + 20 * dayMs);
    const end = (days: number) => [{ ...changeOf('CoreTok1'), expiresAtMs: nowMs + days * dayMs }];
    const longest = after(base, end(90), later);
    expect(whyVoid(longest, end(90.5), later)).toEqual(unfit(/lifetime/));
    expect(whyVoid(base, end(91), lineAt('ada', nowMs + 29 * dayMs))).toEqual(unfit(/lifetime/));
  });

  it('that narrows passes, whatever the policies have become', () => {
    fc.assert(
      fc.property(scopes, scopes, restrictions, (had, wish, restriction) => {
        const narrower = {
          channelIds: had.channelIds.filter((id, at) => at === 0 || wish.channelIds.includes(id)),
          expiresAtMs: Math.min(had.expiresAtMs, wish.expiresAtMs),
          networks:
            rank(had.networks) >= 0 && rank(wish.networks) > rank(had.networks)
              ? wish.networks
              : had.networks,
        };
        const state = withToken(had, restriction);
        expect(whyVoid(state, [change(narrower, { holderId: 'nightly', note: 'n' })])).toBeUndefined();
      }),
    );
  });

  it('that widens passes only where an issue of what it adds would', () => {
    fc.assert(
      fc.property(scopes, scopes, restrictions, (had, wish, restriction) => {
        const state = withToken(had, restriction);
        const isWider = {
          channels: wish.channelIds.filter((id) => !had.channelIds.includes(id)),
          end: wish.expiresAtMs > had.expiresAtMs,
          networks: wish.networks === 'anywhere' && had.networks !== 'anywhere',
        };
        // The part that grows, in a token that is within every rule otherwise.
        const grown: Scope = {
          channelIds: isWider.channels,
          expiresAtMs: isWider.end ? wish.expiresAtMs : nowMs + dayMs,
          networks: isWider.networks ? wish.networks : ['10.0.0.0/8'],
        };
        const openChannel = channels.find((id) => !restriction.closed.includes(id));
        const asIssue =
          grown.channelIds.length > 0 || openChannel === undefined
            ? grown
            : { ...grown, channelIds: [openChannel] };
        fc.pre(asIssue.channelIds.length > 0);
        const issueVerdict = whyVoid(state, [issueOf(asIssue, 'NewToken')]);
        expect(whyVoid(state, [change(wish)])).toEqual(issueVerdict);
      }),
    );
  });

  it('replaces exactly what it names', () => {
    const fields = {
      holderId: 'nightly',
      channelIds: ['extra'],
      expiresAtMs: nowMs + 2 * dayMs,
      networks: ['10.0.0.0/8'],
      note: 'moved',
    };
    const state = after(base, [{ ...changeOf('CoreTok1'), ...fields, notBeforeMs: nowMs + 5 }]);
    const was = tokenIn(base, 'CoreTok1');
    expect(tokenIn(state, 'CoreTok1')).toEqual({ ...was, ...fields, notBeforeMs: nowMs + 5 });
    const startsAtOnce = after(state, [{ ...changeOf('CoreTok1'), ...fields }]);
    expect(tokenIn(startsAtOnce, 'CoreTok1')).toEqual({ ...was, ...fields });
  });

  it('may end a token at once, and cannot touch it afterwards', () => {
    const later = lineAt('ada', nowMs + dayMs);
    const ended = after(base, [{ ...changeOf('CoreTok1'), expiresAtMs: nowMs + 1 }], later);
    expect(whyVoid(ended, [changeOf('CoreTok1')], later)).toEqual(unfit(/expired/));
  });

  it.each([
    ['of an unknown token', { tokenId: 'Nowhere1' }, /no such token/],
    ['to an unknown holder', { holderId: 'nobody' }, /no such holder/],
    ['to an unknown channel', { channelIds: ['main', 'nowhere'] }, /no such channel/],
    ['to an end before its issue', { expiresAtMs: nowMs }, /ends before/],
    ['to an end before its beginning', { notBeforeMs: nowMs + 31 * dayMs }, /ends before it begins/],
  ])('%s is void', (_what, fields, why) => {
    expect(whyVoid(base, [{ ...changeOf('CoreTok1'), ...fields }])).toEqual(unfit(why));
  });

  it('does not reach a revoked token', () => {
    const revoked = after(base, [{ type: 'token.revoked', tokenIds: ['CoreTok1'], reason: 'r' }]);
    expect(whyVoid(revoked, [changeOf('CoreTok1')])).toEqual(unfit(/revoked/));
  });

  it('does not lengthen the overlap of a rotation, but may shorten it', () => {
    const rotated = after(base, [
      {
        type: 'token.rotated',
        predecessorId: 'CoreTok1',
        predecessorExpiresAtMs: nowMs + 2 * dayMs,
        successor: tokenFields('NewToken'),
      },
    ]);
    const end = (days: number) => ({ ...changeOf('CoreTok1'), expiresAtMs: nowMs + days * dayMs });
    expect(whyVoid(rotated, [end(3)])).toEqual(unfit(/rotated/));
    expect(whyVoid(rotated, [end(1)])).toBeUndefined();
  });

  it('keeps a channel that is no longer open to the environment, but takes no such channel in', () => {
    const closed = after(base, [
      { type: 'channel.changed', channel: { ...channelFields('main'), environmentIds: [] } },
    ]);
    expect(whyVoid(closed, [{ ...changeOf('CoreTok1'), channelIds: ['main', 'extra'] }])).toBeUndefined();
    const without = after(closed, [{ ...changeOf('CoreTok1'), channelIds: ['extra'] }]);
    expect(whyVoid(without, [changeOf('CoreTok1')])).toEqual(unfit(/not open/));
  });
});
