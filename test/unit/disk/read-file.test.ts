import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  readHead,
  readIfThere,
  readIfThereSync,
  readRegularFile,
  readRegularFileSync,
} from '../../../src-main/disk/read-file.ts';
import { everyFault, faultyDisk } from '../../support/faulty-disk.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const options = { maxBytes: 100 };
const ways = [
  ['at once', async (path: string, more = {}) => readRegularFileSync(path, { ...options, ...more })],
  ['with waiting', (path: string, more = {}) => readRegularFile(path, { ...options, ...more })],
] as const;

describe.each(ways)('reading a file %s', (_name, read) => {
  it('gives all of it', async () => {
    const path = join(tempDir(), 'file');
    writeFileSync(path, 'x'.repeat(100));
    expect((await read(path)).toString()).toBe('x'.repeat(100));
    symlinkSync(path, `${path}-link`);
    expect(await read(`${path}-link`)).toHaveLength(100);
  });

  it('refuses more than the bound, also where the size is not told before', async () => {
    const path = join(tempDir(), 'file');
    writeFileSync(path, 'x'.repeat(101));
    await expect(read(path)).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
      details: { path, maxBytes: 100 },
    });
    if (process.platform === 'linux') {
      await expect(read('/proc/self/status')).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
    }
  });

  it('names a missing file, a missing folder and a forbidden one by the code that was asked for', async () => {
    const missing = join(tempDir(), 'missing', 'file');
    await expect(read(missing)).rejects.toMatchObject({
      code: 'FILE_NOT_READABLE',
      details: { path: missing, reason: 'ENOENT' },
    });
    await expect(read(missing, { code: 'VAULT_UNAVAILABLE' })).rejects.toMatchObject({
      code: 'VAULT_UNAVAILABLE',
    });
  });

  it('reports a failing disk, whichever call fails', async () => {
    const path = join(tempDir(), 'file');
    writeFileSync(path, 'content');
    const { disk, calls } = faultyDisk();
    await read(path, { disk });
    for (const fault of everyFault(calls)) {
      if (fault.code === 'SHORT' || calls[fault.at] === 'close') continue;
      // oxlint-disable-next-line no-await-in-loop
      await expect(read(path, faultyDisk(fault))).rejects.toMatchObject({
        code: 'FILE_NOT_READABLE',
        details: { reason: fault.code },
      });
    }
  });

  it.skipIf(process.platform === 'win32')('refuses a pipe at once, with or without a writer', async () => {
    const path = join(tempDir(), 'pipe');
    execFileSync('mkfifo', [path]);
    const refused = { code: 'FILE_NOT_REGULAR', details: { path, kind: 'pipe' } };
    await expect(read(path)).rejects.toMatchObject(refused);
    const fd = openSync(path, constants.O_RDWR);
    try {
      await expect(read(path)).rejects.toMatchObject(refused);
    } finally {
      closeSync(fd);
    }
  });

  it.skipIf(process.platform === 'win32')(
    'refuses a pipe that took the file’s place after the first look',
    async () => {
      const path = join(tempDir(), 'pipe');
      execFileSync('mkfifo', [path]);
      const { disk } = faultyDisk();
      const file = join(tempDir(), 'file');
      writeFileSync(file, '');
      const fooled = {
        sync: { ...disk.sync, stat: () => disk.sync.stat(file) },
        async: { ...disk.async, stat: () => disk.async.stat(file) },
      };
      await expect(read(path, { disk: fooled })).rejects.toMatchObject({ code: 'FILE_NOT_REGULAR' });
    },
  );

  it.skipIf(process.platform === 'win32')('refuses a device, a folder and a socket', async () => {
    const dir = tempDir();
    mkdirSync(join(dir, 'folder'));
    const server: Server = createServer().listen(join(dir, 'socket'));
    await once(server, 'listening');
    try {
      for (const [path, kind] of [
        ['/dev/zero', 'device'],
        [join(dir, 'folder'), 'folder'],
        [join(dir, 'socket'), 'socket'],
      ] as const) {
        // oxlint-disable-next-line no-await-in-loop
        await expect(read(path)).rejects.toMatchObject({ code: 'FILE_NOT_REGULAR', details: { path, kind } });
      }
    } finally {
      server.close();
    }
  });

  it('refuses a symbolic link where that was asked for', async () => {
    const path = join(tempDir(), 'file');
    writeFileSync(path, 'content');
    symlinkSync(path, `${path}-link`);
    await expect(read(`${path}-link`, { refuseLink: true })).rejects.toMatchObject({
      code: 'FILE_NOT_REGULAR',
      details: { kind: 'symbolic link' },
    });
    expect((await read(path, { refuseLink: true })).toString()).toBe('content');
  });
});

describe('reading', () => {
  it('tells a missing file from one that cannot be read', async () => {
    const dir = tempDir();
    expect(readIfThereSync(join(dir, 'missing'), options)).toBeUndefined();
    expect(await readIfThere(join(dir, 'missing'), options)).toBeUndefined();
    expect(() => readIfThereSync(dir, options)).toThrow(/folder/);
    await expect(readIfThere(dir, options)).rejects.toThrow(/folder/);
  });

  it('gives the head and the size of a large file', async () => {
    const path = join(tempDir(), 'file');
    writeFileSync(path, 'x'.repeat(5000));
    const { bytes, sizeBytes } = await readHead(path, options);
    expect([bytes.length, sizeBytes]).toEqual([100, 5000]);
  });
});
