import fc from 'fast-check';
import { Map as PersistentMap } from 'immutable';
import { describe, expect, it } from 'vitest';
import type { Table } from '../../../src-main/base/table.ts';
import { tableById, tableOf } from '../../../src-main/base/table.ts';

const keys = ['a', 'b', 'c', 'd', 'e'];
const key = fc.constantFrom(...keys);
/** What is done with one of the versions there are, chosen by `of`. */
const steps = fc.array(
  fc.record({
    of: fc.nat(),
    act: fc.oneof(
      fc.record({ type: fc.constant('set' as const), key, value: fc.string({ maxLength: 2 }) }),
      fc.record({ type: fc.constant('delete' as const), key }),
      fc.record({ type: fc.constant('begin a walk' as const), steps: fc.nat(5) }),
      fc.record({ type: fc.constant('go on with a walk' as const), steps: fc.nat(5) }),
      fc.record({ type: fc.constant('leave a walk' as const) }),
    ),
  }),
  { maxLength: 60 },
);

type Pair = { readonly table: Table<string, string>; readonly model: PersistentMap<string, string> };
type Walk = {
  readonly iterator: IterableIterator<[string, string]>;
  readonly model: Pair['model'];
  readonly seen: [string, string][];
};
const sorted = (entries: Iterable<readonly [string, string]>) =>
  [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));

describe('a table', () => {
  it('is at every version what a persistent map is, whatever becomes of the others', () => {
    fc.assert(
      fc.property(steps, (todo) => {
        const versions: Pair[] = [{ table: tableOf([['a', '1']]), model: PersistentMap([['a', '1']]) }];
        const walks: Walk[] = [];
        const goOn = ({ iterator, seen }: Walk, count: number): void => {
          for (let step = 0; step < count; step += 1) {
            const next = iterator.next();
            if (next.done === true) return;
            seen.push(next.value);
          }
        };
        for (const { of, act } of todo) {
          const { table, model } = versions[of % versions.length] as Pair;
          const walk = walks[of % Math.max(1, walks.length)];
          if (act.type === 'set')
            versions.push({ table: table.set(act.key, act.value), model: model.set(act.key, act.value) });
          else if (act.type === 'delete')
            versions.push({ table: table.delete(act.key), model: model.delete(act.key) });
          else if (act.type === 'begin a walk') {
            const begun: Walk = { iterator: table.entries(), model, seen: [] };
            goOn(begun, act.steps);
            walks.push(begun);
          } else if (walk === undefined) continue;
          else if (act.type === 'go on with a walk') goOn(walk, act.steps);
          else {
            walk.iterator.return?.();
            walks.splice(walks.indexOf(walk), 1);
          }
        }
        for (const walk of walks) {
          goOn(walk, Infinity);
          expect(sorted(walk.seen)).toEqual(sorted(walk.model));
        }
        for (const { table, model } of versions) {
          expect(table.size).toBe(model.size);
          for (const one of keys) {
            expect(table.get(one)).toBe(model.get(one));
            expect(table.has(one)).toBe(model.has(one));
          }
          expect(sorted(table)).toEqual(sorted(model));
          expect([...table.keys()].toSorted()).toEqual([...model.keys()].toSorted());
          expect([...table.values()].toSorted()).toEqual([...model.values()].toSorted());
        }
      }),
    );
  });

  it('that changes nothing stays the same one', () => {
    const table = tableById([{ id: 'a' }]);
    const [entry] = table.values();
    expect(table.set('a', entry as { id: string })).toBe(table);
    expect(table.delete('b')).toBe(table);
  });

  it('reads its newest version at once, however many changes came before', () => {
    let table: Table<number, string> = tableOf<number, string>();
    const first = table;
    for (let count = 0; count < 100_000; count += 1) table = table.set(count, 'x');
    expect(table.size).toBe(100_000);
    expect(first.size).toBe(0);
    // An older one can be gone on from, too.
    expect([...first.set(7, 'y')]).toEqual([[7, 'y']]);
    expect(table.get(99_999)).toBe('x');
  });
});
