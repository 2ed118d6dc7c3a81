/** Finds the pages that stand in for files: a sign-in, a web filter's word, a mirror's "moved". */
import { Readable } from 'node:stream';
import type { UpstreamResponse } from './types.ts';
import { UpstreamError } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.upstream;

/** Whether an upstream calls it HTML. Some call everything so: its bytes decide. */
export function isPage({ headers }: UpstreamResponse): boolean {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  return type === 'text/html' || type === 'application/xhtml+xml';
}

/**
 * The body, looked at: no package begins like a tag.
 * @throws UpstreamError if it is a page
 */
export async function opened(body: Readable): Promise<Readable> {
  const chunks = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const first = await chunks.next().catch((cause: unknown) => {
    // The client went away: nothing that the upstream did.
    if (cause instanceof Error && cause.name === 'AbortError') throw cause;
    throw new UpstreamError(502, words.brokeOffEarly, { cause });
  });
  const begins = first.done === true ? '' : first.value.subarray(0, 512).toString('latin1');
  if (begins.replace('\u00ef\u00bb\u00bf', '').trimStart().startsWith('<')) {
    body.destroy();
    throw new UpstreamError(502, words.pageForPeople, { isOfPath: true });
  }
  const stream = Readable.from(restOf(first, chunks), { objectMode: false });
  // Also where nobody began to read it.
  stream.once('close', () => body.destroy());
  return stream;
}

async function* restOf(
  first: IteratorResult<Buffer, unknown>,
  chunks: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
  for (let next = first; next.done !== true; next = await chunks.next()) yield next.value;
}
