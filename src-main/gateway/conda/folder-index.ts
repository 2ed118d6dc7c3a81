/**
 * Index documents of local conda channels, from memory. Invariant: only bytes that went through the link filter are
 * served. The `.zst` is our own compression of them; a `.zst` in the folder is never read, because it might say
 * something else than the JSON beside it.
 */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { ContainedFile } from '../contained-file.ts';
import { findContained } from '../contained-file.ts';
import { reasonPhrase } from '../reason.ts';
import type { ChannelResponse } from '../types.ts';
import { LinkFilter, LinkFilterError } from './link-filter.ts';

/** Well within the promise that a change takes effect within a second, and no work at all for a busy index. */
const recheckAfterMs = 250;
/** Larger documents are checked once per change and then sent from the disk. */
const maxHeldBytes = 4 * 1024 * 1024;
/** A larger document with links in it, or one to compress, would need too much memory. */
const maxRewrittenBytes = 64 * 1024 * 1024;
const maxTotalHeldBytes = 64 * 1024 * 1024;
const maxEntries = 1000;

type Entry = {
  file: ContainedFile | undefined;
  checkedAtMs: number;
  response: ChannelResponse;
  heldBytes: number;
};

const notFound: ChannelResponse = { status: 404, reason: 'Not found', headers: {}, body: { type: 'none' } };
const invalid: ChannelResponse = {
  status: 502,
  reason: reasonPhrase('The index of this channel is not valid JSON'),
  headers: {},
  body: { type: 'none' },
};
const tooLarge: ChannelResponse = {
  status: 502,
  reason: reasonPhrase('The index of this channel is too large to take links out of it'),
  headers: {},
  body: { type: 'none' },
};

export class FolderIndexes {
  readonly #entries = new LRUCache<string, Entry>({
    max: maxEntries,
    maxSize: maxTotalHeldBytes,
    maxEntrySize: maxHeldBytes * 4,
    // A response that holds nothing has a size too, as the cache wants it.
    sizeCalculation: ({ heldBytes }) => heldBytes + 1,
  });

  /**
   * @param segments a JSON index, or its name with `.zst`
   * @returns at once, the same object as before, when the file was looked at within the last 250 ms
   */
  answer(folder: string, segments: readonly string[]): ChannelResponse | Promise<ChannelResponse> {
    const key = `${folder}\0${segments.join('/')}`;
    const entry = this.#entries.get(key);
    const nowMs = performance.now();
    if (entry !== undefined && nowMs - entry.checkedAtMs < recheckAfterMs) return entry.response;
    // Others are served what there is while this one looks.
    if (entry !== undefined) entry.checkedAtMs = nowMs;
    return this.#refresh(key, folder, segments, entry);
  }

  async #refresh(
    key: string,
    folder: string,
    segments: readonly string[],
    entry: Entry | undefined,
  ): Promise<ChannelResponse> {
    const wantsZst = segments.at(-1)?.endsWith('.zst') === true;
    const jsonSegments = wantsZst
      ? [...segments.slice(0, -1), (segments.at(-1) ?? '').slice(0, -4)]
      : segments;
    const file = await findContained(folder, jsonSegments);
    if (file === undefined) {
      this.#entries.delete(key);
      return notFound;
    }
    const known = entry?.file;
    if (
      entry !== undefined &&
      known?.path === file.path &&
      known.size === file.size &&
      known.mtimeMs === file.mtimeMs
    ) {
      return entry.response;
    }
    const response = wantsZst ? await compressIndex(file) : await checkIndex(file);
    this.#remember(key, file, response);
    return response;
  }

  #remember(key: string, file: ContainedFile, response: ChannelResponse): void {
    const heldBytes = response.body.type === 'bytes' ? response.body.bytes.length : 0;
    this.#entries.set(key, { file, checkedAtMs: performance.now(), response, heldBytes });
  }
}

function jsonHeaders(file: ContainedFile): Record<string, string> {
  return { 'content-type': 'application/json', 'last-modified': new Date(file.mtimeMs).toUTCString() };
}

async function checkIndex(file: ContainedFile): Promise<ChannelResponse> {
  try {
    if (file.size > maxHeldBytes && (await countLinks(file.path)) === 0) {
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: { type: 'file', path: file.path, size: file.size, mtimeMs: file.mtimeMs },
      };
    }
    const bytes = await filterLinks(file);
    return bytes === undefined
      ? tooLarge
      : { status: 200, headers: jsonHeaders(file), body: { type: 'bytes', bytes } };
  } catch (error) {
    if (error instanceof LinkFilterError) return invalid;
    throw error;
  }
}

/** Newer nodes only; without it clients take the JSON. */
const compress = 'zstdCompress' in zlib ? promisify(zlib.zstdCompress) : undefined;

async function compressIndex(file: ContainedFile): Promise<ChannelResponse> {
  if (compress === undefined) return notFound;
  try {
    const json = await filterLinks(file);
    if (json === undefined) return notFound;
    const bytes = await compress(json);
    return {
      status: 200,
      headers: { ...jsonHeaders(file), 'content-type': 'application/zstd' },
      body: { type: 'bytes', bytes },
    };
  } catch (error) {
    // The JSON itself says what is wrong.
    if (error instanceof LinkFilterError) return notFound;
    throw error;
  }
}

async function filterLinks(file: ContainedFile): Promise<Buffer | undefined> {
  if (file.size > maxRewrittenBytes) return undefined;
  const filter = new LinkFilter();
  const parts = filter.push(await readFile(file.path));
  return Buffer.concat([...parts, filter.end()]);
}

async function countLinks(path: string): Promise<number> {
  const filter = new LinkFilter();
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }))
    filter.push(chunk as Buffer);
  filter.end();
  return filter.dropped;
}
