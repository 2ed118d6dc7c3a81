import { describe, expect, it } from 'vitest';
import type { Raw } from './scene.ts';
import {
  after,
  changeOf,
  dayMs,
  lineAt,
  nowMs,
  oneOfEach,
  organization,
  stored,
  tokenFields,
  whyVoid,
} from './scene.ts';
import { unfit } from './unfit.ts';

const before = organization();
const issue = (fields: Raw = {}): Raw => ({
  type: 'token.issued',
  token: { ...tokenFields('NewToken'), ...fields },
});
const rotate = (fields: Raw = {}, successor: Raw = {}): Raw => ({
  type: 'token.rotated',
  predecessorId: 'CoreTok1',
  predecessorExpiresAtMs: nowMs + dayMs,
  successor: { ...tokenFields('NewToken'), ...successor },
  ...fields,
});
const revoke = (...tokenIds: string[]): Raw => ({ type: 'token.revoked', tokenIds, reason: 'leaked' });
const tokenOf = (state: ReturnType<typeof organization>, id: string) =>
  [...state.tokens.values()].find((token) => token.id === id);

describe('a new token', () => {
  it('gets time and issuer from its line', () => {
    const state = after(before, [issue()], lineAt('lena', nowMs + 7));
    expect(tokenOf(state, 'NewToken')).toEqual({
      ...tokenFields('NewToken'),
      issuedAtMs: nowMs + 7,
      issuedBy: 'lena',
    });
  });

  it.each([
    ['issuedAtMs', 1],
    ['issuedBy', 'ada'],
    ['revoked', { atMs: 1, by: 'ada', reason: 'r' }],
    ['rotatedTo', 'CoreTok1'],
    ['rotatedFrom', 'CoreTok1'],
  ])('cannot bring its own %s', (member, value) => {
    expect(() => stored(issue({ [member]: value }))).toThrow('unknown member');
  });

  it('is refused with a secret that was ever known, however it comes and however long ago', () => {
    const { digest } = tokenFields('CoreTok1');
    expect(whyVoid(before, [issue({ digest })])).toEqual(unfit(/issued before/));
    expect(whyVoid(before, [rotate({}, { digest })])).toEqual(unfit(/issued before/));
    const revoked = after(before, [revoke('CoreTok1')]);
    const muchLater = lineAt('ada', nowMs + 4000 * dayMs);
    const again = issue({ digest, expiresAtMs: muchLater.atMs + dayMs });
    expect(whyVoid(revoked, [again], muchLater)).toEqual(unfit(/issued before/));
  });

  it('is refused with a secret that the same line brings already', () => {
    const other = issue({ id: 'NewToke2', digest: tokenFields('NewToken').digest });
    expect(whyVoid(before, [issue(), other])).toEqual(unfit(/issued before/));
  });

  it('is refused under an id that was ever used', () => {
    const again = issue({ id: 'CoreTok1', digest: 'f'.repeat(64) });
    expect(whyVoid(after(before, [revoke('CoreTok1')]), [again])).toEqual(unfit(/of this id already/));
  });

  it.each([
    ['at its own time', { expiresAtMs: nowMs }, /ends before it is issued/],
    ['before its own time', { expiresAtMs: 0 }, /ends before it is issued/],
    ['when it begins', { notBeforeMs: nowMs + 9, expiresAtMs: nowMs + 9 }, /ends before it begins/],
    ['before it begins', { notBeforeMs: nowMs + 10, expiresAtMs: nowMs + 9 }, /ends before it begins/],
  ])('is refused when it ends %s', (_when, fields, why) => {
    expect(whyVoid(before, [issue(fields)])).toEqual(unfit(why));
    expect(whyVoid(before, [rotate({}, fields)])).toEqual(unfit(why));
  });

  it.each([
    ['10.0.0.1/8', 'bits behind the prefix'],
    ['10.0.0.1', 'no prefix'],
    [' 10.0.0.0/8', 'a blank'],
    ['10.0.0.0/08', 'a zero before the length'],
    ['010.0.0.0/8', 'a zero before a part'],
    ['2001:DB8::/32', 'capitals'],
    ['2001:db8:0:0::/64', 'zeros written out'],
    ['::ffff:10.0.0.0/104', 'IPv4 as IPv6'],
    ['::ffff:a00:0/104', 'IPv4 as IPv6'],
    ['::1.2.3.4/128', 'IPv4 in IPv6'],
    ['fe80::1%eth0/128', 'a zone'],
    ['10.0.0.0/33', 'too long a prefix'],
    ['10.0.0.0/8,10.1.0.0/16', 'two in one'],
    ['anywhere', 'the word'],
    ['localhost', 'a name'],
  ])('is refused with the network %o (%s)', (network) => {
    for (const event of [
      issue({ networks: [network] }),
      rotate({}, { networks: ['192.0.2.0/24', network] }),
      { ...changeOf('CoreTok1'), networks: [network] },
    ]) {
      expect(whyVoid(before, [event])).toEqual(unfit(/network/));
    }
  });

  it('is refused with the same network twice, and with none', () => {
    expect(whyVoid(before, [issue({ networks: ['10.0.0.0/8', '10.0.0.0/8'] })])).toEqual(unfit(/network/));
    expect(() => stored(issue({ networks: [] }))).toThrow('networks');
  });

  it('may name networks in their one spelling', () => {
    const networks = ['10.0.0.0/8', '192.0.2.7/32', '2001:db8::/32', '::/0', '1:0:0:1::1/128', '0.0.0.0/0'];
    expect(whyVoid(before, [issue({ networks })])).toBeUndefined();
  });
});

