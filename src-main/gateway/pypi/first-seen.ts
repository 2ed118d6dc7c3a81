/**
 * When each file of a folder was first seen, kept for good: `upload-time` is counted from it, and no author can set it.
 * Invariant: what was there at the first look of all keeps its time of modification (at most now); what comes later has
 * the time of its first sight, and so has other content under a known name. One line is added per file and never
 * changed; what of the file is damaged is passed over. Each gateway keeps its own, so two gateways on one folder may
 * differ by the time between their looks. Bounded: whoever can put names into a folder cannot fill memory and disk.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { texts } from '../../../shared/texts/texts.ts';
import { isTime } from '../conda/sight-table.ts';

const words = texts.refusals.firstSeen;

/** Of all times; more than twice what a folder may hold. 100 MB of memory. */
const maxNames = 500_000;
const maxFileBytes = 512 * 1024 * 1024;
const full = words.full;

type Seen = { readonly atMs: number; readonly sha256?: string };
type Line = { readonly name: string; readonly atMs: number; readonly sha256?: string };

export class FirstSeen {
  readonly #path: string | undefined;
  readonly #seen = new Map<string, Seen>();
  #isFirstLook = true;
  #unwritten: Line[] = [];
  readonly #maxNames: number;
  #isFull = false;
  /** Why it could not be read or written; times are kept in memory then. */
  problem: string | undefined;

  /** @param path undefined: in memory only */
  constructor(path: string | undefined, max = maxNames) {
    this.#path = path;
    this.#maxNames = max;
    if (path !== undefined) this.#load(path);
  }

  /** A look found these. @param mtimeMs of the file */
  saw(name: string, mtimeMs: number, nowMs: number): void {
    if (this.#seen.has(name)) return;
    this.#put({ name, atMs: this.#isFirstLook ? Math.min(Math.trunc(mtimeMs), nowMs) : nowMs });
  }

  /** A look is over. */
  looked(): void {
    this.#isFirstLook = false;
    this.keep();
  }

  /** The file was read: its first sight, or that of its new content. To be kept before it is told to anybody. */
  timeOf(name: string, sha256: string, nowMs: number): number {
    const seen = this.#seen.get(name);
    if (seen?.sha256 === sha256) return seen.atMs;
    const atMs = seen === undefined || seen.sha256 !== undefined ? nowMs : seen.atMs;
    this.#put({ name, atMs, sha256 });
    return atMs;
  }

  #put(line: Line): void {
    const { name, ...seen } = line;
    if (!this.#seen.has(name) && this.#seen.size >= this.#maxNames) {
      this.#isFull = true;
      this.problem ??= full;
      return;
    }
    this.#seen.set(name, seen);
    if (this.#path !== undefined) this.#unwritten.push(line);
  }

  #load(path: string): void {
    try {
      this.#isFirstLook = !readLines(path, (line) => {
        const seen = lineOf(line);
        if (seen !== undefined && (this.#seen.has(seen.name) || this.#seen.size < this.#maxNames))
          this.#seen.set(seen.name, seen);
      });
    } catch {
      this.problem = words.unreadable;
    }
  }

  /** Writes what is new to the disk. */
  keep(): void {
    if (this.#path === undefined || this.#unwritten.length === 0) return;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const flags = constants.O_CREAT | constants.O_APPEND | constants.O_RDWR | (constants.O_NONBLOCK ?? 0);
      const fd = openSync(this.#path, flags, 0o600);
      try {
        const facts = fstatSync(fd);
        if (!facts.isFile() || facts.size > maxFileBytes) throw new Error('Not a file of ours');
        // Begins on a line of its own, also after one that broke off.
        const lines = this.#unwritten.map((line) => JSON.stringify(line));
        writeSync(fd, `\n${lines.join('\n')}`);
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      this.#unwritten = [];
      this.problem = this.#isFull ? full : undefined;
    } catch {
      // Kept, and tried again with the next file.
      this.problem = words.unwritable;
    }
  }
}

/** A name of a file, a time and a digest. */
const maxLineChars = 4096;

/** Without the zeros that a disk leaves behind after a power cut; what is no line of ours at all is nothing. */
function written(line: string): string {
  const [text = ''] = line.split('\0', 1);
  return text.length > maxLineChars ? '' : text;
}

/** @returns false where there is no file. @throws Error for what is no file, or none of ours */
function readLines(path: string, take: (line: string) => void): boolean {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
  try {
    const facts = fstatSync(fd);
    if (!facts.isFile() || facts.size > maxFileBytes) throw new Error('Not a file of ours');
    const buffer = Buffer.allocUnsafe(1024 * 1024);
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const bytes = readSync(fd, buffer, 0, buffer.length, null);
      const lines = (rest + decoder.decode(buffer.subarray(0, bytes), { stream: bytes > 0 })).split('\n');
      rest = bytes > 0 ? (lines.pop() ?? '') : '';
      if (rest.length > maxLineChars) rest = `${written(rest)}\0`;
      for (const line of lines) take(written(line));
      if (bytes === 0) return true;
    }
  } finally {
    closeSync(fd);
  }
}

function lineOf(text: string): Line | undefined {
  if (text === '') return undefined;
  try {
    const value = JSON.parse(text) as Partial<Line> | null;
    if (typeof value?.name !== 'string' || typeof value.atMs !== 'number') return undefined;
    const { name, atMs, sha256 } = value;
    if (!isTime(atMs)) return undefined;
    return { name, atMs, ...(typeof sha256 === 'string' ? { sha256 } : {}) };
  } catch {
    // Broke off in the middle.
    return undefined;
  }
}
