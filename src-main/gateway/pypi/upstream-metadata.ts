/**
 * Core metadata of an upstream's wheels (PEP 658). Invariant: what contradicts the hash on the page is not served: a
 * resolver would decide by it, and the wheel itself would say something else. Kept, as it never changes.
 */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import type { ChannelId } from '../../../shared/model/ids.ts';
import { decoderOf } from '../documents/codings.ts';
import { UpstreamDeadline } from '../documents/upstream-deadline.ts';
import type { Documents } from '../documents/documents.ts';
import type { KeptDocument } from '../documents/kept-documents.ts';
import type { ChannelResponse, UpstreamResponse } from '../types.ts';
import { UpstreamError } from '../types.ts';
import { refusedBy } from '../upstream-refusal.ts';
import type { KeptFile } from './kept-file.ts';
import type { Hashes } from './model.ts';
import type { UrlUpstream } from './source.ts';
import { fileContentType } from './source.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.refusals.upstream;

/** Far above real ones (a long README is 200 kB); a client has to read it too. */
const maxMetadataBytes = 4 * 1024 * 1024;
/** Where the page says what it is, it cannot become anything else. */
const knownForMs = 24 * 3_600_000;
/** A few lines of text. Waiting for a turn does not count. */
const maxFetchMs = 60_000;

type Metadata = { readonly bytes: Uint8Array; readonly etag: string; readonly weightBytes: number };

export class UpstreamMetadata {
  readonly #owner: ChannelId;
  readonly #upstream: UrlUpstream;
  readonly #documents: Documents;

  constructor(
    { id, upstream }: { readonly id: ChannelId; readonly upstream: UrlUpstream },
    documents: Documents,
  ) {
    this.#owner = id;
    this.#upstream = upstream;
    this.#documents = documents;
  }

  /**
   * @param onStale told why what was kept over a restart is given
   * @returns undefined if it is gone
   */
  async answer(
    file: KeptFile,
    url: string,
    open: (signal: AbortSignal) => Promise<UpstreamResponse>,
    onStale?: (error: UpstreamError) => void,
  ): Promise<ChannelResponse | undefined> {
    const value = await this.read(file, url, open, onStale);
    if (value === undefined) return undefined;
    const headers = { 'content-type': fileContentType('', 'metadata') };
    return { status: 200, headers, body: { type: 'bytes', bytes: value.bytes, etag: value.etag } };
  }

  /** @returns undefined if it is gone. @throws UpstreamError */
  async read(
    { coreMetadata }: KeptFile,
    url: string,
    open: (signal: AbortSignal) => Promise<UpstreamResponse>,
    onStale?: (error: UpstreamError) => void,
  ): Promise<Metadata | undefined> {
    const hashes = typeof coreMetadata === 'boolean' ? {} : coreMetadata;
    const isPromised = Object.keys(hashes).length > 0;
    const name = `metadata\0${url}\0${Object.values(hashes).join()}`;
    const kept = this.#documents.kept.of({ id: this.#owner, upstream: this.#upstream }, name);
    const { value } = await this.#documents.cache.get<Metadata>(
      this.#owner,
      name,
      isPromised ? knownForMs : 0,
      async () => {
        const metadata = await this.#fetch(hashes, open, kept);
        return metadata === undefined
          ? { type: 'missing' }
          : { type: 'value', value: metadata, validators: {} };
      },
      onStale,
      kept.beside(async (response) => ({
        type: 'value',
        value: await read(hashes, response),
        validators: {},
      })),
    );
    return value;
  }

  async #fetch(
    hashes: Hashes,
    open: (signal: AbortSignal) => Promise<UpstreamResponse>,
    kept: KeptDocument,
  ): Promise<Metadata | undefined> {
    const stop = new AbortController();
    const deadline = new UpstreamDeadline(maxFetchMs, stop);
    const giveBack = await this.#documents.fetches.take(this.#owner, stop.signal);
    deadline.start();
    try {
      const response = await open(stop.signal);
      const { status, body } = response;
      if (status !== 200) {
        body.destroy();
        if (status !== 404 && status !== 410) throw refusedBy(response);
        await kept.gone();
        return undefined;
      }
      if (response.endsWithConnection && Object.keys(hashes).length === 0) {
        body.destroy();
        throw new UpstreamError(502, words.metadataNoEnd, {
          isOfPath: true,
        });
      }
      return await kept.keeping(response, {}, (given) => read(hashes, given));
    } catch (error) {
      if (!deadline.isLate) throw error;
      throw new UpstreamError(504, words.metadataTooSlow, { cause: error });
    } finally {
      deadline.stop();
      giveBack();
    }
  }
}

/** @throws UpstreamError also where it is another one than the page says */
async function read(hashes: Hashes, { headers, body }: UpstreamResponse): Promise<Metadata> {
  const bytes = await readWhole(body, headers['content-encoding']);
  for (const [algorithm, digest] of Object.entries(hashes)) {
    if (createHash(algorithm).update(bytes).digest('hex') !== digest)
      throw new UpstreamError(502, words.metadataOther, { isAway: false });
  }
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`;
  return { bytes, etag, weightBytes: bytes.length };
}

async function readWhole(body: Readable, coding: string | undefined): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    const decoder = decoderOf(coding);
    const plain = decoder === undefined ? body : pipeline(body, decoder, () => undefined);
    for await (const chunk of plain as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxMetadataBytes) throw new UpstreamError(502, words.metadataTooLarge);
      chunks.push(chunk);
    }
  } catch (error) {
    body.destroy();
    if (error instanceof UpstreamError) throw error;
    throw new UpstreamError(502, words.metadataBrokeOff, { cause: error });
  }
  return Buffer.concat(chunks);
}
