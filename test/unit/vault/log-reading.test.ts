import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { maxLineBytes } from '../../../src-main/vault/backend.ts';
import { openFileBackend } from '../../../src-main/vault/file-backend.ts';
import { lineOf, linesOf, readAll, textsOf } from '../../support/log-lines.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

function logOf(text: string) {
  const dir = tempDir();
  const path = join(dir, 'vault.log');
  writeFileSync(path, text);
  return { dir, path, backend: openFileBackend(dir) };
}

describe('reading the log file', () => {
  it('gives lines that are longer and shorter than what is read at once', async () => {
    const lines = [1, 2_000_000, 3, 400_000, 500_000, 9_000_000].map((bytes, index) => lineOf(index, bytes));
    const { backend } = logOf(textOf(lines));
    const stored = await readAll(backend);
    expect(stored.map(({ line }) => line)).toEqual(lines);
    for (const [index, { bookmark }] of stored.entries())
      expect(await textsOf(backend, { seq: index + 1, bookmark })).toEqual(lines.slice(index + 1));
  });

  it('gives bytes as they are, so that two files never read alike', async () => {
    const damaged = [
      Buffer.from([0xff, 0x41, 0x0a]),
      Buffer.from([0xfe, 0x41, 0x0a]),
      Buffer.from('\u{fffd}A\n'),
    ];
    const texts = await Promise.all(
      damaged.map(async (bytes) => {
        const { path, backend } = logOf('');
        writeFileSync(path, bytes);
        return textsOf(backend);
      }),
    );
    expect(new Set(texts.map((text) => text.join()))).toHaveProperty('size', 3);
  });

  it('gives the lines as they stood when the read began', async () => {
    const { backend, path } = logOf(textOf(linesOf(3)));
    const found: string[] = [];
    for await (const { line } of backend.read({ seq: 0 })) {
      if (found.push(line) === 1) appendFileSync(path, textOf([lineOf('later')]));
    }
    expect(found).toEqual(linesOf(3));
  });

  it('closes the file when the reader leaves early', async () => {
    const { backend } = logOf(textOf(linesOf(3)));
    const openFiles = () => (process.platform === 'linux' ? readFdCount() : 0);
    const before = openFiles();
    for (let round = 0; round < 20; round += 1) {
      for await (const _ of backend.read({ seq: 0 })) break;
    }
    expect(openFiles()).toBeLessThan(before + 10);
  });

  it('does not believe a bookmark of another log, although a line begins there', async () => {
    const [mine, other] = [linesOf(6, 'mine'), linesOf(6, 'more')];
    const { backend } = logOf(textOf(mine));
    const bookmarks = (await readAll(logOf(textOf(other)).backend)).map(({ bookmark }) => bookmark);
    for (const seq of [1, 3, 5])
      expect(await textsOf(backend, { seq, bookmark: bookmarks[seq - 1]! })).toEqual(mine.slice(seq));
  });

  it.each([`3.100.${'A'.repeat(32)}`, '3.99999999.AAAA', '3.0.', '3.1.AAAA', '3.5.', '3.1e3.A', '3.5.A.B'])(
    'counts when it is given %s',
    async (bookmark) => {
      const { backend } = logOf(textOf(linesOf(6)));
      expect(await textsOf(backend, { seq: 3, bookmark })).toEqual(linesOf(6).slice(3));
    },
  );

  it('lets other work go on between the parts that it reads', async () => {
    const { backend, path } = logOf('');
    const part = textOf(Array.from({ length: 200 }, (_, index) => lineOf(index, 40_000)));
    for (let round = 0; round < 3; round += 1) appendFileSync(path, part);
    let turns = 0;
    let isReading = true;
    const count = (): void => {
      turns += 1;
      if (isReading) setImmediate(count);
    };
    count();
    expect(await readAll(backend)).toHaveLength(600);
    isReading = false;
    expect(turns).toBeGreaterThan(20);
  });

  it('says which line is longer than a line may be', async () => {
    const { backend, path } = logOf(textOf(linesOf(2)));
    truncateSync(path, maxLineBytes + 10_000);
    const expected = { code: 'VAULT_CORRUPT', details: { line: 3 } };
    await expect(readAll(backend)).rejects.toMatchObject(expected);
    appendFileSync(path, `\n${lineOf('behind')}\n`);
    await expect(readAll(backend)).rejects.toMatchObject(expected);
    // Whoever begins behind it needs not care.
    expect(await textsOf(backend, { seq: 3 })).toEqual([lineOf('behind')]);
  });

  it('reads a log of which memory could hold only a part', () => {
    const { path, dir } = logOf('');
    const part = textOf(Array.from({ length: 100 }, (_, index) => lineOf(index, 100_000)));
    for (let round = 0; round < 6; round += 1) appendFileSync(path, part);
    const script = join(import.meta.dirname, '..', '..', 'support', 'count-lines.ts');
    const output = execFileSync(process.execPath, ['--max-old-space-size=40', script, dir], {
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toMatchObject({ lines: 600 });
  });
});

describe('what is no log file', () => {
  it('is refused at once: a folder', async () => {
    const dir = tempDir();
    mkdirSync(join(dir, 'vault.log'));
    const backend = openFileBackend(dir);
    await expect(readAll(backend)).rejects.toMatchObject({ code: 'FILE_NOT_REGULAR' });
    await expect(backend.append(0, linesOf(1), 'head')).rejects.toMatchObject({ code: 'FILE_NOT_REGULAR' });
    await expect(backend.recover()).rejects.toMatchObject({ code: 'FILE_NOT_REGULAR' });
  });

  it.runIf(process.platform !== 'win32')('is refused at once: a pipe that nobody writes', async () => {
    const dir = tempDir();
    execFileSync('mkfifo', [join(dir, 'vault.log'), join(dir, 'vault.head')]);
    const backend = openFileBackend(dir);
    await expect(readAll(backend)).rejects.toMatchObject({ code: 'FILE_NOT_REGULAR' });
    await expect(backend.append(0, linesOf(1), 'head')).rejects.toMatchObject({ code: 'FILE_NOT_REGULAR' });
    // A head in any other form is none: it is written again.
    await expect(backend.head()).resolves.toBeUndefined();
  });

  it('is said to be gone when there are lines that should be there', async () => {
    const backend = openFileBackend(tempDir());
    await expect(readAll(backend, { seq: 4 })).rejects.toMatchObject({
      code: 'VAULT_UNAVAILABLE',
      details: { reason: 'ENOENT' },
    });
    expect(await readAll(backend)).toEqual([]);
  });
});

describe('the end of the log file', () => {
  const lines = linesOf(3);
  const whole = textOf(lines);
  const next = lineOf('next');

  it.each([1, 17, next.length - 86, next.length - 1])(
    'counts no line of which only %i characters are there; recovery cuts it off and says so',
    async (length) => {
      const { backend, dir, path } = logOf(whole + next.slice(0, length));
      expect(await textsOf(backend)).toEqual(lines);
      expect(await backend.recover()).toEqual({ tornTailBytes: length, completedLastLine: false });
      expect(readFileSync(path, 'utf8')).toBe(whole);
      expect(await openFileBackend(dir).recover()).toEqual({ tornTailBytes: 0, completedLastLine: false });
    },
  );

  it('cuts an incomplete line off before it appends a shorter one', async () => {
    const { backend, path } = logOf(`${whole}${lineOf('long', 9_000).slice(0, 5_000)}`);
    await backend.append(3, [next], 'head');
    expect(readFileSync(path, 'utf8')).toBe(textOf([...lines, next]));
  });

  it('counts a whole last line that only lacks its newline; recovery completes it and says so', async () => {
    const { backend, dir, path } = logOf(whole + next);
    expect(await textsOf(backend)).toEqual([...lines, next]);
    expect(await backend.recover()).toEqual({ tornTailBytes: 0, completedLastLine: true });
    expect(readFileSync(path, 'utf8')).toBe(textOf([...lines, next]));
    expect(await openFileBackend(dir).recover()).toEqual({ tornTailBytes: 0, completedLastLine: false });
  });

  it('appends behind a last line without newline, and refuses who does not know that line', async () => {
    const { backend, path } = logOf(whole + next);
    await expect(backend.append(3, [lineOf('x')], 'head')).rejects.toMatchObject({ code: 'VAULT_CONFLICT' });
    expect(readFileSync(path, 'utf8')).toBe(whole + next);
    const [last] = (await readAll(backend)).slice(-1);
    expect(await textsOf(backend, { seq: 4, bookmark: last!.bookmark })).toEqual([]);
    await backend.append(4, [lineOf('x')], 'head');
    expect(readFileSync(path, 'utf8')).toBe(textOf([...lines, next, lineOf('x')]));
    expect(await textsOf(backend, { seq: 4, bookmark: last!.bookmark })).toEqual([lineOf('x')]);
  });

  it('leaves an end that is too long to be a line alone', async () => {
    const { backend, path } = logOf(whole);
    truncateSync(path, maxLineBytes + 10_000);
    await expect(backend.recover()).rejects.toMatchObject({ code: 'VAULT_CORRUPT' });
    await expect(backend.append(3, [next], 'head')).rejects.toMatchObject({ code: 'VAULT_CORRUPT' });
  });

  it('is not mended while somebody writes: what looks unfinished is being written', async () => {
    const { dir } = logOf(whole + next.slice(0, 30));
    const holder = spawn(
      process.execPath,
      [join(import.meta.dirname, '..', '..', 'support', 'hold-lock.ts'), dir],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    try {
      await once(holder.stdout, 'data');
      const backend = openFileBackend(dir, { lockGiveUpAfterMs: 50 });
      expect(await backend.recover()).toEqual({ tornTailBytes: 0, completedLastLine: false });
      await expect(backend.append(3, [next], 'head')).rejects.toMatchObject({ code: 'VAULT_BUSY' });
    } finally {
      holder.kill('SIGKILL');
    }
  });
});

function readFdCount(): number {
  return execFileSync('ls', [`/proc/${process.pid}/fd`], { encoding: 'utf8' }).split('\n').length;
}
