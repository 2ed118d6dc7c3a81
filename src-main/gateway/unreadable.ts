/**
 * What never becomes a request: bytes that Node's parser refuses, heads that come too slowly, CONNECT. Invariant: they
 * are answered, logged and counted in the same form as every other refusal; an answer is never put into the place of
 * one that is under way; the connection ends with it.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { GatewayRequestEvent, ProtocolCause } from '../../shared/model/gateway.ts';
import { clientAddress } from './client-facts.ts';
import { afterAnswers, endWith, isEnding } from './in-turn.ts';
import { problemDocument } from './reason.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.requests;

type Refusal = { readonly status: number; readonly reason: string; readonly cause: ProtocolCause };

/** By the code of Node's error; all others are 400. */
const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, reason: words.headTooLarge, cause: 'request.too-large' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    reason: words.chunkExtensions,
    cause: 'request.too-large',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    reason: words.tooSlow,
    cause: 'request.timeout',
  },
  HPE_INVALID_VERSION: {
    status: 400,
    reason: words.versions,
    cause: 'request.version',
  },
  HPE_PAUSED_H2_UPGRADE: {
    status: 400,
    reason: words.versions,
    cause: 'request.version',
  },
};
const badRequest: Refusal = { status: 400, reason: words.badRequest, cause: 'request.unreadable' };
const noTunnel: Refusal = { status: 405, reason: words.methods, cause: 'request.method' };

/** The client itself said `Connection: close` in the request before. */
const afterClose = 'HPE_CLOSED_CONNECTION';

type Deps = { readonly now: () => number; readonly report: (event: GatewayRequestEvent) => void };

export class UnreadableRequests {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** For the server's `clientError`. */
  refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
    const code = error.code ?? '';
    // What follows on a connection that is being closed is nothing to anybody.
    if (isEnding(socket) || code === afterClose) return;
    // The connection broke, or the client left in the middle of a head: there is nobody to answer.
    if (!socket.writable || code === 'ECONNRESET' || code === 'EPIPE') return void socket.destroy();
    this.#answer(socket, refusals[code] ?? badRequest, '?');
  }

  /** For the server's `connect`: a gateway is no tunnel. */
  refuseTunnel(socket: Duplex): void {
    if (isEnding(socket)) return;
    this.#answer(socket, noTunnel, 'CONNECT');
  }

  #answer(socket: Duplex, refusal: Refusal, method: string): void {
    endWith(socket);
    const { status, reason, cause } = refusal;
    const body = problemDocument(status, reason);
    const text =
      `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\n` +
      (status === 405 ? 'Allow: GET, HEAD\r\n' : '') +
      `Cache-Control: private\r\nVary: Authorization\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n` +
      Buffer.from(body).toString('latin1');
    afterAnswers(socket, () => {
      // It ended with an answer before: this one was never made.
      if (!socket.writable) return void socket.destroy();
      socket.end(text, () => socket.destroy());
      this.#deps.report({
        atMs: this.#deps.now(),
        method,
        // Of what could not be read nothing is shown.
        path: '-',
        status,
        reason,
        outcome: 'error',
        cause,
        client: '',
        address: clientAddress((socket as Socket).remoteAddress, undefined, []),
        bytes: body.length,
        durationMs: 0,
      });
    });
  }
}
