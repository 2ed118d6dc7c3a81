/**
 * Puts an answer on the wire. Invariant: every response, whoever made it, carries `Cache-Control: private`, `Vary:
 * Authorization` and `nosniff`, so that no shared cache hands one token's answer to another; HEAD has the headers of GET
 * and no body; a body that breaks off closes the connection, so that a client never takes half a file for a whole one.
 */
import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Readable } from 'node:stream';
import type { Validators } from './conditional.ts';
import { isNotModified, requestedRange } from './conditional.ts';
import { problemDocument, reasonPhrase } from './reason.ts';
import type { ChannelResponse } from './types.ts';

/** One read of a file: large enough for speed, small enough that a hundred downloads stay within a few MB. */
const fileChunkBytes = 64 * 1024;

export type Sent = { readonly status: number; readonly reason: string; readonly bytes: number };

type FileBody = Extract<ChannelResponse['body'], { type: 'file' }>;

export type Wire = {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** Called once, when all was handed to the socket or the client went away. */
  readonly done: (sent: Sent) => void;
};

/** Sends a format's answer. Throws only before anything was sent. */
export async function sendAnswer(wire: Wire, response: ChannelResponse): Promise<void> {
  const { body } = response;
  if (body.type === 'file') await sendFile(wire, response, body);
  else sendNow(wire, response);
}

/** Sends what needs no waiting: bytes, streams and bare statuses. */
export function sendNow(wire: Wire, response: ChannelResponse): void {
  const { body } = response;
  switch (body.type) {
    case 'bytes':
      return sendBytes(wire, response, body.bytes, body.etag ?? etagOf(body.bytes));
    case 'stream': {
      writeHead(wire.res, response.status, response.reason, response.headers);
      if (wire.req.method === 'HEAD') {
        body.stream.destroy();
        return finish(wire, response.status, response.reason);
      }
      return pump(wire, response, body.stream, body.ownsChunks === true);
    }
    case 'none':
      if (response.status >= 400)
        return sendProblem(wire, response.status, response.reason, response.headers);
      writeHead(wire.res, response.status, response.reason, response.headers);
      return finish(wire, response.status, response.reason);
    case 'file':
      throw new Error('A file is sent by sendAnswer.');
  }
}

/** An error with its reason in the status line and as problem+json (RFC 9457). */
export function sendProblem(
  wire: Wire,
  status: number,
  reason: string | undefined,
  headers: Readonly<Record<string, string>> = {},
): void {
  const phrase = reasonPhrase(reason ?? STATUS_CODES[status] ?? 'Error');
  const bytes = problemDocument(status, phrase);
  writeHead(wire.res, status, phrase, {
    ...headers,
    'content-type': 'application/problem+json',
    'content-length': String(bytes.length),
  });
  const isHead = wire.req.method === 'HEAD';
  wire.res.end(isHead ? undefined : bytes);
  wire.done({ status, reason: phrase, bytes: isHead ? 0 : bytes.length });
}

function sendBytes(wire: Wire, response: ChannelResponse, bytes: Uint8Array, etag: string): void {
  const { req, res } = wire;
  const lastModified = response.headers['last-modified'];
  const validators = {
    etag,
    lastModifiedMs: lastModified === undefined ? undefined : Date.parse(lastModified),
  };
  if (response.status === 200 && isNotModified(req.headers, validators))
    return sendNotModified(wire, response, etag);
  const head = headOf(response.headers, 'ETag', etag, 'Content-Length', String(bytes.length));
  res.writeHead(response.status, phraseOf(response.status, response.reason), head);
  const isHead = req.method === 'HEAD';
  if (isHead) res.end();
  else if (bytes.length <= maxTextBytes) res.end(textOf(bytes), 'latin1');
  else res.end(bytes);
  wire.done({ status: response.status, reason: response.reason ?? '', bytes: isHead ? 0 : bytes.length });
}

/** Up to here, joining head and body into one write costs less than writing two parts. */
const maxTextBytes = 8 * 1024;
const texts = new WeakMap<Uint8Array, string>();

/** The bytes as latin1, one character each: node puts a string into the same write as the head. */
function textOf(bytes: Uint8Array): string {
  let text = texts.get(bytes);
  if (text === undefined) {
    text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    texts.set(bytes, text);
  }
  return text;
}

