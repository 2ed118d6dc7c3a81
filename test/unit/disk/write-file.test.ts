import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LatchkeyError } from '../../../shared/errors.ts';
import type { Replaced } from '../../../src-main/disk/write-file.ts';
import { replaceFile, replaceFileByPieces, replaceFileSync } from '../../../src-main/disk/write-file.ts';
import type { Fault } from '../../support/faulty-disk.ts';
import { everyFault, faultyDisk, refusals } from '../../support/faulty-disk.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const oldText = 'the old content, every byte of it';
const newText = 'the new content, longer than the old one, and every byte of it';

function fileWith(text: string | undefined): string {
  const path = join(tempDir(), 'kept.json');
  if (text !== undefined) writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const content = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
const leftovers = (path: string) => readdirSync(join(path, '..')).filter((name) => name.endsWith('.tmp'));

async function outcomeOf(work: () => Replaced | Promise<Replaced>): Promise<Replaced | LatchkeyError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LatchkeyError) return error;
    throw error;
  }
}

/** The new text in two pieces, as a checkpoint comes. */
async function* newPieces() {
  yield newText.slice(0, 20);
  yield Buffer.from(newText.slice(20));
}
const byPieces: typeof replaceFile = (path, _data, options) =>
  replaceFileByPieces(path, newPieces(), options);

const waysToRun = [
  [
    'at once',
    (path: string, fault?: Fault, existing?: 'refuse') => replaceWith(replaceFileSync, path, fault, existing),
  ],
  [
    'with waiting',
    (path: string, fault?: Fault, existing?: 'refuse') => replaceWith(replaceFile, path, fault, existing),
  ],
  [
    'by pieces',
    (path: string, fault?: Fault, existing?: 'refuse') => replaceWith(byPieces, path, fault, existing),
  ],
] as const;

function replaceWith(
  replace: typeof replaceFile | typeof replaceFileSync,
  path: string,
  fault?: Fault,
  existing?: 'refuse',
) {
  const { disk, calls } = faultyDisk(fault);
  const options = { mode: 0o600, disk, ...(existing === undefined ? {} : { existing }) };
  return { outcome: outcomeOf(() => replace(path, newText, options)), calls };
}

describe.each(waysToRun)('replacing a file %s', (_name, replace) => {
  it.each([
    ['that is there', oldText, undefined],
    ['that is not there yet', undefined, undefined],
    ['that must not be there', undefined, 'refuse' as const],
  ])('tells the truth about a file %s, whichever call fails', async (_case, before, existing) => {
    const clean = replace(fileWith(before), undefined, existing);
    expect(await clean.outcome).toEqual({ confirmed: true });
    for (const fault of everyFault(clean.calls)) {
      const path = fileWith(before);
      // oxlint-disable-next-line no-await-in-loop
      const outcome = await replace(path, fault, existing).outcome;
      const label = JSON.stringify({ ...fault, call: clean.calls[fault.at] });
      if ('code' in outcome) {
        expect(outcome, label).toMatchObject({
          code: 'FILE_NOT_WRITABLE',
          details: { path, outcome: 'unchanged' },
        });
        // A name that was reserved stays, empty, when even taking it back fails.
        const isReservation = existing === 'refuse' && fault.lasting === true && content(path) === '';
        expect(isReservation ? before : content(path), label).toBe(before);
      } else {
        expect(content(path), label).toBe(newText);
        if (!outcome.confirmed) expect(outcome.warning, label).toContain(path);
      }
      if (fault.lasting !== true && clean.calls[fault.at] !== 'unlink')
        expect(leftovers(path), label).toEqual([]);
    }
  });

  it('goes on where a write takes only a part', async () => {
    const path = fileWith(oldText);
    const { calls } = replace(fileWith(oldText));
    const at = calls.indexOf('write');
    expect(await replace(path, { at, code: 'SHORT' }).outcome).toEqual({ confirmed: true });
    expect(content(path)).toBe(newText);
  });
});

