/**
 * What a worker knows of a folder of wheels and sdists: what is in it, and of each file that was asked for its hash and
 * metadata, read once for each file. Every read is by a descriptor that was checked, and opened without waiting, so
 * that a pipe put in a file's place stops nobody.
 */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { RecordTableBuffers } from '../documents/record-table.ts';
import { RecordTableBuilder } from '../documents/record-table.ts';
import { fileStamp } from '../file-stamp.ts';
import { isOpenedAt } from '../opened-path.ts';
import { FirstSeen } from './first-seen.ts';
import { FolderError } from './folder-error.ts';
import { isGone, scanFolder } from './folder-scan.ts';
import type { FolderFile } from './folder-scan.ts';
import { normalizeProjectName } from './file-names.ts';
import type { KeptFile } from './kept-file.ts';
import type { PackageFacts } from '../../policy/packages/facts.ts';
import { NewestRelease } from './newest-release.ts';
import { strongestHash } from './hashes.ts';
import { writeKept } from './kept-file.ts';
import type { ProjectFile } from './model.ts';
import { listAsJson, PageWriter } from './page-writer.ts';
import { readWheelMetadata, requiresPythonOf } from './wheel-metadata.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.refusals.channels;

const readChunkBytes = 1024 * 1024;

export type LookResult = {
  /** Why first-seen times are not kept. */
  readonly problem: string | undefined;
  /** Undefined where nothing changed. */
  readonly changed:
    | undefined
    | {
        readonly pieces: Uint8Array[];
        readonly digest: string;
        /** By project; same text, same page. */
        readonly table: RecordTableBuffers;
      };
};

export type FolderPage = {
  readonly pieces: Uint8Array[];
  readonly digest: string;
  /** KeptFile by file name. */
  readonly table: RecordTableBuffers;
  readonly newest: PackageFacts['newest'];
};

type Facts = { readonly stamp: string; readonly entry: ProjectFile };

export class FolderIndex {
  readonly #folder: string;
  readonly #firstSeen: FirstSeen;
  #projects: ReadonlyMap<string, readonly FolderFile[]> = new Map();
  #stamp: string | undefined;
  /** By `keyOf`. */
  readonly #read = new Map<string, Facts>();

  /** @param firstSeenPath undefined: first-seen times are in memory only */
  constructor(folder: string, firstSeenPath: string | undefined) {
    this.#folder = folder;
    this.#firstSeen = new FirstSeen(firstSeenPath);
  }

