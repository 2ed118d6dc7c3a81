/**
 * Writes one chain of segments. Invariant: what `write` returned from is in the file, whole lines in their order, and
 * survives the end of the process; what it threw at is not in it. The key of a MAC is gone before the next line is
 * written, so that who takes over the gateway cannot make the lines before anew. For a thread of its own: it waits for
 * the disk.
 */
import type { Hash, KeyObject } from 'node:crypto';
import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import type { LogRecipient } from '../../shared/model/bundle.ts';
import type { Random } from '../base/seal-text.ts';
import { sealTextNow } from '../base/seal-text.ts';
import { keyOfSeed, publicX } from '../base/seed-key.ts';
import type { DiskOps } from '../disk/operations.ts';
import { systemDisk } from '../disk/operations.ts';
import { fieldBinding, sealedKeys } from './recipients.ts';
import type { LogDrop } from './row-codec.ts';
import type { PersonField, SegmentName } from './segment-files.ts';
import { fieldKeysPath, macKeysPath, personFields, segmentName, segmentPath } from './segment-files.ts';
import type { SegmentHead } from './segment-lines.ts';
import { endClaim, macOf, nextKey, sha256, withMac } from './segment-lines.ts';
import { signSegment } from './segment-signature.ts';

/** A segment ends at: read again in a tenth of a second, and one transaction of a store. */
export const maxSegmentBytes = 8 * 1024 * 1024;
export const maxSegmentMs = 24 * 60 * 60_000;

/** Rows of one batch, made into text on the thread that has them. */
export type BatchTexts = {
  readonly atMs: number;
  /** JSON of each, joined by commas. */
  readonly rows: string;
  readonly rowCount: number;
  readonly counts: string;
  readonly dropped: readonly LogDrop[];
  /** JSON of the list of each personal field, by the numbers that rows have; '' when it has none. */
  readonly who: Readonly<Record<PersonField, string>>;
};

export type SegmentWriterOptions = {
  /** Of the request log; its folders are there. */
  readonly dir: string;
  readonly gateway: string;
  /** Of the gateway's Ed25519 key, base64url. */
  readonly seed: string;
  readonly run: number;
  readonly recipients: readonly LogRecipient[];
  /** What stood in the folder before: name and root. */
  readonly before: SegmentHead['before'];
  readonly now: () => number;
  readonly disk?: DiskOps;
  readonly random?: Random;
  readonly maxBytes?: number;
};

type Open = {
  readonly fd: number;
  readonly segment: SegmentName;
  readonly head: SegmentHead;
  readonly fieldKeys: Readonly<Record<PersonField, Buffer>>;
  readonly root: Hash;
  macKey: Buffer;
  mac: string;
  length: number;
  batches: number;
  rows: number;
};

const makeNew = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | (constants.O_NOFOLLOW ?? 0);

