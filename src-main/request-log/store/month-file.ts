/**
 * The rows of one month. A row's number is its time, so that every index ends with it and gives rows by time:
 * milliseconds since the month began, times `perMs`, plus a number that tells those of one millisecond apart. Invariant:
 * a segment is in it whole or not at all.
 */
import type { LogRowKind } from '../log-row.ts';
import type { Ecosystem } from '../../../shared/model/packages.ts';
import type { RequestCause } from '../../../shared/model/gateway.ts';
import { dayOf, monthEndMs, monthStartMs } from './days.ts';
import { Names, namesSchema } from './names.ts';
import { perMs, RowHours, rowHoursSchema } from './row-hours.ts';
import type { StoredRow } from './row-store.ts';
import type { HourUse } from './segment-sums.ts';
import { fileOf } from './segment-sums.ts';
import { SqliteFile } from './sqlite-file.ts';

const monthSchema = `${namesSchema}
CREATE TABLE rows (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, token INTEGER, team INTEGER, environment INTEGER,
  channel INTEGER, file INTEGER, bytes INTEGER NOT NULL, status INTEGER NOT NULL, cache INTEGER, cause INTEGER,
  policy INTEGER, decision TEXT, client INTEGER NOT NULL, project INTEGER, job TEXT, segment INTEGER NOT NULL,
  row INTEGER NOT NULL, batch INTEGER NOT NULL, who INTEGER NOT NULL) STRICT;
CREATE INDEX rows_token ON rows (token) WHERE token IS NOT NULL;
CREATE INDEX rows_file ON rows (file) WHERE file IS NOT NULL;
CREATE INDEX rows_policy ON rows (policy) WHERE policy IS NOT NULL;
${rowHoursSchema}CREATE TABLE row_days (day INTEGER PRIMARY KEY, rows INTEGER NOT NULL) STRICT;
CREATE TABLE hours (hour INTEGER NOT NULL, token TEXT NOT NULL, channel TEXT NOT NULL, allowed INTEGER NOT NULL,
  denied INTEGER NOT NULL, failed INTEGER NOT NULL, PRIMARY KEY (hour, token, channel)) WITHOUT ROWID, STRICT;
`;
export const rowColumns =
  'id, kind, token, team, environment, channel, file, bytes, status, cache, cause, policy, decision, client, project, job, segment, row, batch, who';

const kinds: readonly LogRowKind[] = ['download', 'cut', 'refusal'];
const caches = ['hit', 'miss', 'fill'] as const;
export const kindNumber = (kind: LogRowKind): number => kinds.indexOf(kind);

/** One row of `rowColumns`. */
export type RowRecord = readonly [
  id: number,
  kind: number,
  token: number | null,
  team: number | null,
  environment: number | null,
  channel: number | null,
  file: number | null,
  bytes: number,
  status: number,
  cache: number | null,
  cause: number | null,
  policy: number | null,
  decision: string | null,
  client: number,
  project: number | null,
  job: string | null,
  segment: number,
  row: number,
  batch: number,
  who: number,
];

export class MonthFile {
  readonly month: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly file: SqliteFile;
  readonly names: Names;

  constructor(path: string, month: string, onDamaged: (nowAt: string) => void) {
    this.month = month;
    this.startMs = monthStartMs(month);
    this.endMs = monthEndMs(month);
    this.file = new SqliteFile(path, monthSchema, onDamaged, () => this.names.forget());
    this.names = new Names(this.file);
  }

  /** The least number of a row of that time. */
  idAt(atMs: number): number {
    return (Math.min(Math.max(atMs, this.startMs), this.endMs) - this.startMs) * perMs;
  }

  timeOf(id: number): number {
    return this.startMs + Math.floor(id / perMs);
  }

  /** Rows and hours of one segment that are of this month; nothing where it has them. */
  add(segment: string, rows: readonly StoredRow[], hours: readonly HourUse[]): void {
    this.names.forgetWritten();
    try {
      this.file.write(() => {
        const segmentId = this.names.addSegment(segment);
        if (segmentId === undefined) return;
        this.#addRows(segmentId, rows);
        this.#addHours(hours);
      });
    } finally {
      this.names.forgetWritten();
    }
  }

