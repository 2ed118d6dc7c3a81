/**
 * What happened by days, and what each token did in all: small, and kept longer than rows. Invariant: a segment that it
 * names is in it whole, and in the month of each of its rows; it is written last.
 */
import { dayMs, dayOf } from './days.ts';
import { addHoldings, addsTally, clearForgotten, holdingsSchema } from './holding-parts.ts';
import { monthTallySchema, unroll } from './month-tallies.ts';
import { Names, namesSchema } from './names.ts';
import type { Tally } from './row-store.ts';
import type { DayHolding, SegmentSums } from './segment-sums.ts';
import { addTally } from './segment-sums.ts';
import { SqliteFile } from './sqlite-file.ts';

const tally = 'count INTEGER NOT NULL, bytes INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL';
const rollupSchema = `${namesSchema}
CREATE TABLE segment_months (segment INTEGER NOT NULL, month TEXT NOT NULL, PRIMARY KEY (segment, month)) WITHOUT ROWID, STRICT;
${holdingsSchema}CREATE TABLE places (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, place TEXT NOT NULL, UNIQUE (kind, place)) STRICT;
CREATE TABLE installed (place INTEGER NOT NULL, day INTEGER NOT NULL, file INTEGER NOT NULL, ${tally},
  PRIMARY KEY (place, day, file)) WITHOUT ROWID, STRICT;
${monthTallySchema}CREATE TABLE refusals (day INTEGER NOT NULL, policy TEXT NOT NULL, cause TEXT NOT NULL, environment TEXT NOT NULL,
  count INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (day, policy, cause, environment)) WITHOUT ROWID, STRICT;
CREATE TABLE index_days (day INTEGER NOT NULL, token TEXT NOT NULL, channel TEXT NOT NULL, allowed INTEGER NOT NULL,
  denied INTEGER NOT NULL, failed INTEGER NOT NULL, PRIMARY KEY (day, token, channel)) WITHOUT ROWID, STRICT;
CREATE TABLE tokens (token TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, downloads INTEGER NOT NULL,
  cut INTEGER NOT NULL, refusals INTEGER NOT NULL, index_requests INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE days (day INTEGER PRIMARY KEY) STRICT;
CREATE TABLE dropped (day INTEGER PRIMARY KEY, rows INTEGER NOT NULL) STRICT;
`;

/**
 * What is asked stands together in parts all over the file: with a fourth of the pages, a question that finds none of them
 * in memory waits for the disk a fourth as often. Writing costs a tenth more.
 */
const pageBytes = 16_384;

const addsUse =
  'allowed = allowed + excluded.allowed, denied = denied + excluded.denied, failed = failed + excluded.failed';

export type PlaceKind = 'environment' | 'team' | 'token';
type Counted = { readonly file: number; readonly subject: number; readonly holding: DayHolding };

export class RollupFile {
  readonly file: SqliteFile;
  readonly names: Names;

  constructor(path: string, onDamaged: (nowAt: string) => void) {
    this.file = new SqliteFile(path, rollupSchema, onDamaged, () => this.names.forget(), pageBytes);
    this.names = new Names(this.file);
  }

  /**
   * What a segment adds.
   * @param months that have rows or hours of it
   * @returns false where it is in it already
   */
  add(segment: string, months: Iterable<string>, sums: SegmentSums): boolean {
    this.names.forgetWritten();
    try {
      return this.file.write(() => {
        const id = this.names.addSegment(segment);
        if (id === undefined) return false;
        const addMonth = this.file.statement('INSERT INTO segment_months VALUES (?, ?)');
        for (const month of months) addMonth.run(id, month);
        this.#addDays(sums);
        this.#addHoldings(sums);
        this.#addCounts(sums);
        return true;
      });
    } finally {
      this.names.forgetWritten();
    }
  }

  /** Which months should have it: those that it was put in, but those that retention took. */
  monthsOfSegments(): readonly (readonly [segment: string, month: string])[] {
    const sql = 'SELECT name, month FROM segment_months JOIN segments ON id = segment';
    return this.file.statement(sql).all() as unknown as [string, string][];
  }

  forgetMonth(month: string): void {
    this.file.write(() => this.file.statement('DELETE FROM segment_months WHERE month = ?').run(month));
  }

