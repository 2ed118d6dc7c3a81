import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LatchkeyError } from '../../../shared/errors.ts';
import { everyFault, faultyDisk } from '../../support/faulty-disk.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';
import type { KeptFile } from './kept-files.ts';
import { keptFiles } from './kept-files.ts';
import { canMount, runLimited } from './small-disk.ts';

cleanTempDirs();

/** These have tests of their own (conf writes the settings, by calls of its own); both meet the real disk below. */
const elsewhere = new Set(['vault.json', 'settings.json']);
const injectable = Object.entries(keptFiles).filter(([name]) => !elsewhere.has(name));
const filling = 'x'.repeat(300);

/** What was said about a write: that it happened, or not. */
async function saidOf(work: () => unknown): Promise<boolean> {
  try {
    return (await work()) !== false;
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return false;
  }
}

async function prepared(kept: KeptFile): Promise<string> {
  const dir = tempDir();
  await kept.prepare?.(dir);
  await kept.write(dir, 1, filling, faultyDisk().disk);
  return dir;
}

describe.each(injectable)('%s', (_name, kept) => {
  // A convenience that cannot be kept is said on stderr.
  beforeEach(() => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    vi.spyOn(console, 'error').mockReturnValue(undefined);
  });

  it('is the old one or the new one, whole, and what is said of it is true, whichever call fails', async () => {
    const { disk, calls } = faultyDisk();
    const clean = await prepared(kept);
    await kept.write(clean, 2, filling, disk);
    expect(await kept.read(clean)).toBe(2);
    for (const fault of everyFault(calls, ['ENOSPC', 'EIO', 'EROFS', 'SHORT'])) {
      // oxlint-disable-next-line no-await-in-loop
      const dir = await prepared(kept);
      // oxlint-disable-next-line no-await-in-loop
      const happened = await saidOf(() => kept.write(dir, 2, filling, faultyDisk(fault).disk));
      // oxlint-disable-next-line no-await-in-loop
      expect(await kept.read(dir), JSON.stringify(fault)).toBe(happened ? 2 : 1);
    }
  });

  it('is there at every instant at which the machine may stop', async () => {
    const { disk, calls } = faultyDisk();
    await kept.write(await prepared(kept), 2, filling, disk);
    for (let at = 0; at < calls.length; at += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const dir = await prepared(kept);
      const crash = faultyDisk({ at, code: 'CRASH' }).disk;
      // oxlint-disable-next-line no-await-in-loop
      await saidOf(() => kept.write(dir, 2, filling, crash));
      // oxlint-disable-next-line no-await-in-loop
      expect([1, 2], `call ${at}`).toContain(await kept.read(dir));
    }
  });
});

const script = join(import.meta.dirname, 'fill-kept-files.ts');
/** Without the right to mount there is still the limit on the size of a file. */
const places = [
  ...(canMount ? [['a full disk', 'mount -t tmpfs -o size=64k tmpfs "$1"'] as const] : []),
  ...(process.platform === 'win32' ? [] : [['a limit on the size of a file', 'ulimit -f 4'] as const]),
];

describe.each(places)('on %s', (place, limit) => {
  it('every file is the old one or the new one, whole, and what is said of it is true', () => {
    const dir = tempDir();
    const done = runLimited(limit, dir, script, place);
    expect(done.status, done.stdout + done.stderr).toBe(0);
    const counts = JSON.parse(done.stdout) as Record<string, { done: number; refused: number }>;
    expect(Object.keys(counts).toSorted()).toEqual(Object.keys(keptFiles).toSorted());
    for (const [name, { done: times, refused }] of Object.entries(counts)) {
      expect(times, `${name} was written`).toBeGreaterThan(0);
      // What never grows beyond the limit is not refused by it.
      if (place === 'a full disk') expect(refused, `${name} was refused`).toBeGreaterThan(0);
    }
    expect(readdirSync(dir).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  }, 120_000);
});

describe.runIf(canMount)('an organization', () => {
  it('that a full disk left half made is made by the next attempt, wherever the first one stopped', () => {
    const { status, stdout, stderr } = runLimited(
      'mount -t tmpfs -o size=512k tmpfs "$1"',
      tempDir(),
      join(import.meta.dirname, 'init-on-full-disk.ts'),
    );
    expect(status, stdout + stderr).toBe(0);
    const outcomes = JSON.parse(stdout) as string[];
    expect(outcomes[0]).toBe('VAULT_UNAVAILABLE');
    expect(outcomes.at(-1)).toBe('made');
  }, 120_000);
});
