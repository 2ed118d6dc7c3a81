/**
 * Puts an answer on the wire. Invariant: every response, whoever made it, carries `Cache-Control: private`, `Vary:
 * Authorization` and `nosniff`, so that no shared cache hands one token's answer to another; HEAD has the headers of GET
 * and no body; a body that breaks off closes the connection, so that a client never takes half a file for a whole one.
 */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import { Readable } from 'node:stream';
import type { Validators } from './conditional.ts';
import { isNotModified, requestedRange } from './conditional.ts';
import { changedAtMs } from './file-stamp.ts';
import { FileStream, pieceWritten } from './file-stream.ts';
import { openStamped } from './open-stamped.ts';
import { problemDocument, reasonPhrase } from './reason.ts';
import { releaseBytes } from './release-bytes.ts';
import type { ChannelResponse } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.files;

export type Sent = { readonly status: number; readonly reason: string; readonly bytes: number };

type FileBody = Extract<ChannelResponse['body'], { type: 'file' }>;

export type Wire = {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** Called once, when all was handed to the socket or the client went away. */
  readonly done: (sent: Sent) => void;
  /** Told why the body broke off, where that was not the client; before `done`. */
  readonly failed: (error: unknown) => void;
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
      return sendBytes(wire, response, [body.bytes], body.bytes.length, body.etag ?? etagOf(body.bytes));
    case 'pieces':
      return sendBytes(wire, response, body.pieces, body.length, body.etag);
    case 'stream': {
      writeHead(wire.res, response.status, response.reason, response.headers);
      if (wire.req.method === 'HEAD') {
        body.stream.destroy();
        return finish(wire, response.status, response.reason);
      }
      return pump(wire, response, body.stream, body);
    }
    case 'none':
      if (response.status >= 400)
        return sendProblem(wire, response.status, response.reason, response.headers, response.problem);
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
  more: Readonly<Record<string, unknown>> = {},
): void {
  const phrase = reasonPhrase(reason ?? STATUS_CODES[status] ?? 'Error');
  const bytes = problemDocument(status, phrase, more);
  writeHead(wire.res, status, phrase, {
    ...headers,
    'content-type': 'application/problem+json',
    'content-length': String(bytes.length),
  });
  const isHead = wire.req.method === 'HEAD';
  wire.res.end(isHead ? undefined : bytes);
  wire.done({ status, reason: phrase, bytes: isHead ? 0 : bytes.length });
}

function sendBytes(
  wire: Wire,
  response: ChannelResponse,
  pieces: readonly Uint8Array[],
  length: number,
  etag: string,
): void {
  const { req, res } = wire;
  if (response.status === 200 && isConditional(req.headers)) {
    const lastModified = response.headers['last-modified'];
    const lastModifiedMs = lastModified === undefined ? undefined : Date.parse(lastModified);
    if (isNotModified(req.headers, { etag, lastModifiedMs })) return sendNotModified(wire, response, etag);
  }
  let head = heads.get(response);
  if (head === undefined) {
    head = headOf(response.headers, 'ETag', etag, 'Content-Length', String(length));
    heads.set(response, head);
  }
  res.writeHead(response.status, phraseOf(response.status, response.reason), head);
  const [first] = pieces;
  if (req.method === 'HEAD' || first === undefined) {
    res.end();
    wire.done({ status: response.status, reason: response.reason ?? '', bytes: 0 });
  } else if (pieces.length === 1 && length <= maxTextBytes) {
    res.end(textOf(first), 'latin1');
    wire.done({ status: response.status, reason: response.reason ?? '', bytes: length });
  } else {
    sendPieces(wire, response, pieces);
  }
}

/** A busy page is the same object for all who ask within a moment, and so is its head. */
const heads = new WeakMap<ChannelResponse, string[]>();

const isConditional = (headers: IncomingHttpHeaders): boolean =>
  headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined;

/** With backpressure, so that what was sent can be counted; the pieces are shared and only referred to. */
function sendPieces(wire: Wire, response: ChannelResponse, pieces: readonly Uint8Array[]): void {
  pump(wire, response, Readable.from(slices(pieces)), {});
}

/** Long enough to be worth a write, short enough to see whether a client takes anything. */
const sliceBytes = 256 * 1024;

function* slices(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const piece of pieces) {
    if (piece.length <= sliceBytes) yield piece;
    else for (let at = 0; at < piece.length; at += sliceBytes) yield piece.subarray(at, at + sliceBytes);
  }
}

/** Up to here, joining head and body into one write costs less than writing two parts. */
export const maxTextBytes = 8 * 1024;
const knownTexts = new WeakMap<Uint8Array, string>();

/** The bytes as latin1, one character each: node puts a string into the same write as the head. */
function textOf(bytes: Uint8Array): string {
  let text = knownTexts.get(bytes);
  if (text === undefined) {
    text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    knownTexts.set(bytes, text);
  }
  return text;
}