describe('replacing a file', () => {
  it.each(refusals)('says %s in words', async (code) => {
    const path = fileWith(oldText);
    const { calls, outcome } = replaceWith(replaceFile, fileWith(oldText));
    await outcome;
    const failed = await replaceWith(replaceFile, path, { at: calls.indexOf('write'), code }).outcome;
    expect(failed).toMatchObject({
      code: 'FILE_NOT_WRITABLE',
      details: { reason: code },
      message: expect.stringMatching(/nothing was changed\. .+\.$/) as string,
    });
    expect((failed as LatchkeyError).message).not.toContain(code);
  });

  it('notices what the disk does not give back', () => {
    const path = fileWith(oldText);
    const { disk } = faultyDisk();
    const lying = {
      ...disk,
      sync: {
        ...disk.sync,
        read: (...args: Parameters<typeof disk.sync.read>) => {
          const got = disk.sync.read(...args);
          args[1][0] = 0;
          return got;
        },
      },
    };
    expect(() => replaceFileSync(path, newText, { mode: 0o600, disk: lying })).toThrow(
      /does not give back what was written/,
    );
    expect(content(path)).toBe(oldText);
    expect(leftovers(path)).toEqual([]);
  });

  it('says that it does not know when the disk fails on the rename and on the look after it', async () => {
    const path = fileWith(oldText);
    const { disk } = faultyDisk();
    const fail = (syscall: string) => () => {
      throw Object.assign(new Error('EIO'), { code: 'EIO', syscall });
    };
    let isRenamed = false;
    const dying = {
      ...disk,
      sync: {
        ...disk.sync,
        rename: () => {
          isRenamed = true;
          return fail('rename')();
        },
        stat: (name: string) => (isRenamed ? fail('stat')() : disk.sync.stat(name)),
      },
    };
    expect(await outcomeOf(() => replaceFileSync(path, newText, { mode: 0o600, disk: dying }))).toMatchObject(
      {
        code: 'FILE_NOT_WRITABLE',
        details: { outcome: 'unknown' },
        message: expect.stringContaining('is not known') as string,
      },
    );
  });

  it('counts a rename that happened although an error was reported', async () => {
    const path = fileWith(oldText);
    const { disk } = faultyDisk();
    const late = {
      ...disk,
      sync: {
        ...disk.sync,
        rename: (from: string, to: string) => {
          disk.sync.rename(from, to);
          throw Object.assign(new Error('ETIMEDOUT'), { code: 'ETIMEDOUT', syscall: 'rename' });
        },
      },
    };
    expect(await outcomeOf(() => replaceFileSync(path, newText, { mode: 0o600, disk: late }))).toMatchObject({
      confirmed: false,
    });
    expect(content(path)).toBe(newText);
  });

  it('gives the mode, whatever the umask', async () => {
    const path = fileWith(undefined);
    await replaceFile(path, newText, { mode: 0o644 });
    expect(statSync(path).mode & 0o777).toBe(0o644);
    chmodSync(path, 0o666);
    await replaceFile(path, newText, { mode: 0o600 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leaves a symbolic link and replaces the file behind it, or refuses it', async () => {
    const path = fileWith(oldText);
    const link = join(path, '..', 'link');
    symlinkSync(path, link);
    await expect(replaceFile(link, newText, { mode: 0o600, refuseLink: true })).rejects.toMatchObject({
      code: 'FILE_NOT_REGULAR',
      details: { kind: 'symbolic link' },
    });
    expect(content(path)).toBe(oldText);
    await replaceFile(link, newText, { mode: 0o600 });
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(content(path)).toBe(newText);
  });

  it('replaces neither a folder nor a file that must not be there', async () => {
    const path = fileWith(oldText);
    const folder = join(path, '..', 'folder');
    mkdirSync(folder);
    await expect(replaceFile(folder, newText, { mode: 0o600 })).rejects.toMatchObject({
      code: 'FILE_NOT_REGULAR',
      details: { kind: 'folder' },
    });
    await expect(replaceFile(path, newText, { mode: 0o600, existing: 'refuse' })).rejects.toMatchObject({
      code: 'FILE_EXISTS',
    });
    expect(content(path)).toBe(oldText);
  });

  it('writes nothing when the pieces cannot be made, and passes their failure on', async () => {
    const path = fileWith(oldText);
    async function* failing() {
      yield 'a piece';
      throw new Error('the vault was locked meanwhile');
    }
    await expect(replaceFileByPieces(path, failing(), { mode: 0o600 })).rejects.toThrow('locked meanwhile');
    expect(content(path)).toBe(oldText);
    expect(leftovers(path)).toEqual([]);
  });
});
