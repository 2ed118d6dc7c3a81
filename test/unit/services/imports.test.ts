import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importColumns, maxImportRows } from '../../../shared/contract/import-views.ts';
import { readImportTable } from '../../../src-main/services/import-table.ts';
import type { TempApp } from '../../support/temp-app.ts';
import { openUnlockedApp } from '../../support/temp-app.ts';

let temp: TempApp;
beforeEach(async () => {
  temp = await openUnlockedApp({ autoStartGateway: false });
  const [dev, , prod] = await temp.client.environments.list();
  await temp.client.teams.create({ name: 'science' });
  for (const [name, environmentIds] of [
    ['main', [dev!.id, prod!.id]],
    ['internal', [dev!.id]],
  ] as const) {
    await temp.client.channels.create({
      name,
      kind: 'pypi',
      upstream: { type: 'url', url: `https://packages.example.com/${name}` },
      environmentIds: [...environmentIds],
    });
  }
});
afterEach(() => temp.close());

const run = (input: Parameters<TempApp['client']['imports']['run']>[0]) => temp.client.imports.run(input);
const seq = () => temp.app.session.vault().seq();
const head = 'holder,kind,team,environment,channels,days,networks,note\n';

describe('an import', () => {
  it('makes teams, holders and tokens in one transaction, as one by one', async () => {
    const before = seq();
    const report = await run({
      teams: 'name,description\nscience,\nweb,Customer-facing\n',
      holders: 'kind,name,note\nservice,ci,Builds\n',
      tokens: `\ufeff${head}Grace Hopper,,web,dev,main internal,30,,Laptop\r\nci,service,science,prod,main,,"10.0.0.0/8, 192.0.2.7",\r\n`,
      dryRun: false,
    });
    expect(seq()).toBe(before + 1);
    expect(report).toMatchObject({
      applied: true,
      problems: [],
      teams: { made: 1, kept: 1 },
      holders: { made: 2, kept: 0 },
      tokens: { made: 2 },
    });
    const [grace, ci] = report.issued;
    expect(grace).toMatchObject({
      line: 2,
      token: {
        holder: { kind: 'person', name: 'Grace Hopper' },
        teamName: 'web',
        note: 'Laptop',
        networks: 'anywhere',
      },
    });
    expect(grace!.token.expiresAtMs - grace!.token.issuedAtMs).toBe(30 * 86_400_000);
    expect(ci).toMatchObject({
      line: 3,
      token: { networks: ['10.0.0.0/8', '192.0.2.7/32'], environmentName: 'prod' },
    });
    expect(ci!.token.expiresAtMs - ci!.token.issuedAtMs).toBe(90 * 86_400_000);
    for (const { secret } of report.issued) expect(secret).toMatch(/^lk-[0-9A-Za-z]{8}-[0-9A-Za-z]{38}$/);
    // Again: what there is stays, and tokens are made anew.
    const again = await run({ teams: 'name\nweb\n', holders: 'name,kind\nci,service\n', dryRun: false });
    expect(again).toMatchObject({ teams: { made: 0, kept: 1 }, holders: { made: 0, kept: 1 } });
  });

  it('makes 400 tokens at once', async () => {
    const before = seq();
    const rows = Array.from({ length: 400 }, (_, at) => `Person ${at},person,science,dev,main,30,,`);
    const report = await run({ tokens: `${head}${rows.join('\n')}\n`, dryRun: false });
    expect(report.tokens.made).toBe(400);
    expect(new Set(report.issued.map(({ secret }) => secret)).size).toBe(400);
    expect(seq()).toBe(before + 1);
  });

  it('tells every bad row by line and column, and changes nothing', async () => {
    const before = seq();
    const report = await run({
      teams: 'name,description\nBad Name,\nok,\nok,\n',
      holders: 'name,kind\nrobot,machine\n,person\n',
      tokens: `${head}Grace,,nowhere,dev,main,30,,\nGrace,,science,mars,main,30,,\nGrace,,science,prod,internal,0,10.0.0/8,\nGrace,,science,dev,other,,,\n${'x'.repeat(65)},,ok,dev,main,,,\n\nGrace,,ok,dev,main,,,\nGrace,,ok,dev,main,,,\nGrace,,ok,dev,main,,,,\n`,
      dryRun: false,
    });
    expect(report.applied).toBe(false);
    expect(report.problems.map(({ file, line, column }) => `${file}:${line}:${column ?? ''}`)).toEqual([
      'teams:2:name',
      'teams:4:name',
      'holders:2:kind',
      'holders:3:name',
      'tokens:2:team',
      'tokens:3:environment',
      'tokens:4:channels',
      'tokens:4:networks',
      'tokens:4:days',
      'tokens:5:channels',
      'tokens:6:holder',
      'tokens:9:',
      'tokens:10:',
    ]);
    const said = report.problems.map(({ message }) => message).join('\n');
    expect(said).toContain('The same as line 3.');
    expect(said).toContain('Channel "internal" is not available in prod.');
    expect(said).toContain('Use a whole number from 1 to 3650.');
    expect(said).toContain('At most 64 characters.');
    expect(said).not.toMatch(/expected|invalid input|ttlDays|regex/i);
    expect(seq()).toBe(before);
    expect((await temp.client.teams.list()).map(({ name }) => name)).toEqual(['science']);
  });

  it('is judged by the policies, row by row, and takes less where they allow less', async () => {
    await temp.client.policies.save({
      name: 'strict',
      mode: 'enforce',
      style: 'hide',
      teams: 'all',
      environments: 'all',
      rules: [{ type: 'tokens', maxTtlDays: 7, networksRequired: true }],
    });
    const report = await run({
      tokens: `${head}A,,science,dev,main,30,10.0.0.0/8,\nB,,science,dev,main,5,,\nC,,science,dev,main,,10.0.0.0/8,\n`,
      dryRun: false,
    });
    expect(report.problems.map(({ line, column }) => [line, column])).toEqual([
      [2, 'days'],
      [3, 'networks'],
    ]);
    expect(report.problems[0]?.message).toContain('strict');
    const good = await run({ tokens: `${head}C,,science,dev,main,,10.0.0.0/8,\n`, dryRun: false });
    const [made] = good.issued;
    expect(made!.token.expiresAtMs - made!.token.issuedAtMs).toBe(7 * 86_400_000);
  });

  it('changes nothing in a dry run, and says what it would', async () => {
    const before = seq();
    const report = await run({ tokens: `${head}Grace,,science,dev,main,,,\n`, dryRun: true });
    expect(report).toMatchObject({
      applied: false,
      problems: [],
      holders: { made: 1 },
      tokens: { made: 1 },
      issued: [],
    });
    expect(JSON.stringify(report)).not.toContain('lk-');
    expect(seq()).toBe(before);
  });

  it('asks for something to import', async () => {
    await expect(run({ dryRun: true })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('a CSV file', () => {
  const problems = (text: string, file: 'teams' | 'tokens' = 'teams') =>
    readImportTable(file, text).problems.map(({ line, column, message }) => [line, column, message]);

  it.each([
    ['', [[1, undefined, 'The file is empty. Its first line names the columns.']]],
    ['\ufeff\n\n', [[1, undefined, 'The file is empty. Its first line names the columns.']]],
    ['description\nx\n', [[1, 'name', 'The column "name" is missing.']]],
    ['name,colour\nx,red\n', [[1, 'colour', 'There is no such column. Use name, description.']]],
    ['name,name\nx,y\n', [[1, 'name', 'This column is there twice.']]],
    ['name\n"a"b\n', [[2, undefined, 'This is no CSV: a quoted cell must end before the next comma.']]],
    ['name\nweb\n"open\n', [[3, undefined, 'This is no CSV: a quoted cell must end before the next comma.']]],
    ['name\nweb,more\n', [[2, undefined, 'This row has more cells than there are columns.']]],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('may have its columns in any order and case, and blank lines', () => {
    const { rows, problems: none } = readImportTable('teams', 'Description, NAME\n\n"a, b", web \n');
    expect(none).toEqual([]);
    expect(rows.map(({ line, cell }) => [line, cell('name'), cell('description')])).toEqual([
      [3, 'web', 'a, b'],
    ]);
  });

  it('has so many rows and no more', () => {
    const text = `name\n${Array.from({ length: maxImportRows + 1 }, (_, at) => `t${at}`).join('\n')}\n`;
    expect(problems(text)).toEqual([
      [maxImportRows + 2, undefined, 'At most 10,000 rows at once. Split the file.'],
    ]);
  });

  it('says so of a head that is wide beyond reason, and reads no rows past those that may be', async () => {
    expect(problems(`name${','.repeat(300_000)}\n`)).toHaveLength(99);
    const report = await run({ teams: `name${',x'.repeat(300_000)}\n`, dryRun: true });
    expect(report.problems.length).toBeGreaterThan(0);
    expect(problems(`name\n${'t\n'.repeat(1_000_000)}`)).toHaveLength(1);
  });

  it('knows the prototype of no object as a column', () => {
    expect(problems('name,constructor\n')).toEqual([
      [1, 'constructor', 'There is no such column. Use name, description.'],
    ]);
    expect(Object.keys(importColumns.tokens)).toContain('channels');
  });
});
