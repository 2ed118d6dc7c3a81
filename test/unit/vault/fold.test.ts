import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../../shared/model/events.ts';
import type { VaultState } from '../../../shared/model/state.ts';
import { foldEvent, UnfitEvent } from '../../../src-main/vault/fold.ts';
import {
  ada,
  channelOf,
  created,
  environmentOf,
  policyOf,
  smallOrganization,
  teamOf,
  tokenOf,
} from './domain-support.ts';

function fold(...events: readonly DomainEvent[]): VaultState {
  let state: VaultState | undefined;
  for (const event of events) state = foldEvent(state, event, ada.id);
  if (state === undefined) throw new Error('no events');
  return state;
}

const event = (fields: Record<string, unknown>) => ({ atMs: 5_000, ...fields }) as DomainEvent;
const rotation = (fields: Record<string, unknown> = {}) =>
  event({
    type: 'token.rotated',
    predecessorId: 'AAAAAAA1',
    predecessorExpiresAtMs: 9_000,
    successor: tokenOf('AAAAAAA2', { rotatedFrom: 'AAAAAAA1' }),
    ...fields,
  });
const revocation = (...tokenIds: string[]) =>
  event({ type: 'token.revoked', tokenIds, reason: 'lost laptop' });

describe('the fold', () => {
  it('starts with the organization and its first operator', () => {
    const state = fold(created);
    expect(state.organizationName).toBe('Example');
    expect([...state.operators.values()]).toEqual([ada]);
  });

  it('leaves the state before an event as it was', () => {
    const before = fold(...smallOrganization);
    const tokens = [...before.tokens];
    foldEvent(before, rotation(), ada.id);
    foldEvent(before, revocation('AAAAAAA1'), ada.id);
    foldEvent(before, event({ type: 'team.removed', teamId: 'core' }), ada.id);
    expect([...before.tokens]).toEqual(tokens);
    expect(before.teams.has(teamOf('core').id)).toBe(true);
  });

  it('lets a predecessor end at the overlap’s end, and never later than it would have', () => {
    const [old, next] = [...fold(...smallOrganization, rotation()).tokens.values()];
    expect(old).toMatchObject({ id: 'AAAAAAA1', rotatedTo: 'AAAAAAA2', expiresAtMs: 9_000 });
    expect(next).toMatchObject({ id: 'AAAAAAA2', rotatedFrom: 'AAAAAAA1' });
    const long = fold(...smallOrganization, rotation({ predecessorExpiresAtMs: 999_999 }));
    expect([...long.tokens.values()][0]).toMatchObject({ expiresAtMs: 100_000 });
  });

  it('records who revoked a token, when and why, and keeps the first revocation', () => {
    const later = { ...revocation('AAAAAAA1'), atMs: 9_999 };
    const state = fold(...smallOrganization, revocation('AAAAAAA1'), later);
    expect([...state.tokens.values()][0]?.revoked).toEqual({ atMs: 5_000, by: 'ada', reason: 'lost laptop' });
  });

  it('changes and removes what is there', () => {
    const state = fold(
      ...smallOrganization,
      event({ type: 'organization.renamed', name: 'Renamed' }),
      event({ type: 'team.changed', team: { ...teamOf('core'), description: 'changed' } }),
      event({ type: 'environment.changed', environment: { ...environmentOf('dev'), rank: 11 } }),
      event({ type: 'channel.changed', channel: { ...channelOf('main'), note: 'changed' } }),
      event({ type: 'policy.removed', policyId: 'lifetime' }),
    );
    expect(state.organizationName).toBe('Renamed');
    expect([...state.teams.values()][0]?.description).toBe('changed');
    expect([...state.environments.values()][0]?.rank).toBe(11);
    expect([...state.channels.values()][0]?.note).toBe('changed');
    expect(state.policies.size).toBe(0);
  });

  it.each<[string, DomainEvent]>([
    ['a second organization', created],
    ['a team that is there already', event({ type: 'team.created', team: teamOf('core') })],
    ['a change of a team that is not there', event({ type: 'team.changed', team: teamOf('none') })],
    [
      'the removal of an environment that is not there',
      event({ type: 'environment.removed', environmentId: 'none' }),
    ],
    ['the removal of a channel that is not there', event({ type: 'channel.removed', channelId: 'none' })],
    ['the removal of a policy that is not there', event({ type: 'policy.removed', policyId: 'none' })],
    ['a token with an id that is taken', event({ type: 'token.issued', token: tokenOf('AAAAAAA1') })],
    ['a token of no team', event({ type: 'token.issued', token: tokenOf('AAAAAAA3', { teamId: 'none' }) })],
    [
      'a token of no environment',
      event({ type: 'token.issued', token: tokenOf('AAAAAAA3', { environmentId: 'none' }) }),
    ],
    [
      'a token for no channel',
      event({ type: 'token.issued', token: tokenOf('AAAAAAA3', { channelIds: ['main', 'x'] }) }),
    ],
    [
      'a token born as a successor',
      event({ type: 'token.issued', token: tokenOf('AAAAAAA3', { rotatedFrom: 'AAAAAAA1' }) }),
    ],
    [
      'a token born rotated',
      event({ type: 'token.issued', token: tokenOf('AAAAAAA3', { rotatedTo: 'AAAAAAA1' }) }),
    ],
    ['the rotation of no token', rotation({ predecessorId: 'AAAAAAA9' })],
    [
      'a successor that names another predecessor',
      rotation({ successor: tokenOf('AAAAAAA2', { rotatedFrom: 'AAAAAAA9' }) }),
    ],
    [
      'a successor with an id that is taken',
      rotation({ successor: tokenOf('AAAAAAA1', { rotatedFrom: 'AAAAAAA1' }) }),
    ],
    ['a revocation that names one token that is not there', revocation('AAAAAAA1', 'AAAAAAA9')],
  ])('refuses %s', (_what, unfit) => {
    const state = fold(...smallOrganization);
    expect(() => foldEvent(state, unfit, ada.id)).toThrow(UnfitEvent);
  });

  it('refuses to rotate a token twice, or after it was revoked', () => {
    const again = rotation({ successor: tokenOf('AAAAAAA3', { rotatedFrom: 'AAAAAAA1' }) });
    expect(() => fold(...smallOrganization, rotation(), again)).toThrow(UnfitEvent);
    expect(() => fold(...smallOrganization, revocation('AAAAAAA1'), again)).toThrow(UnfitEvent);
  });

  it('refuses anything before the organization', () => {
    expect(() => fold(event({ type: 'policy.changed', policy: policyOf('p') }))).toThrow(UnfitEvent);
  });
});
