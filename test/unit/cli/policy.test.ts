import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../support/run-cli.ts';

/** Each command is a process of its own that derives a key. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let dir: string;
let policies: string;
let tests: string;
const nowhere = () => ({ env: { LATCHKEY_DATA_DIR: join(dir, 'nothing') } });
const alone = (...args: string[]) => runCli(args, nowhere());
const unlocked = (...args: string[]) =>
  runCli(['--passphrase-file', join(dir, 'passphrase'), ...args], {
    env: { LATCHKEY_DATA_DIR: join(dir, 'data') },
  });
const ok = async (...args: string[]): Promise<string> => {
  const ran = await unlocked(...args);
  expect([args, ran.code, ran.stderr]).toEqual([args, 0, '']);
  return ran.stdout;
};

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-cli-policy-'));
  policies = join(dir, 'policies.yaml');
  tests = join(dir, 'tests.yaml');
  writeFileSync(join(dir, 'passphrase'), 'correct horse battery staple\n', { mode: 0o600 });
  writeFileSync(
    policies,
    [
      'policies:',
      '  - name: young',
      '    environments: [prod]',
      '    rules:',
      '      - type: age',
      '        minDays: 7',
      '        unknown: deny',
      '',
    ].join('\n'),
  );
  writeFileSync(
    tests,
    [
      'now: 2026-01-31',
      'tests:',
      '  - name: a fresh release waits',
      '    package: pypi:requests==2.32.0',
      '    team: science',
      '    environment: prod',
      '    channel: main',
      '    published: 2026-01-30',
      '    expect: deny',
      '    by: young',
      '  - package: conda:numpy==2.1.0',
      '    team: science',
      '    environment: prod',
      '    channel: main',
      '    published: 2026-01-01',
      '    expect: allow',
      '',
    ].join('\n'),
  );
  await ok('init', '--organization', 'Acme', '--operator', 'Ada');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('files of policies, without a vault', () => {
  it('are checked: fine, and wrong with file, line and what to do', async () => {
    expect(await alone('policy', 'lint', policies)).toEqual({
      code: 0,
      stdout: `${policies}: 1 policy, no problems.\n`,
      stderr: '',
    });
    const wrong = join(dir, 'wrong.yaml');
    writeFileSync(wrong, 'policies:\n  - name: p\n    rules:\n      - type: labels\n');
    expect(await alone('policy', 'lint', wrong)).toEqual({
      code: 1,
      stdout: `${wrong}:4: error: Policy p, rule 1: This rule denies nothing yet. Give it a condition, or remove it.\n`,
      stderr: `latchkey: ${wrong} has 1 problem. (POLICY_INVALID)\n`,
    });
    writeFileSync(wrong, 'policies:\n  - name: p\n    rules:\n      - type: age\n        minDay: 7\n');
    const unreadable = await alone('policy', 'lint', wrong);
    expect([unreadable.code, unreadable.stderr]).toEqual([
      1,
      `latchkey: ${wrong}:5: "minDay" is not known here. Did you mean "minDays"? (POLICY_INVALID)\n`,
    ]);
    const json = await alone('--json', 'policy', 'lint', wrong);
    expect(JSON.parse(json.stderr)).toMatchObject({
      error: { code: 'POLICY_INVALID', details: { line: 5 } },
    });
  });

  it('are tested: passed, and failed with what was expected and why', async () => {
    expect(await alone('policy', 'test', policies, tests)).toEqual({
      code: 0,
      stdout: '2 tests passed.\n',
      stderr: '',
    });
    const failing = join(dir, 'failing.yaml');
    writeFileSync(
      failing,
      readFileSync(tests, 'utf8').replace('expect: deny', 'expect: allow').replace('    by: young\n', ''),
    );
    expect(await alone('policy', 'test', policies, failing)).toEqual({
      code: 1,
      stdout: `${failing}:3: a fresh release waits: expected allow, got deny by young\n    published on 2026-01-30, less than 7 days ago (policy young)\n`,
      stderr: 'latchkey: 1 of 2 tests failed. (POLICY_TESTS_FAILED)\n',
    });
    const json = await alone('--json', 'policy', 'test', policies, failing);
    expect(JSON.parse(json.stdout)).toMatchObject({
      total: 2,
      failed: 1,
      tests: [{ line: 3, passed: false, effect: 'deny', deniedBy: ['young'] }, { passed: true }],
    });
    const missing = await alone('policy', 'test', policies, join(dir, 'none.yaml'));
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('FILE_NOT_READABLE')]);
  });
});

describe('policies of an organization', () => {
  it('are planned and applied from a file, and exported, rolled back and shown', async () => {
    const plan = await ok('policy', 'plan', policies);
    const hash = /--expect ([0-9a-f]{32})$/m.exec(plan)?.[1] ?? '';
    expect(plan).toBe(
      `+ young\n    + environments: prod\n    + packages are denied if they were published less than 7 days ago (also if nobody knows when)\nApply it with: latchkey policy apply ${policies} --expect ${hash}\n`,
    );
    expect(await ok('policy', 'diff', policies)).toContain('+ young');
    const stale = await unlocked('policy', 'apply', policies, '--expect', '0'.repeat(32));
    expect([stale.code, stale.stderr]).toEqual([1, expect.stringContaining('POLICY_PLAN_STALE')]);
    expect((await unlocked('policy', 'apply', policies)).code).toBe(2);
    expect(await ok('policy', 'apply', policies, '--expect', hash)).toContain('Applied: 1 policy changed.');
    expect(await ok('policy', 'diff', policies)).toBe('Nothing would change.\n');

    const out = join(dir, 'out.yaml');
    expect(await ok('policy', 'export', '--out', out)).toBe(`Wrote 1 policy to ${out}.\n`);
    expect(await ok('policy', 'export')).toBe(readFileSync(out, 'utf8'));
    expect(await ok('policy', 'diff', out)).toBe('Nothing would change.\n');

    await ok('policy', 'set', 'young', '--max-days', '30', '--style', 'refuse');
    const shown = await ok('policy', 'show', 'young');
    expect(shown).toBe(
      'young (enforce, refuse, layer environment, version 2)\nIn prod, for all teams: tokens last at most 30 days. Packages are refused at download if they were published less than 7 days ago (also if nobody knows when).\n',
    );
    const history = await ok('policy', 'history', 'young');
    expect(history).toMatch(
      /^2 {2}\S+ \S+( UTC)? {2}Ada\n {4}~ style: hide → refuse\n {4}\+ tokens last at most 30 days\n1 {2}/,
    );
    expect(await ok('policy', 'rollback', 'young')).toContain(
      'Policy young is again as in version 1 (now version 3).',
    );
    expect((await unlocked('policy', 'show', 'nobody')).code).toBe(4);
  });

  it('begin with a template, of which one makes two', async () => {
    const listed = await ok('policy', 'templates');
    expect(listed).toMatch(/^block-malware +block-malware +In all environments/m);
    expect(await ok('policy', 'templates', '--use', 'block-malware')).toBe(
      'Added block-malware, watch-the-rest.\n',
    );
    const unknown = await unlocked('policy', 'templates', '--use', 'strictest');
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('production-strict')]);
  });

  it('are asked about a package by its name', async () => {
    const wrong = await unlocked('explain', 'numpy>=2');
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('"numpy>=2" names no package. Write conda:numpy'),
    ]);
    expect((await unlocked('explain', 'pypi:requests', '--team', 'nobody')).code).toBe(4);
  });
});
