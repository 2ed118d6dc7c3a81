import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { completionScripts, shells } from '../../../src-main/cli/completion-scripts.ts';
import { cliFile, runCli } from '../../support/run-cli.ts';

vi.setConfig({ testTimeout: 60_000 });
let dir: string;
let env: NodeJS.ProcessEnv;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-completion-'));
  // The command as a user has it, by its name.
  writeFileSync(join(dir, 'latchkey'), `#!/bin/sh\nexec "${process.execPath}" "${cliFile}" "$@"\n`);
  chmodSync(join(dir, 'latchkey'), 0o755);
  env = { ...process.env, PATH: `${dir}${delimiter}${process.env['PATH'] ?? ''}` };
  for (const shell of shells) writeFileSync(join(dir, `script.${shell}`), completionScripts[shell]);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const has = (program: string): boolean => spawnSync(program, ['-c', 'exit 0']).status === 0;
const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');

/** What a shell offers for the last of these words. */
const offers: Readonly<Record<'bash' | 'zsh' | 'fish', (words: readonly string[]) => readonly string[]>> = {
  bash: (words) =>
    run('bash', [
      '-c',
      `compopt() { echo FILES; }; source script.bash; COMP_WORDS=(latchkey ${quoted(words)}); COMP_CWORD=${words.length}; _latchkey; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ]),
  zsh: (words) =>
    run('zsh', [
      '-f',
      '-c',
      `compdef() { }; _files() { print FILES }; _describe() { print -rl -- "\${(@P)2%%:*}" }; source script.zsh; words=(latchkey ${quoted(words)}); CURRENT=${words.length + 1}; _latchkey`,
    ]).map((line) => line.replace(/(?<!\\):.*$/, '')),
  fish: (words) =>
    run('fish', ['--no-config', '-c', `source script.fish; complete -C 'latchkey ${words.join(' ')}'`]).map(
      (line) => line.split('\t')[0] ?? '',
    ),
};

function run(program: string, args: readonly string[]): readonly string[] {
  const done = spawnSync(program, args, { cwd: dir, env, encoding: 'utf8' });
  expect(done.stderr).toBe('');
  return done.stdout.split('\n').filter((line) => line !== '');
}

describe.each(['bash', 'zsh', 'fish'] as const)('completion in %s', (shell) => {
  describe.skipIf(!has(shell))('as it is run', () => {
    it.each<[readonly string[], readonly string[]]>([
      [['tok'], ['token']],
      [['token', 're'], ['revoke']],
      [['token', 'list', '--rev'], ['--reverse']],
      [
        ['token', 'list', '--state', 'exp'],
        ['expired', 'expiring'],
      ],
      [['completion', 'po'], ['powershell']],
    ])('%j', (words, expected) => {
      expect([...offers[shell](words)].toSorted()).toEqual(expected);
    });

    it('offers files where a file may stand', () => {
      const offered = offers[shell](['import', '--tokens', '']);
      // bash and zsh say so to the stand-ins; fish lists them.
      expect(offered).toEqual(shell === 'fish' ? expect.arrayContaining(['latchkey']) : ['FILES']);
    });

    it('runs nothing that stands on the line', () => {
      offers[shell](['token', 'issue', '--note', `$(touch ${join(dir, 'was-run')})`, '--te']);
      offers[shell](['token', 'issue', '`touch was-run`', '']);
      expect(existsSync(join(dir, 'was-run'))).toBe(false);
    });
  });
});

describe('completion', () => {
  it('prints the script of a shell, and names the shells that there are', async () => {
    for (const shell of shells) {
      // oxlint-disable-next-line no-await-in-loop
      expect((await runCli(['completion', shell])).stdout, shell).toBe(completionScripts[shell]);
    }
    const wrong = await runCli(['completion', 'tcsh']);
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toContain('Choose from: bash, zsh, fish, powershell.');
  });

  it('gives PowerShell a script whose brackets and quotes close', () => {
    const text = completionScripts.powershell.replace(/^#.*$/gm, '').replace(/'[^']*'|"(?:`.|[^"`])*"/g, '');
    expect(text).not.toMatch(/['"]/);
    const open: string[] = [];
    const pairs: Readonly<Record<string, string>> = { ')': '(', '}': '{', ']': '[' };
    for (const char of text) {
      if ('({['.includes(char)) open.push(char);
      else if (char in pairs) expect(open.pop()).toBe(pairs[char]);
    }
    expect(open).toEqual([]);
    expect(text).toContain('Register-ArgumentCompleter -Native -CommandName latchkey');
  });
});
