/**
 * One database file. Invariant: a file that SQLite calls damaged is moved aside with what belongs to it, never removed,
 * and a new one takes its place; whoever was using it is told by DamagedFile and asks again. All else that the disk
 * refuses is an error with a code.
 */
import { closeSync, constants, openSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LatchkeyError } from '../../../shared/errors.ts';

/** Another process takes in a segment in about a second; on a slow disk a few. */
const busyTimeoutMs = 15_000;

/** SQLite's own. */
const usualPageBytes = 4096;

type Sqlite = typeof import('node:sqlite');
let sqlite: Sqlite | undefined | 'unknown' = 'unknown';

/** Undefined where this Node has none (before 22.13, and in the tests' oldest Electron). */
function loadSqlite(): Sqlite | undefined {
  if (sqlite !== 'unknown') return sqlite;
  try {
    // Not imported: where it is missing, that would end the program. Node 20.16 has this function.
    sqlite = process.getBuiltinModule('node:sqlite') as Sqlite | undefined;
  } catch {
    sqlite = undefined;
  }
  return sqlite;
}

export const hasSqlite = (): boolean => loadSqlite() !== undefined;

/** It was damaged and stands elsewhere now; a new, empty one is there. */
export class DamagedFile extends Error {
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(`damaged: ${path}`, { cause });
    this.name = 'DamagedFile';
    this.path = path;
  }
}

/** SQLite's result codes (sqlite.org/rescode.html), the low byte. */
const results: Readonly<Record<number, string>> = {
  5: 'EBUSY',
  6: 'EBUSY',
  8: 'EROFS',
  10: 'EIO',
  13: 'ENOSPC',
  14: 'EACCES',
  23: 'EACCES',
};
const [corrupt, notADatabase] = [11, 26];
/** Of ours, in `user_version`. A file with other tables under our name is of no use, whatever they are. */
const form = 1;
const primaryCode = 0xff;

/** What SQLite calls a failure, as the system would. */
const resultOf = (error: unknown): number | undefined => {
  const code = error instanceof Error ? (error as { errcode?: unknown }).errcode : undefined;
  return typeof code === 'number' ? code & primaryCode : undefined;
};

export class SqliteFile {
  readonly path: string;
  readonly #schema: string;
  readonly #pageBytes: number;
  readonly #onDamaged: (nowAt: string) => void;
  readonly #onReplaced: () => void;
  readonly #statements = new Map<string, StatementSync>();
  #database: DatabaseSync | undefined;
  #inode = 0n;

  /**
   * @param onReplaced what was known of its content holds no more
   * @param pageBytes of a new one
   */
  constructor(
    path: string,
    schema: string,
    onDamaged: (nowAt: string) => void,
    onReplaced: () => void,
    pageBytes = usualPageBytes,
  ) {
    this.path = path;
    this.#pageBytes = pageBytes;
    this.#schema = schema;
    this.#onDamaged = onDamaged;
    this.#onReplaced = onReplaced;
  }

  /** Which file it is: numbers of one say nothing of another that took its place. */
  get inode(): bigint {
    return this.#inode;
  }

  /**
   * Runs work in one transaction: all of it is on the disk when this returns, or nothing.
   * @throws DamagedFile, LatchkeyError FILE_NOT_WRITABLE
   */
  write<T>(work: () => T): T {
    return this.#transact('BEGIN IMMEDIATE', work);
  }

  /** Runs work on one state of the file, whatever others write meanwhile. @throws as `write` */
  read<T>(work: () => T): T {
    return this.#transact('BEGIN', work);
  }

  /** Rows come as arrays. Kept and used again. */
  statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#open().prepare(sql);
    made.setReturnArrays(true);
    this.#statements.set(sql, made);
    return made;
  }

  /** Outside of transactions. @throws as `write` */
  exec(sql: string): void {
    this.#guarded(() => this.#open().exec(sql));
  }

  close(): void {
    this.#statements.clear();
    const database = this.#database;
    this.#database = undefined;
    try {
      database?.close();
    } catch (error) {
      // Its files are gone, or damaged: whoever opens it next meets that.
      if (resultOf(error) === undefined) throw error;
    }
  }

  #transact<T>(begin: string, work: () => T): T {
    return this.#guarded(() => {
      const database = this.#open();
      database.exec(begin);
      try {
        const done = work();
        database.exec('COMMIT');
        return done;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const result = resultOf(error) ?? (isSystem(error) ? 0 : undefined);
      if (result === undefined) throw error;
      if (result === corrupt || result === notADatabase) {
        this.#setAside();
        throw new DamagedFile(this.path, error);
      }
      // After a failure of the disk, what it holds in memory is not relied on.
      this.close();
      const reason = results[result] ?? (error as NodeJS.ErrnoException).code ?? 'unknown error';
      throw new LatchkeyError('FILE_NOT_WRITABLE', ['disk', 'write', this.path, reason], {
        details: { path: this.path, reason },
        cause: error,
      });
    }
  }

  /** The file that has the name now: another process may have moved ours aside, or removed it by retention. */
  #open(): DatabaseSync {
    if (this.#database?.isTransaction === true) return this.#database;
    if (this.#database !== undefined) {
      if (this.#inodeNow() === this.#inode) return this.#database;
      this.close();
      this.#onReplaced();
    }
    const found = loadSqlite();
    if (found === undefined) throw new Error('This Node has no node:sqlite.');
    // Made by us, as SQLite would let everybody read it. Its log takes the same mode.
    closeSync(openSync(this.path, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600));
    this.#inode = this.#inodeNow() ?? 0n;
    const database = new found.DatabaseSync(this.path);
    this.#database = database;
    // Full: without a sync of each transaction, a power cut could take rows of a segment that another file calls done.
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA page_size = ${this.#pageBytes}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000; PRAGMA trusted_schema = OFF; PRAGMA journal_size_limit = 16777216`);
    if (isEmpty(database)) {
      database.exec('BEGIN IMMEDIATE');
      // Another process may have been first.
      if (isEmpty(database)) database.exec(`${this.#schema} PRAGMA user_version = ${form}`);
      database.exec('COMMIT');
    }
    if (formOf(database) !== form) throw Object.assign(new Error('another form'), { errcode: notADatabase });
    return database;
  }

  #inodeNow(): bigint | undefined {
    return statSync(this.path, { bigint: true, throwIfNoEntry: false })?.ino;
  }

  /** Another process may have done so already: then its new one stays. */
  #setAside(): void {
    this.close();
    this.#onReplaced();
    if (this.#inodeNow() !== this.#inode) return;
    const name = `${basename(this.path)}.damaged-${Date.now()}`;
    const aside = join(dirname(this.path), name);
    // First what belongs to it: a new file must not find the log of the old one.
    for (const end of ['-wal', '-shm', '']) renameIfThere(`${this.path}${end}`, `${aside}${end}`);
    this.#onDamaged(aside);
  }
}

const isEmpty = (database: DatabaseSync): boolean =>
  database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'] === 0;

const formOf = (database: DatabaseSync): unknown =>
  database.prepare('PRAGMA user_version').get()?.['user_version'];

const isSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
