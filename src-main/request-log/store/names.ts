/** Numbers instead of texts, per database: a row names a token, a file or a client by a small number. */
import { equalVersions } from './equal-versions.ts';
import type { FileQuery, LoggedFile, Subject } from './row-store.ts';
import { fileKey, subjectKey } from './segment-sums.ts';
import type { SqliteFile } from './sqlite-file.ts';

export const namesSchema = `
CREATE TABLE segments (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE files (id INTEGER PRIMARY KEY, ecosystem TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
  filename TEXT NOT NULL, sha256 TEXT NOT NULL, UNIQUE (ecosystem, name, version, filename, sha256)) STRICT;
CREATE INDEX files_sha256 ON files (sha256) WHERE sha256 <> '';
CREATE TABLE subjects (id INTEGER PRIMARY KEY, token TEXT NOT NULL, environment TEXT NOT NULL, team TEXT NOT NULL,
  UNIQUE (token, environment, team)) STRICT;
`;

/** More are looked up again. */
const maxKept = 100_000;

function keep<K, V>(into: Map<K, V>, key: K, value: V): V {
  if (into.size >= maxKept) into.clear();
  into.set(key, value);
  return value;
}

export class Names {
  readonly #file: SqliteFile;
  readonly #texts = new Map<number, string>();
  readonly #files = new Map<number, LoggedFile>();
  readonly #subjects = new Map<number, Subject>();
  /** Of the transaction that writes; what it added may be rolled back. */
  readonly #written = new Map<string, number>();

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  forget(): void {
    for (const map of [this.#texts, this.#files, this.#subjects, this.#written]) map.clear();
  }

  /** At the start and the end of a transaction that writes. */
  forgetWritten(): void {
    this.#written.clear();
  }

  /** @returns false where the segment is there already */
  addSegment(name: string): number | undefined {
    const done = this.#file.statement('INSERT OR IGNORE INTO segments (name) VALUES (?)').run(name);
    return done.changes === 0 ? undefined : Number(done.lastInsertRowid);
  }

  segmentNames(): Set<string> {
    const found = this.#file.statement('SELECT name FROM segments').all() as unknown as [string][];
    return new Set(found.map(([name]) => name));
  }

  segmentName(id: number): string {
    return this.#one('SELECT name FROM segments WHERE id = ?', id)?.[0] as string;
  }

  writeText(text: string | undefined): number | null {
    if (text === undefined) return null;
    return this.#write(`t${text}`, 'texts', ['text'], [text]);
  }

  writeFile(file: LoggedFile): number {
    const columns = ['ecosystem', 'name', 'version', 'filename', 'sha256'] as const;
    return this.#write(
      `f${fileKey(file)}`,
      'files',
      columns,
      columns.map((column) => file[column]),
    );
  }

  writeSubject(subject: Subject): number {
    const { tokenId, environmentId, teamId } = subject;
    const columns = ['token', 'environment', 'team'];
    return this.#write(`s${subjectKey(subject)}`, 'subjects', columns, [tokenId, environmentId, teamId]);
  }

  textId(text: string): number | undefined {
    return this.#one('SELECT id FROM texts WHERE text = ?', text)?.[0] as number | undefined;
  }

  fileId({ ecosystem, name, version, filename, sha256 }: LoggedFile): number | undefined {
    const sql =
      'SELECT id FROM files WHERE ecosystem = ? AND name = ? AND version = ? AND filename = ? AND sha256 = ?';
    return this.#one(sql, ecosystem, name, version, filename, sha256)?.[0] as number | undefined;
  }

  subjectId({ tokenId, environmentId, teamId }: Subject): number | undefined {
    const sql = 'SELECT id FROM subjects WHERE token = ? AND environment = ? AND team = ?';
    return this.#one(sql, tokenId, environmentId, teamId)?.[0] as number | undefined;
  }

  fileIds(query: FileQuery): readonly number[] {
    const [sql, values] =
      'sha256' in query
        ? [`sha256 = ? AND sha256 <> ''`, [query.sha256]]
        : query.version === undefined
          ? ['ecosystem = ? AND name = ?', [query.ecosystem, query.name]]
          : [
              'ecosystem = ? AND name = ? AND version IN (SELECT value FROM json_each(?))',
              [query.ecosystem, query.name, JSON.stringify(equalVersions(query.ecosystem, query.version))],
            ];
    const found = this.#file.statement(`SELECT id FROM files WHERE ${sql}`).all(...values);
    return (found as unknown as [number][]).map(([id]) => id);
  }

  text(id: number): string {
    const known = this.#texts.get(id);
    if (known !== undefined) return known;
    return keep(this.#texts, id, this.#one('SELECT text FROM texts WHERE id = ?', id)?.[0] as string);
  }

  loggedFile(id: number): LoggedFile {
    const known = this.#files.get(id);
    if (known !== undefined) return known;
    const found = this.#one('SELECT ecosystem, name, version, filename, sha256 FROM files WHERE id = ?', id);
    const [ecosystem = '', name = '', version = '', filename = '', sha256 = ''] = (found ?? []) as string[];
    return keep(this.#files, id, {
      ecosystem: ecosystem as LoggedFile['ecosystem'],
      name,
      version,
      filename,
      sha256,
    });
  }

  subject(id: number): Subject {
    const known = this.#subjects.get(id);
    if (known !== undefined) return known;
    const found = this.#one('SELECT token, environment, team FROM subjects WHERE id = ?', id);
    const [tokenId = '', environmentId = '', teamId = ''] = (found ?? []) as string[];
    return keep(this.#subjects, id, { tokenId, environmentId, teamId });
  }

  #one(sql: string, ...values: readonly (string | number)[]): readonly unknown[] | undefined {
    return this.#file.statement(sql).get(...values) as unknown as readonly unknown[] | undefined;
  }

  #write(key: string, table: string, columns: readonly string[], values: readonly string[]): number {
    const known = this.#written.get(key);
    if (known !== undefined) return known;
    const where = columns.map((column) => `${column} = ?`).join(' AND ');
    const found = this.#file.statement(`SELECT id FROM ${table} WHERE ${where}`).get(...values);
    const id = (found as unknown as [number] | undefined)?.[0] ?? this.#insert(table, columns, values);
    return keep(this.#written, key, id);
  }

  #insert(table: string, columns: readonly string[], values: readonly string[]): number {
    const marks = columns.map(() => '?').join(', ');
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`;
    return Number(this.#file.statement(sql).run(...values).lastInsertRowid);
  }
}
