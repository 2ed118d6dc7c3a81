/** Files of what a table shows, and how tables are arranged. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'csv-parse/sync';
import type { TableFile } from '../../../shared/contract/table-views.ts';
import type { Furnished } from '../../support/furnish.ts';
import { furnish } from '../../support/furnish.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';

let app: MemoryApp;
let ids: Furnished;
let dir: string;
let cancelled: boolean;
let suggested: string | undefined;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-table-'));
  cancelled = false;
  app = await openUnlockedMemoryApp({
    host: {
      kind: 'electron',
      saveDialog: 'native',
      clipboard: 'page',
      chooseSavePath: async (name) => {
        suggested = name;
        return cancelled ? undefined : join(dir, name);
      },
    },
  });
  ids = await furnish(app);
});
afterEach(async () => {
  await app.close();
  rmSync(dir, { recursive: true, force: true });
});

const issue = (name: string, more: object = {}) =>
  app.client.tokens.issue({
    holder: { kind: 'service', name },
    teamId: ids.team,
    environmentId: ids.dev,
    channelIds: [ids.channel],
    ttlDays: 30,
    ...more,
  });
const rowsOf = (text: string): Record<string, string>[] =>
  parse<Record<string, string>>(text, { columns: true });
const save = async (source: TableFile['source'], format: 'csv' | 'json' = 'csv') => {
  const saved = await app.client.exports.saveTable({ name: 'list', format, source });
  return { ...saved, text: readFileSync(saved.path, 'utf8') };
};

describe('the file of a table', () => {
  it('holds the tokens that match, in the order and with the columns that are shown', async () => {
    await issue('zeta', { networks: ['10.0.0.0/8', '192.0.2.7'] });
    await issue('alpha');
    await issue('other', { environmentId: ids.staging });
    const source = {
      of: 'tokens',
      selection: { by: 'filter', filter: { environmentIds: [ids.dev] } },
      sort: 'holder',
      descending: false,
      columns: ['holder', 'environment', 'networks', 'expires', 'last-used'],
    } as const;
    const { text, rows, mode, path } = await save(source as never);
    expect(suggested).toBe('list.csv');
    expect(rows).toBe(2);
    expect(mode).toBe('0600');
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(text).toBe(
      'holder,environment,networks,expires,last-used\r\n' +
        'alpha,dev,anywhere,2026-01-31T00:00:00.000Z,\r\n' +
        'zeta,dev,10.0.0.0/8; 192.0.2.7/32,2026-01-31T00:00:00.000Z,\r\n',
    );
    const json = JSON.parse((await save(source as never, 'json')).text) as unknown[];
    expect(json[1]).toEqual({
      holder: 'zeta',
      environment: 'dev',
      networks: ['10.0.0.0/8', '192.0.2.7/32'],
      expires: '2026-01-31T00:00:00.000Z',
      'last-used': null,
    });
  });

  it('is whole with thousands of rows', async () => {
    const rows = Array.from({ length: 2_345 }, (_, at) => [at, `row ${at}`]);
    const { text } = await save({ of: 'rows', columns: ['number', 'name'], rows });
    expect(rowsOf(text)).toHaveLength(2_345);
    const json = await save({ of: 'rows', columns: ['number', 'name'], rows }, 'json');
    expect(JSON.parse(json.text)).toEqual(rows.map(([number, name]) => ({ number, name })));
    expect(JSON.parse((await save({ of: 'rows', columns: ['a'], rows: [] }, 'json')).text)).toEqual([]);
  });

  it.each(['=1+2', '+1', '-1', '@SUM(A1)', '=cmd|"/c calc"!A1', '\tx', '\rx'])(
    'makes %j harmless for a spreadsheet, and leaves JSON as it is',
    async (cell) => {
      const source = { of: 'rows' as const, columns: ['note'], rows: [[cell]] };
      const [row] = rowsOf((await save(source)).text);
      expect(row!['note']).toBe(`'${cell}`);
      expect(JSON.parse((await save(source, 'json')).text)).toEqual([{ note: cell }]);
    },
  );

  it('leaves numbers, commas, quotes and lines as they were', async () => {
    const cells = ['a,b', 'say "hi"', 'two\nlines', 'a=b', ''];
    const { text } = await save({ of: 'rows', columns: ['a', 'b'], rows: cells.map((cell) => [cell, -1]) });
    expect(rowsOf(text)).toEqual(cells.map((a) => ({ a, b: '-1' })));
  });

  it('holds no secret by the back door', async () => {
    const { secret } = await issue('job');
    await expect(
      save({ of: 'rows', columns: ['note'], rows: [[`the token is ${secret}`]] }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('holds new tokens with their secrets, if they are theirs', async () => {
    const { token, secret } = await issue('job');
    const other = await issue('other');
    const { text } = await save({ of: 'secrets', issued: [{ tokenId: token.id, secret }] });
    const [row] = rowsOf(text);
    expect(row).toMatchObject({ id: `lk-${token.id}`, holder: 'job', token: secret });
    await expect(
      save({ of: 'secrets', issued: [{ tokenId: other.token.id, secret }] }),
    ).rejects.toMatchObject({ code: 'TOKEN_MALFORMED' });
  });

  it('lists holders with what they have', async () => {
    await issue('zeta');
    await issue('alpha');
    await issue('alpha');
    const { text } = await save({ of: 'holders', sort: 'tokens', descending: true });
    const rows = rowsOf(text);
    expect(rows.map((row) => [row['name'], row['active-tokens']])).toEqual([
      ['alpha', '2'],
      ['zeta', '1'],
    ]);
  });

  it('is not written when the person cancels', async () => {
    cancelled = true;
    await expect(save({ of: 'holders' })).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('the file of what the organization curates', () => {
  it('is what its export says, for its owner alone; a cancelled one writes nothing', async () => {
    await app.client.curation.assess({
      assessments: [
        {
          advisoryId: 'CVE-2026-1',
          ecosystem: 'pypi',
          name: 'a',
          status: 'cleared',
          reason: 'not reachable',
          evidence: '',
        },
      ],
      keepUnknown: true,
    });
    await app.client.curation.mapNames({ names: [{ conda: 'ours', pypi: 'acme-ours' }] });
    for (const [document, says] of [
      ['openvex', 'CVE-2026-1'],
      ['names', '"ours": "acme-ours"'],
      ['licenses', '{}'],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const { path, mode } = await app.client.exports.saveCuration({ document });
      expect(path).toBe(join(dir, suggested ?? ''));
      expect([mode, statSync(path).mode & 0o777]).toEqual(['0600', 0o600]);
      expect(readFileSync(path, 'utf8')).toContain(says);
    }
    cancelled = true;
    await expect(app.client.exports.saveCuration({ document: 'names' })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});

describe('how tables are arranged', () => {
  const view = { name: 'Expiring in prod', query: 'state=expiring&env=x' };

  it('is kept on this computer, and not lost when settings are saved', async () => {
    expect(await app.client.tables.get()).toEqual({});
    const layout = { columns: [{ id: 'team', shown: false }], density: 'compact' as const };
    await app.client.tables.set({ table: 'tokens', settings: { layout, views: [view] } });
    const settings = await app.client.settings.get();
    await app.client.settings.set({ ...settings, idleLockMinutes: 33 });
    expect(await app.client.tables.get()).toEqual({ tokens: { layout, views: [view] } });
    await app.client.tables.set({ table: 'teams', settings: { views: [] } });
    expect(Object.keys(await app.client.tables.get()).toSorted()).toEqual(['teams', 'tokens']);
    expect((await app.client.settings.get()).idleLockMinutes).toBe(33);
    expect('tables' in (await app.client.settings.get())).toBe(false);
  });

  it('has a bound', async () => {
    const views = Array.from({ length: 51 }, (_, at) => ({ ...view, name: `view ${at}` }));
    await expect(app.client.tables.set({ table: 'tokens', settings: { views } })).rejects.toMatchObject({
      code: 'IPC_BAD_INPUT',
    });
  });
});