describe('a rotation', () => {
  it('links both tokens and ends the old one earlier, never later', () => {
    const state = after(before, [rotate()]);
    expect(tokenOf(state, 'CoreTok1')).toMatchObject({ rotatedTo: 'NewToken', expiresAtMs: nowMs + dayMs });
    expect(tokenOf(state, 'NewToken')).toMatchObject({ rotatedFrom: 'CoreTok1', issuedAtMs: nowMs });
    const late = after(before, [rotate({ predecessorExpiresAtMs: nowMs + 4000 * dayMs })]);
    expect(tokenOf(late, 'CoreTok1')?.expiresAtMs).toBe(nowMs + 30 * dayMs);
  });

  it('keeps team and environment', () => {
    const here = after(before, [
      {
        type: 'channel.changed',
        channel: { ...(oneOfEach['channel.changed']['channel'] as Raw), environmentIds: ['dev', 'prod'] },
      },
    ]);
    expect(whyVoid(here, [rotate({}, { teamId: 'data' })])).toEqual(unfit(/team and the environment/));
    expect(whyVoid(here, [rotate({}, { environmentId: 'prod' })])).toEqual(unfit(/team and the environment/));
  });

  it('happens once, and to no dead token', () => {
    const again = rotate({}, { id: 'NewToke2', digest: 'e'.repeat(64) });
    expect(whyVoid(after(before, [rotate()]), [again])).toEqual(unfit(/rotated already/));
    expect(whyVoid(after(before, [revoke('CoreTok1')]), [rotate()])).toEqual(unfit(/revoked/));
    const late = lineAt('ada', nowMs + 30 * dayMs);
    const successor = { expiresAtMs: late.atMs + dayMs };
    expect(whyVoid(before, [rotate({}, successor)], late)).toEqual(unfit(/expired/));
    expect(whyVoid(before, [rotate({ predecessorId: 'Nowhere1' })])).toEqual(unfit(/no such token/));
  });

  it('is judged by its own time: a line that is dated far ahead ends no token for good', () => {
    const afterFarAhead = lineAt('ada', nowMs, nowMs + 30_000 * dayMs);
    expect(whyVoid(before, [rotate()], afterFarAhead)).toBeUndefined();
    expect(whyVoid(before, [changeOf('CoreTok1')], afterFarAhead)).toBeUndefined();
  });

  it('does not bring back what was removed while the token was dead', () => {
    const farAhead = lineAt('ada', nowMs + 30_000 * dayMs);
    const moved = after(before, [{ ...changeOf('CoreTok1'), channelIds: ['extra'] }]);
    const without = after(moved, [{ type: 'channel.removed', channelId: 'extra' }], farAhead);
    const change = { ...changeOf('CoreTok1'), channelIds: ['extra'] };
    expect(whyVoid(without, [change])).toEqual(unfit(/no such channel/));
    expect(whyVoid(without, [rotate({}, { channelIds: ['extra'] })])).toEqual(unfit(/no such channel/));
    expect(whyVoid(without, [changeOf('CoreTok1')])).toBeUndefined();
    const noTeam = [
      { type: 'policy.removed', policyId: 'lifetime' },
      { type: 'operator.changed', operatorId: 'lena', name: 'Lena', role: 'lead', teamIds: [] },
      { type: 'team.removed', teamId: 'core' },
    ].reduce((state, event) => after(state, [event], farAhead), before);
    expect(whyVoid(noTeam, [changeOf('CoreTok1')])).toEqual(unfit(/no such team/));
    expect(whyVoid(noTeam, [rotate()])).toEqual(unfit(/no such team/));
    expect(whyVoid(noTeam, [revoke('CoreTok1')])).toBeUndefined();
  });
});

describe('a revocation', () => {
  it('says when, by whom and why, once: a second one changes nothing', () => {
    const first = after(before, [revoke('CoreTok1')], lineAt('lena', nowMs + 1));
    const second = after(first, [revoke('CoreTok1', 'DataTok1')], lineAt('ada', nowMs + 2));
    expect(tokenOf(second, 'CoreTok1')?.revoked).toEqual({ atMs: nowMs + 1, by: 'lena', reason: 'leaked' });
    expect(tokenOf(second, 'DataTok1')?.revoked).toEqual({ atMs: nowMs + 2, by: 'ada', reason: 'leaked' });
  });

  it('of an expired token passes; of an unknown one the whole line does not', () => {
    expect(whyVoid(before, [revoke('CoreTok1')], lineAt('ada', nowMs + 900 * dayMs))).toBeUndefined();
    expect(whyVoid(before, [revoke('CoreTok1', 'Nowhere1')])).toEqual(unfit(/no such token/));
  });
});