async function sendFile(wire: Wire, response: ChannelResponse, body: FileBody): Promise<void> {
  const { req, res } = wire;
  // The format resolved the path; a link that was put there since then is not followed.
  const file = await open(body.path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  let isStreaming = false;
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return sendProblem(wire, 404, 'Not found');
    if (stat.size !== body.size || stat.mtimeMs !== body.mtimeMs) {
      // What the format checked is not what is there now.
      return sendProblem(wire, 503, 'The file is being replaced, try again', { 'retry-after': '1' });
    }
    const validators: Validators = { etag: fileEtag(stat), lastModifiedMs: stat.mtimeMs };
    const headers: Record<string, string> = {
      ...response.headers,
      etag: validators.etag,
      'last-modified': new Date(stat.mtimeMs).toUTCString(),
      'accept-ranges': 'bytes',
    };
    if (isNotModified(req.headers, validators))
      return sendNotModified(wire, { ...response, headers }, validators.etag);
    const range = req.method === 'HEAD' ? 'whole' : requestedRange(req.headers, stat.size, validators);
    if (range === 'unsatisfiable') {
      return sendProblem(wire, 416, undefined, { 'content-range': `bytes */${stat.size}` });
    }
    const { start, end } = range === 'whole' ? { start: 0, end: stat.size - 1 } : range;
    const status = range === 'whole' ? 200 : 206;
    if (range !== 'whole') headers['content-range'] = `bytes ${start}-${end}/${stat.size}`;
    headers['content-length'] = String(end - start + 1);
    writeHead(res, status, undefined, headers);
    if (req.method === 'HEAD' || end < start) return finish(wire, status, undefined);
    isStreaming = true;
    const stream = createReadStream('', { fd: file, start, end, highWaterMark: fileChunkBytes });
    pump(wire, { ...response, status }, stream, true);
  } finally {
    if (!isStreaming) await file.close();
  }
}

function sendNotModified(wire: Wire, response: ChannelResponse, etag: string): void {
  const { 'content-type': _type, 'content-length': _length, etag: _etag, ...headers } = response.headers;
  wire.res.writeHead(304, 'Not Modified', headOf(headers, 'ETag', etag));
  finish(wire, 304, undefined);
}

/** With backpressure: reads on only when the socket took what was read. */
function pump(wire: Wire, { status, reason }: ChannelResponse, stream: Readable, ownsChunks: boolean): void {
  const { res } = wire;
  let bytes = 0;
  stream.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length;
    const isTaken = ownsChunks ? res.write(chunk, () => release(chunk)) : res.write(chunk);
    if (!isTaken) stream.pause();
  });
  res.on('drain', () => stream.resume());
  stream.on('end', () => res.end());
  // The status is on its way already: only the missing end can tell the client.
  stream.on('error', () => res.destroy());
  stream.on('close', () => {
    if (!stream.readableEnded) res.destroy();
  });
  res.on('close', () => {
    stream.destroy();
    wire.done({ status, reason: reason ?? '', bytes });
  });
  if (res.destroyed) stream.destroy();
}

/**
 * Frees a sent chunk at once. V8 leaves short-lived buffers lying until 64 MB of them have come together, which would be
 * most of what a download costs. Only a chunk that is its whole buffer: others may share it. Node 21 and later; before,
 * the collector does it.
 */
function release(chunk: Uint8Array): void {
  const { buffer } = chunk;
  if (chunk.byteOffset !== 0 || chunk.byteLength !== buffer.byteLength || chunk.byteLength < 4096) return;
  (buffer as ArrayBuffer & { transfer?: (length: number) => ArrayBuffer }).transfer?.(0);
}

function finish(wire: Wire, status: number, reason: string | undefined): void {
  wire.res.end();
  wire.done({ status, reason: reason ?? '', bytes: 0 });
}

function writeHead(
  res: ServerResponse,
  status: number,
  reason: string | undefined,
  headers: Readonly<Record<string, string>>,
): void {
  res.writeHead(status, phraseOf(status, reason), headOf(headers));
}

function phraseOf(status: number, reason: string | undefined): string {
  return reason === undefined ? (STATUS_CODES[status] ?? '') : reasonPhrase(reason);
}

/** A flat list, which node takes without another copy. The fixed ones win over a format's. */
function headOf(headers: Readonly<Record<string, string>>, ...more: string[]): string[] {
  const head = more;
  let vary = 'Authorization';
  for (const name in headers) {
    const value = headers[name] ?? '';
    if (name === 'vary') vary = `Authorization, ${value}`;
    else if (name !== 'cache-control' && name !== 'x-content-type-options') head.push(name, value);
  }
  head.push('Cache-Control', 'private', 'Vary', vary, 'X-Content-Type-Options', 'nosniff');
  return head;
}

const etags = new WeakMap<Uint8Array, string>();

/** Strong ETag of bytes by their SHA-256; remembered as long as the bytes are. */
export function etagOf(bytes: Uint8Array): string {
  let etag = etags.get(bytes);
  if (etag === undefined) {
    etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`;
    etags.set(bytes, etag);
  }
  return etag;
}

/** Strong enough for files that are replaced, not edited in place, as package indexers do. */
export function fileEtag(stat: { readonly size: number; readonly mtimeMs: number }): string {
  return `"${stat.size.toString(36)}-${Math.trunc(stat.mtimeMs * 1000).toString(36)}"`;
}
