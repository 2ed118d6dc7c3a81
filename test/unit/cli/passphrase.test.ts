import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSecret } from '../../../src-main/cli/passphrase.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const read = (source: { file?: string; fd?: string }) => readSecret(source, 'passphrase', '--passphrase');

describe('a passphrase', () => {
  it.each([
    ['correct horse\n', 'correct horse'],
    ['correct horse\r\nsecond line\n', 'correct horse'],
    ['correct horse', 'correct horse'],
    ['zażółć gęślą\n', 'zażółć gęślą'],
    ['\ufeffcorrect horse\r\n', 'correct horse'],
  ])('is the first line (%j) of a file or descriptor', async (text, passphrase) => {
    const file = join(tempDir(), 'passphrase');
    writeFileSync(file, text);
    expect(await read({ file })).toBe(passphrase);
    expect(await read({ fd: String(openSync(file, 'r')) })).toBe(passphrase);
  });

  it.each([
    ['\ufeffzażółć\r\n', 'utf16le'],
    ['\ufeffzażółć', 'utf16le'],
  ] as const)('has no byte-order mark in it, whatever Windows wrote (%j, %s)', async (text, encoding) => {
    const file = join(tempDir(), 'passphrase');
    for (const bytes of [Buffer.from(text, encoding), Buffer.from(text, encoding).swap16()]) {
      writeFileSync(file, bytes);
      expect(await read({ file })).toBe('zażółć');
      expect(await read({ fd: String(openSync(file, 'r')) })).toBe('zażółć');
    }
  });

  it.skipIf(process.platform === 'win32')(
    'comes from a pipe by its first line, whose end need not come',
    async () => {
      const pipe = join(tempDir(), 'pipe');
      execFileSync('mkfifo', [pipe]);
      const writer = openSync(pipe, constants.O_RDWR);
      const reading = read({ fd: String(openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK)) });
      writeSync(writer, 'correct ');
      writeSync(writer, 'horse\n');
      expect(await reading).toBe('correct horse');
      closeSync(writer);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'is not waited for in a pipe given as a file, and the option for pipes is named',
    async () => {
      const file = join(tempDir(), 'pipe');
      execFileSync('mkfifo', [file]);
      await expect(read({ file })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(/is a pipe.*--passphrase-fd/) as string,
      });
    },
  );

  it('is refused when it is empty, missing, a folder, or as large as no passphrase is', async () => {
    const dir = tempDir();
    const file = (name: string, text: string) => {
      writeFileSync(join(dir, name), text);
      return join(dir, name);
    };
    mkdirSync(join(dir, 'folder'));
    const large = file('large', 'x'.repeat(70_000));
    await expect(read({ file: file('empty', '\n') })).rejects.toMatchObject({ code: 'PASSPHRASE_REQUIRED' });
    for (const bad of [join(dir, 'missing'), join(dir, 'folder'), large]) {
      // oxlint-disable-next-line no-await-in-loop
      await expect(read({ file: bad })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
    await expect(read({ fd: String(openSync(large, 'r')) })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    for (const fd of ['x', '-1', '1.5', '987654']) {
      // oxlint-disable-next-line no-await-in-loop
      await expect(read({ fd })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
  });
});
