/**
 * What lines of a log denied, in clear, kept beside the head copy: when the log is lost and an older one restored, what
 * was revoked stays revoked. Invariant: called under the copy's lock; only an incomplete last line is ever cut off, and
 * when there is too much, the oldest goes.
 */
import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { LatchkeyError } from '../../shared/errors.ts';
import { appendDurably } from '../disk/append-file.ts';
import { diskError } from '../disk/disk-error.ts';
import type { Disk } from '../disk/operations.ts';
import { closeQuietly, run } from '../disk/operations.ts';
import { readIfThere } from '../disk/read-file.ts';
import { replaceFile, syncFolderSteps } from '../disk/write-file.ts';
import type { LineDenials } from './head-copy.ts';

const ids = z.array(z.string()).optional();
const lineDenials = z.strictObject({
  seq: z.number().int().min(0),
  denies: z.strictObject({
    tokens: ids,
    ends: z.record(z.string(), z.number()).optional(),
    environments: ids,
    teams: ids,
    channels: ids,
  }),
});

/** Some 300,000 revoked tokens. What goes over it is cut to half, so that cutting is rare. */
export const maxDenialsBytes = 16 * 1024 * 1024;

const access =
  constants.O_RDWR | constants.O_CREAT | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

export class DenialsFile {
  readonly #path: string;
  readonly #disk: Disk;

  constructor(path: string, disk: Disk) {
    this.#path = path;
    this.#disk = disk;
  }

  /** Adds what is not there yet. @throws LatchkeyError VAULT_UNAVAILABLE */
  async add(denials: readonly LineDenials[]): Promise<void> {
    const { lines, endBytes } = await this.#lines();
    const known = new Set(lines);
    const added = denials.map((entry) => JSON.stringify(entry)).filter((line) => !known.has(line));
    if (added.length === 0) return;
    if (endBytes + sizeOf(added) > maxDenialsBytes)
      await this.#replace(newest([...lines, ...added], maxDenialsBytes / 2));
    else await this.#append(endBytes, added);
  }

  async #append(at: number, lines: readonly string[]): Promise<void> {
    const fd = await this.#disk.async.open(this.#path, access, 0o600);
    try {
      // What a crash left of a line.
      await this.#disk.async.ftruncate(fd, at);
      const outcome = await appendDurably(fd, at, Buffer.from(toText(lines)), this.#disk);
      if (outcome.state !== 'there') throw outcome.cause;
      if (at === 0) await run(this.#disk, syncFolderSteps(dirname(this.#path)));
    } catch (cause) {
      throw diskError('VAULT_UNAVAILABLE', 'write', this.#path, cause);
    } finally {
      await run(this.#disk, closeQuietly(fd));
    }
  }

  /** In the order of the log. @throws LatchkeyError VAULT_UNAVAILABLE, VAULT_CORRUPT */
  async from(seq: number): Promise<readonly LineDenials[]> {
    const { lines } = await this.#lines();
    const parsed = lines.map((line) => this.#parse(line));
    return parsed.filter((entry) => entry.seq >= seq).toSorted((a, b) => a.seq - b.seq);
  }

  /** Forgets what lines from a place on denied. */
  async dropFrom(seq: number): Promise<void> {
    const { lines } = await this.#lines();
    const kept = lines.filter((line) => this.#parse(line).seq < seq);
    if (kept.length < lines.length) await this.#replace(kept);
  }

  /** Whole lines, and where they end: what stands behind is what a crash left of one. */
  async #lines(): Promise<{ readonly lines: readonly string[]; readonly endBytes: number }> {
    const bytes = await readIfThere(this.#path, {
      maxBytes: 2 * maxDenialsBytes,
      code: 'VAULT_UNAVAILABLE',
      disk: this.#disk,
    });
    const endBytes = (bytes?.lastIndexOf('\n') ?? -1) + 1;
    const text = bytes?.toString('utf8', 0, endBytes) ?? '';
    return { lines: text.split('\n').slice(0, -1), endBytes };
  }

  #parse(line: string): LineDenials {
    try {
      return lineDenials.parse(JSON.parse(line)) as LineDenials;
    } catch (cause) {
      throw new LatchkeyError('VAULT_CORRUPT', ['denialsDamaged', this.#path], {
        details: { path: this.#path },
        cause,
      });
    }
  }

  async #replace(lines: readonly string[]): Promise<void> {
    await replaceFile(this.#path, toText(lines), {
      mode: 0o600,
      code: 'VAULT_UNAVAILABLE',
      disk: this.#disk,
    });
  }
}

const toText = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const sizeOf = (lines: readonly string[]): number =>
  lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);

/** The last ones that fit; the very last in any case. */
function newest(lines: readonly string[], maxBytes: number): readonly string[] {
  let begin = lines.length - 1;
  let bytes = sizeOf(lines.slice(begin));
  while (begin > 0) {
    bytes += sizeOf([lines[begin - 1] ?? '']);
    if (bytes > maxBytes) break;
    begin -= 1;
  }
  return lines.slice(Math.max(begin, 0));
}
