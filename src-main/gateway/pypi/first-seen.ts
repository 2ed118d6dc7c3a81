/**
 * When each file of a folder was first seen, kept for good: `upload-time` is counted from it, and no author can set it.
 * Invariant: what was there at the first look of all keeps its time of modification (at most now); what comes later has
 * the time of its first sight, and so has other content under a known name. One line is added per file and never
 * changed; a file that lost its end is read up to there. Each gateway keeps its own, so two gateways on one folder may
 * differ by the time between their looks.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

type Seen = { readonly atMs: number; readonly sha256?: string };
type Line = { readonly name: string; readonly atMs: number; readonly sha256?: string };

export class FirstSeen {
  readonly #path: string | undefined;
  readonly #seen = new Map<string, Seen>();
  #isFirstLook = true;
  #unwritten: Line[] = [];
  /** Why it could not be read or written; times are kept in memory then. */
  problem: string | undefined;

  /** @param path undefined: in memory only */
  constructor(path: string | undefined) {
    this.#path = path;
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
    this.#flush();
  }

  /** The file was read: its first sight, or that of its new content. */
  timeOf(name: string, sha256: string, nowMs: number): number {
    const seen = this.#seen.get(name);
    if (seen?.sha256 === sha256) return seen.atMs;
    const atMs = seen === undefined || seen.sha256 !== undefined ? nowMs : seen.atMs;
    this.#put({ name, atMs, sha256 });
    this.#flush();
    return atMs;
  }

  #put(line: Line): void {
    const { name, ...seen } = line;
    this.#seen.set(name, seen);
    if (this.#path !== undefined) this.#unwritten.push(line);
  }

  #load(path: string): void {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
        this.problem = 'The first-seen file cannot be read';
      return;
    }
    this.#isFirstLook = false;
    for (const line of text.split('\n')) {
      const seen = lineOf(line);
      if (seen !== undefined) this.#seen.set(seen.name, seen);
    }
  }

  #flush(): void {
    if (this.#path === undefined || (this.#unwritten.length === 0 && this.problem === undefined)) return;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const flags = constants.O_CREAT | constants.O_APPEND | constants.O_RDWR | (constants.O_NONBLOCK ?? 0);
      const fd = openSync(this.#path, flags, 0o600);
      try {
        if (!fstatSync(fd).isFile()) throw new Error('Not a file');
        // Begins on a line of its own, also after one that broke off.
        const lines = this.#unwritten.map((line) => JSON.stringify(line));
        writeSync(fd, `\n${lines.join('\n')}`);
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      this.#unwritten = [];
      this.problem = undefined;
    } catch {
      // Kept, and tried again with the next file.
      this.problem = 'The first-seen file cannot be written';
    }
  }
}

function lineOf(text: string): Line | undefined {
  if (text === '') return undefined;
  try {
    const value = JSON.parse(text) as Partial<Line> | null;
    if (typeof value?.name !== 'string' || typeof value.atMs !== 'number') return undefined;
    const { name, atMs, sha256 } = value;
    return { name, atMs, ...(typeof sha256 === 'string' ? { sha256 } : {}) };
  } catch {
    // Broke off in the middle.
    return undefined;
  }
}
