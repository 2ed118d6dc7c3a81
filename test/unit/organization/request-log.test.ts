import { describe, expect, it } from 'vitest';
import type { Raw } from './scene.ts';
import { after, dayMs, lineAt, nowMs, oneOfEach, organization, whyVoid } from './scene.ts';
import { unfit } from './unfit.ts';

const base = organization();
const anchored = (more: Raw = {}): Raw => ({ ...oneOfEach['log.anchored'], ...more });
const lookedUp = (more: Raw): Raw => ({ ...oneOfEach['log.looked-up'], ...more });
const kept = (rowsDays: number, addressDays: number, rollupDays: number, ciUserDays = 7): Raw => ({
  type: 'log.retention-set',
  rowsDays,
  addressDays,
  ciUserDays,
  rollupDays,
});

describe('an anchor of a request log', () => {
  it('is kept with its place, time and signer, the latest of each run', () => {
    const first = after(base, [anchored({ n: 1 }), anchored({ run: 7, n: 0 })]);
    const state = after(first, [anchored({ n: 4 })], { ...lineAt('lena', nowMs + dayMs), seq: 9 });
    const { type: _type, ...fields } = anchored();
    expect([...state.anchors.values()]).toEqual([
      { ...fields, n: 4, atMs: nowMs + dayMs, by: 'lena', seq: 9 },
      { ...fields, run: 7, n: 0, atMs: nowMs, by: 'ada', seq: 1 },
    ]);
  });

  it('never goes back, and never changes its gateway’s key', () => {
    const state = after(base, [anchored({ n: 4 })]);
    for (const n of [0, 3, 4])
      expect(whyVoid(state, [anchored({ n, root: `${'C'.repeat(42)}E` })])).toEqual(
        unfit(/anchored already/),
      );
    const other = { n: 5, publicKey: `${'D'.repeat(42)}E` };
    expect(whyVoid(state, [anchored(other)])).toEqual(unfit(/keeps its key/));
    expect(whyVoid(state, [anchored({ ...other, gatewayId: 'another' })])).toBeUndefined();
  });

  it('goes when there are thousands of newer ones', () => {
    let state = base;
    for (let seq = 1; seq <= 41; seq += 1) {
      const line = Array.from({ length: 100 }, (_, index) => anchored({ run: seq * 1000 + index }));
      state = after(state, line, { ...lineAt('ada'), seq });
      expect(state.anchors.size).toBe(seq < 41 ? seq * 100 : 3075);
    }
    const oldest = Math.min(...[...state.anchors.values()].map(({ seq }) => seq));
    expect(oldest).toBe(11);
    // The first of a line go first, by their keys: it is the same for every reader.
    const ofOldest = [...state.anchors.keys()].filter((key) => key.includes(' 110')).toSorted();
    expect([ofOldest.at(0), ofOldest.at(-1)]).toEqual(['gateway-one-0000 11025', 'gateway-one-0000 11099']);
  });
});

describe('a look-up', () => {
  it('changes nothing, however often', () => {
    const all = [
      { type: 'token', tokenId: 'CoreTok1' },
      { type: 'package', name: 'numpy ==2' },
      { type: 'everybody' },
    ].map((subject) => lookedUp({ subject }));
    expect(after(base, [...all, ...all], lineAt('aude'))).toBe(base);
  });

  it('is of a token that is there, and ends after it begins', () => {
    const nobody = lookedUp({ subject: { type: 'token', tokenId: 'Nobody00' } });
    expect(whyVoid(base, [nobody])).toEqual(unfit(/no such token/));
    expect(whyVoid(base, [lookedUp({ fromMs: 3, toMs: 2 })])).toEqual(unfit(/ends before it begins/));
    expect(whyVoid(base, [lookedUp({ fromMs: 2, toMs: 2 })])).toBeUndefined();
  });
});

describe('retention', () => {
  it('is a default until an admin says otherwise', () => {
    expect(base.retention).toEqual({ rowsDays: 400, addressDays: 30, ciUserDays: 30, rollupDays: 1830 });
    expect(after(base, [kept(90, 7, 400)]).retention).toEqual({
      rowsDays: 90,
      addressDays: 7,
      ciUserDays: 7,
      rollupDays: 400,
    });
  });

  it('has a bound of the disk where an admin set one, and the default again where he left it out', () => {
    const bounded = after(base, [{ ...kept(90, 7, 400), maxGib: 5 }]);
    expect(bounded.retention).toEqual({
      rowsDays: 90,
      addressDays: 7,
      ciUserDays: 7,
      rollupDays: 400,
      maxGib: 5,
    });
    expect(after(bounded, [kept(90, 7, 400)]).retention).not.toHaveProperty('maxGib');
    for (const maxGib of [0, 0.5, 100_001])
      expect(() => after(base, [{ ...kept(90, 7, 400), maxGib }])).toThrow('another form');
  });

  it('keeps nothing personal longer than its row, and no row longer than its sums', () => {
    expect(whyVoid(base, [kept(30, 31, 400)])).toEqual(unfit(/personal/));
    expect(whyVoid(base, [kept(30, 7, 400, 31)])).toEqual(unfit(/personal/));
    expect(whyVoid(base, [kept(401, 30, 400)])).toEqual(unfit(/sums/));
    expect(whyVoid(base, [kept(30, 30, 30)])).toBeUndefined();
  });
});
