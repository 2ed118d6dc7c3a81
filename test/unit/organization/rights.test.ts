import { describe, expect, it } from 'vitest';
import { organizationDomain } from '../../../src-main/organization/domain.ts';
import { events } from '../../../src-main/organization/events.ts';
import type { Raw } from './scene.ts';
import {
  after,
  created,
  lineAt,
  oneOfEach,
  operatorKeys,
  organization,
  policyFields,
  stored,
  teamFields,
  tokenFields,
  whyVoid,
} from './scene.ts';

/** With a team that nothing uses, so that each of `oneOfEach` fits. */
const before = after(organization(), [{ type: 'team.created', team: teamFields('spare') }]);
const allowedTo = (signer: string, list: Readonly<Record<string, Raw>> = oneOfEach) =>
  Object.entries(list)
    .filter(([, event]) => whyVoid(before, [event], lineAt(signer))?.code !== 'right')
    .map(([type]) => type);

/** The same events about tokens of another team. */
const aboutData: Readonly<Record<string, Raw>> = Object.fromEntries(
  Object.entries(oneOfEach)
    .filter(([type]) => type.startsWith('token.'))
    .map(([type, event]) => [
      type,
      JSON.parse(
        JSON.stringify(event).replaceAll('CoreTok1', 'DataTok1').replaceAll('"core"', '"data"'),
      ) as Raw,
    ]),
);

describe('who may sign what', () => {
  it('has a sample of every event that there is', () => {
    expect(Object.keys(oneOfEach).toSorted()).toEqual(
      Object.keys(events)
        .filter((type) => type !== 'organization.created')
        .toSorted(),
    );
  });

  it('lets an admin write everything except a second organization', () => {
    for (const [type, event] of Object.entries(oneOfEach)) {
      expect([type, whyVoid(before, [event], lineAt('bob'))]).toEqual([type, undefined]);
    }
    expect(whyVoid(before, [created])).toMatchObject({ code: 'fit' });
  });

  it('lets a lead write about holders, the tokens of led teams and what request logs were, and nothing else', () => {
    expect(allowedTo('lena')).toEqual([
      'holder.created',
      'log.anchored',
      'log.looked-up',
      'token.issued',
      'token.rotated',
      'token.changed',
      'token.revoked',
    ]);
    expect(allowedTo('lena', aboutData)).toEqual([]);
    expect(allowedTo('otto')).toEqual(['holder.created', 'log.anchored', 'log.looked-up']);
    expect(allowedTo('otto', aboutData)).toEqual(Object.keys(aboutData));
  });

  it('lets an auditor write nothing but that somebody was looked up', () => {
    expect(allowedTo('aude')).toEqual(['log.looked-up']);
    expect(allowedTo('aude', aboutData)).toEqual([]);
  });

  it('lets nobody write whom the log does not know', () => {
    expect(allowedTo('mallory')).toEqual([]);
  });

  it('lets no lead take a token of another team by rotating it into the own one, or out of it', () => {
    const rotation = (predecessorId: string, teamId: string) => ({
      type: 'token.rotated',
      predecessorId,
      predecessorExpiresAtMs: 1,
      successor: { ...tokenFields('NewToken'), teamId },
    });
    for (const event of [rotation('CoreTok1', 'data'), rotation('DataTok1', 'core')]) {
      for (const lead of ['lena', 'otto']) {
        expect(whyVoid(before, [event], lineAt(lead))).toMatchObject({ code: 'right' });
      }
    }
  });

  it('lets no lead revoke a list that names one foreign token', () => {
    const revoked = { type: 'token.revoked', tokenIds: ['CoreTok1', 'DataTok1'], reason: 'r' };
    expect(whyVoid(before, [revoked], lineAt('lena'))).toMatchObject({ code: 'right' });
    expect(whyVoid(before, [revoked], lineAt('ada'))).toBeUndefined();
  });

  it('asks about each event of a line: one foreign token takes the lead’s whole line away', () => {
    const line = [oneOfEach['token.revoked'], aboutData['token.revoked'] as Raw];
    expect(whyVoid(before, line, lineAt('lena'))).toMatchObject({ code: 'right' });
  });

  it('lets no lead write a policy of any layer, that of the own team neither', () => {
    const scopes = [
      { teams: 'all', environments: 'all' },
      { teams: 'all', environments: ['dev'] },
      { teams: ['core'], environments: 'all' },
    ];
    const codes = scopes.map((scope) => {
      const line = [{ type: 'policy.created', policy: { ...policyFields('new'), ...scope } }];
      return [whyVoid(before, line, lineAt('lena'))?.code, whyVoid(before, line, lineAt('ada'))];
    });
    expect(codes).toEqual(scopes.map(() => ['right', undefined]));
  });

  it('takes the role at the place of the line', () => {
    const demoted = after(before, [
      { type: 'operator.changed', operatorId: 'lena', name: 'Lena', role: 'auditor', teamIds: ['core'] },
    ]);
    expect(whyVoid(demoted, [oneOfEach['token.revoked']], lineAt('lena'))).toMatchObject({ code: 'right' });
  });

  it('accepts as the first event only an organization that its own first operator signs', () => {
    const first = (event: Raw, signer: string) => whyVoid(undefined, [event], lineAt(signer));
    expect(first(created, 'ada')).toBeUndefined();
    expect(first(created, 'lena')).toMatchObject({ code: 'right' });
    expect(first(oneOfEach['team.created'], 'ada')).toMatchObject({ code: 'right' });
    const state = after(undefined, [created], lineAt('ada', 5));
    expect([...state.operators.values()]).toEqual([
      { id: 'ada', name: 'Ada', role: 'admin', teamIds: [], keyNo: 1, addedAtMs: 5, ...operatorKeys },
    ]);
  });

  it('names whom a grant of keys is for', () => {
    expect(organizationDomain.grantsTo(stored(oneOfEach['key.granted']))).toEqual(['aude']);
    expect(organizationDomain.grantsTo(stored(oneOfEach['team.created']))).toBeUndefined();
  });
});
