import { describe, expect, it } from 'vitest';
import type { Raw } from './scene.ts';
import { after, lineAt, operatorAdded, operatorKeys, organization, stored, whyVoid } from './scene.ts';
import { unfit } from './unfit.ts';

const base = organization();
const change = (operatorId: string, role: string, teamIds: readonly string[] = []): Raw => ({
  type: 'operator.changed',
  operatorId,
  name: operatorId,
  role,
  teamIds,
});
const operatorIn = (state: ReturnType<typeof organization>, id: string) =>
  [...state.operators.values()].find((operator) => operator.id === id);

describe('operators', () => {
  it('come with both keys, their first, and the time of the line', () => {
    const state = after(base, [operatorAdded('new', 'lead', ['core'])], lineAt('bob', 7));
    expect(operatorIn(state, 'new')).toEqual({
      id: 'new',
      name: 'Operator new',
      role: 'lead',
      teamIds: ['core'],
      keyNo: 1,
      addedAtMs: 7,
      ...operatorKeys,
    });
  });

  it('are added once', () => {
    expect(whyVoid(base, [operatorAdded('lena', 'admin')])).toEqual(unfit(/operator of this id already/));
  });

  it('change in name, role and teams, and in nothing else', () => {
    const state = after(base, [change('aude', 'lead', ['data'])]);
    const expected = { name: 'aude', role: 'lead', teamIds: ['data'] };
    expect(operatorIn(state, 'aude')).toEqual({ ...operatorIn(base, 'aude'), ...expected });
    expect(whyVoid(base, [change('nobody', 'lead')])).toEqual(unfit(/no such operator/));
  });

  it('never lose their last admin', () => {
    expect(whyVoid(base, [change('ada', 'auditor')])).toBeUndefined();
    const oneAdmin = after(base, [change('ada', 'auditor')], lineAt('bob'));
    expect(whyVoid(oneAdmin, [change('bob', 'lead')], lineAt('bob'))).toEqual(unfit(/last admin/));
  });

  it('may lead a team that is not there: whoever reads without keys knows no teams, and must judge alike', () => {
    expect(whyVoid(base, [operatorAdded('new', 'lead', ['unknown'])])).toBeUndefined();
    expect(whyVoid(base, [change('lena', 'lead', ['unknown'])])).toBeUndefined();
  });

  it.each([
    ['a private key', { ...operatorKeys.signKey, d: 'A'.repeat(43) }],
    ['the other curve', { ...operatorKeys.receiveKey }],
    ['a short key', { ...operatorKeys.signKey, x: 'A'.repeat(42) }],
    ['a second spelling of a key', { ...operatorKeys.signKey, x: `${'A'.repeat(42)}F` }],
  ])('are not added with %s', (_what, signKey) => {
    const event = operatorAdded('new', 'lead') as { operator: Raw };
    expect(() => stored({ ...event, operator: { ...event.operator, signKey } })).toThrow('signKey');
  });
});
