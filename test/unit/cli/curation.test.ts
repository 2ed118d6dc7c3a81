/** Facts and curation by commands, each a process of its own: feeds, names, licenses, OpenVEX, labels, and why. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cheapenPassphrase } from '../../support/cheap-passphrase.ts';
import { osvRecord } from '../../support/feed-folder.ts';
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
const file = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};
/** The hash by which a plan is applied. */
const hashIn = (plan: string): string => /--expect (\S+)/.exec(plan)?.[1] ?? '';

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-cli-curation-'));
  writeFileSync(join(dir, 'passphrase'), `${passphrase}\n`, { mode: 0o600 });
  await ok('init', '--organization', 'Acme', '--operator', 'Ada');
  await cheapenPassphrase(join(dir, 'data'), passphrase);
  const osv = join(dir, 'osv');
  mkdirSync(osv);
  writeFileSync(join(osv, 'PYSEC-2026-1.json'), JSON.stringify(osvRecord('PYSEC-2026-1')));
  const page = join(dir, 'packages', 'demo');
  mkdirSync(page, { recursive: true });
  for (const version of ['1.0', '2.0'])
    writeFileSync(join(page, `demo-${version}-py3-none-any.whl`), 'not read here');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('facts', () => {
  it('are trouble while a feed cannot be read, and none when it was', async () => {
    await ok('facts', 'add', 'osv', '--kind', 'osv', '--folder', 'advisories');
    const before = await run('facts', 'update', 'osv');
    expect(before.code).toBe(1);
    expect(before.stdout).toContain('doesn’t know which folder "advisories" is');
    expect((await run('facts', 'status')).code).toBe(1);
    expect(await ok('folder', 'map', 'advisories', join(dir, 'osv'))).not.toContain('uses this label');
    expect((await run('team', 'list')).stderr).toContain('Feed osv');
    const read = await run('facts', 'update');
    expect([read.code, read.stdout, read.stderr]).toEqual([0, expect.stringContaining('osv'), '']);
    await ok('facts', 'status');
    expect(await ok('advisory', 'list')).toContain('PYSEC-2026-1');
  });
});

describe('a package', () => {
  it('is explained, assessed by OpenVEX, and allowed then', async () => {
    await ok('channel', 'add', 'internal', '--kind', 'pypi', '--folder', join(dir, 'packages'));
    await ok('team', 'add', 'science');
    const policies = file(
      'policies.yaml',
      'policies:\n  - name: safe\n    rules:\n      - type: vulnerabilities\n        liftedBy: [cleared]\n',
    );
    await ok('policy', 'apply', policies, '--expect', hashIn(await ok('policy', 'plan', policies)));
    const denied = await ok('explain', 'pypi:demo==1.0', '--team', 'science', '--env', 'prod');
    // The policy's name once.
    expect(denied).toMatch(/\n +PYSEC-2026-1 \(no score\), fixed in 2\.0 \(policy safe\)\n/);

    const vex = file(
      'vex.json',
      JSON.stringify({
        '@context': 'https://openvex.dev/ns/v0.2.0',
        '@id': 'https://example.com/vex/1',
        author: 'Example',
        timestamp: '2026-11-01T00:00:00Z',
        version: 1,
        statements: [
          {
            vulnerability: { name: 'PYSEC-2026-1' },
            products: [{ '@id': 'pkg:pypi/demo' }],
            status: 'not_affected',
            justification: 'vulnerable_code_not_in_execute_path',
          },
        ],
      }),
    );
    await ok('vex', 'apply', vex, '--expect', hashIn(await ok('vex', 'plan', vex)));
    const allowed = await ok('explain', 'pypi:demo==1.0', '--team', 'science', '--env', 'prod');
    expect(allowed).toContain('allowed in prod');
    const assess = [
      'advisory',
      'assess',
      'PYSEC-2026-99',
      'pypi:demo',
      '--status',
      'active',
      '--reason',
      'later',
    ];
    const refused = await run(...assess);
    expect([refused.code === 0, refused.stderr]).toEqual([
      false,
      expect.stringContaining('No feed knows PYSEC-2026-99'),
    ]);
    expect(await ok(...assess, '--unknown')).toContain('once a feed knows it');
    await ok('vex', 'export', '--out', join(dir, 'out.json'));
    const exported = JSON.parse(readFileSync(join(dir, 'out.json'), 'utf8')) as { statements: object[] };
    expect(exported.statements).toMatchObject([{ status: 'not_affected' }, { status: 'affected' }]);
    expect((await run('vex', 'apply', vex, '--expect', 'f'.repeat(64))).code).not.toBe(0);
  });
});

describe('tables of names and licenses', () => {
  it('are set one by one, and from a file by its plan', async () => {
    await ok('names', 'set', 'acme-tool', 'acme');
    expect(await ok('names', 'list', 'acme', '--own')).toContain('pkg:pypi/acme');
    await ok('licenses', 'set', 'Acme License', 'MIT');
    expect(await ok('licenses', 'list', 'acme')).toContain('MIT');
    await ok('licenses', 'unset', 'Acme License');
    const names = file('names.json', '{"acme-tool":"acme2"}');
    await ok('names', 'apply', names, '--expect', hashIn(await ok('names', 'plan', names)));
    expect(await ok('names', 'list', 'acme-tool')).toContain('acme2');
    await ok('label', 'pypi:demo', 'approved');
  });
});