  #addRows(segmentId: number, rows: readonly StoredRow[]): void {
    const { names } = this;
    const ids = this.#freeIds(rows);
    const marks = rowColumns.replaceAll(/\w+/g, '?');
    const insert = this.file.statement(`INSERT INTO rows (${rowColumns}) VALUES (${marks})`);
    const days = new Map<number, number>();
    const hours = new RowHours();
    for (const row of rows) {
      const file = fileOf(row);
      const id = ids(row.atMs);
      // A clock that stands: two million rows of one millisecond are enough.
      if (id >= this.idAt(row.atMs) + perMs) continue;
      days.set(dayOf(row.atMs), (days.get(dayOf(row.atMs)) ?? 0) + 1);
      const kind = kindNumber(row.kind);
      const where = [row.teamId, row.environmentId, row.channelId].map((text) => names.writeText(text));
      const [team = null, environment = null, channel = null] = where;
      hours.add(id, { kind, team, environment, channel });
      insert.run(
        id,
        kind,
        names.writeText(row.tokenId),
        team,
        environment,
        channel,
        file === undefined ? null : names.writeFile(file),
        row.bytes,
        row.status,
        row.cache === undefined ? null : caches.indexOf(row.cache),
        names.writeText(row.cause),
        names.writeText(row.policyName),
        row.decisionId ?? null,
        names.writeText(row.client) ?? 0,
        names.writeText(row.ciProject),
        row.ciJob ?? null,
        segmentId,
        row.place.row,
        row.place.batch,
        row.place.who,
      );
    }
    this.#addDays(days);
    hours.write(this.file);
  }

  /** How many there are is asked often, and counting them takes a while. */
  #addDays(days: ReadonlyMap<number, number>): void {
    const upsert = this.file.statement(
      'INSERT INTO row_days VALUES (?, ?) ON CONFLICT DO UPDATE SET rows = rows + excluded.rows',
    );
    for (const [day, rows] of days) upsert.run(day, rows);
  }

  /** Numbers that no row has: most segments meet no row of another at the same millisecond. */
  #freeIds(rows: readonly StoredRow[]): (atMs: number) => number {
    const next = new Map<number, number>();
    const last = this.file.statement('SELECT max(id) FROM rows WHERE id >= ? AND id < ?');
    const times = rows.map(({ atMs }) => atMs);
    const [least, most] = times.reduce(
      ([low, high], at) => [Math.min(low, at), Math.max(high, at)],
      [Infinity, 0],
    );
    const taken = (from: number, to: number) =>
      (last.get(this.idAt(from), this.idAt(to)) as unknown as [number | null])[0];
    const isAlone = rows.length === 0 || taken(least, most + 1) === null;
    return (atMs) => {
      const known = next.get(atMs);
      const id = known ?? (isAlone ? this.idAt(atMs) : (taken(atMs, atMs + 1) ?? this.idAt(atMs) - 1) + 1);
      next.set(atMs, id + 1);
      return id;
    };
  }

  #addHours(hours: readonly HourUse[]): void {
    const upsert = this.file.statement(`INSERT INTO hours VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
      allowed = allowed + excluded.allowed, denied = denied + excluded.denied, failed = failed + excluded.failed`);
    for (const { hourMs, tokenId, channelId, allowed, denied, failed } of hours)
      upsert.run(hourMs, tokenId, channelId, allowed, denied, failed);
  }

  rowOf(record: RowRecord): StoredRow {
    const [id, kind, token, team, environment, channel, file, bytes, status, cache, cause] = record;
    const [, , , , , , , , , , , policy, decision, client, project, job, segment, row, batch, who] = record;
    const { names } = this;
    const text = (key: string, number: number | null) =>
      number === null ? {} : { [key]: names.text(number) };
    const cacheName = cache === null ? undefined : caches[cache];
    return {
      atMs: this.timeOf(id),
      kind: kinds[kind] ?? 'refusal',
      ...text('tokenId', token),
      ...text('teamId', team),
      ...text('environmentId', environment),
      ...text('channelId', channel),
      ...(file === null ? {} : saidOf(names.loggedFile(file))),
      bytes,
      status,
      ...(cacheName === undefined ? {} : { cache: cacheName }),
      ...(cause === null ? {} : { cause: names.text(cause) as RequestCause }),
      ...text('policyName', policy),
      ...(decision === null ? {} : { decisionId: decision }),
      client: names.text(client),
      ...text('ciProject', project),
      ...(job === null ? {} : { ciJob: job }),
      place: { segment: names.segmentName(segment), row, batch, who },
    };
  }
}

function saidOf(file: Record<string, string>): { readonly ecosystem?: Ecosystem } {
  return Object.fromEntries(Object.entries(file).filter(([, text]) => text !== ''));
}
