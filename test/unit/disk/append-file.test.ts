import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appendDurably, cutBack } from '../../../src-main/disk/append-file.ts';
import type { Disk } from '../../../src-main/disk/operations.ts';
import type { Fault } from '../../support/faulty-disk.ts';
import { everyFault, faultyDisk, systemError } from '../../support/faulty-disk.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const before = 'line 1\nline 2\n';
const added = Buffer.from('line 3, which is longer than the others\n');

/** Appends on a file of two lines, and says what it holds afterwards. */
async function append(fault?: Fault, change: (disk: Disk) => Disk = (disk) => disk) {
  const path = join(tempDir(), 'vault.log');
  writeFileSync(path, before);
  const { disk, calls } = faultyDisk(fault);
  const fd = openSync(path, 'r+');
  try {
    const outcome = await appendDurably(fd, before.length, added, change(disk));
    return { outcome, calls, content: readFileSync(path, 'utf8') };
  } finally {
    closeSync(fd);
  }
}

describe('appending', () => {
  it('puts the bytes behind the others', async () => {
    const { outcome, content } = await append();
    expect(outcome).toEqual({ state: 'there' });
    expect(content).toBe(before + added.toString());
  });

  it('tells the truth about the bytes, whichever call fails', async () => {
    const { calls } = await append();
    expect(calls).toContain('fsync');
    for (const fault of everyFault(calls)) {
      // oxlint-disable-next-line no-await-in-loop
      const { outcome, content } = await append(fault);
      const label = JSON.stringify({ ...fault, call: calls[fault.at] });
      if (outcome.state === 'there') expect(content, label).toBe(before + added.toString());
      if (outcome.state === 'not-there') expect(content, label).toBe(before);
      // A disk that recovers lets us be sure; one that does not is never called sure.
      if (fault.lasting !== true) expect(outcome.state, label).not.toBe('unknown');
      if (fault.lasting === true && fault.code !== 'SHORT')
        expect(outcome.state, label).not.toBe('not-there');
    }
  });

  it('goes on where a write takes only a part', async () => {
    const { outcome, content } = await append({ at: 0, code: 'SHORT' });
    expect(outcome).toEqual({ state: 'there' });
    expect(content).toBe(before + added.toString());
  });

  it('takes back what does not read back as it was written', async () => {
    const lying = (disk: Disk): Disk => ({
      ...disk,
      async: {
        ...disk.async,
        read: async (...args) => {
          const got = await disk.async.read(...args);
          args[1].fill(0);
          return got;
        },
      },
    });
    const { outcome, content } = await append(undefined, lying);
    expect(outcome).toMatchObject({ state: 'not-there', cause: { code: 'CHANGED' } });
    expect(content).toBe(before);
  });

  it('does not take a cut for done that the disk did not confirm', async () => {
    const path = join(tempDir(), 'vault.log');
    writeFileSync(path, before + 'half of a li');
    const fd = openSync(path, 'r+');
    const { disk } = faultyDisk();
    const unsynced = {
      ...disk,
      async: { ...disk.async, fsync: () => Promise.reject(systemError('EIO', 'fsync')) },
    };
    try {
      expect(await cutBack(fd, before.length, unsynced)).toBe(false);
      expect(await cutBack(fd, before.length)).toBe(true);
    } finally {
      closeSync(fd);
    }
    expect(readFileSync(path, 'utf8')).toBe(before);
  });
});
