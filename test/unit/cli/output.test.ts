import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LatchkeyError } from '../../../shared/errors.ts';
import { print, printError, printNotice, formatTable } from '../../../src-main/cli/output.ts';

const written = { stdout: '', stderr: '' };
beforeEach(() => {
  Object.assign(written, { stdout: '', stderr: '' });
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    });
  }
});

describe('the command line', () => {
  it('lines its columns up whatever a name holds', () => {
    expect(
      formatTable(
        ['NAME', 'NOTE'],
        [
          ['gpj.\u202eexe', 'a\nb'],
          ['web', ''],
        ],
      ),
    ).toBe('NAME             NOTE\ngpj.\\u{202e}exe  a\\u{a}b\nweb\n');
  });

  it('prints no text raw that could steer the terminal', () => {
    print(false, undefined, 'Team \u001b[2Jweb\nadded.');
    expect(written.stdout).toBe('Team \\u{1b}[2Jweb\nadded.\n');
  });

  it('prints JSON with the same values and nothing unprintable', () => {
    print(true, { name: 'a\u202e\u009bb' }, '');
    expect(written.stdout).toBe('{\n  "name": "a\\u202e\\u009bb"\n}\n');
    expect(JSON.parse(written.stdout)).toEqual({ name: 'a\u202e\u009bb' });
  });

  it('writes to the terminal at one place only', () => {
    const room = join(import.meta.dirname, '..', '..', '..', 'src-main', 'cli');
    const writers = readdirSync(room).filter((name) =>
      /process\.(stdout|stderr)\.write|console\./.test(readFileSync(join(room, name), 'utf8')),
    );
    expect(writers).toEqual(['output.ts']);
  });

  it('lines up as many rows as there are', () => {
    const rows = Array.from({ length: 300_000 }, () => ['a']);
    expect(formatTable(['NAME'], rows)).toHaveLength('NAME\n'.length + 2 * rows.length);
  });

  it('keeps an error and a notice on one line', () => {
    printError(false, new LatchkeyError('NOT_FOUND', 'No team "a\nlatchkey: done\u2028".'));
    printNotice('one\rtwo');
    expect(written.stderr).toBe(
      'latchkey: No team "a\\u{a}latchkey: done\\u{2028}". (NOT_FOUND)\none\\u{d}two\n',
    );
  });
});
