/**
 * What waits to be released, and what was, over a restart: one small file. Invariant: the file is whole at every instant
 * (written beside, synced, renamed), so that a process that is killed loses the last seconds and no more; one that is not
 * ours counts as none, since all of it is found again by documents that are asked for. Of several gateways on one folder
 * the last one that writes is read.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Waiting, WaitingFile } from './waiting.ts';

export type KeptReleases = {
  readonly waiting: readonly {
    /** Document and policies. */
    readonly key: string;
    readonly policies: string;
    readonly files: readonly WaitingFile[];
    readonly total: number;
  }[];
  readonly released: readonly Waiting[];
};

/** What is kept has at most 3,000 entries of some 400 bytes. */
const maxBytes = 4 * 1024 * 1024;
/** Documents come in crowds. */
const writeAfterMs = 3_000;
const format = 1;

export class ReleasesFile {
  readonly #path: string;
  readonly #afterMs: number;
  #timer: NodeJS.Timeout | undefined;
  #make: (() => KeptReleases) | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, afterMs: number = writeAfterMs) {
    this.#path = path;
    this.#afterMs = afterMs;
  }

  load(): KeptReleases | undefined {
    try {
      return keptOf(JSON.parse(readBounded(this.#path)));
    } catch {
      return undefined;
    }
  }

  /** Writes it soon. @param make what is to be kept by then */
  changed(make: () => KeptReleases): void {
    this.#make = make;
    this.#timer ??= setTimeout(() => void this.flush(), this.#afterMs).unref();
  }

  /** Everything that changed so far is on disk, or cannot be. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const make = this.#make;
    this.#make = undefined;
    if (make !== undefined) this.#writing = this.#writing.then(() => write(this.#path, make()));
    await this.#writing;
  }
}

async function write(path: string, kept: KeptReleases): Promise<void> {
  const beside = `${path}.${String(process.pid)}.new`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(beside, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify({ format, ...kept }));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch {
    // A disk that is full costs the list after a restart, not an answer.
  }
}

function readBounded(path: string): string {
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const facts = fstatSync(fd);
    if (!facts.isFile() || facts.size > maxBytes) return '';
    const bytes = Buffer.alloc(facts.size);
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(fd, bytes, filled, bytes.length - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.toString('utf8', 0, filled);
  } finally {
    closeSync(fd);
  }
}

type Raw = Readonly<Record<string, unknown>>;
const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = <T>(value: unknown, read: (one: unknown) => T | undefined): T[] =>
  Array.isArray(value) ? value.flatMap((one) => read(one) ?? []) : [];

function keptOf(value: unknown): KeptReleases | undefined {
  if (!isRaw(value) || value['format'] !== format) return undefined;
  const waiting = listOf(value['waiting'], (one) => {
    if (!isRaw(one)) return undefined;
    const { key, policies, files, total } = one;
    if (typeof key !== 'string' || typeof policies !== 'string' || typeof total !== 'number')
      return undefined;
    return { key, policies, total, files: listOf(files, fileOf) };
  });
  return { waiting, released: listOf(value['released'], waitingOf) };
}

function fileOf(value: unknown): WaitingFile | undefined {
  const waiting = waitingOf(value);
  const filename = isRaw(value) ? value['filename'] : undefined;
  return waiting === undefined || typeof filename !== 'string' ? undefined : { ...waiting, filename };
}

function waitingOf(value: unknown): Waiting | undefined {
  if (!isRaw(value)) return undefined;
  const { channelId, name, version, reason, atMs } = value;
  const isTime = atMs === undefined || (typeof atMs === 'number' && Number.isFinite(atMs));
  if (![channelId, name, version].every((text) => typeof text === 'string') || !isTime) return undefined;
  if (!isReason(reason)) return undefined;
  return { channelId, name, version, reason, atMs } as Waiting;
}

/** Only what ends by itself (spoken-book.ts). */
function isReason(value: unknown): boolean {
  if (!isRaw(value) || !isRaw(value['evidence'])) return false;
  const { rule, policyName, evidence } = value;
  if (policyName !== undefined && typeof policyName !== 'string') return false;
  if (rule === 'package.no-facts')
    return evidence['about'] === 'vulnerabilities' || evidence['about'] === 'malware';
  return (
    rule === 'package.too-young' &&
    typeof evidence['publishedAtMs'] === 'number' &&
    typeof evidence['minDays'] === 'number'
  );
}
