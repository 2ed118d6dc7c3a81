import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { FileSource } from '../../src-main/package-cache/about-file.ts';
import type { CacheDisk } from '../../src-main/package-cache/cache-disk.ts';
import { systemCacheDisk } from '../../src-main/package-cache/cache-disk.ts';
import type { Incoming } from '../../src-main/package-cache/expected-file.ts';
import type { PackageCacheOptions } from '../../src-main/package-cache/cache-types.ts';
import { PackageCache } from '../../src-main/package-cache/package-cache.ts';

/** Bytes that are the same for the same seed. */
export function fileOf(seed: string, sizeBytes: number): Buffer {
  const block = createHash('sha512').update(seed).digest();
  return Buffer.concat(
    Array.from({ length: Math.ceil(sizeBytes / block.length) }, () => block),
    sizeBytes,
  );
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
export const md5Of = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

export const sourceOf = (filename: string, more: Partial<FileSource> = {}): FileSource => ({
  channelId: 'main',
  path: `noarch/${filename}`,
  ecosystem: 'conda',
  filename,
  ...more,
});

/** A cache of a folder, with a clock that a test sets. */
export function cacheOf(dir: string, more: Partial<PackageCacheOptions> = {}): PackageCache {
  return new PackageCache({
    dir: join(dir, 'package-cache'),
    maxBytes: 1024 ** 3,
    floorBytes: 0,
    aloneMs: 0,
    now: Date.now,
    ...more,
  });
}

/** An upstream that gives what a test puts into it. */
export class Upstream {
  readonly stream = new Readable({ read: () => undefined });
  asked = 0;
  readonly #sizeBytes: number | undefined;

  constructor(sizeBytes?: number) {
    this.#sizeBytes = sizeBytes;
  }

  readonly open = (): Promise<Incoming> => {
    this.asked += 1;
    return Promise.resolve({ stream: this.stream, sizeBytes: this.#sizeBytes });
  };

  give(bytes: Uint8Array | null): void {
    this.stream.push(bytes);
  }
}

/** What an upstream gives at once, in pieces. */
export const upstreamOf =
  (bytes: Buffer, pieceBytes = 50_000) =>
  (): Promise<Incoming> => {
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
    return Promise.resolve({ stream: Readable.from(pieces, { objectMode: false }), sizeBytes: bytes.length });
  };

/** Fetches a file into a cache and reads it. @returns what a reader got */
export async function fillWith(
  cache: PackageCache,
  bytes: Buffer,
  source = sourceOf('some.conda'),
): Promise<Buffer> {
  const { fill } = cache.fill({ sha256: sha256Of(bytes) }, source, upstreamOf(bytes));
  try {
    await fill.head;
    const got = await readAll(fill.read());
    await fill.done;
    return got;
  } finally {
    fill.release();
  }
}

/** Keeps a document, noting what it is. @returns its key */
export async function keepDocument(cache: PackageCache, name: string, sizeBytes: number): Promise<string> {
  const key = sha256Of(Buffer.from(name)).slice(0, 40);
  const bytes = fileOf(`document ${name}`, sizeBytes);
  const writer = await cache.documents.begin();
  for (let at = 0; at < bytes.length; at += 50_000)
    // oxlint-disable-next-line no-await-in-loop
    await writer?.write(bytes.subarray(at, at + 50_000));
  await writer?.keep(key, { channelId: 'main', name, sizeBytes });
  return key;
}

/** @returns whether it is there. @throws where it is not what was put there */
export async function hasDocument(cache: PackageCache, key: string): Promise<boolean> {
  const found = await cache.documents.open(key);
  if (found === undefined) return false;
  const { name, sizeBytes } = found.note as { readonly name: string; readonly sizeBytes: number };
  const got = await readAll(Readable.from(found.body, { objectMode: false }));
  if (!got.equals(fileOf(`document ${name}`, sizeBytes)))
    throw new Error(`The document ${name} is another one`);
  return true;
}

export async function readAll(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** Reads until so many bytes came, and no more. */
export async function readSome(stream: Readable, sizeBytes: number): Promise<Buffer> {
  let got = Buffer.alloc(0);
  while (got.length < sizeBytes) {
    const piece = stream.read() as Buffer | null;
    if (piece === null)
      // oxlint-disable-next-line no-await-in-loop
      await once(stream, 'readable');
    else got = Buffer.concat([got, piece]);
  }
  return got;
}

/** The disk of this computer, of which some calls fail. */
export function cacheDiskWith(faults: Partial<CacheDisk>): CacheDisk {
  return { ...systemCacheDisk, ...faults };
}

export const diskError = (code: string): Error => Object.assign(new Error(code), { code, syscall: 'write' });
