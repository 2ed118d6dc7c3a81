import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Disk } from '../../../src-main/disk/operations.ts';
import { systemDisk } from '../../../src-main/disk/operations.ts';
import type { LogBackend, Lost } from '../../../src-main/vault/backend.ts';
import { openFileBackend } from '../../../src-main/vault/file-backend.ts';
import { systemError } from '../../support/faulty-disk.ts';
import { lineOf, linesOf, readAll, textsOf } from '../../support/log-lines.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const opened: LogBackend[] = [];
let told: string[] = [];
beforeEach(() => {
  told = [];
});
afterEach(async () => {
  for (const backend of opened.splice(0)) await backend.close();
});

/** A log of three lines that this process has read and follows. */
async function followed(disk: Disk = systemDisk) {
  const dir = tempDir();
  const path = join(dir, 'vault.log');
  await openFileBackend(dir).append(0, linesOf(3), 'head');
  const backend = openFileBackend(dir, { disk });
  opened.push(backend);
  await readAll(backend);
  follow(backend);
  return { dir, path, backend };
}

function follow(backend: LogBackend): () => void {
  return backend.watch({
    onAppend: () => told.push('append'),
    onLost: (how: Lost) => told.push(how),
  });
}

const waitLong = { timeout: 10_000, interval: 20 };
const aWhile = (ms = 1_000) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a watch of the log file', () => {
  it('says nothing while nothing happens, nor for what is written beside the log', async () => {
    const { dir } = await followed();
    writeFileSync(join(dir, 'vault.json'), '{}');
    await aWhile();
    expect(told).toEqual([]);
  });

  it('sees a log that is made after it began', async () => {
    const dir = tempDir();
    const backend = openFileBackend(dir);
    opened.push(backend);
    follow(backend);
    await aWhile(400);
    await openFileBackend(dir).append(0, linesOf(1), 'head');
    await expect.poll(() => told, waitLong).toEqual(['append']);
  });

  it('goes on where the folder itself cannot be watched, as it is not there yet', async () => {
    const dir = join(tempDir(), 'later');
    const backend = openFileBackend(dir);
    opened.push(backend);
    follow(backend);
    await openFileBackend(dir).append(0, linesOf(1), 'head');
    await expect.poll(() => told, waitLong).toEqual(['append']);
  });

  it('tells of an append once, and again after a while if nobody reads it', async () => {
    const { path, backend } = await followed();
    appendFileSync(path, `${lineOf('more')}\n`);
    await expect.poll(() => told, waitLong).toEqual(['append']);
    await aWhile();
    expect(told).toEqual(['append']);
    await expect.poll(() => told, waitLong).toEqual(['append', 'append']);
    await readAll(backend, { seq: 3 });
    appendFileSync(path, `${lineOf('even more')}\n`);
    await expect.poll(() => told, waitLong).toEqual(['append', 'append', 'append']);
  }, 30_000);

  it('is not confused by a line that is written in parts, nor by a crash that is mended', async () => {
    const { path, dir, backend } = await followed();
    const line = lineOf('slow');
    appendFileSync(path, line.slice(0, 50));
    await expect.poll(() => told, waitLong).toEqual(['append']);
    expect(await textsOf(backend, { seq: 3 })).toEqual([]);
    appendFileSync(path, `${line.slice(50)}\n`);
    await vi.waitFor(async () => expect(await textsOf(backend, { seq: 3 })).toEqual([line]));
    appendFileSync(path, lineOf('torn').slice(0, 70));
    await aWhile(500);
    await openFileBackend(dir).append(4, [lineOf('next')], 'head');
    await vi.waitFor(async () => expect(await textsOf(backend, { seq: 4 })).toEqual([lineOf('next')]));
    await aWhile(500);
    expect(new Set(told)).toEqual(new Set(['append']));
  });

  it('does not call a last line lost when only its newline is cut', async () => {
    const { path } = await followed();
    truncateSync(path, readFileSync(path).length - 1);
    await aWhile();
    expect(told.filter((word) => word !== 'append')).toEqual([]);
  });

  it('says that the log was moved away, and that it is back', async () => {
    const { path, backend } = await followed();
    renameSync(path, `${path}.away`);
    await expect.poll(() => told, waitLong).toEqual(['gone']);
    await aWhile();
    renameSync(`${path}.away`, path);
    await expect.poll(() => told, waitLong).toEqual(['gone', 'append']);
    appendFileSync(path, `${lineOf('more')}\n`);
    await expect.poll(() => told, waitLong).toEqual(['gone', 'append', 'append']);
    expect(await textsOf(backend, { seq: 3 })).toEqual([lineOf('more')]);
  });

  it('says that the whole folder was moved away, and that it is back', async () => {
    const { dir } = await followed();
    renameSync(dir, `${dir}.away`);
    await expect.poll(() => told, waitLong).toEqual(['gone']);
    renameSync(`${dir}.away`, dir);
    await expect.poll(() => told, waitLong).toEqual(['gone', 'append']);
  });

  it('says that whole last lines were cut, and that they are back', async () => {
    const { path } = await followed();
    const whole = readFileSync(path);
    truncateSync(path, whole.indexOf('\n') + 1);
    await expect.poll(() => told, waitLong).toEqual(['shorter']);
    await aWhile();
    expect(told).toEqual(['shorter']);
    writeFileSync(path, whole);
    await vi.waitFor(() => expect(told.at(-1)).toBe('append'), { timeout: 5_000 });
  });

  it('says that another file was put in its place, and to look at it if it begins alike', async () => {
    const { path } = await followed();
    copyFileSync(path, `${path}.copy`);
    appendFileSync(`${path}.copy`, `${lineOf('more')}\n`);
    renameSync(`${path}.copy`, path);
    await expect.poll(() => told, waitLong).toEqual(['replaced', 'append']);
  });

  it('says that another text of the same size was put in its place', async () => {
    const { path } = await followed();
    writeFileSync(
      path,
      linesOf(3, 'o')
        .map((line) => `${line}\n`)
        .join(''),
    );
    await vi.waitFor(() => expect(told).toContain('replaced'), { timeout: 5_000 });
    await aWhile();
    expect(told.at(-1)).toBe('replaced');
  });

  it('says that a folder was put in its place', async () => {
    const { path } = await followed();
    rmSync(path);
    mkdirSync(path);
    await vi.waitFor(() => expect(told.at(-1)).toBe('unreadable'), { timeout: 5_000 });
  });

  it('says that the disk does not hand it out, once, and that it does again', async () => {
    let isBroken = false;
    const stat: Disk['async']['stat'] = async (path) => {
      if (isBroken) throw systemError('EIO', 'stat');
      return systemDisk.async.stat(path);
    };
    await followed({ ...systemDisk, async: { ...systemDisk.async, stat } });
    isBroken = true;
    await expect.poll(() => told, waitLong).toEqual(['unreadable']);
    await aWhile();
    isBroken = false;
    await expect.poll(() => told, waitLong).toEqual(['unreadable', 'append']);
  });

  it('ends when it is told to, also while it looks', async () => {
    const { path, backend } = await followed();
    await backend.close();
    rmSync(path);
    await aWhile();
    expect(told).toEqual([]);
  });
});
