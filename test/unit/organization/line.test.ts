import { describe, expect, it } from 'vitest';
import { events } from '../../../src-main/organization/events.ts';
import type { OrganizationState } from '../../../src-main/organization/state.ts';
import type { Raw } from './scene.ts';
import {
  after,
  created,
  dayMs,
  lineAt,
  nowMs,
  oneOfEach,
  organization,
  teamFields,
  tokenFields,
  tryLine,
  whyVoid,
} from './scene.ts';
import { unfit } from './unfit.ts';

const before = after(organization(), [{ type: 'team.created', team: teamFields('spare') }]);
/** The whole state as plain JSON, to compare by; the order of entries says nothing. */
const plain = (state: OrganizationState): unknown =>
  JSON.parse(
    JSON.stringify(
      Object.entries(state).map(([name, part]) => [
        name,
        isTable(part) ? [...part].map((entry) => JSON.stringify(entry)).toSorted() : part,
      ]),
    ),
  );
const isTable = (part: unknown): part is Iterable<unknown> =>
  typeof part === 'object' && part !== null && Symbol.iterator in part;
const aloneTypes = Object.entries(events).flatMap(([type, kind]) => ('isAlone' in kind ? [type] : []));
const together = Object.entries(oneOfEach).filter(([type]) => !aloneTypes.includes(type));

describe('a line of several events', () => {
  it('takes effect as if they came one after the other', () => {
    const fresh: readonly Raw[] = [
      { type: 'team.created', team: teamFields('fresh') },
      { type: 'holder.created', holder: { id: 'h', kind: 'agent', name: 'h', note: '' } },
      { type: 'token.issued', token: { ...tokenFields('NewToken'), teamId: 'fresh', holderId: 'h' } },
      { type: 'token.revoked', tokenIds: ['NewToken'], reason: 'r' },
    ];
    let oneByOne = before;
    for (const event of fresh) oneByOne = after(oneByOne, [event]);
    expect(plain(after(before, fresh))).toEqual(plain(oneByOne));
  });

  it.each(together)('is void as a whole when something unfit stands behind %s', (_type, event) => {
    const was = plain(before);
    const unfitEvent = { type: 'team.removed', teamId: 'nowhere' };
    expect(tryLine(before, [event, unfitEvent])).toEqual({
      ok: false,
      code: 'fit',
      why: 'there is no such team',
    });
    expect(whyVoid(before, [unfitEvent, event])).toEqual(unfit(/no such team/));
    expect(plain(before)).toEqual(was);
  });

  it.each(aloneTypes)('is void when %s has another event beside it', (type) => {
    const event = type === 'organization.created' ? created : oneOfEach[type as keyof typeof oneOfEach];
    const other = oneOfEach['organization.renamed'];
    const start = type === 'organization.created' ? undefined : before;
    expect(whyVoid(start, [event])).toBeUndefined();
    for (const list of [
      [event, other],
      [other, event],
      [event, event],
    ]) {
      expect(whyVoid(start, list)).toEqual(unfit(/alone/));
    }
  });

  it('stand alone: what is judged from the clear part, and what brings keys', () => {
    expect(aloneTypes.toSorted()).toEqual([
      'format.raised',
      'key.granted',
      'log.restored',
      'operator.added',
      'operator.changed',
      'organization.created',
    ]);
  });

  it('may bring ten thousand tokens, each with its holder', () => {
    const id = (index: number) => `T${String(index).padStart(7, '0')}`;
    const list = Array.from({ length: 10_000 }, (_, index): Raw[] => [
      {
        type: 'holder.created',
        holder: { id: `h${index}`, kind: 'person', name: `p${index}`, note: '' },
      },
      { type: 'token.issued', token: { ...tokenFields(id(index)), holderId: `h${index}` } },
    ]).flat();
    const state = after(before, list);
    expect([state.tokens.size, state.holders.size, state.digests.size]).toEqual([10_002, 10_002, 10_002]);
    const last = { ...tokenFields(id(9_999)), id: 'NewToken' };
    expect(whyVoid(state, [{ type: 'token.issued', token: last }])).toEqual(unfit(/issued before/));
  });
});

describe('states', () => {
  it.each(Object.entries(oneOfEach))('stay as they were when %s makes a new one', (_type, event) => {
    const was = plain(before);
    after(before, [event]);
    expect(plain(before)).toEqual(was);
  });

  it('share what did not change', () => {
    const next = after(before, [oneOfEach['token.revoked']]);
    for (const name of ['operators', 'holders', 'teams', 'environments', 'channels', 'policies'] as const) {
      expect(next[name]).toBe(before[name]);
    }
    expect(next.tokens).not.toBe(before.tokens);
    const other = [...before.tokens.keys()].find((id) => String(id) === 'DataTok1');
    if (other === undefined) throw new Error('the scene has two tokens');
    expect(next.tokens.get(other)).toBe(before.tokens.get(other));
  });

  it('take times and signer of created things from the line alone', () => {
    const early = after(organization(), [oneOfEach['team.created']]);
    expect([...early.teams.values()].at(-1)).toMatchObject({ createdAtMs: nowMs });
    const renamed = { type: 'team.changed', team: { ...teamFields('new'), name: 'x' } };
    const changed = after(early, [renamed], lineAt('bob', nowMs + dayMs));
    expect([...changed.teams.values()].at(-1)).toMatchObject({ name: 'x', createdAtMs: nowMs });
  });
});
