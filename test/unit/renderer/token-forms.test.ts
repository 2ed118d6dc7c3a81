import { describe, expect, it } from 'vitest';
import type { EffectivePolicy } from '../../../shared/contract/policy-views.ts';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import {
  channelId,
  environmentId,
  holderId,
  operatorId,
  policyId,
  teamId,
  tokenId,
} from '../../../shared/model/ids.ts';
import { findHolder, holderChoice } from '../../../src-renderer/features/tokens/holder-form.ts';
import {
  daysUntil,
  defaultTtlDays,
  endHint,
  endOfDayMs,
  isoDate,
  latestEndMs,
  policyHints,
} from '../../../src-renderer/features/tokens/lifetime.ts';
import { tokenChangeOf, tokenForm, wideningOf } from '../../../src-renderer/features/tokens/token-change.ts';
import { formatDay } from '../../../shared/texts/format.ts';

const [main, extra] = [channelId.parse('main'), channelId.parse('extra')];
const token: TokenView = {
  id: tokenId.parse('aB3xQ9zK'),
  holder: { id: holderId.parse('grace'), kind: 'person', name: 'Grace Hopper' },
  teamId: teamId.parse('science'),
  environmentId: environmentId.parse('dev'),
  channelIds: [main],
  permission: 'install',
  issuedAtMs: 0,
  issuedBy: operatorId.parse('ada'),
  expiresAtMs: new Date(2026, 5, 10, 14, 30).getTime(),
  networks: ['10.0.0.0/8'],
  note: 'laptop',
  state: 'active',
  teamName: 'science',
  environmentName: 'dev',
  channelNames: ['main'],
  issuedByName: 'Ada',
};

describe('what policies say in a form', () => {
  const source = (part: Partial<EffectivePolicy['sources'][number]>) => ({
    policyId: policyId.parse('p'),
    policyName: 'p',
    mode: 'enforce' as const,
    networksRequired: false,
    ...part,
  });

  it('is nothing before main has answered', () => {
    expect(policyHints(undefined)).toEqual({
      maxTtlDays: undefined,
      networksRequired: false,
      lifetime: '',
      networks: '',
    });
  });

  it('names the policy that leaves the least, and the one that asks for networks', () => {
    const hints = policyHints({
      maxTtlDays: 30,
      networksRequired: true,
      sources: [
        source({ policyName: 'wide', maxTtlDays: 90 }),
        source({ policyName: 'strict', maxTtlDays: 30 }),
        source({ policyName: 'office', networksRequired: true }),
      ],
    });
    expect(hints.lifetime).toBe('Policy strict allows at most 30 days.');
    expect(hints.networks).toBe('Policy office requires source networks.');
  });

  it('tells an observing policy as a wish, and only where it is the stricter one', () => {
    const observing = source({ policyName: 'trial', mode: 'observe', maxTtlDays: 7, networksRequired: true });
    expect(policyHints({ networksRequired: false, sources: [observing] })).toMatchObject({
      maxTtlDays: undefined,
      lifetime: 'Policy trial recommends at most 7 days; it is only observed.',
      networks: '',
    });
    const sources = [source({ maxTtlDays: 5 }), observing];
    expect(policyHints({ maxTtlDays: 5, networksRequired: false, sources }).lifetime).not.toContain('trial');
  });

  it.each([
    [undefined, 90],
    [365, 90],
    [14, 14],
  ])('leaves with at most %s days a default of %d', (max, days) => {
    expect(defaultTtlDays(max)).toBe(days);
  });
});

describe('an expiry date', () => {
  const noonMs = new Date(2026, 2, 10, 12).getTime();
  it.each([
    ['2026-03-11', 1],
    ['2026-03-20', 10],
    ['2026-03-10', 1],
  ])('%s is %d days away, so that the token ends on that day at the latest', (date, days) => {
    expect(daysUntil(date, noonMs)).toBe(days);
  });
  it('is the day it was made of', () => {
    expect(isoDate(endOfDayMs('2026-03-11'))).toBe('2026-03-11');
  });
});

