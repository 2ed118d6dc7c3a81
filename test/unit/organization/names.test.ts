import { describe, expect, it } from 'vitest';
import { subdirAtStart } from '../../../shared/model/conda-names.ts';
import type { Raw } from './scene.ts';
import {
  after,
  channelFields,
  environmentFields,
  holderFields,
  operatorAdded,
  organization,
  policyFields,
  teamFields,
  whyVoid,
} from './scene.ts';
import { unfit } from './unfit.ts';

/** Aggregates with names that are unique, each with two entries `first` and `second`. */
const named: readonly (readonly [kind: string, fields: (id: string) => Raw])[] = [
  ['team', teamFields],
  ['environment', environmentFields],
  ['channel', channelFields],
  ['policy', policyFields],
  ['holder', holderFields],
];
const create = (kind: string, fields: Raw): Raw => ({ type: `${kind}.created`, [kind]: fields });
const change = (kind: string, { kind: holderKind, ...fields }: Raw): Raw => ({
  type: `${kind}.changed`,
  // The kind of a holder is no part of its change.
  [kind]: kind === 'holder' ? fields : { kind: holderKind, ...fields },
});

describe.each(named)('the name of a %s', (kind, fields) => {
  const before = after(organization(), [create(kind, fields('first')), create(kind, fields('second'))]);

  it('is not given twice', () => {
    const double = create(kind, { ...fields('third'), name: 'first' });
    expect(whyVoid(before, [double])).toEqual(unfit(/named "first" already/));
  });

  it('is not taken over by a change', () => {
    const takeover = change(kind, { ...fields('second'), name: 'first' });
    expect(whyVoid(before, [takeover])).toEqual(unfit(/named "first" already/));
  });

  it('may stay in a change, is free after one, and free for the next event of the line', () => {
    expect(whyVoid(before, [change(kind, fields('first'))])).toBeUndefined();
    const renamed = change(kind, { ...fields('first'), name: 'other' });
    expect(whyVoid(before, [renamed, create(kind, { ...fields('third'), name: 'first' })])).toBeUndefined();
    expect(whyVoid(before, [renamed, change(kind, { ...fields('second'), name: 'other' })])).toEqual(
      unfit(/named "other" already/),
    );
  });

  it('does not make an id that exists anew', () => {
    const again = create(kind, { ...fields('first'), name: 'other' });
    expect(whyVoid(before, [again])).toEqual(unfit(/of this id already/));
  });

  it('is only changed where there is such an entry', () => {
    expect(whyVoid(before, [change(kind, fields('nowhere'))])).toEqual(unfit(/no such/));
  });
});

describe('names', () => {
  it('are unique within their kind of thing: a team, an environment, a policy and a channel may share one', () => {
    const list = named.map(([kind, fields]) => create(kind, fields('shared')));
    expect(whyVoid(organization(), list)).toBeUndefined();
  });

  it('of channels are unique over conda and Python', () => {
    const pypi = create('channel', { ...channelFields('new'), name: 'main', kind: 'pypi' });
    expect(whyVoid(organization(), [pypi])).toEqual(unfit(/a channel named "main" already/));
  });

  it('of holders are unique within a kind, and a change does not turn the kind', () => {
    const person = create('holder', { ...holderFields('new'), name: 'ci', kind: 'person' });
    const state = after(organization(), [person]);
    expect(state.holders.size).toBe(3);
    const renamed = after(state, [change('holder', { ...holderFields('new'), name: 'nightly' })]);
    expect([...renamed.holders.values()].at(-1)).toMatchObject({ kind: 'person', name: 'nightly' });
  });

  it('of operators may be shared: the id tells them apart', () => {
    const namesake = operatorAdded('new', 'auditor') as { operator: Raw };
    const event = { ...namesake, operator: { ...namesake.operator, name: 'Ada' } };
    expect(whyVoid(organization(), [event])).toBeUndefined();
  });

  it('"t" is no channel: it stands before a token in conda’s URLs', () => {
    const event = create('channel', { ...channelFields('new'), name: 't' });
    expect(whyVoid(organization(), [event])).toEqual(unfit(/"t"/));
  });

  it.each(['noarch', 'win-32', 'linux-64', 'linux-64-x', 'linux-ppc64le', 'osx-arm64.old', 'zos-z1'])(
    '%s is no conda channel, neither new nor renamed: clients read a platform in it',
    (name) => {
      expect(subdirAtStart(name), 'the door says so first').toBeDefined();
      const made = create('channel', { ...channelFields('new'), name });
      expect(whyVoid(organization(), [made])).toEqual(unfit(/reads a platform/));
      const renamed = change('channel', { ...channelFields('main'), name });
      expect(whyVoid(organization(), [renamed])).toEqual(unfit(/reads a platform/));
      // pip and uv read no platform in a URL.
      const pypi = create('channel', { ...channelFields('new'), name, kind: 'pypi' });
      expect(whyVoid(organization(), [pypi])).toBeUndefined();
    },
  );

  it.each(['linux', 'linux-6', 'my-linux-64', 'noar'])('%s is one', (name) => {
    const made = create('channel', { ...channelFields('new'), name });
    expect(whyVoid(organization(), [made])).toBeUndefined();
  });
});