async function sendFile(wire: Wire, response: ChannelResponse, body: FileBody): Promise<void> {
  const { req, res } = wire;
  const opened = await openStamped(body.path, body.stamp);
  if (opened === undefined) {
    // What the format checked is not what is there now.
    return sendProblem(wire, 503, words.beingReplaced, { 'retry-after': '1' });
  }
  const { handle, stats } = opened;
  let isStreaming = false;
  try {
    const validators: Validators = {
      etag: body.etag ?? `"${body.stamp}"`,
      lastModifiedMs: changedAtMs(stats),
    };
    const headers: Record<string, string> = {
      ...response.headers,
      etag: validators.etag,
      'last-modified': new Date(changedAtMs(stats)).toUTCString(),
      'accept-ranges': 'bytes',
    };
    if (isNotModified(req.headers, validators))
      return sendNotModified(wire, { ...response, headers }, validators.etag);
    const range = req.method === 'HEAD' ? 'whole' : requestedRange(req.headers, stats.size, validators.etag);
    if (range === 'unsatisfiable') {
      return sendProblem(wire, 416, undefined, { 'content-range': `bytes */${stats.size}` });
    }
    const { start, end } = range === 'whole' ? { start: 0, end: stats.size - 1 } : range;
    const status = range === 'whole' ? 200 : 206;
    if (range !== 'whole') headers['content-range'] = `bytes ${start}-${end}/${stats.size}`;
    const length = end - start + 1;
    headers['content-length'] = String(length);
    writeHead(res, status, undefined, headers);
    if (req.method === 'HEAD' || end < start) return finish(wire, status, undefined);
    isStreaming = true;
    const { onCut } = body;
    const how = { wrote: pieceWritten, expectedBytes: length, ...(onCut === undefined ? {} : { onCut }) };
    pump(wire, { ...response, status }, new FileStream(handle, { start, end }), how);
  } finally {
    if (!isStreaming) await handle.close();
  }
}

function sendNotModified(wire: Wire, response: ChannelResponse, etag: string): void {
  const {
    'content-type': _type,
    'content-length': _length,
    'content-encoding': _coding,
    etag: _etag,
    ...headers
  } = response.headers;
  wire.res.writeHead(304, 'Not Modified', headOf(headers, 'ETag', etag));
  finish(wire, 304, undefined);
}

/** A client that takes nothing of a download for so long has gone; what it holds is for others. */
const maxIdleMs = 60_000;

type PumpOptions = {
  readonly ownsChunks?: boolean;
  /** Told of each chunk that left, or never will. */
  readonly wrote?: ((chunk: Uint8Array, error: Error | null | undefined) => void) | undefined;
  readonly expectedBytes?: number | undefined;
  readonly onCut?: () => void;
};

/** With backpressure: reads on only when the socket took what was read. */
function pump(
  wire: Wire,
  { status, reason }: ChannelResponse,
  stream: Readable,
  { ownsChunks = false, wrote = ownsChunks ? releaseBytes : undefined, expectedBytes, onCut }: PumpOptions,
): void {
  const { res } = wire;
  const sentBefore = res.socket?.bytesWritten ?? 0;
  const headBytes = headLengthOf(res);
  let read = 0;
  const timer = setTimeout(() => breakOff(res), maxIdleMs);
  /** Not what was promised; of a client that has gone, or was sent away, its own end. */
  const cut = (): void => {
    if (!res.destroyed && !res.writableFinished && res.socket?.destroyed === false) onCut?.();
    breakOff(res);
  };
  stream.on('data', (chunk: Uint8Array) => {
    read += chunk.length;
    if (expectedBytes !== undefined && read > expectedBytes) return cut();
    const isTaken = res.write(chunk, (error) => {
      timer.refresh();
      wrote?.(chunk, error);
    });
    if (!isTaken) stream.pause();
  });
  res.on('drain', () => stream.resume());
  stream.on('end', () => {
    // The file became shorter while it was sent, or the upstream sent another one.
    if (expectedBytes !== undefined && read !== expectedBytes) cut();
    else res.end();
  });
  // The status is on its way already: only the missing end can tell the client.
  stream.on('error', (error) => {
    wire.failed(error);
    cut();
  });
  stream.on('close', () => {
    if (!stream.readableEnded) cut();
  });
  const { socket } = res;
  res.on('close', () => {
    clearTimeout(timer);
    stream.destroy();
    // What was written to the socket and not what was read for it; chunk headers are not counted as content.
    const written = (socket?.bytesWritten ?? sentBefore) - sentBefore - headBytes;
    wire.done({ status, reason: reason ?? '', bytes: Math.max(0, Math.min(read, written)) });
  });
  if (res.destroyed) stream.destroy();
}

/** The head is not content. Node keeps it as text until it is sent. */
function headLengthOf(res: ServerResponse): number {
  return (res as ServerResponse & { _header?: string | null })._header?.length ?? 0;
}

/**
 * Ends a connection so that nobody takes what came for all there is: a reset, since to a client of HTTP/1.0 a closed
 * connection is the end of the file.
 */
export function breakOff(res: ServerResponse): void {
  if (res.writableFinished) return;
  const { socket } = res;
  if (socket === null || socket.destroyed) res.destroy();
  else socket.resetAndDestroy();
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
