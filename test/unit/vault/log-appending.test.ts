import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LatchkeyError } from '../../../shared/errors.ts';
import { openFileBackend } from '../../../src-main/vault/file-backend.ts';
import type { Fault } from '../../support/faulty-disk.ts';
import { everyFault, faultyDisk } from '../../support/faulty-disk.ts';
import { lineOf, linesOf, readAll, textsOf } from '../../support/log-lines.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
const torn = lineOf('torn').slice(0, 60);
const two = linesOf(2);
const added = [lineOf('added', 3_000)];

/** Logs as an append may find them, and what it adds. */
const cases = [
  { name: 'a new log', before: [], end: undefined, added },
  { name: 'a log with lines', before: two, end: '', added },
  { name: 'several lines at once', before: two, end: '', added: [...added, lineOf('second', 3_000)] },
  { name: 'a log with an incomplete last line', before: two, end: torn, added },
  {
    name: 'a log whose last line lacks its newline',
    before: [...two, lineOf('open')],
    end: 'no newline',
    added,
  },
] as const;

function prepare({ before, end }: (typeof cases)[number]): string {
  const dir = tempDir();
  if (end === undefined) return dir;
  const text = textOf(before);
  writeFileSync(join(dir, 'vault.log'), end === 'no newline' ? text.slice(0, -1) : text + end);
  writeFileSync(join(dir, 'vault.head'), 'head.before\n');
  return dir;
}

describe.each(cases)('a disk that fails during an append to $name', (subject) => {
  const { before } = subject;

  async function attempt(dir: string, fault?: Fault) {
    const { disk, calls } = faultyDisk(fault);
    const said = await openFileBackend(dir, { disk })
      .append(before.length, subject.added, 'head.after')
      .catch((error: unknown) => error as LatchkeyError<'VAULT_UNAVAILABLE'>);
    return { said, calls };
  }

  it('is never made out to have done what it did not, nor the other way round', async () => {
    const { calls, said } = await attempt(prepare(subject));
    expect(said).toMatchObject({ anchored: true });
    const outcomes = new Set<string>();
    for (const fault of everyFault(calls)) {
      if (fault.code === 'EDQUOT' || fault.code === 'EFBIG') continue;
      const label = `${JSON.stringify(fault)} ${calls[fault.at]}`;
      const dir = prepare(subject);
      const { said } = await attempt(dir, fault);
      const lines = await textsOf(openFileBackend(dir));
      const head = await openFileBackend(dir).head();
      const oldHead = subject.end === undefined ? undefined : 'head.before';
      if ('anchored' in said) {
        outcomes.add(said.anchored ? 'anchored' : 'not anchored');
        expect(lines, label).toEqual([...before, ...subject.added]);
        if (said.anchored) expect(head, label).toBe('head.after');
      } else {
        expect(said, label).toMatchObject({ code: 'VAULT_UNAVAILABLE' });
        const { outcome } = said.details as { outcome?: string };
        outcomes.add(outcome ?? 'refused before');
        expect(head, label).toBe(oldHead);
        // Whatever is there is a beginning of the truth.
        if (outcome === 'unknown')
          expect([...before, ...subject.added].slice(0, lines.length), label).toEqual(lines);
        else expect(lines, label).toEqual(before);
      }
      // When the disk works again, so does the log.
      await openFileBackend(dir).recover();
      const found = await textsOf(openFileBackend(dir));
      expect(found.slice(0, before.length), label).toEqual(before);
      await openFileBackend(dir).append(found.length, [lineOf('again')], 'head.again');
      expect(await textsOf(openFileBackend(dir)), label).toEqual([...found, lineOf('again')]);
    }
    for (const expected of ['anchored', 'not anchored', 'unchanged'])
      expect(outcomes, [...outcomes].join()).toContain(expected);
  }, 240_000);
});

