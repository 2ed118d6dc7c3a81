/** The request log and the package cache by commands, each a process of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cheapenPassphrase } from '../../support/cheap-passphrase.ts';
import { newWriter, row, textsOf } from '../../support/log-rows.ts';
import { runCli } from '../../support/run-cli.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let dir: string;
const passphrase = 'correct horse battery staple';
const run = (...args: string[]) =>
  runCli(['--passphrase-file', join(dir, 'passphrase'), ...args], {
    env: { LATCHKEY_DATA_DIR: join(dir, 'data') },
  });
const ok = async (...args: string[]): Promise<string> => {
  const ran = await run(...args);
  expect([args, ran.code, ran.code === 0 ? '' : ran.stderr]).toEqual([args, 0, '']);
  return ran.stdout;
};

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-cli-log-'));
  writeFileSync(join(dir, 'passphrase'), `${passphrase}\n`, { mode: 0o600 });
  await ok('init', '--organization', 'Acme', '--operator', 'Ada');
  await cheapenPassphrase(join(dir, 'data'), passphrase);
  const writer = newWriter(join(dir, 'data', 'request-log'), []);
  const refusal = {
    kind: 'refusal',
    status: 403,
    policyName: 'strict',
    cause: 'package.vulnerable',
  } as const;
  writer.write(textsOf([row(), row({ ...refusal, filename: '=cmd.whl' })]));
  writer.end();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('latchkey log', () => {
  it('lists rows and notes that they were looked at', async () => {
    const table = await ok('log', 'query', '--kind', 'refusal');
    expect(table).toMatch(/refusal +lk-token-1 .*=cmd\.whl +403 +pip\/26\.3 +strict: package\.vulnerable/);
    expect(table).not.toContain('download');
    expect(await ok('log', 'look-ups')).toContain('everybody');
    expect(await ok('log', 'query', '--to', '2020-01-01')).toContain('(none)');
    expect((await run('log', 'query', '--from', 'yesterday')).code).toBe(2);
  });

  it('writes all rows as lines of JSON, or as CSV that no spreadsheet computes', async () => {
    const lines = (await ok('log', 'export')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind).toSorted()).toEqual([
      'download',
      'refusal',
    ]);
    const csv = await ok('log', 'export', '--format', 'csv', '--open');
    expect(csv).toMatch(/^time,kind,token,.*,address,ci_user\n/);
    expect(csv).toContain("'=cmd.whl");
    expect((await run('log', 'export', '--format', 'xml')).code).toBe(2);
  });

  it('says who has a package, what was refused, and what was installed', async () => {
    expect(await ok('log', 'who-has', 'pypi:requests==2.32.3')).toContain('lk-token-1');
    expect(await ok('log', 'refusals')).toMatch(/2026-11-26 +strict +package\.vulnerable/);
    expect((await run('log', 'installed')).code).toBe(2);
    expect(await ok('log', 'installed', '--env', 'prod')).toContain('(none)');
  });

  it('changes how long it is kept only with --yes', async () => {
    const plan = await ok('log', 'retention', '--rows', '90', '--personal', '7', '--sums', '400');
    expect(plan).toContain('Nothing was changed');
    expect(await ok('log', 'status')).toContain('rows 400 days');
    await ok('log', 'retention', '--rows', '90', '--personal', '7', '--sums', '400', '--yes');
    expect(await ok('log', 'status')).toContain('rows 90 days, addresses and users 7 days');
  });
});

describe('latchkey cache', () => {
  it('is shown, checked, and emptied with --yes', async () => {
    const sha256 = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
    const files = join(dir, 'data', 'package-cache', 'files', '2d');
    mkdirSync(files, { recursive: true });
    writeFileSync(join(files, sha256), 'x');
    expect(await ok('cache', 'list')).toContain(sha256);
    expect(await ok('cache', 'status')).toContain('1 file');
    expect(await ok('cache', 'verify')).toContain('all are as they were');
    expect(await ok('cache', 'purge', '--all')).toContain('would go');
    expect(await ok('cache', 'purge', '--all', '--yes')).toContain('taken away');
    expect(await ok('cache', 'list')).toContain('(none)');
    expect((await run('cache', 'purge')).code).toBe(2);
  });
});
