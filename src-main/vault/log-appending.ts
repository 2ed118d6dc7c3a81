/**
 * Appending to the log file. Invariant: called under the lock; nothing that stands as a whole line is ever cut off by
 * another append; the answer is the truth: on the disk, certainly not, or not known.
 */
import { constants } from 'node:fs';
import { LatchkeyError } from '../../shared/errors.ts';
import { appendDurably, cutBack } from '../disk/append-file.ts';
import { codeOf, diskError } from '../disk/disk-error.ts';
import type { Disk, Steps } from '../disk/operations.ts';
import { call, run } from '../disk/operations.ts';
import { openRegular } from '../disk/read-file.ts';
import { syncFolderSteps } from '../disk/write-file.ts';
import { maxLineBytes } from './backend.ts';
import type { LogPosition } from './log-position.ts';
import { comparePosition, encoding, isWholeLine, logStart, positionBehind } from './log-position.ts';
import type { Counted } from './log-reading.ts';
import { countLines, withOpen } from './log-reading.ts';

export type LogFile = { readonly disk: Disk; readonly dir: string; readonly path: string };

/**
 * Appends lines behind the one that the caller believes to be the last.
 * @param known a position that was read or written before: counting goes on from there
 * @returns the positions before and behind the new lines
 * @throws LatchkeyError as LogBackend.append
 */
export async function appendLines(
  file: LogFile,
  known: LogPosition,
  expectedSeq: number,
  lines: readonly string[],
): Promise<{ readonly before: LogPosition; readonly behind: LogPosition }> {
  assertLines(lines);
  try {
    return await withOpen(file.disk, openForAppend(file.path, known), async (fd, size) => {
      const counted = await countKnown(file, fd, size, known, expectedSeq);
      const before = counted.position;
      // Before the first line, so that no line is acknowledged whose file a power cut takes away.
      if (before.bytes === 0) await run(file.disk, syncFolderSteps(file.dir));
      if (counted.tornTailBytes > 0 && !(await cutBack(fd, before.bytes, file.disk))) throw cannotCut(file);
      // A last line without its newline counts: it gets it with the next one.
      const missing = before.bytes > size ? '\n' : '';
      const at = before.bytes - missing.length;
      const bytes = Buffer.from(missing + lines.map((line) => `${line}\n`).join(''), encoding);
      await appendBytes(file, fd, at, bytes, before.bytes);
      const last = lines.at(-1);
      return {
        before,
        behind:
          last === undefined ? before : positionBehind(last, before.lines + lines.length, at + bytes.length),
      };
    });
  } catch (cause) {
    throw diskError('VAULT_UNAVAILABLE', 'change', file.path, cause, 'unchanged');
  }
}

/** Counts what stands behind a known position, and compares. @throws LatchkeyError VAULT_CONFLICT, VAULT_CORRUPT */
export async function countKnown(
  file: LogFile,
  fd: number,
  size: number,
  known: LogPosition,
  expectedSeq: number,
): Promise<Counted> {
  const compared = await run(file.disk, comparePosition(fd, size, known));
  if (compared !== 'same') throw lostError(compared);
  const counted = await countLines(file.disk, fd, size, known);
  const found = counted.position.lines;
  if (found > expectedSeq) {
    throw new LatchkeyError('VAULT_CONFLICT', ['conflict']);
  }
  if (found < expectedSeq) throw lostError('shorter', found);
  return counted;
}

/** The log is not what it was. */
export function lostError(lost: 'shorter' | 'replaced', foundSeq?: number): LatchkeyError {
  return new LatchkeyError('VAULT_CORRUPT', [lost === 'shorter' ? 'logShorter' : 'logReplaced'], {
    details: { lost, ...(foundSeq === undefined ? {} : { foundSeq }) },
  });
}

/** The log was there and is not. */
export function goneError(path: string, cause?: unknown): LatchkeyError {
  return new LatchkeyError('VAULT_UNAVAILABLE', ['logGone'], {
    details: { path, reason: 'ENOENT', outcome: 'unchanged' },
    cause,
  });
}

const makeNew = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

function* openForAppend(path: string, known: LogPosition): Steps<{ fd: number; stats: { size: number } }> {
  try {
    return yield* openRegular(path, { forWriting: true });
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw cause;
    // A log that was there and is gone is not begun again.
    if (known.lines > 0) throw goneError(path, cause);
    return { fd: yield* call('open', path, makeNew, 0o600), stats: { size: 0 } };
  }
}

async function appendBytes(
  { disk, path }: LogFile,
  fd: number,
  at: number,
  bytes: Buffer,
  firstLineAt: number,
): Promise<void> {
  const outcome = await appendDurably(fd, at, bytes, disk);
  if (outcome.state === 'there') return;
  const decided = outcome.state === 'unknown' ? await decide(disk, fd, at, bytes, firstLineAt) : 'unchanged';
  if (decided === 'there') return;
  const what = decided === 'unchanged' ? 'change' : 'change-unknown';
  throw diskError('VAULT_UNAVAILABLE', what, path, outcome.cause, decided);
}

/** The disk neither took the bytes nor let them be cut off again: what does it hold? */
async function decide(
  disk: Disk,
  fd: number,
  at: number,
  bytes: Buffer,
  firstLineAt: number,
): Promise<'there' | 'unchanged' | 'unknown'> {
  try {
    const { size } = await disk.async.fstat(fd);
    // Cut, but not confirmed: whole lines may come back with a power cut.
    if (size <= at) return (await cutBack(fd, at, disk)) ? 'unchanged' : 'unknown';
    const { position } = await countLines(disk, fd, size, { ...logStart, bytes: firstLineAt });
    // An incomplete line is all that there ever was; the next append cuts it off.
    if (position.lines === 0) return 'unchanged';
    // Written once more: a disk that failed to sync has forgotten what it still had to write.
    const again = await appendDurably(fd, at, bytes, disk);
    return again.state === 'not-there' ? 'unchanged' : again.state;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return 'unknown';
  }
}

function cannotCut({ path }: LogFile): LatchkeyError {
  return new LatchkeyError('VAULT_UNAVAILABLE', ['cannotCut'], { details: { path, outcome: 'unchanged' } });
}

/** A bug otherwise: what is appended as one line must be read as one. */
function assertLines(lines: readonly string[]): void {
  for (const line of lines) {
    if (!isWholeLine(line)) throw new Error('what was to be appended is not a signed line');
    if (line.length > maxLineBytes) {
      throw new LatchkeyError('INVALID_INPUT', ['changeTooLarge']);
    }
  }
}