describe('appending', () => {
  it('refuses as a bug what would not be read as one line', async () => {
    const backend = openFileBackend(tempDir());
    for (const text of ['', 'a.b', `${lineOf(1)}\n`, `${lineOf(1)}\n${lineOf(2)}`, lineOf(1).slice(0, -1)])
      await expect(backend.append(0, [text], 'head')).rejects.toThrow('not a signed line');
    expect(await readAll(backend)).toEqual([]);
  });

  it('reads back only what is new to know whether others appended', async () => {
    const dir = tempDir();
    const large = Array.from({ length: 40 }, (_, index) => lineOf(index, 300_000));
    await openFileBackend(dir).append(0, large, 'head');
    const { disk } = faultyDisk();
    let bytesRead = 0;
    const counting = {
      ...disk,
      async: {
        ...disk.async,
        read: (fd: number, bytes: Uint8Array, offset: number, length: number, position: number | null) => {
          bytesRead += length;
          return disk.async.read(fd, bytes, offset, length, position);
        },
      },
    };
    const backend = openFileBackend(dir, { disk: counting });
    await readAll(backend);
    bytesRead = 0;
    await backend.append(40, [lineOf('small')], 'head');
    expect(bytesRead).toBeLessThan(100_000);
  });

  it('refuses when the known part became another, of the same size too, and does not write', async () => {
    const dir = tempDir();
    const path = join(dir, 'vault.log');
    const backend = openFileBackend(dir);
    await backend.append(0, linesOf(3, 'a'), 'head');
    const other = textOf(linesOf(3, 'b'));
    writeFileSync(path, other);
    await expect(backend.append(3, [lineOf('x')], 'head')).rejects.toMatchObject({
      code: 'VAULT_CORRUPT',
      details: { lost: 'replaced' },
    });
    expect(readFileSync(path, 'utf8')).toBe(other);
  });

  it('does not begin a log anew that was there and is gone', async () => {
    const dir = tempDir();
    const backend = openFileBackend(dir);
    await backend.append(0, linesOf(1), 'head');
    execFileSync('rm', [join(dir, 'vault.log')]);
    await expect(backend.append(1, [lineOf('x')], 'head')).rejects.toMatchObject({
      code: 'VAULT_UNAVAILABLE',
      details: { reason: 'ENOENT', outcome: 'unchanged' },
    });
    expect(existsSync(join(dir, 'vault.log'))).toBe(false);
  });

  it('makes the folder and the files for their owner alone', async () => {
    const dir = join(tempDir(), 'data', 'folder');
    await openFileBackend(dir).append(0, linesOf(1), 'head');
    if (process.platform === 'win32') return;
    const modes = execFileSync('stat', ['-c', '%a %n', '.', 'vault.log', 'vault.head', 'vault.lock'], {
      cwd: dir,
      encoding: 'utf8',
    });
    expect(modes).toBe('700 .\n600 vault.log\n600 vault.head\n600 vault.lock\n');
  });

  it('is made, but not anchored, when only the head cannot be written; the head can be written later', async () => {
    const dir = tempDir();
    const backend = openFileBackend(dir);
    await backend.append(0, linesOf(1), 'head.1');
    execFileSync('rm', [join(dir, 'vault.head')]);
    execFileSync('mkdir', [join(dir, 'vault.head')]);
    expect(await backend.append(1, [lineOf('x')], 'head.2')).toMatchObject({ anchored: false });
    expect(await textsOf(openFileBackend(dir))).toEqual([...linesOf(1), lineOf('x')]);
    await expect(backend.writeHead(2, 'head.2')).rejects.toMatchObject({
      code: expect.any(String) as string,
    });
    execFileSync('rmdir', [join(dir, 'vault.head')]);
    await backend.writeHead(2, 'head.2');
    expect(await backend.head()).toBe('head.2');
  });

  it.each(['vault.log', 'vault.head'])(
    'never follows a link that somebody put in the place of a new %s',
    async (name) => {
      const dir = tempDir();
      const target = join(tempDir(), 'target');
      execFileSync('ln', ['-s', target, join(dir, name)]);
      await openFileBackend(dir)
        .append(0, linesOf(1), 'head')
        .catch(() => undefined);
      expect(existsSync(target)).toBe(false);
    },
  );

  it('counts what was appended by hand as well', async () => {
    const dir = tempDir();
    const backend = openFileBackend(dir);
    await backend.append(0, linesOf(1), 'head');
    appendFileSync(join(dir, 'vault.log'), textOf([lineOf('by hand')]));
    await expect(backend.append(1, [lineOf('x')], 'head')).rejects.toMatchObject({ code: 'VAULT_CONFLICT' });
    await backend.append(2, [lineOf('x')], 'head');
  });
});
