import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../shared/contract/settings-views.ts';
import { settings as settingsSchema } from '../../../shared/contract/settings-views.ts';
import { LatchkeyError } from '../../../shared/errors.ts';
import type { OpenJsonFile } from '../../../src-main/services/settings-store.ts';
import { openSettings } from '../../../src-main/services/settings-store.ts';
import { everyFault, faultyDisk, systemError } from '../../support/faulty-disk.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const standard = settingsSchema.parse({});
const changed: Settings = { ...standard, idleLockMinutes: 42, gateway: { ...standard.gateway, port: 9000 } };
const file = (dir: string) => join(dir, 'settings.json');
const json = (dir: string) => JSON.parse(readFileSync(file(dir), 'utf8')) as Record<string, unknown>;

function dirWith(content: string | object | undefined): string {
  const dir = tempDir();
  if (content !== undefined)
    writeFileSync(file(dir), typeof content === 'string' ? content : JSON.stringify(content));
  return dir;
}

/** A store of which the disk takes what `write` lets through. */
const storeThat =
  (write: (path: string, text: string) => void): OpenJsonFile =>
  (dir, name) => ({
    get store() {
      return json(dir);
    },
    set store(value: Record<string, unknown>) {
      write(join(dir, `${name}.json`), JSON.stringify(value));
    },
  });
const honest = storeThat((path, text) => writeFileSync(path, text));

describe('the settings', () => {
  it('are the standard ones without a file, and reading makes none', () => {
    const dir = join(tempDir(), 'missing');
    const store = openSettings(dir);
    expect(store.read()).toEqual(standard);
    expect(store.problems()).toEqual([]);
    expect(() => readdirSync(dir)).toThrow('ENOENT');
  });

  it('are what was written, for their owner alone, and nothing is left beside them', () => {
    const dir = join(tempDir(), 'data');
    const store = openSettings(dir);
    store.write(standard);
    store.write(changed);
    expect(store.read()).toEqual(changed);
    expect(openSettings(dir).read()).toEqual(changed);
    expect(readdirSync(dir)).toEqual(['settings.json']);
    expect(statSync(file(dir)).mode & 0o777).toBe(0o600);
  });

  it('keep members of a newer version', () => {
    const dir = dirWith({ idleLockMinutes: 5, later: { x: 1 } });
    openSettings(dir).write(changed);
    expect(json(dir)).toMatchObject({ idleLockMinutes: 42, later: { x: 1 } });
    expect(openSettings(dir).read()).toEqual(changed);
  });

  it('count field by field: what is valid stays, and the rest is named, and kept when they are saved', () => {
    const dir = dirWith({
      idleLockMinutes: 7,
      colorScheme: 'pink',
      gateway: { port: 'x', host: '::1' },
      updates: 3,
    });
    const store = openSettings(dir);
    const read = store.read();
    expect(read).toEqual({ ...standard, idleLockMinutes: 7, gateway: { ...standard.gateway, host: '::1' } });
    const [problem, ...more] = store.problems();
    expect(more).toEqual([]);
    for (const name of ['colorScheme', 'gateway.port', 'updates']) expect(problem).toContain(name);
    expect(problem).not.toContain('gateway.host');
    store.write(read);
    expect(JSON.parse(readFileSync(`${file(dir)}.damaged-1`, 'utf8'))).toMatchObject({ colorScheme: 'pink' });
    store.read();
    expect(store.problems()).toEqual([]);
    expect(readdirSync(dir).toSorted()).toEqual(['settings.json', 'settings.json.damaged-1']);
  });

  const deep = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
  it.each(['', '{"idleLockMinutes": 7', '\0\0\0\0', '[]', 'null', '"text"', deep])(
    'put a file that is not a JSON object (%j), or nests without end, aside, and say so',
    (text) => {
      const dir = dirWith(text);
      const store = openSettings(dir);
      expect(store.read()).toEqual(standard);
      expect(readFileSync(`${file(dir)}.damaged-1`, 'utf8')).toBe(text);
      expect(store.problems()).toEqual([expect.stringContaining(`${file(dir)}.damaged-1`)]);
      store.read();
      expect(store.problems()).toHaveLength(1);
      store.write(changed);
      expect(store.read()).toEqual(changed);
    },
  );

  it('put the next damaged file beside the first', () => {
    const dir = dirWith('{');
    openSettings(dir).read();
    writeFileSync(file(dir), '[');
    openSettings(dir).write(changed);
    expect(readdirSync(dir).toSorted()).toEqual([
      'settings.json',
      'settings.json.damaged-1',
      'settings.json.damaged-2',
    ]);
  });

  it.skipIf(process.platform === 'win32')('never wait for a pipe or a folder in their place', () => {
    const dir = dirWith(undefined);
    execFileSync('mkfifo', [file(dir)]);
    const store = openSettings(dir);
    expect(store.read()).toEqual(standard);
    expect(store.problems()).toHaveLength(1);
    rmSync(`${file(dir)}.damaged-1`);
    mkdirSync(file(dir));
    store.write(changed);
    expect(store.read()).toEqual(changed);
  });
});

