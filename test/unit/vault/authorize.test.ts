import { describe, expect, it } from 'vitest';
import type { Operator } from '../../../shared/model/domain.ts';
import type { DomainEvent } from '../../../shared/model/events.ts';
import type { VaultState } from '../../../shared/model/state.ts';
import { whyNotAuthorized } from '../../../src-main/vault/authorize.ts';
import { foldEvent } from '../../../src-main/vault/fold.ts';
import {
  ada,
  channelOf,
  created,
  environmentOf,
  operatorOf,
  policyOf,
  smallOrganization,
  teamOf,
  tokenOf,
} from './domain-support.ts';

const lead = operatorOf('lena', 'lead', ['core']);
const otherLead = operatorOf('otto', 'lead', ['data']);
const auditor = operatorOf('aude', 'auditor');

function organization(): VaultState {
  let state: VaultState | undefined;
  for (const event of smallOrganization) state = foldEvent(state, event, ada.id);
  if (state === undefined) throw new Error('no events');
  const operators = [ada, lead, otherLead, auditor].map((one) => [one.id, one] as const);
  return { ...state, operators: new Map(operators) };
}

/** One event of each type, as this operator would write it. */
const eventsBy = (signer: Operator): readonly DomainEvent[] =>
  [
    { type: 'organization.renamed', name: 'New' },
    { type: 'team.created', team: teamOf('new') },
    { type: 'team.changed', team: teamOf('core') },
    { type: 'team.removed', teamId: 'core' },
    { type: 'environment.created', environment: environmentOf('new') },
    { type: 'environment.changed', environment: environmentOf('dev') },
    { type: 'environment.removed', environmentId: 'dev' },
    { type: 'channel.created', channel: channelOf('new') },
    { type: 'channel.changed', channel: channelOf('main') },
    { type: 'channel.removed', channelId: 'main' },
    { type: 'policy.changed', policy: policyOf('lifetime') },
    { type: 'policy.removed', policyId: 'lifetime' },
    { type: 'token.issued', token: tokenOf('AAAAAAA2', { issuedBy: signer.id }) },
    {
      type: 'token.rotated',
      predecessorId: 'AAAAAAA1',
      predecessorExpiresAtMs: 1,
      successor: tokenOf('AAAAAAA2', { issuedBy: signer.id, rotatedFrom: 'AAAAAAA1' }),
    },
    { type: 'token.revoked', tokenIds: ['AAAAAAA1'], reason: 'r' },
  ].map((fields) => ({ atMs: 1, ...fields }) as DomainEvent);

const allowedTo = (signer: Operator) =>
  eventsBy(signer)
    .filter((event) => whyNotAuthorized(organization(), signer.id, event) === undefined)
    .map((event) => event.type);

describe('who may sign what', () => {
  it('lets an admin write everything except a second organization', () => {
    expect(allowedTo(ada)).toEqual(eventsBy(ada).map((event) => event.type));
    expect(whyNotAuthorized(organization(), ada.id, created)).toBeDefined();
  });

  it('lets a lead write about the tokens of the own team only', () => {
    expect(allowedTo(lead)).toEqual(['token.issued', 'token.rotated', 'token.revoked']);
    expect(allowedTo(otherLead)).toEqual([]);
  });

  it('does not let a lead move a token into the own team by rotating it', () => {
    const theft = {
      type: 'token.rotated',
      atMs: 1,
      predecessorId: 'AAAAAAA1',
      predecessorExpiresAtMs: 1,
      successor: tokenOf('AAAAAAA2', { teamId: 'data', issuedBy: 'otto', rotatedFrom: 'AAAAAAA1' }),
    } as DomainEvent;
    expect(whyNotAuthorized(organization(), otherLead.id, theft)).toBeDefined();
  });

  it('lets an auditor write nothing', () => {
    expect(allowedTo(auditor)).toEqual([]);
  });

  it('lets nobody issue a token in another’s name', () => {
    const inAdasName = eventsBy(ada).filter(
      (event) => event.type === 'token.issued' || event.type === 'token.rotated',
    );
    expect(inAdasName).toHaveLength(2);
    for (const event of inAdasName) expect(whyNotAuthorized(organization(), lead.id, event)).toBeDefined();
  });

  it('lets nobody unknown write, also not with an admin’s event', () => {
    const stranger = operatorOf('mallory', 'admin');
    expect(allowedTo(stranger)).toEqual([]);
  });

  it('accepts as the first event only an organization that its own first admin signs', () => {
    expect(whyNotAuthorized(undefined, ada.id, created)).toBeUndefined();
    expect(whyNotAuthorized(undefined, lead.id, created)).toBeDefined();
    expect(whyNotAuthorized(undefined, lead.id, { ...created, operator: lead } as DomainEvent)).toBeDefined();
    expect(whyNotAuthorized(undefined, ada.id, eventsBy(ada)[0]!)).toBeDefined();
  });
});
