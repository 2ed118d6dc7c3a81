import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { secret } from '../exports/input.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-doctor-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const cli = join(import.meta.dirname, '..', '..', '..', 'dist', 'main', 'cli.cjs');
/** The built command, with nothing of this computer but the file. */
const doctor = (path: string) => {
  const ran = spawnSync(process.execPath, [cli, 'doctor', '--no-try', '--alone', path], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: ran.status, said: ran.stdout + ran.stderr };
};

const wrong: readonly (readonly [what: string, make: (path: string) => void, said: RegExp])[] = [
  ['a FIFO', (path) => execFileSync('mkfifo', [path]), /FILE_NOT_REGULAR/],
  ['a link to a device', (path) => symlinkSync('/dev/zero', path), /FILE_NOT_REGULAR/],
  ['a link to itself', (path) => symlinkSync(path, path), /FILE_NOT_READABLE/],
  ['a huge file', (path) => writeFileSync(path, 'x'.repeat(70_000)), /FILE_TOO_LARGE/],
  ['UTF-16', (path) => writeFileSync(path, `\ufeff[global]\nx = ${secret}\n`, 'utf16le'), /not UTF-8 text/],
  ['binary', (path) => writeFileSync(path, Buffer.from([0x5b, 0, 0x5d, 0x0a])), /not UTF-8 text/],
  ['Latin-1', (path) => writeFileSync(path, Buffer.from('# caf\u00e9\n', 'latin1')), /not UTF-8 text/],
];

it.each(wrong)('doctor refuses %s in a sentence, without repeating it', (what, make, said) => {
  const path = join(dir, `${what.replaceAll(' ', '-')}.pip.conf`);
  make(path);
  const ran = doctor(path);
  expect(ran.said).toMatch(said);
  expect(ran.said).not.toContain(secret.slice(12));
  expect(ran.said).not.toMatch(/^ {4}at /m);
  expect(ran.code).not.toBe(0);
});

it('doctor follows a link to a file, as clients do', () => {
  writeFileSync(join(dir, 'real'), `[global]\nindex-url = https://lk:${secret}@gw.example/pypi/a/simple/\n`);
  const path = join(dir, 'pip.conf');
  symlinkSync(join(dir, 'real'), path);
  const { said } = doctor(path);
  expect(said).toContain('https://lk:lk-01234567-****@gw.example/pypi/a/simple/');
  expect(said).not.toContain(secret.slice(12));
});
