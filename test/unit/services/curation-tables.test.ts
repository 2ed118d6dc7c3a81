import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../../src-main/organization/events.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';

let app: MemoryApp;
let curation: MemoryApp['client']['curation'];
let seen: DomainEvent[];
beforeEach(async () => {
  app = await openUnlockedMemoryApp();
  ({ curation } = app.client);
  seen = [];
  app.app.session.vault().onCommit(({ entries }) => seen.push(...entries.map(({ event }) => event)));
});
afterEach(() => app.close());

describe('conda’s names on PyPI', () => {
  it('are listed with package URLs, ours before those that come with the product', async () => {
    const [known] = (await curation.names({ text: 'pytorch', limit: 500 })).rows.filter(
      ({ conda }) => conda === 'pytorch',
    );
    expect(known).toEqual({
      conda: 'pytorch',
      pypi: 'torch',
      isOwn: false,
      condaPurl: 'pkg:conda/pytorch',
      pypiPurl: 'pkg:pypi/torch',
    });
    await curation.mapNames({
      names: [
        { conda: 'pytorch', pypi: null },
        { conda: 'ours', pypi: 'acme-ours' },
      ],
    });
    expect(await curation.names({ own: true })).toEqual({
      total: 2,
      rows: [
        {
          conda: 'ours',
          pypi: 'acme-ours',
          isOwn: true,
          condaPurl: 'pkg:conda/ours',
          pypiPurl: 'pkg:pypi/acme-ours',
        },
        { conda: 'pytorch', isOwn: true, otherwise: 'torch', condaPurl: 'pkg:conda/pytorch' },
      ],
    });
    expect((await curation.names({ text: 'acme-ours' })).rows).toMatchObject([{ conda: 'ours' }]);
    expect((await curation.names({ limit: 3 })).rows).toHaveLength(3);
    expect((await curation.names({})).total).toBeGreaterThan(20_000);
  });

  it('write nothing that is so already', async () => {
    await curation.mapNames({ names: [{ conda: 'pytorch', pypi: 'torch' }] });
    expect(seen).toEqual([]);
  });
});

describe('names of licenses', () => {
  it('are kept without case, overrule ours, and go again', async () => {
    await curation.aliasLicenses({
      aliases: [
        { text: 'New  BSD', expression: 'LicenseRef-Look' },
        { text: 'Acme License', expression: 'MIT' },
      ],
    });
    expect(await curation.licenses({ own: true })).toEqual({
      total: 2,
      rows: [
        { text: 'acme license', expression: 'MIT', isOwn: true },
        { text: 'new bsd', expression: 'LicenseRef-Look', isOwn: true, otherwise: 'BSD-3-Clause' },
      ],
    });
    await curation.aliasLicenses({ aliases: [{ text: 'NEW BSD', expression: null }] });
    expect((await curation.licenses({ text: 'new bsd' })).rows[0]).toEqual({
      text: 'new bsd',
      expression: 'BSD-3-Clause',
      isOwn: false,
    });
    await expect(
      curation.aliasLicenses({ aliases: [{ text: 'x', expression: 'whatever you like' }] }),
    ).rejects.toThrow('x: whatever you like: this is not an SPDX expression.');
  });
});

describe('a file for one of the tables', () => {
  const text = 'conda,pypi\npytorch,torch\nours,acme\nr-base,\n';
  const file = { table: 'names', source: 'names.csv', text } as const;

  it('is a plan first; applied, the log says where it came from', async () => {
    const plan = await curation.planTable(file);
    const sha256 = createHash('sha256').update(text).digest('hex');
    expect(plan).toMatchObject({ sha256, count: 3, total: 1, changes: [{ key: 'ours', after: 'acme' }] });
    expect(seen).toEqual([]);
    expect(await curation.applyTable({ ...file, planHash: plan.planHash })).toEqual({ changed: 1 });
    expect(seen).toEqual([
      {
        type: 'names.mapped',
        names: [{ conda: 'ours', pypi: 'acme' }],
        origin: { source: 'names.csv', sha256, count: 3 },
      },
    ]);
  });

  it('is refused where the table, the file or its source has changed since', async () => {
    const { planHash } = await curation.planTable(file);
    for (const other of [
      { ...file, text: `${text}more,x\n` },
      { ...file, source: 'other.csv' },
    ])
      await expect(curation.applyTable({ ...other, planHash })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    await curation.mapNames({ names: [{ conda: 'ours', pypi: 'other' }] });
    await expect(curation.applyTable({ ...file, planHash })).rejects.toThrow(/has changed since this plan/);
    expect((await curation.planTable(file)).changes).toEqual([
      { key: 'ours', before: 'other', after: 'acme' },
    ]);
  });

  it('that is none is named, with the place', async () => {
    await expect(curation.planTable({ ...file, text: '{"a": 7}' })).rejects.toThrow(
      'names.csv: a: a value must be text, or null.',
    );
  });

  it('of more entries than one event holds is applied whole, and comes out again', async () => {
    const names = Object.fromEntries(
      Array.from({ length: 20_500 }, (_, index) => [`ours-${index}`, `acme-${index}`]),
    );
    const large = { table: 'names', source: 'large.json', text: JSON.stringify(names) } as const;
    const { planHash, total, changes } = await curation.planTable(large);
    expect([total, changes.length]).toEqual([20_500, 500]);
    await curation.applyTable({ ...large, planHash });
    expect(seen.map((event) => event.type === 'names.mapped' && event.names.length)).toEqual([20_000, 500]);
    const { text: out, count } = await curation.exportTable({ table: 'names', format: 'json' });
    expect(count).toBe(20_500);
    expect(JSON.parse(out)).toEqual(names);
  });

  it.each(['json', 'csv'] as const)(
    'that was exported as %s changes nothing when it comes back',
    async (format) => {
      await curation.mapNames({
        names: [
          { conda: 'ours', pypi: 'acme' },
          { conda: 'pytorch', pypi: null },
        ],
      });
      await curation.aliasLicenses({ aliases: [{ text: 'a, "b"', expression: 'MIT OR Apache-2.0' }] });
      for (const table of ['names', 'licenses'] as const) {
        const { fileName, text: out, count } = await curation.exportTable({ table, format });
        expect(fileName).toBe(`${table}-2026-01-01.${format}`);
        const plan = await curation.planTable({ table, source: fileName, text: out });
        expect([plan.count, plan.total]).toEqual([count, 0]);
      }
    },
  );
});
