import { describe, expect, it } from 'vitest';
import { operatorId } from '../../../shared/model/ids.ts';
import { organizationDomain } from '../../../src-main/organization/domain.ts';
import { events } from '../../../src-main/organization/events.ts';
import type { OrganizationState } from '../../../src-main/organization/state.ts';
import type { Clear } from '../../../src-main/vault/domain.ts';
import type { Raw } from './scene.ts';
import {
  after,
  changeOf,
  created,
  dayMs,
  lineAt,
  nowMs,
  oneOfEach,
  operatorAdded,
  operatorKeys,
  organization,
  stored,
  teamFields,
  tokenFields,
  tryLine,
} from './scene.ts';

const before = after(organization(), [{ type: 'team.created', team: teamFields('spare') }]);
const clearOf = (list: readonly Raw[], state: OrganizationState | undefined = before) =>
  organizationDomain.clearOf(state, stored(...list), lineAt());
const authority = (signer: string, role: string, teamIds: readonly string[] = []) => ({
  authority: {
    signer,
    kind: 'operator',
    keyNo: 1,
    ...operatorKeys,
    role,
    teamIds,
    removed: false,
    adminQuorum: 1,
  },
});
const end = (id: string, days: number): Raw => ({ ...changeOf(id), expiresAtMs: nowMs + days * dayMs });
const revoke = (...tokenIds: string[]): Raw => ({ type: 'token.revoked', tokenIds, reason: 'r' });

/** What each kind of event says in clear; the others say nothing. */
const expected: Readonly<Record<string, unknown>> = {
  'operator.added': authority('new', 'auditor'),
  'operator.changed': authority('aude', 'lead', ['core']),
  'format.raised': { format: { to: 2 } },
  'log.restored': { restored: { fromSeq: 1, lostSeq: 2, lostHash: `${'A'.repeat(42)}E` } },
  'team.removed': { denies: { teams: ['spare'] } },
  'environment.removed': { denies: { environments: ['prod'] } },
  'channel.removed': { denies: { channels: ['extra'] } },
  'token.rotated': { denies: { ends: { CoreTok1: nowMs + dayMs } } },
  'token.changed': { denies: { ends: { CoreTok1: nowMs + dayMs } } },
  'token.revoked': { denies: { tokens: ['CoreTok1'] } },
};

describe('the clear part', () => {
  it.each(Object.entries(oneOfEach))('of %s is as the format says', (type, event) => {
    expect(clearOf([event])).toEqual(expected[type] ?? {});
    expect('clear' in events[type as keyof typeof events]).toBe(type in expected);
  });

  it('of the first line shows the first operator', () => {
    expect(organizationDomain.clearOf(undefined, stored(created), lineAt())).toEqual(
      authority('ada', 'admin'),
    );
  });

  it('shows an end only when it comes earlier than the one before', () => {
    expect(clearOf([end('CoreTok1', 30)])).toEqual({});
    expect(clearOf([end('CoreTok1', 31)])).toEqual({});
    const rotation = { ...oneOfEach['token.rotated'], predecessorExpiresAtMs: nowMs + 30 * dayMs };
    expect(clearOf([rotation])).toEqual({});
    expect(clearOf([end('Nowhere1', 1)])).toEqual({});
  });

  it('gathers the denials of all events of a line, each id once', () => {
    const gone = { type: 'channel.removed', channelId: 'main' };
    const list = [revoke('DataTok1'), revoke('CoreTok1', 'DataTok1'), oneOfEach['channel.removed'], gone];
    expect(clearOf([...list, oneOfEach['team.removed'], oneOfEach['environment.removed']])).toEqual({
      denies: {
        tokens: ['DataTok1', 'CoreTok1'],
        channels: ['extra', 'main'],
        teams: ['spare'],
        environments: ['prod'],
      },
    });
  });

  it('asks each event of the state that the events before it left', () => {
    const issued = { type: 'token.issued', token: tokenFields('NewToken') };
    expect(clearOf([issued, end('NewToken', 10)])).toEqual({
      denies: { ends: { NewToken: nowMs + 10 * dayMs } },
    });
    expect(clearOf([end('CoreTok1', 20), end('CoreTok1', 10)])).toEqual({
      denies: { ends: { CoreTok1: nowMs + 10 * dayMs } },
    });
    // The longer end is no denial: a reader without keys stays at the shorter one, and so it says less, never more.
    expect(clearOf([end('CoreTok1', 10), end('CoreTok1', 20)])).toEqual({
      denies: { ends: { CoreTok1: nowMs + 10 * dayMs } },
    });
  });

  it('never holds a name, a reason or a note', () => {
    for (const event of Object.values(oneOfEach)) {
      expect(JSON.stringify(clearOf([event]))).not.toMatch(/Operator|Aude|leaked|renamed/);
    }
  });
});

