/** What takes more memory after a while is weighed again, and what was not asked for gives way. */
import { expect, it } from 'vitest';
import { FormBudget, KeptForms } from '../../../../src-main/gateway/documents/policy-forms.ts';
import { IndexStore } from '../../../../src-main/gateway/index-store/index-store.ts';
import type { RowsSource } from '../../../../src-main/gateway/index-store/index-store.ts';
import type { RowDependencies } from '../../../../src-main/gateway/index-store/row-dependencies.ts';
import { StoredRows } from '../../../../src-main/gateway/index-store/stored-rows.ts';

const kB = 1024;
const formOf = (weightBytes: number) => ({ weightBytes, changesAtMs: undefined });

it('a form that grew takes the place of others', () => {
  const budget = new FormBudget(100 * kB);
  const form = formOf(10 * kB);
  budget.put('other', formOf(10 * kB));
  budget.put('grows', form);
  expect(budget.get('other')).toBeDefined();
  form.weightBytes = 95 * kB;
  budget.put('grows', form);
  expect(budget.get('other')).toBeUndefined();
  expect(budget.get('grows')).toBe(form);
});

it('what rows depend on counts with them, and their forms stay', async () => {
  const store = new IndexStore(1000 * kB);
  const texts = { bytes: new Uint8Array(0), offsets: new Uint32Array(1) };
  const none = new Uint32Array(0);
  const columns = {
    count: 0,
    containers: [],
    nameFirsts: none,
    files: { key: new Uint8Array(16), places: new Uint32Array(2) },
    names: texts,
    versions: texts,
    licenses: texts,
  };
  const result = { digest: '', columns, removed: [], hasRemoved: false } as never;
  const source = (): RowsSource => ({ forms: new KeptForms(new FormBudget(1000 * kB)) });
  const [first, second] = [source(), source()];
  const rowsOf = (bytes: number) => new StoredRows('d', [new Uint8Array(bytes)], result);
  await store.get('c', 'one', first, () => Promise.resolve(rowsOf(400 * kB)));
  const rows = await store.get('c', 'two', second, () => Promise.resolve(rowsOf(400 * kB)));
  const kept = second.forms.get('key', 0, () => Promise.resolve(formOf(1) as never));
  const form = await kept;
  const before = store.bytes;
  const dependencies: RowDependencies = {
    digest: '',
    specs: texts,
    specFirsts: new Uint32Array(100 * kB),
    bySpec: none,
    builds: texts,
    buildIds: none,
  };
  await rows.dependencies(() => Promise.resolve(dependencies));
  expect(rows.weightBytes).toBeGreaterThan(800 * kB);
  // The other one had to go.
  expect(store.bytes).toBeLessThan(before + 400 * kB);
  expect(second.forms.get('key', 0, () => Promise.reject(new Error('made again')))).toBe(form);
  expect(store.get('c', 'two', second, () => Promise.reject(new Error('read again')))).toBe(rows);
  await expect(
    Promise.resolve(store.get('c', 'one', first, () => Promise.reject(new Error('read again')))),
  ).rejects.toThrow('read again');
});

it('a form of a clock that went ahead is made again when the clock is right', async () => {
  const forms = new KeptForms<ReturnType<typeof formOf>>(new FormBudget(100 * kB));
  const get = (nowMs: number) => forms.get('k', nowMs, () => Promise.resolve(formOf(kB)));
  const ahead = await get(10 * 86_400_000);
  expect(await get(10 * 86_400_000 - 1_000)).toBe(ahead);
  const right = await get(0);
  expect(right).not.toBe(ahead);
  expect(await get(1)).toBe(right);
});
