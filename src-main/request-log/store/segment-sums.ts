/** What the rows of a segment add to the rollup. Filled from a segment once; asked by whoever has no database of it. */
import { dayMs, dayOf } from './days.ts';
import type {
  ClientUse,
  Holding,
  LoggedFile,
  PlainRow,
  RefusalCount,
  Subject,
  Tally,
  TokenUse,
} from './row-store.ts';
import type { SegmentBatch } from './segment-source.ts';

/** Between the parts of a key: in no name. */
const gap = '\u0000';
type Changing<T> = { -readonly [K in keyof T]: T[K] };

export type DayHolding = Holding & { readonly day: number };
export type HourUse = {
  readonly hourMs: number;
  readonly tokenId: string;
  readonly channelId: string;
  readonly allowed: number;
  readonly denied: number;
  readonly failed: number;
};

export const fileKey = (file: LoggedFile): string =>
  [file.ecosystem, file.name, file.version, file.filename, file.sha256].join(gap);
export const subjectKey = (subject: Subject): string =>
  [subject.tokenId, subject.environmentId, subject.teamId].join(gap);
export const refusalKey = (refusal: RefusalCount): string =>
  [refusal.policyName, refusal.cause, refusal.environmentId].join(gap);

/** Undefined for a request that was about no file. */
export function fileOf(row: PlainRow): LoggedFile | undefined {
  if (row.name === undefined && row.filename === undefined && row.sha256 === undefined) return undefined;
  const { ecosystem = '', name = '', version = '', filename = '', sha256 = '' } = row;
  return { ecosystem, name, version, filename, sha256 };
}

export const subjectOf = ({ tokenId = '', environmentId = '', teamId = '' }: PlainRow): Subject => ({
  tokenId,
  environmentId,
  teamId,
});

/** Adds to what is there under a key, or puts it there. */
export function addTally<T extends Tally>(into: Map<string, T>, key: string, found: T): void {
  const known = into.get(key) as Changing<Tally> | undefined;
  if (known === undefined) {
    into.set(key, { ...found });
    return;
  }
  known.count += found.count;
  known.bytes += found.bytes;
  known.firstMs = Math.min(known.firstMs, found.firstMs);
  known.lastMs = Math.max(known.lastMs, found.lastMs);
}

export function addRefusals(into: Map<string, RefusalCount>, found: RefusalCount): void {
  const key = `${found.dayMs}${gap}${refusalKey(found)}`;
  const known: Changing<RefusalCount> | undefined = into.get(key);
  if (known === undefined) into.set(key, { ...found });
  else {
    known.count += found.count;
    known.lastMs = Math.max(known.lastMs, found.lastMs);
  }
}

export function addTokenUse(into: Map<string, TokenUse>, found: TokenUse): void {
  const known: Changing<TokenUse> | undefined = into.get(found.tokenId);
  if (known === undefined) {
    into.set(found.tokenId, { ...found });
    return;
  }
  known.firstMs = Math.min(known.firstMs, found.firstMs);
  known.lastMs = Math.max(known.lastMs, found.lastMs);
  known.downloads += found.downloads;
  known.cut += found.cut;
  known.refusals += found.refusals;
  known.indexRequests += found.indexRequests;
}

export function addClient(into: Map<string, ClientUse>, found: ClientUse): void {
  const key = [found.client, found.ciProject, found.ciJob].join(gap);
  const known: Changing<ClientUse> | undefined = into.get(key);
  if (known === undefined) {
    into.set(key, { ...found });
    return;
  }
  known.requests += found.requests;
  known.refused += found.refused;
  known.firstMs = Math.min(known.firstMs, found.firstMs);
  known.lastMs = Math.max(known.lastMs, found.lastMs);
}

/** What one row says of who sent it. */
export const clientOf = ({ client, ciProject = '', ciJob = '', kind, atMs }: PlainRow): ClientUse => ({
  client,
  ciProject,
  ciJob,
  requests: 1,
  refused: kind === 'refusal' ? 1 : 0,
  firstMs: atMs,
  lastMs: atMs,
});

export class SegmentSums {
  readonly holdings = new Map<string, DayHolding>();
  readonly refusals = new Map<string, RefusalCount>();
  readonly hours = new Map<string, HourUse>();
  readonly tokens = new Map<string, TokenUse>();
  /** By day. */
  readonly dropped = new Map<number, number>();

  add({ atMs, rows, counts, dropped }: SegmentBatch): void {
    for (const row of rows) this.#addRow(row);
    for (const { hourMs, tokenId = '', channelId = '', allowed, denied, failed } of counts)
      this.#addHour({ hourMs, tokenId, channelId, allowed, denied, failed });
    const day = dayOf(atMs);
    for (const { rows: lost } of dropped) this.dropped.set(day, (this.dropped.get(day) ?? 0) + lost);
  }

  #addRow(row: PlainRow): void {
    const { atMs, kind, bytes, tokenId } = row;
    if (tokenId !== undefined) {
      const one = {
        tokenId,
        firstMs: atMs,
        lastMs: atMs,
        downloads: 0,
        cut: 0,
        refusals: 0,
        indexRequests: 0,
      };
      const counter = kind === 'download' ? 'downloads' : kind === 'cut' ? 'cut' : 'refusals';
      addTokenUse(this.tokens, { ...one, [counter]: 1 });
    }
    if (kind === 'refusal') {
      const { policyName = '', cause = '', environmentId = '' } = row;
      const day = dayOf(atMs) * dayMs;
      addRefusals(this.refusals, { dayMs: day, policyName, cause, environmentId, count: 1, lastMs: atMs });
    }
    const file = kind === 'download' ? fileOf(row) : undefined;
    if (file === undefined) return;
    const subject = subjectOf(row);
    const day = dayOf(atMs);
    const key = [fileKey(file), subjectKey(subject), day].join(gap);
    addTally(this.holdings, key, { file, subject, day, count: 1, bytes, firstMs: atMs, lastMs: atMs });
  }

  #addHour(found: HourUse): void {
    const { hourMs, tokenId, channelId, allowed, denied, failed } = found;
    const key = [hourMs, tokenId, channelId].join(gap);
    const known: Changing<HourUse> | undefined = this.hours.get(key);
    if (known === undefined) this.hours.set(key, { ...found });
    else {
      known.allowed += allowed;
      known.denied += denied;
      known.failed += failed;
    }
    if (tokenId === '') return;
    const indexRequests = allowed + denied + failed;
    const use = { tokenId, firstMs: hourMs, lastMs: hourMs, downloads: 0, cut: 0, refusals: 0 };
    addTokenUse(this.tokens, { ...use, indexRequests });
  }
}