  /** @throws FolderError */
  *look(nowMs: number, wantsAll: boolean): Generator<void, LookResult> {
    const files = yield* scanFolder(this.#folder);
    const byProject = new Map<string, FolderFile[]>();
    const keys = new Set<string>();
    for (const file of files) {
      keys.add(keyOf(file));
      this.#firstSeen.saw(file.filename, file.mtimeMs, nowMs);
      const known = byProject.get(file.project);
      if (known === undefined) byProject.set(file.project, [file]);
      else known.push(file);
      yield;
    }
    this.#firstSeen.looked();
    for (const key of this.#read.keys()) if (!keys.has(key)) this.#read.delete(key);

    const table = new RecordTableBuilder();
    const whole = createHash('sha256');
    const names = [...byProject.keys()].sort();
    for (const name of names) {
      const hash = createHash('sha256');
      for (const { filename, path, stamp } of byProject.get(name) ?? [])
        hash.update(`${filename}\n${path}\n${stamp}\n`);
      const stamp = hash.digest('base64url').slice(0, 27);
      whole.update(`${name}\n${stamp}\n`);
      table.add(name, stamp);
      yield;
    }
    this.#projects = byProject;
    const { problem } = this.#firstSeen;
    const stamp = whole.digest('base64url');
    if (stamp === this.#stamp && !wantsAll) return { problem, changed: undefined };
    this.#stamp = stamp;
    return { problem, changed: { ...listAsJson(names), table: table.build() } };
  }

  /** Undefined if there is no such project. @throws FolderError */
  *page(project: string, nowMs: number): Generator<void, FolderPage | undefined> {
    // A thread that took the place of a dead one has not looked yet.
    if (this.#stamp === undefined) yield* this.look(nowMs, true);
    const files = this.#projects.get(project);
    if (files === undefined) return undefined;
    const writer = new PageWriter(project);
    const table = new RecordTableBuilder();
    const newest = new NewestRelease();
    const pieces: Uint8Array[] = [];
    for (const file of files) {
      const entry = yield* this.#describe(file, nowMs);
      if (entry === undefined) continue;
      const { location, coreMetadata, sizeBytes, hashes } = entry;
      const digest = strongestHash(hashes);
      const kept = writeKept({ location, coreMetadata, sizeBytes, stamp: file.stamp, digest });
      table.add(file.filename, kept);
      writer.add(entry);
      newest.add(entry.version, entry.uploadTime);
      pieces.push(...writer.take());
      yield;
    }
    this.#firstSeen.keep();
    const end = writer.end(undefined);
    return {
      pieces: [...pieces, ...end.pieces],
      digest: end.digest,
      table: table.build(),
      newest: newest.get(),
    };
  }

  *#describe(file: FolderFile, nowMs: number): Generator<void, ProjectFile | undefined> {
    const known = this.#read.get(keyOf(file));
    if (known?.stamp === file.stamp) return known.entry;
    const entry = yield* this.#readFacts(file, nowMs);
    if (entry !== undefined) this.#read.set(keyOf(file), { stamp: file.stamp, entry });
    return entry;
  }

  /** The file's entry; undefined if it went away, or is another one (the next look finds it again). */
  *#readFacts(file: FolderFile, nowMs: number): Generator<void, ProjectFile | undefined> {
    const fd = openStamped(file.path, file.stamp);
    if (fd === undefined) return undefined;
    try {
      const sha256 = yield* hashFile(fd);
      const metadata =
        file.kind === 'wheel' ? readWheelMetadata(fd, file.sizeBytes, file.project) : undefined;
      if (fileStamp(fstatSync(fd)) !== file.stamp) return undefined;
      return {
        filename: file.filename,
        version: file.version,
        location: file.path,
        hashes: { sha256 },
        requiresPython: metadata === undefined ? undefined : requiresPythonOf(metadata),
        coreMetadata: metadata === undefined ? false : { sha256: hash(metadata) },
        sizeBytes: file.sizeBytes,
        uploadTime: new Date(this.#firstSeen.timeOf(file.filename, sha256, nowMs)).toISOString(),
        yanked: false,
      };
    } catch (error) {
      throw new FolderError(words.fileUnreadable, { cause: error });
    } finally {
      closeSync(fd);
    }
  }
}

/** The metadata that a page promised: of a file that has changed since, none. */
export function promisedMetadata(filename: string, file: KeptFile): Uint8Array | undefined {
  const fd = openStamped(file.location, file.stamp);
  if (fd === undefined) return undefined;
  try {
    const project = normalizeProjectName(filename.split('-', 1)[0] ?? '') ?? '';
    const bytes = readWheelMetadata(fd, fstatSync(fd).size, project);
    const promised = typeof file.coreMetadata === 'boolean' ? undefined : file.coreMetadata['sha256'];
    return bytes !== undefined && hash(bytes) === promised ? bytes : undefined;
  } finally {
    closeSync(fd);
  }
}

/** Both names: a link inside the folder gives one file a second name, and so another project or version. */
function keyOf(file: FolderFile): string {
  return `${file.filename}/${file.path}`;
}

const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** A descriptor of exactly that file, or undefined. Never waits: a pipe is opened and shut again. */
function openStamped(path: string, stamp: string | undefined): number | undefined {
  let fd: number;
  try {
    fd = openSync(path, openFlags);
  } catch (error) {
    if (isGone(error) || isNoFile(error)) return undefined;
    throw new FolderError(words.fileUnreadable, { cause: error });
  }
  const facts = fstatSync(fd);
  if (facts.isFile() && fileStamp(facts) === stamp && isOpenedAt(fd, path)) return fd;
  closeSync(fd);
  return undefined;
}

/** A socket or a device without a driver cannot even be opened. */
function isNoFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENXIO' || error.code === 'ENODEV');
}

function* hashFile(fd: number): Generator<void, string> {
  const digest = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(readChunkBytes);
  for (let position = 0; ;) {
    const bytesRead = readSync(fd, buffer, 0, buffer.length, position);
    if (bytesRead === 0) return digest.digest('hex');
    digest.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
    yield;
  }
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
