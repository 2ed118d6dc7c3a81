/** What the command line asks on a terminal: a real pseudo-terminal, whose keys a script presses. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Step } from '../support/on-a-terminal.ts';
import { keys, onTerminal } from '../support/on-a-terminal.ts';
import { runCli } from '../support/run-cli.ts';

const passphrase = 'quiet-otter-lantern-83-brick';
let dir: string;
let env: Record<string, string>;

/** Every prompt of `token issue`, in order, with what answers it. */
const answers: readonly Step[] = [
  ['Passphrase: ', `${passphrase}${keys.enter}`],
  ['Who or what uses it?', `Grace Hopper${keys.enter}`],
  ['What is it?', keys.enter],
  ['For which team?', keys.enter],
  ['In which environment?', keys.enter],
  ['Which channels?', `${keys.space}${keys.enter}`],
];
const log = (): string => readFileSync(join(dir, 'data', 'vault.log'), 'utf8');
const byPassphrase = (...args: string[]) =>
  runCli(['--passphrase-file', '-', ...args], { env, stdin: `${passphrase}\n` });

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-terminal-'));
  env = { LATCHKEY_DATA_DIR: join(dir, 'data'), LATCHKEY_STATE_DIR: join(dir, 'state') };
  mkdirSync(join(dir, 'state'), { mode: 0o700 });
  mkdirSync(join(dir, 'wheels'));
  const channel = ['--kind', 'pypi', '--folder', join(dir, 'wheels'), '--env', 'dev'];
  for (const args of [
    ['init', '--organization', 'Acme', '--operator', 'Ada'],
    ['team', 'add', 'science'],
    ['channel', 'add', 'internal', ...channel],
  ]) {
    // One change after the other.
    // oxlint-disable-next-line no-await-in-loop
    const ran = await byPassphrase(...args);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
  }
});
afterAll(async () => {
  await runCli(['lock'], { env });
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
});

describe('token issue without arguments, on a terminal', () => {
  it('asks for all of it, shows no passphrase, and prints the secret alone on stdout', async () => {
    const ran = await onTerminal(['token', 'issue', '--secret-only'], answers, env);
    expect(ran).toMatchObject({ code: 0, missed: [] });
    expect(ran.stdout).toMatch(/^lk-[0-9A-Za-z]{8}-[0-9A-Za-z]{38}\n$/);
    expect(ran.screen).not.toContain(passphrase);
    expect(ran.screen).not.toContain(ran.stdout.trim());
    const listed = await byPassphrase('--json', 'token', 'list');
    expect(JSON.parse(listed.stdout)).toMatchObject({
      holder: { kind: 'person', name: 'Grace Hopper' },
      teamName: 'science',
      environmentName: 'dev',
      channelNames: ['internal'],
    });
  });

  it.each([
    ['Ctrl+C', keys.ctrlC],
    ['Ctrl+D', keys.ctrlD],
  ])('ends with %s in place of the passphrase', async (_name, key) => {
    const ran = await onTerminal(['token', 'issue'], [['Passphrase: ', key]], env);
    expect(ran).toMatchObject({ code: 1, stdout: '', missed: [] });
    expect(ran.screen).toContain('Cancelled.');
  });

  it('issues nothing when it is cancelled, at whichever prompt', async () => {
    expect((await byPassphrase('unlock')).code).toBe(0);
    const before = log();
    const questions = answers.slice(1);
    for (const [at, [shown]] of questions.entries()) {
      // One after the other: each has the terminal.
      // oxlint-disable-next-line no-await-in-loop
      const ran = await onTerminal(['token', 'issue'], [...questions.slice(0, at), [shown, keys.ctrlC]], env);
      expect(ran, shown).toMatchObject({ code: 1, stdout: '', missed: [] });
      expect(ran.screen, shown).toContain('Cancelled. Nothing was issued.');
    }
    expect(log()).toBe(before);
  });
});

describe('init on a terminal', () => {
  it('asks for the passphrase twice, and makes nothing when the two differ', async () => {
    const dataDir = join(dir, 'other');
    const ran = await onTerminal(
      ['--data-dir', dataDir, 'init', '--organization', 'Acme', '--operator', 'Ada'],
      [
        ['New passphrase: ', `${passphrase}${keys.enter}`],
        ['Same passphrase again: ', `${passphrase}!${keys.enter}`],
      ],
      env,
    );
    expect(ran).toMatchObject({ code: 2, stdout: '', missed: [] });
    expect(ran.screen).toContain('The passphrases don’t match. Nothing was created. Start again.');
    expect(ran.screen).not.toContain(passphrase);
    expect(existsSync(join(dataDir, 'vault.log'))).toBe(false);
  });
});