describe('a disk that fails', () => {
  it.each([
    [
      'takes a part and reports success',
      (path: string, text: string) => writeFileSync(path, text.slice(0, 20)),
    ],
    ['takes nothing and reports success', (path: string) => writeFileSync(path, '')],
    [
      'is full',
      () => {
        throw systemError('ENOSPC', 'write');
      },
    ],
    [
      'fails in the middle',
      (path: string, text: string) => {
        writeFileSync(path, text.slice(0, 20));
        throw systemError('EIO', 'fsync');
      },
    ],
  ])('and %s leaves the settings as they were, and says so', (_name, write) => {
    for (const before of [changed, undefined]) {
      const dir = dirWith(before);
      const store = openSettings(dir, storeThat(write));
      expect(() => store.write({ ...standard, idleLockMinutes: 99 })).toThrow(
        expect.objectContaining({
          code: 'FILE_NOT_WRITABLE',
          details: expect.objectContaining({ outcome: 'unchanged' }),
        }),
      );
      expect(store.read()).toEqual(before ?? standard);
      expect(store.problems()).toEqual([]);
      expect(readdirSync(dir)).toEqual(before === undefined ? [] : ['settings.json']);
    }
  });

  it('tells the truth, whichever call fails', () => {
    const attempt = (dir: string, disk = faultyDisk()) => {
      const store = openSettings(dir, honest, disk.disk);
      try {
        store.write(changed);
        return { error: undefined, calls: disk.calls };
      } catch (error) {
        if (!(error instanceof LatchkeyError)) throw error;
        return { error, calls: disk.calls };
      }
    };
    for (const before of [
      { ...standard, idleLockMinutes: 3 },
      { idleLockMinutes: 3, colorScheme: 'pink' },
    ]) {
      const { calls } = attempt(dirWith(before));
      for (const fault of everyFault(calls)) {
        const dir = dirWith(before);
        const { error } = attempt(dir, faultyDisk(fault));
        const label = JSON.stringify({ ...fault, call: calls[fault.at] });
        // A new process finds one or the other, whole.
        const { idleLockMinutes } = openSettings(dir).read();
        if (error === undefined) expect(idleLockMinutes, label).toBe(42);
        else if ('outcome' in error.details && error.details.outcome === 'unknown')
          expect([3, 42], label).toContain(idleLockMinutes);
        else expect(idleLockMinutes, label).toBe(3);
      }
    }
  });

  it('leaves settings at every instant at which the machine may stop', () => {
    const torn = storeThat((path, text) => {
      writeFileSync(path, text.slice(0, 20));
      throw systemError('EIO', 'killed');
    });
    for (let at = 0; at < 40; at += 1) {
      const dir = dirWith(changed);
      try {
        openSettings(dir, torn, faultyDisk({ at, code: 'CRASH' }).disk).write(standard);
      } catch (error) {
        expect(error).toBeInstanceOf(LatchkeyError);
      }
      expect(openSettings(dir).read(), `call ${at}`).toEqual(changed);
    }
  });
});