describe('the latest end of a token that there is', () => {
  const dayMs = 86_400_000;
  const lived = { issuedAtMs: new Date(2026, 2, 1, 14).getTime(), expiresAtMs: 0 };
  const nowMs = new Date(2026, 2, 20).getTime();
  it('counts the whole lifetime from the issue, not from today', () => {
    const latestMs = lived.issuedAtMs + 30 * dayMs;
    expect(latestEndMs(30, lived, nowMs)).toBe(latestMs);
    expect(endHint(30, 'Policy p allows at most 30 days.', lived)).toBe(
      `Policy p allows at most 30 days. The lifetime counts from ${formatDay(lived.issuedAtMs)}, so the last possible day is ${formatDay(latestMs)}.`,
    );
  });
  it('is the end that it has where a policy came later', () => {
    expect(latestEndMs(1, { ...lived, expiresAtMs: nowMs + dayMs }, nowMs)).toBe(nowMs + dayMs);
  });
  it('says nothing of policies where there is none', () => {
    expect(endHint(undefined, '', lived)).toBe('');
    expect(latestEndMs(undefined, lived, nowMs)).toBeGreaterThan(nowMs + 3649 * dayMs);
  });
});

describe('the change of a token', () => {
  it('ends on the last allowed day when its lifetime does, not at midnight', () => {
    const latestMs = new Date(2026, 6, 1, 9).getTime();
    const draft = tokenChangeOf(token, { ...tokenForm(token), lastDay: '2026-07-01' }, latestMs);
    expect(draft).toEqual({ id: token.id, expiresAtMs: latestMs });
  });

  const form = tokenForm(token);

  it('is none while nothing differs', () => {
    expect(tokenChangeOf(token, form)).toBeUndefined();
    expect(tokenChangeOf(token, { ...form, note: ' laptop ' })).toBeUndefined();
    expect(wideningOf(token, form)).toEqual([]);
  });

  it('sends only what differs', () => {
    expect(tokenChangeOf(token, { ...form, note: '', networks: 'anywhere' })).toEqual({
      id: token.id,
      note: '',
      networks: 'anywhere',
    });
  });

  it('ends with the day that was chosen', () => {
    expect(tokenChangeOf(token, { ...form, lastDay: '2026-06-12' })).toEqual({
      id: token.id,
      expiresAtMs: new Date(2026, 5, 12, 23, 59, 59, 999).getTime(),
    });
  });

  it('hands it to another holder by id, or to a new one by kind and name', () => {
    const ci = { kind: 'service', name: 'nightly', id: holderId.parse('nightly') } as const;
    expect(tokenChangeOf(token, { ...form, holder: ci })?.holder).toEqual({ id: ci.id });
    expect(tokenChangeOf(token, { ...form, holder: { kind: 'agent', name: ' bot ' } })?.holder).toEqual({
      kind: 'agent',
      name: 'bot',
    });
  });

  it.each([
    [{ channelIds: [extra] }, ['channels']],
    [{ networks: ['10.1.0.0/16'] }, ['networks']],
    [{ networks: 'anywhere' }, ['networks']],
    [{ lastDay: '2026-06-11' }, ['end']],
    [{ lastDay: '2026-06-09' }, []],
  ] as const)('with %j widens %j', (part, widening) => {
    expect(wideningOf(token, { ...form, ...part })).toEqual(widening);
  });
});

describe('a holder in a form', () => {
  const known = [token.holder, { id: holderId.parse('x'), kind: 'service', name: 'Grace Hopper' }] as const;
  it('is known by kind and name', () => {
    expect(findHolder(known, { kind: 'service', name: ' Grace Hopper ' })?.id).toBe('x');
    expect(findHolder(known, { kind: 'agent', name: 'Grace Hopper' })).toBeUndefined();
  });
  it('goes by id once it is known', () => {
    expect(holderChoice(token.holder)).toEqual({ id: token.holder.id });
    expect(holderChoice({ kind: 'person', name: ' Ada ' })).toEqual({ kind: 'person', name: 'Ada' });
  });
});