describe('the events that a clear part stands for', () => {
  const eventsOfClear = (clear: Clear, state: OrganizationState | undefined = before) =>
    organizationDomain.eventsOfClear(state, clear);
  const judgedFromClear = Object.entries(oneOfEach).filter(([type]) => {
    const clear = expected[type] as Clear | undefined;
    return clear !== undefined && clear.denies === undefined;
  });

  it.each(judgedFromClear)('are those of %s but for the names', (_type, event) => {
    const list = eventsOfClear(clearOf([event]));
    if (list === undefined) throw new Error('they should be known');
    // They fit wherever the event fits, and say the same in clear.
    const line = lineAt();
    expect(organizationDomain.clearOf(before, list, line)).toEqual(clearOf([event]));
    const fromClear = organizationDomain.applyLine(before, list, line);
    const fromContent = tryLine(before, [event]);
    if (!fromClear.ok || !fromContent.ok) throw new Error('both should fit');
    const nameless = (state: OrganizationState) =>
      [...state.operators.values()].map(({ name: _name, ...rest }) => rest);
    expect(nameless(fromClear.state)).toEqual(nameless(fromContent.state));
    expect({ ...fromClear.state, operators: undefined }).toEqual({
      ...fromContent.state,
      operators: undefined,
    });
  });

  it('keep the name of an operator who is known, and say so where there is none', () => {
    const changed = eventsOfClear(clearOf([oneOfEach['operator.changed']]));
    expect(changed).toMatchObject([{ operatorId: 'aude', name: 'Operator aude' }]);
    const added = eventsOfClear(clearOf([operatorAdded('new', 'lead', ['core'])]));
    expect(added).toMatchObject([{ operator: { id: 'new', name: '(name cannot be read)' } }]);
  });

  it('make an organization without a name of the first line', () => {
    const clear = organizationDomain.clearOf(undefined, stored(created), lineAt());
    const first = organizationDomain.eventsOfClear(undefined, clear);
    if (first === undefined) throw new Error('they should be known');
    const verdict = organizationDomain.applyLine(undefined, first, lineAt());
    if (!verdict.ok) throw new Error(verdict.why);
    expect(verdict.state.operators.get(operatorId.parse('ada'))).toMatchObject({
      role: 'admin',
      ...operatorKeys,
    });
  });

  it('are none for a line that only its content can explain', () => {
    expect(eventsOfClear({})).toBeUndefined();
    expect(eventsOfClear(clearOf([oneOfEach['token.revoked']]))).toBeUndefined();
  });
});

describe('a line of as many events as there may be', () => {
  const count = 20_000;
  const idAt = (index: number) => `T${index.toString(36).padStart(7, '0')}`;
  const state = after(
    before,
    Array.from({ length: count }, (_, index): Raw => ({
      type: 'token.issued',
      token: { ...tokenFields(idAt(index)), digest: `7${index.toString(16).padStart(63, '0')}` },
    })),
  );

  // Gathered anew for each event, this took minutes.
  it('shows all that it denies', () => {
    const ids = Array.from({ length: count }, (_, index) => idAt(index));
    const revoked = ids.map((id): Raw => ({ type: 'token.revoked', tokenIds: [id], reason: 'lost' }));
    expect(clearOf(revoked, state)).toEqual({ denies: { tokens: ids } });
    const ended = clearOf(
      ids.map((id) => end(id, 1)),
      state,
    );
    expect(Object.keys(ended.denies?.ends ?? {})).toEqual(ids);
  });
});
