import { existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, makeFolderSync } from '../../../src-main/disk/make-folder.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

describe.each([
  ['with waiting', makeFolder],
  ['at once', async (path: string) => makeFolderSync(path)],
])('a folder, made %s', (_how, make) => {
  it('comes with those around it, for its owner alone, and may be there already', async () => {
    const around = join(tempDir(), 'a');
    const path = join(around, 'b', 'c');
    await make(path);
    await make(path);
    expect(statSync(path).isDirectory()).toBe(true);
    if (process.platform !== 'win32') expect(statSync(around).mode & 0o777).toBe(0o700);
  });

  it('may be behind a link', async () => {
    const dir = tempDir();
    symlinkSync(tempDir(), join(dir, 'link'), 'dir');
    await make(join(dir, 'link'));
    await make(join(dir, 'link', 'a', 'b'));
    expect(existsSync(join(dir, 'link', 'a', 'b'))).toBe(true);
  });

  it('is refused where a file stands', async () => {
    const file = join(tempDir(), 'file');
    writeFileSync(file, '');
    await expect(make(file)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(make(join(file, 'a', 'b'))).rejects.toMatchObject({ syscall: 'mkdir' });
  });

  it.runIf(process.platform === 'linux')('is refused where there is no place for one', async () => {
    await expect(make('/proc/.config/Latchkey')).rejects.toMatchObject({ code: 'ENOENT', syscall: 'mkdir' });
  });
});