  /** Of which days there is something, without reading all of it. */
  #addDays({ holdings, hours, refusals }: SegmentSums): void {
    const days = new Set<number>();
    for (const { day } of holdings.values()) days.add(day);
    for (const { hourMs } of hours.values()) days.add(dayOf(hourMs));
    for (const { dayMs: atMs } of refusals.values()) days.add(dayOf(atMs));
    clearForgotten(this.file, days);
    const insert = this.file.statement('INSERT OR IGNORE INTO days VALUES (?)');
    for (const day of days) insert.run(day);
  }

  #addHoldings(sums: SegmentSums): void {
    const { names } = this;
    const counted: Counted[] = [];
    for (const holding of sums.holdings.values())
      counted.push({
        file: names.writeFile(holding.file),
        subject: names.writeSubject(holding.subject),
        holding,
      });
    addHoldings(
      this.file,
      counted.map(({ file, subject, holding }) => [file, subject, holding.day, ...numbersOf(holding)]),
    );
    this.#addInstalled(counted);
  }

  #addInstalled(counted: readonly Counted[]): void {
    const found = new Map<string, Tally & { place: number; day: number; file: number }>();
    const places = new Map<string, number>();
    for (const { file, holding } of counted) {
      const { subject, day, count, bytes, firstMs, lastMs } = holding;
      for (const [kind, id] of [
        ['environment', subject.environmentId],
        ['team', subject.teamId],
        ['token', subject.tokenId],
      ] as const) {
        if (id === '') continue;
        const place = places.get(`${kind} ${id}`) ?? this.#writePlace(kind, id);
        places.set(`${kind} ${id}`, place);
        addTally(found, `${place} ${day} ${file}`, { place, day, file, count, bytes, firstMs, lastMs });
      }
    }
    unroll(this.file, found.values());
    const upsert = this.file.statement(
      `INSERT INTO installed VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ${addsTally}`,
    );
    const sorted = [...found.values()].sort((a, b) => a.place - b.place || a.day - b.day || a.file - b.file);
    for (const one of sorted) upsert.run(one.place, one.day, one.file, ...numbersOf(one));
  }

  #writePlace(kind: PlaceKind, place: string): number {
    const known = this.placeId(kind, place);
    if (known !== undefined) return known;
    const insert = this.file.statement('INSERT INTO places (kind, place) VALUES (?, ?)');
    return Number(insert.run(kind, place).lastInsertRowid);
  }

  placeId(kind: PlaceKind, place: string): number | undefined {
    const find = this.file.statement('SELECT id FROM places WHERE kind = ? AND place = ?');
    return (find.get(kind, place) as unknown as [number] | undefined)?.[0];
  }

  #addCounts({ refusals, hours, tokens, dropped }: SegmentSums): void {
    const { file } = this;
    const refusal = file.statement(`INSERT INTO refusals VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
      count = count + excluded.count, last = max(last, excluded.last)`);
    for (const one of refusals.values())
      refusal.run(one.dayMs / dayMs, one.policyName, one.cause, one.environmentId, one.count, one.lastMs);
    const use = file.statement(
      `INSERT INTO index_days VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ${addsUse}`,
    );
    for (const { hourMs, tokenId, channelId, allowed, denied, failed } of hours.values())
      use.run(Math.floor(hourMs / dayMs), tokenId, channelId, allowed, denied, failed);
    const token = file.statement(`INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
      first = min(first, excluded.first), last = max(last, excluded.last),
      downloads = downloads + excluded.downloads, cut = cut + excluded.cut, refusals = refusals + excluded.refusals,
      index_requests = index_requests + excluded.index_requests`);
    for (const one of tokens.values())
      token.run(
        one.tokenId,
        one.firstMs,
        one.lastMs,
        one.downloads,
        one.cut,
        one.refusals,
        one.indexRequests,
      );
    const drop = file.statement(
      'INSERT INTO dropped VALUES (?, ?) ON CONFLICT DO UPDATE SET rows = rows + excluded.rows',
    );
    for (const [day, rows] of dropped) drop.run(day, rows);
  }
}

const numbersOf = ({ count, bytes, firstMs, lastMs }: Tally) => [count, bytes, firstMs, lastMs] as const;