export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #disk: DiskOps;
  readonly #random: Random;
  readonly #key: KeyObject;
  readonly #publicX: string;
  #recipients: readonly LogRecipient[];
  #before: SegmentHead['before'];
  #n = 0;
  #open: Open | undefined;
  #isUnsynced = false;
  /** The recipients are others: what is open is ended before anything else is written. */
  #mustEnd = false;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
    this.#disk = options.disk ?? systemDisk.sync;
    this.#random = options.random ?? randomBytes;
    this.#key = keyOfSeed(options.seed);
    this.#publicX = publicX(this.#key);
    this.#recipients = options.recipients;
    this.#before = options.before;
  }

  /** Of the segment that is written; undefined between two. */
  get current(): string | undefined {
    return this.#open === undefined ? undefined : segmentName(this.#open.segment);
  }

  /** Others from the next segment on, which begins with the next batch. */
  setRecipients(recipients: readonly LogRecipient[]): void {
    this.#mustEnd = JSON.stringify(recipients) !== JSON.stringify(this.#recipients) || this.#mustEnd;
    this.#recipients = recipients;
  }

  /**
   * Appends a batch. @returns the name of a segment that was ended before it
   * @throws the disk's error; then nothing of the batch is in the log, and it may be tried again
   */
  write(batch: BatchTexts): string | undefined {
    const ended = this.endIfDue();
    const open = (this.#open ??= this.#begin());
    const { batches } = open;
    const sealed = this.#sealed(open, batch.who);
    const dropped = batch.dropped.length === 0 ? '' : `,"dropped":${JSON.stringify(batch.dropped)}`;
    const text = `{"b":${batches},"at":${batch.atMs},"rows":[${batch.rows}],"counts":[${batch.counts}]${dropped},"sealed":"${sealed === '' ? '' : sha256(sealed)}"}`;
    const mac = macOf(open.macKey, open.mac, text);
    const line = `${withMac(text, mac)}\n`;
    this.#append(open, sealed === '' ? line : `${sealed}\n${line}`);
    open.root.update(line);
    open.batches += 1;
    open.rows += batch.rowCount;
    this.#ratchet(open, mac);
    return ended;
  }

  /** Ends a segment that is large or old enough. @returns its name @throws the disk's error: it is still open then */
  endIfDue(): string | undefined {
    const open = this.#open;
    if (open === undefined) return undefined;
    const isLarge = open.length >= (this.#options.maxBytes ?? maxSegmentBytes);
    const ageMs = this.#options.now() - open.head.openedAtMs;
    // A clock that is set back must not keep one open for ever.
    const isOld = ageMs >= maxSegmentMs || ageMs < -maxSegmentMs;
    return isLarge || isOld || this.#mustEnd ? this.end() : undefined;
  }

  /** Signs the open segment and closes it. @returns its name @throws the disk's error: it is still open then */
  end(): string | undefined {
    const open = this.#open;
    if (open === undefined) return undefined;
    const { head, batches, rows, segment } = open;
    const root = open.root.copy().digest('base64url');
    const end = { batches, rows, root, atMs: this.#options.now() };
    const sig = signSegment(this.#key, head.gateway, endClaim(head, end));
    const text = JSON.stringify({ end, sig });
    this.#append(open, `${withMac(text, macOf(open.macKey, open.mac, text))}\n`);
    this.#disk.fsync(open.fd);
    this.#leave(open, root);
    return segmentName(segment);
  }

  /** What was written survives a power cut from here on. @throws the disk's error */
  sync(): void {
    if (this.#open === undefined || !this.#isUnsynced) return;
    this.#disk.fsync(this.#open.fd);
    this.#isUnsynced = false;
  }

  #begin(): Open {
    const { dir, gateway, run, now } = this.#options;
    this.#n += 1;
    const segment: SegmentName = { gateway, run, n: this.#n };
    const name = segmentName(segment);
    const newKey = (): Buffer => Buffer.from(this.#random(32));
    const macKey = newKey();
    const fieldKeys = { address: newKey(), ciUser: newKey() };
    const macKeys = sealedKeys('mac', segment, macKey, this.#recipients, this.#random);
    const fields = personFields.map(
      (field) =>
        [field, sealedKeys(field, segment, fieldKeys[field], this.#recipients, this.#random)] as const,
    );
    const head: SegmentHead = {
      gateway,
      key: this.#publicX,
      run,
      n: this.#n,
      openedAtMs: now(),
      before: this.#before,
      macKeys: sha256(macKeys),
      fieldKeys: Object.fromEntries(
        fields.map(([field, text]) => [field, sha256(text)]),
      ) as SegmentHead['fieldKeys'],
    };
    const line = `${JSON.stringify({ v: 1, ...head })}\n`;
    const made: string[] = [];
    try {
      for (const [path, text] of [
        [macKeysPath(dir, name), macKeys],
        ...fields.map(([field, text]) => [fieldKeysPath(dir, name, field), text] as const),
      ] as const) {
        this.#closeQuietly(this.#writeNew(path, text));
        made.push(path);
      }
      const fd = this.#writeNew(segmentPath(dir, name), line);
      this.#mustEnd = false;
      return {
        fd,
        segment,
        head,
        fieldKeys,
        root: createHash('sha256').update(line),
        macKey,
        mac: sha256(line),
        length: Buffer.byteLength(line),
        batches: 0,
        rows: 0,
      };
    } catch (error) {
      this.#n -= 1;
      for (const path of made) this.#removeQuietly(path);
      throw error;
    }
  }

  /** The sealed line of a batch; '' where nothing is personal. */
  #sealed({ segment, fieldKeys, batches }: Open, who: BatchTexts['who']): string {
    const parts = personFields.flatMap((field) => {
      if (who[field] === '') return [];
      const binding = fieldBinding(field, segment, batches);
      return [`"${field}":"${sealTextNow(fieldKeys[field], who[field], binding, this.#random)}"`];
    });
    return parts.length === 0 ? '' : `{"s":{${parts.join(',')}}}`;
  }

  #append(open: Open, text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    try {
      this.#writeAll(open.fd, bytes, open.length);
    } catch (error) {
      this.#takeBack(open);
      throw error;
    }
    open.length += bytes.length;
    this.#isUnsynced = true;
  }

  /** Half a line is not left behind; where even that fails, the segment is left as one that was never closed. */
  #takeBack(open: Open): void {
    try {
      this.#disk.ftruncate(open.fd, open.length);
    } catch {
      this.#leave(open, open.root.copy().digest('base64url'));
    }
  }

  #leave(open: Open, root: string): void {
    this.#open = undefined;
    this.#isUnsynced = false;
    this.#before = [[segmentName(open.segment), root]];
    open.macKey.fill(0);
    for (const field of personFields) open.fieldKeys[field].fill(0);
    this.#closeQuietly(open.fd);
  }

  #ratchet(open: Open, mac: string): void {
    const next = nextKey(open.macKey);
    open.macKey.fill(0);
    open.macKey = next;
    open.mac = mac;
  }

  #writeNew(path: string, text: string): number {
    const fd = this.#disk.open(path, makeNew, 0o600);
    try {
      this.#writeAll(fd, Buffer.from(text, 'utf8'), 0);
      this.#disk.fsync(fd);
      return fd;
    } catch (error) {
      this.#closeQuietly(fd);
      this.#removeQuietly(path);
      throw error;
    }
  }

  #writeAll(fd: number, bytes: Uint8Array, position: number): void {
    let written = 0;
    while (written < bytes.length) {
      const took = this.#disk.write(fd, bytes, written, bytes.length - written, position + written);
      if (took <= 0) throw Object.assign(new Error('the disk took no bytes'), { code: 'SHORT_WRITE' });
      written += took;
    }
  }

  #removeQuietly(path: string): void {
    try {
      this.#disk.unlink(path);
    } catch {
      // Never made, or a disk that takes no changes: a segment without its head is told as damaged.
    }
  }

  #closeQuietly(fd: number): void {
    try {
      this.#disk.close(fd);
    } catch {
      // Gone either way (close(2)).
    }
  }
}
