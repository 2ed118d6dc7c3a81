/**
 * Copies a conda index with the link keys taken out, and with the gateway's clock in the records that have none. Runs in a
 * worker. Invariant: what passes begins as a JSON object, is balanced to its end, and has the records that make it an index
 * of its kind, and nothing that is not known; a page for people or a message is refused. It passes only if it can be read as
 * strictly as policies read it (index-store/rows-reader.ts): JSON by the letter, and no key twice where it decides. So a bad
 * one never takes the place of the last good one, whether policies speak or not.
 */
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import type { ChannelId } from '../../../shared/model/ids.ts';
import type { DropCause } from '../../../shared/model/channel-health.ts';
import type { DocumentReader } from '../documents/document-reader.ts';
import { newHashKey } from '../documents/name-hash.ts';
import { NotAnIndexError } from '../documents/not-an-index.ts';
import { releaseBytes } from '../release-bytes.ts';
import type { RowsJob } from '../index-store/rows-reader.ts';
import { checkOfAny, checkOfIndex, RowsReader } from '../index-store/rows-reader.ts';
import type { Members } from './index-shape.ts';
import { LinkFilterError } from './index-strings.ts';
import { LinkFilter } from './link-filter.ts';
import type { Clock } from './record-clock.ts';
import { RecordClock } from './record-clock.ts';
import type { NewSights } from './sight-table.ts';
import { SightTable } from './sight-table.ts';

export type CondaJob = {
  readonly type: 'conda-index';
  /** What is known of it; undefined: everything. */
  readonly members?: Members;
  /** For a document of records. */
  readonly records?: Pick<RowsJob, 'channelId' | 'subdir'> & { readonly clock: Clock };
};
export type CondaResult = {
  readonly digest: string;
  readonly dropped: Partial<Record<DropCause, number>>;
  /** Records that were given a time. */
  readonly stamped: number;
  readonly sights?: NewSights;
};

export class CondaReader implements DocumentReader<CondaResult> {
  readonly #filter: LinkFilter;
  readonly #hash: Hash = createHash('sha256');
  readonly #clock: RecordClock | undefined;
  readonly #rows: RowsReader | undefined;
  #hasBegun = false;

  constructor({ members, records }: CondaJob) {
    this.#filter = new LinkFilter(members);
    if (records === undefined) {
      if (members !== undefined) this.#rows = readerOfAny();
      return;
    }
    const { clock, channelId, subdir } = records;
    this.#clock = new RecordClock(clock);
    // How long it gets is not known yet.
    this.#rows = new RowsReader(
      { type: 'conda-rows', channelId, subdir, plainBytes: 0, ...clock },
      undefined,
      checkOfIndex,
    );
  }

  push(chunk: Buffer): Uint8Array[] {
    if (!this.#hasBegun) this.#begin(chunk);
    const pieces = this.#told(() => this.#filter.push(chunk));
    // What goes on was copied, what is held back too.
    releaseBytes(chunk);
    return pieces;
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: CondaResult } {
    const pieces = this.#told(() => [this.#filter.end()]);
    const { droppedKeys, droppedNames, droppedMembers, isBalanced, isIndex } = this.#filter;
    if (!isBalanced || !isIndex) throw new NotAnIndexError('Not a whole conda index');
    this.#clock?.end();
    this.#rows?.check();
    return {
      pieces,
      result: {
        digest: this.#hash.digest('base64url').slice(0, 27),
        dropped: {
          ...(droppedKeys === 0 ? {} : { 'redirecting-key': droppedKeys }),
          ...(droppedNames === 0 ? {} : { 'file-name': droppedNames }),
          ...(droppedMembers === 0 ? {} : { 'unknown-member': droppedMembers }),
        },
        stamped: this.#clock?.stamped ?? 0,
        ...(this.#clock === undefined ? {} : { sights: this.#clock.sights }),
      },
    };
  }

  /** At the first byte, so that a page for people is known before any of it is kept. */
  #begin(chunk: Buffer): void {
    const first = chunk.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
    if (first === undefined) return;
    if (first !== 0x7b) throw new NotAnIndexError('Not a JSON object');
    this.#hasBegun = true;
  }

  #told(make: () => Buffer[]): Uint8Array[] {
    let parts: Buffer[];
    try {
      parts = make();
    } catch (cause) {
      if (cause instanceof LinkFilterError) throw new NotAnIndexError(cause.message, { cause });
      throw cause;
    }
    const filtered = joined(parts);
    const piece = this.#clock === undefined ? filtered : joined(this.#clock.push(bufferOf(filtered)));
    if (piece !== filtered) releaseBytes(filtered);
    if (piece.length === 0) return [];
    this.#hash.update(piece);
    this.#rows?.push(bufferOf(piece));
    return [piece];
  }
}

/** Of a document beside an index: nothing of it is looked up. */
function readerOfAny(): RowsReader {
  const sights = { sights: new SightTable(newHashKey()).buffers, isFirstSight: false };
  const place = { channelId: '' as ChannelId, subdir: '', plainBytes: 0, nowMs: 0 };
  return new RowsReader({ type: 'conda-rows', ...place, ...sights }, undefined, checkOfAny);
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

/** One piece that owns its memory: the parts are views of a chunk. */
function joined(parts: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const piece = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    piece.set(part, at);
    at += part.length;
  }
  return piece;
}
