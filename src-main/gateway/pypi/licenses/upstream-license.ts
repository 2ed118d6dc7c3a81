/**
 * Reads what a file of an upstream says about its licence, with as few bytes as it takes: its core metadata where the index
 * has it apart (PEP 658), else the end of the wheel by ranges, else the beginning of the source distribution. Invariant: an
 * upstream that is away or refuses is an error, never a file without a licence.
 */
import type { Readable } from 'node:stream';
import type { ChannelId } from '../../../../shared/model/ids.ts';
import { texts } from '../../../../shared/texts/texts.ts';
import type { Documents } from '../../documents/documents.ts';
import { UpstreamDeadline } from '../../documents/upstream-deadline.ts';
import type { UpstreamResponse } from '../../types.ts';
import { UpstreamError } from '../../types.ts';
import { ClosingError } from '../upstream-index.ts';
import { maxTailBytes } from '../wheel-metadata.ts';
import { pkgInfoOf } from './sdist-info.ts';
import type { SparseAnswer, WheelPart } from './sparse-wheel.ts';

const words = texts.refusals.upstream;

/** Of a wheel where the upstream sends no parts: larger ones say nothing then. */
const maxWholeBytes = 16 * 1024 * 1024;
/** The directory of a wheel of 10,000 files has 1 MB. */
const maxPartBytes = 4 * 1024 * 1024;
/** The end, the directory, the entry's head, the entry. */
const maxParts = 5;
const maxReadMs = 60_000;

export type LicenseUpstream = {
  readonly owner: ChannelId;
  readonly documents: Documents;
  readonly closed: AbortSignal;
  /** @throws UpstreamError */
  readonly open: (
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<UpstreamResponse>;
  /** After an answer that is no file. */
  readonly refusal: (response: UpstreamResponse) => UpstreamError;
};

/** @returns as `PypiSource.license` says */
export async function licenseOfFile(
  upstream: LicenseUpstream,
  project: string,
  filename: string,
): Promise<string | undefined> {
  const isSdist = filename.endsWith('.gz') || filename.endsWith('.tgz');
  if (!isSdist && !filename.endsWith('.whl')) return '';
  const { documents, owner, closed } = upstream;
  const stop = new AbortController();
  const onClose = (): void => stop.abort();
  closed.addEventListener('abort', onClose);
  const deadline = new UpstreamDeadline(maxReadMs, stop);
  const giveBack = await documents.fetches.take(owner, closed);
  deadline.start();
  try {
    return isSdist
      ? await ofSdist(upstream, stop.signal)
      : await new WheelReading(upstream, project, stop.signal).read();
  } catch (error) {
    if (closed.aborted) throw new ClosingError({ cause: error });
    if (deadline.isLate) throw new UpstreamError(504, words.metadataTooSlow, { cause: error });
    if (error instanceof UpstreamError) throw error;
    throw new UpstreamError(502, words.metadataBrokeOff, { cause: error });
  } finally {
    deadline.stop();
    closed.removeEventListener('abort', onClose);
    giveBack();
  }
}

async function ofSdist(upstream: LicenseUpstream, signal: AbortSignal): Promise<string | undefined> {
  const response = await upstream.open({ 'accept-encoding': 'identity' }, signal);
  if (!isThere(upstream, response)) return undefined;
  const info = await pkgInfoOf(response.body);
  if (info === undefined) return '';
  return await upstream.documents.threads.lane().run<string>('metadataLicense', [info]);
}

/** @returns false if it is gone */
function isThere({ refusal }: LicenseUpstream, response: UpstreamResponse): boolean {
  const { status, body } = response;
  if (status === 200 || status === 206) return true;
  body.destroy();
  if (status === 404 || status === 410) return false;
  throw refusal(response);
}

class WheelReading {
  readonly #upstream: LicenseUpstream;
  readonly #project: string;
  readonly #signal: AbortSignal;
  readonly #parts: WheelPart[] = [];
  #sizeBytes = 0;

  constructor(upstream: LicenseUpstream, project: string, signal: AbortSignal) {
    this.#upstream = upstream;
    this.#project = project;
    this.#signal = signal;
  }

  async read(): Promise<string | undefined> {
    let range = `bytes=-${maxTailBytes}`;
    for (let count = 0; count < maxParts; count += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const found = await this.#fetch(range);
      if (found !== 'here') return found === 'gone' ? undefined : '';
      // oxlint-disable-next-line no-await-in-loop
      const answer = await this.#look();
      if (answer.type === 'license') return answer.text;
      if (answer.length > maxPartBytes) return '';
      range = `bytes=${answer.at}-${answer.at + answer.length - 1}`;
    }
    return '';
  }

  async #look(): Promise<SparseAnswer> {
    const { threads } = this.#upstream.documents;
    return await threads.lane().run('wheelLicense', [this.#sizeBytes, this.#parts, this.#project]);
  }

  async #fetch(range: string): Promise<'here' | 'gone' | 'unreadable'> {
    const response = await this.#upstream.open({ 'accept-encoding': 'identity', range }, this.#signal);
    if (response.status === 416) {
      response.body.destroy();
      return 'unreadable';
    }
    if (!isThere(this.#upstream, response)) return 'gone';
    if ((response.headers['content-encoding'] ?? 'identity') !== 'identity') {
      response.body.destroy();
      return 'unreadable';
    }
    if (response.status === 200) {
      const bytes = await read(response.body, maxWholeBytes);
      if (bytes === undefined) return 'unreadable';
      this.#sizeBytes = bytes.length;
      this.#parts.push({ at: 0, bytes });
      return 'here';
    }
    const match = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15})$/.exec(response.headers['content-range'] ?? '');
    const bytes = await read(response.body, maxPartBytes);
    if (match === null || bytes === undefined) return 'unreadable';
    this.#sizeBytes = Number(match[2]);
    this.#parts.push({ at: Number(match[1]), bytes });
    return 'here';
  }
}

async function read(body: Readable, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop destroys it.
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
