/** The request log and the package cache by commands, each a process of its own. */
import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LogVerifyView } from '../../../shared/contract/log-views.ts';
import { cheapenPassphrase } from '../../support/cheap-passphrase.ts';
import { newWriter, row, textsOf } from '../../support/log-rows.ts';
import { openTempApp } from '../../support/temp-app.ts';
import { logExport } from '../../../src-main/cli/log-export.ts';
import { periodOf } from '../../../src-main/cli/log-filter.ts';
import { gatewayIdentity } from '../../../src-main/services/gateway-identity.ts';
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
  const { operatorId, x } = await receiver(join(dir, 'data'));
  const { gatewayId: gateway, seed } = gatewayIdentity(join(dir, 'data'))!;
  const recipients = [{ operatorId, keyNo: 1, x }];
  const writer = newWriter(join(dir, 'data', 'request-log'), recipients, { gateway, seed });
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

/** Of the vault that the command made: the operator to whom a gateway seals. */
async function receiver(dataDir: string) {
  const { app, client } = openTempApp({ dataDir, autoStartGateway: false });
  try {
    await client.session.unlock({ passphrase });
    const vault = app.session.vault();
    const { operator } = vault;
    const { receiveKey } = vault.state().operators.get(operator.id)!;
    return { operatorId: operator.id, x: receiveKey.x };
  } finally {
    await app.close();
  }
}

describe('latchkey log', () => {
  it('lists rows and notes that they were looked at', async () => {
    const table = await ok('log', 'query', '--kind', 'refusal');
    expect(table).toMatch(/refusal +lk-token-1 .*=cmd\.whl +403 +pip\/26\.3 +strict: Vulnerability/);
    expect(table).not.toContain('download');
    expect(await ok('log', 'look-ups')).toContain('everybody');
    expect(await ok('log', 'query', '--to', '2020-01-01')).toContain('(none)');
    expect((await run('log', 'query', '--from', 'yesterday')).code).toBe(2);
    expect(() => periodOf({ from: '2026-11-30', to: '2026-11-01' })).toThrow('--to must be after --from.');
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
    const xml = await run('log', 'export', '--format', 'xml');
    expect([xml.code, xml.stderr]).toEqual([2, expect.stringContaining('There are jsonl and csv.')]);
    expect(await ok('log', 'query', '--limit', '1')).toContain('or write all with "latchkey log export"');
  });

  it('says who has a package, what was refused, and what was installed', async () => {
    expect(await ok('log', 'who-has', 'pypi:Requests==v2.32.3.0')).toContain('lk-token-1');
    expect(await ok('log', 'look-ups')).toContain('pypi requests 2.32.3.0');
    for (const command of ['query', 'installed']) {
      const bad = await run('log', command, '--token', '../x');
      expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('INVALID_INPUT')]);
    }
    expect(await ok('log', 'refusals')).toMatch(/2026-11-26 +strict +Vulnerability/);
    expect(await ok('log', 'clients', 'lk-AbCd1234')).toContain('(none)');
    expect((await run('log', 'installed')).code).toBe(2);
    expect(await ok('log', 'installed', '--env', 'prod')).toContain('(none)');
  });

  it('is checked, and what was changed by hand is named, with an exit code', async () => {
    const segments = join(dir, 'data', 'request-log', 'segments');
    const [name = ''] = readdirSync(segments).filter((file) => file.endsWith('.jsonl'));
    const path = join(segments, name);
    const kept = readFileSync(path, 'utf8');
    const whole = await ok('log', 'verify');
    expect(whole).toContain('1 segment, 2 rows');
    expect(whole).toContain('Checked: signatures, the chain and, with your keys, MACs.');
    expect(whole).toContain('Everything is as it was written.');

    writeFileSync(path, kept.replace('requests-2.32.3', 'requests-2.32.4'));
    const changed = await run('log', 'verify');
    expect(changed.code).toBe(1);
    expect(changed.stdout).toContain('Not as written: 1 changed.');
    expect(changed.stdout).toMatch(
      new RegExp(`${name.replace('.jsonl', '')} +changed +.*Line 3 was changed after it was written`),
    );
    const json = JSON.parse((await run('log', 'verify', '--json')).stdout) as LogVerifyView;
    expect(json).toMatchObject({ state: 'done', counts: { tampered: 1 }, problemCount: 1 });
    writeFileSync(path, kept.replace('{"b":', '{"b";'));
    const damaged = await run('log', 'verify');
    expect([damaged.code, damaged.stdout]).toEqual([
      1,
      expect.stringContaining(`request-log/damaged/${name}`),
    ]);
    expect(await ok('log', 'status')).toContain(`1 damaged segment put aside: request-log/damaged/${name}.`);
    writeFileSync(path, kept);
    expect(await ok('log', 'verify')).toContain('Everything is as it was written.');
    expect(await ok('log', 'status')).not.toContain('put aside');
  });

  it('notes whose rows were looked at in the vault’s log', async () => {
    const log = join(dir, 'data', 'vault.log');
    const before = readFileSync(log);
    expect(await ok('log', 'query', '--package', 'pypi:requests')).toContain('requests-2.32.3');
    expect(readFileSync(log).length).toBeGreaterThan(before.length);
    expect(await ok('log', 'look-ups')).toContain('pypi requests');
  });

  it('takes away what is too old only with --yes', async () => {
    expect(await ok('log', 'prune')).toContain('Nothing is due');
    const plan = JSON.parse(await ok('log', 'prune', '--json')) as unknown;
    expect(plan).toEqual({ segments: 0, persons: 0, bytes: 0, isDone: false });
  });

  it('changes how long it is kept only with --yes', async () => {
    const plan = await ok('log', 'retention', '--rows', '90', '--addresses', '7', '--sums', '400');
    expect(plan).toContain('Nothing was changed');
    expect(plan).toMatch(
      /That takes about .* for rows, .* for keys of addresses and CI users, and .* for sums/,
    );
    expect(await ok('log', 'status')).toContain('rows 400 days');
    await ok('log', 'retention', '--rows', '90', '--addresses', '7', '--sums', '400', '--yes');
    expect(await ok('log', 'status')).toContain('rows 90 days, addresses 7 days, CI users 30 days');
  });
});

