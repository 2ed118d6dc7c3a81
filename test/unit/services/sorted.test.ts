import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish } from '../../../src-main/base/steps.ts';
import { SortedList } from '../../../src-main/services/sorted.ts';

type Entry = { readonly key: number; readonly id: number };
const inOrder = (a: Entry, b: Entry) => a.key - b.key || a.id - b.id;
const entriesOf = (keys: readonly number[]): Entry[] => keys.map((key, id) => ({ key, id }));

describe('a list that is sorted in steps', () => {
  it('is the list that is sorted at once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), (keys) => {
        const entries = entriesOf(keys);
        expect(finish(SortedList.inSteps(entries, inOrder)).items).toEqual(entries.toSorted(inOrder));
      }),
    );
    // Beyond one step, and no whole number of them.
    const entries = entriesOf(Array.from({ length: 20_001 }, (_, at) => (at * 7919) % 10_007));
    expect(finish(SortedList.inSteps(entries, inOrder)).items).toEqual(entries.toSorted(inOrder));
  });

  it('does little in each step, also in the last, which merges all of it', () => {
    let comparisons = 0;
    const counting = (a: Entry, b: Entry) => {
      comparisons += 1;
      return inOrder(a, b);
    };
    const entries = entriesOf(Array.from({ length: 100_000 }, (_, at) => (at * 7919) % 100_003));
    const steps = SortedList.inSteps(entries, counting);
    let most = 0;
    for (let next = steps.next(); next.done !== true; next = steps.next()) {
      most = Math.max(most, comparisons);
      comparisons = 0;
    }
    // A step sorts 4,096 entries, each against twelve others.
    expect(Math.max(most, comparisons)).toBeLessThan(50_000);
  });
});
