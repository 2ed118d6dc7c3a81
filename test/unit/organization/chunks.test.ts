import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { organizationDomain } from '../../../src-main/organization/domain.ts';
import type { OrganizationState } from '../../../src-main/organization/state.ts';
import type { Raw } from './scene.ts';
import {
  after,
  changeOf,
  oneOfEach,
  oneOfEachRule,
  organization,
  policyFields,
  teamFields,
  tokenFields,
  whyVoid,
} from './scene.ts';
import { unfit } from './unfit.ts';

const { toChunks, fromChunks } = organizationDomain;
const base = organization();
/** As it goes through a file. */
const throughJson = (state: OrganizationState) =>
  fromChunks([...toChunks(state)].map((chunk) => JSON.parse(JSON.stringify(chunk)) as unknown));
/** The tables as plain Maps: their order is no part of a state. */
const entries = (state: OrganizationState) =>
  Object.fromEntries(
    Object.entries(state).map(([name, part]) => [
      name,
      typeof part === 'object' && Symbol.iterator in part
        ? new Map(part as Iterable<[string, unknown]>)
        : part,
    ]),
  );

const tokenNames = Array.from({ length: 6 }, (_, index) => `Token00${index}`);
/** Anything that might happen next; what does not fit is left out by `history`. */
const step: fc.Arbitrary<Raw> = fc.oneof(
  fc.constantFrom<Raw>(...Object.values(oneOfEach).filter((event) => event !== oneOfEach['operator.added'])),
  fc.constantFrom(...tokenNames).map((id): Raw => ({ type: 'token.issued', token: tokenFields(id) })),
  fc.constantFrom(...tokenNames).map((id): Raw => ({ type: 'token.revoked', tokenIds: [id], reason: 'r' })),
  fc.constantFrom(...tokenNames).map((id): Raw => ({ ...changeOf(id), networks: ['10.0.0.0/8'] })),
  fc
    .constantFrom('numpy', 'scipy')
    .map((name): Raw => ({ type: 'package.labelled', ecosystem: 'conda', name, labels: ['banned'] })),
  fc
    .constantFrom<readonly Raw[]>([], oneOfEachRule)
    .map((rules): Raw => ({ type: 'policy.changed', policy: { ...policyFields('lifetime'), rules } })),
  fc.constantFrom('x', 'y').map((id): Raw => ({ type: 'team.created', team: teamFields(id) })),
  fc.string({ unit: 'binary', maxLength: 20 }).map((name): Raw => ({
    type: 'holder.created',
    holder: { id: 'odd', kind: 'person', name: `ü${name}`, note: '' },
  })),
);
function history(steps: readonly Raw[]): OrganizationState {
  let state = base;
  for (const event of steps) {
    try {
      if (whyVoid(state, [event]) === undefined) state = after(state, [event]);
    } catch {
      // A name that no log may hold.
    }
  }
  return state;
}

describe('the parts of a state', () => {
  it('make the same state again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const state = history(steps);
        expect(entries(await throughJson(state))).toEqual(entries(state));
      }),
      { numRuns: 60 },
    );
  });

  it('bring the indexes back: no secret, no id and no name of a holder is free again', async () => {
    const state = await throughJson(base);
    const token = { ...tokenFields('NewToken'), digest: tokenFields('CoreTok1').digest };
    expect(whyVoid(state, [{ type: 'token.issued', token }])).toEqual(unfit(/issued before/));
    const holder = { id: 'other', kind: 'service', name: 'ci', note: '' };
    expect(whyVoid(state, [{ type: 'holder.created', holder }])).toEqual(unfit(/named "ci" already/));
    const policy = { ...policyFields('new'), name: 'lifetime' };
    expect(whyVoid(state, [{ type: 'policy.created', policy }])).toEqual(unfit(/already/));
  });

  it('are small, and made one at a time', async () => {
    const id = (index: number) => `T${String(index).padStart(7, '0')}`;
    const tokens = Array.from({ length: 1200 }, (_, index): Raw => ({
      type: 'token.issued',
      token: tokenFields(id(index)),
    }));
    const state = after(base, tokens);
    const chunks = [...toChunks(state)] as { entries?: unknown[] }[];
    // The organization, the history of its policy, its feed, holders, tokens.
    expect(chunks.map((chunk) => chunk.entries?.length)).toEqual([undefined, 1, 1, 2, 500, 500, 202]);
    expect(chunks[0]).toMatchObject({ part: 'organization', organizationName: 'Example' });
    expect((await throughJson(state)).tokens.size).toBe(1202);
  });

  it.each([
    ['nothing', []],
    ['an unknown part', [{ part: 'secrets', entries: [] }]],
    ['no part at all', ['text']],
    ['a list that is none', [{ part: 'tokens', entries: {} }]],
  ])('are none when they are %s', async (_what, chunks) => {
    const parts = [...toChunks(base), ...chunks].slice(chunks.length === 0 ? 1 : 0);
    await expect(fromChunks(parts)).rejects.toThrow();
  });
});