describe('an export', () => {
  it('says how many rows it could not open', async () => {
    const said = { out: '', problem: '' };
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      said.out += String(text);
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said.problem += String(text);
      return true;
    });
    const rows = async ({ cursor }: { cursor?: string }) => ({
      rows: [{ atMs: 0 }],
      unopened: 2,
      ...(cursor === undefined ? { next: 'more' } : {}),
    });
    try {
      await logExport({ log: { rows } } as never, {}, { open: true });
    } finally {
      vi.restoreAllMocks();
    }
    expect(said.out.split('\n')).toHaveLength(3);
    expect(said.problem).toContain('4 rows without address');
  });

  it('ends when nobody reads it any more', async () => {
    let [written, asked] = [0, 0];
    const stdout = Object.assign(new EventEmitter(), {
      writableNeedDrain: true,
      write: () => {
        written += 1;
        // Told later, as a pipe does.
        setImmediate(() => stdout.emit(written < 3 ? 'drain' : 'error', new Error('EPIPE')));
        return false;
      },
    });
    const rows = async () => {
      asked += 1;
      return { rows: [{ atMs: 0 }], next: 'more', unopened: 0 };
    };
    vi.spyOn(process, 'stdout', 'get').mockReturnValue(stdout as never);
    try {
      await logExport({ log: { rows } } as never, {}, { open: false });
    } finally {
      vi.restoreAllMocks();
    }
    expect([asked, stdout.listenerCount('error')]).toEqual([3, 0]);
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
    expect(await ok('cache', 'purge', '--all')).toContain('would be removed. Add --yes to remove it.');
    expect(await ok('cache', 'purge', '--all', '--yes')).toContain('1 file, 1 B, removed');
    expect(await ok('cache', 'list')).toContain('(none)');
    expect((await run('cache', 'purge')).code).toBe(2);
    expect((await run('cache', 'purge', '--sha256', 'zz')).stderr).toContain('64 hex digits');
  });
});
