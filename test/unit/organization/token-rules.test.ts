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
  tokenFields,
  whyVoid,
} from './scene.ts';
import { unfit } from './unfit.ts';

const base = organization();
const policy = (fields: Raw = {}): Raw => ({
  type: 'policy.created',
  policy: { ...policyFields('strict'), ...fields },
});
const oneDay = { rules: [{ type: 'tokens', maxTtlDays: 1, networksRequired: false }] };
const issue = (fields: Raw = {}): Raw => ({
  type: 'token.issued',
  token: { ...tokenFields('NewToken'), expiresAtMs: nowMs + dayMs, ...fields },
});
const rotate = (fields: Raw = {}): Raw => ({
  type: 'token.rotated',
  predecessorId: 'CoreTok1',
  predecessorExpiresAtMs: nowMs,
  successor: { ...tokenFields('NewToken'), expiresAtMs: nowMs + dayMs, ...fields },
});
const tenYears = { expiresAtMs: nowMs + 3650 * dayMs };

describe('the rules about tokens hold in the log itself', () => {
  it('a lifetime over an enforced policy is void, one at it is not', () => {
    const state = after(base, [policy(oneDay)]);
    const oneMsMore = { expiresAtMs: nowMs + dayMs + 1 };
    for (const make of [issue, rotate]) {
      expect(whyVoid(state, [make()])).toBeUndefined();
      expect(whyVoid(state, [make(oneMsMore)])).toEqual(unfit(/policy.*strict/));
      expect(whyVoid(state, [make(tenYears)])).toEqual(unfit(/policy.*strict/));
    }
  });

  it('a token from anywhere is void where networks are required', () => {
    const state = after(base, [policy({ rules: [{ type: 'tokens', networksRequired: true }] })]);
    expect(whyVoid(state, [issue()])).toEqual(unfit(/policy/));
    expect(whyVoid(state, [issue({ networks: ['10.0.0.0/8'] })])).toBeUndefined();
  });

  it('a policy that observes voids nothing', () => {
    expect(whyVoid(after(base, [policy({ ...oneDay, mode: 'observe' })]), [issue(tenYears)])).toEqual(
      unfit(/lifetime/),
    );
    const alone = after(base, [
      { type: 'policy.removed', policyId: 'lifetime' },
      policy({ ...oneDay, mode: 'observe' }),
    ]);
    expect(whyVoid(alone, [issue(tenYears)])).toBeUndefined();
  });

  it('a policy speaks for its teams and environments; "all" is those that come later too', () => {
    const elsewhere = after(base, [policy({ ...oneDay, teams: ['data'] })]);
    expect(whyVoid(elsewhere, [issue({ expiresAtMs: nowMs + 2 * dayMs })])).toBeUndefined();
    const everywhere = after(base, [
      policy({ ...oneDay, teams: 'all', environments: 'all' }),
      { type: 'environment.created', environment: environmentFields('later') },
      {
        type: 'channel.changed',
        channel: { ...channelFields('main'), environmentIds: ['dev', 'later'] },
      },
    ]);
    const later = { environmentId: 'later', expiresAtMs: nowMs + 2 * dayMs };
    expect(whyVoid(everywhere, [issue(later)])).toEqual(unfit(/policy/));
  });

  it('the policies of the state before count: one that the same line brings counts for what follows it', () => {
    expect(whyVoid(base, [policy(oneDay), issue({ expiresAtMs: nowMs + 2 * dayMs })])).toEqual(
      unfit(/policy/),
    );
    expect(whyVoid(base, [issue({ expiresAtMs: nowMs + 2 * dayMs }), policy(oneDay)])).toBeUndefined();
  });

  it('no signer’s role gets past them', () => {
    const state = after(base, [policy(oneDay)]);
    for (const signer of ['ada', 'lena']) {
      expect(whyVoid(state, [issue(tenYears)], lineAt(signer))).toEqual(unfit(/policy/));
    }
  });

  it('a list of scopes is never empty, so that nothing that shrinks becomes "all"', () => {
    for (const scope of [{ teams: [] }, { environments: [] }]) {
      expect(() => whyVoid(base, [policy(scope)])).toThrow(/teams|environments/);
    }
  });
});

describe('removing and re-creating an environment under a policy', () => {
  const qa = (id: string): Raw => ({
    type: 'environment.created',
    environment: { ...environmentFields(id), name: 'qa' },
  });
  const open = (...environmentIds: string[]): Raw => ({
    type: 'channel.changed',
    channel: { ...channelFields('main'), environmentIds: ['dev', ...environmentIds] },
  });
  const qaPolicy = (environments: unknown): Raw => policy({ ...oneDay, environments });
  const removeQa: Raw = { type: 'environment.removed', environmentId: 'qa-1' };
  const issueInQa2 = issue({ environmentId: 'qa-2', ...tenYears });

  it('cannot be done while the policy names it, so that no policy goes silent', () => {
    const state = after(base, [qa('qa-1'), qaPolicy(['qa-1'])]);
    expect(whyVoid(state, [removeQa])).toEqual(unfit(/policy "strict" still names/));
    expect(whyVoid(state, [removeQa, qa('qa-2')])).toEqual(unfit(/policy "strict" still names/));
  });

  it('leaves a policy that spoke of all environments speaking of the new one', () => {
    const state = after(base, [qa('qa-1'), qaPolicy('all'), removeQa, qa('qa-2'), open('qa-2')]);
    expect(whyVoid(state, [issueInQa2])).toEqual(unfit(/policy/));
  });

  it('needs the policy to be pointed anew, and then it holds', () => {
    const repointed: Raw = {
      type: 'policy.changed',
      policy: { ...policyFields('strict'), ...oneDay, environments: ['qa-2'] },
    };
    const moved = after(base, [qa('qa-1'), qaPolicy(['qa-1'])]);
    const twoNames = [{ type: 'environment.changed', environment: environmentFields('qa-1') }, qa('qa-2')];
    const state = after(moved, [...twoNames, repointed, removeQa, open('qa-2')]);
    expect(whyVoid(state, [issueInQa2])).toEqual(unfit(/policy/));
  });
});
