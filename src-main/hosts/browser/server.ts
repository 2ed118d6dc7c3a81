/**
 * The browser host: the same renderer on 127.0.0.1, for a machine without a display or an Electron binary.
 * Invariant: nothing but the launch exchange answers without the session cookie; every request has our Host, every
 * call our Origin and a header that a foreign page cannot send; no other origin is ever contacted or allowed.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostEvents } from '../../../shared/contract/contract.ts';
import type { HostEventName } from '../../../shared/contract/contract.ts';
import type { WireError, WireResult } from '../../../shared/errors.ts';
import { callMethod, maxInputBytes } from '../../ipc/call-method.ts';
import type { App } from '../../services/app.ts';
import { LaunchGate } from './launch.ts';
import type { StaticFiles } from './static-files.ts';

/** Everything off, then what the renderer needs: its own files, and calls to this server. No inline script or style. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=()',
} as const;

const heartbeatMs = 20_000;

export type BrowserHost = {
  /** The URL with the one-time launch token: for the operator's eyes only. */
  readonly launchUrl: string;
  readonly origin: string;
  readonly close: () => Promise<void>;
};

/**
 * Serves the renderer and the contract on loopback.
 * @param port 0 for a free one
 */
export async function startBrowserHost(app: App, files: StaticFiles, port = 0): Promise<BrowserHost> {
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      process.stderr.write(
        `latchkey: browser host failed: ${error instanceof Error ? error.name : 'error'}\n`,
      );
      if (!response.headersSent) send(response, 500, 'text/plain; charset=utf-8', 'Something went wrong.');
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const boundPort = (server.address() as AddressInfo).port;
  const gate = new LaunchGate((count) => new Uint8Array(randomBytes(count)), Date.now, boundPort);
  const authority = `127.0.0.1:${boundPort}`;
  const origin = `http://${authority}`;

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // A page on another name that resolves to 127.0.0.1 (DNS rebinding) sends its own Host.
    if (request.headers.host !== authority) {
      return send(
        response,
        421,
        'text/plain; charset=utf-8',
        'This server answers to its loopback address only.',
      );
    }
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (path.startsWith('/launch/')) return launch(request, response, path.slice('/launch/'.length));
    if (!gate.admits(request.headers.cookie)) {
      return send(response, 401, 'text/plain; charset=utf-8', closedText);
    }
    if (path.startsWith('/rpc/')) return rpc(request, response, path.slice('/rpc/'.length));
    if (path === '/events') return events(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return send(response, 405, 'text/plain; charset=utf-8', 'Only GET and HEAD here.');
    }
    const file = await files.read(path === '/' ? '/index.html' : path);
    if (file === undefined) return send(response, 404, 'text/plain; charset=utf-8', 'Not found.');
    send(response, 200, file.type, request.method === 'HEAD' ? '' : file.bytes, {
      'cache-control': file.isImmutable ? 'private, max-age=31536000, immutable' : 'no-store',
    });
  };

  const launch = (request: IncomingMessage, response: ServerResponse, offered: string): void => {
    const cookie = request.method === 'GET' ? gate.exchange(offered) : undefined;
    if (cookie === undefined) return send(response, 403, 'text/plain; charset=utf-8', usedText);
    send(response, 303, 'text/plain; charset=utf-8', '', {
      location: '/',
      'set-cookie': cookie,
      'cache-control': 'no-store',
    });
  };

  const rpc = async (request: IncomingMessage, response: ServerResponse, method: string): Promise<void> => {
    const problem = foreignSender(request, origin);
    if (problem !== undefined) {
      return sendJson(
        response,
        403,
        refusal({ code: 'IPC_UNTRUSTED_SENDER', message: problem, details: {} }),
      );
    }
    const body = await readBody(request);
    if (body === undefined) {
      const message = `The input is larger than ${maxInputBytes / 1024} KiB.`;
      return sendJson(response, 413, refusal({ code: 'IPC_TOO_LARGE', message, details: {} }));
    }
    let input: unknown;
    try {
      input = JSON.parse(body);
    } catch {
      return sendJson(
        response,
        400,
        refusal({ code: 'IPC_BAD_INPUT', message: 'The body is not JSON.', details: {} }),
      );
    }
    sendJson(response, 200, await callMethod(app, method, input));
  };

  const events = (request: IncomingMessage, response: ServerResponse): void => {
    if (
      request.headers['sec-fetch-site'] !== undefined &&
      request.headers['sec-fetch-site'] !== 'same-origin'
    ) {
      return send(response, 403, 'text/plain; charset=utf-8', 'Not from another page.');
    }
    response.writeHead(200, {
      ...securityHeaders,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.write(': open\n\n');
    streams.add(response);
    request.on('close', () => streams.delete(response));
  };

  const stops = (Object.keys(hostEvents) as HostEventName[]).map((name) =>
    app.on(name, (event) => {
      const text = `event: ${name}\ndata: ${JSON.stringify(event)}\n\n`;
      for (const stream of streams) stream.write(text);
    }),
  );
  const heartbeat = setInterval(() => {
    for (const stream of streams) stream.write(': still here\n\n');
  }, heartbeatMs).unref();

  return {
    launchUrl: origin + gate.launchPath(),
    origin,
    close: async () => {
      clearInterval(heartbeat);
      for (const stop of stops) stop();
      for (const stream of streams) stream.end();
      server.closeAllConnections?.();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const closedText = 'Open Latchkey with the address that it printed when it started.';
const usedText =
  'This launch address was used already, or is too old. Start Latchkey again to get a new one. ' +
  'If you did not use it yourself, somebody else on this computer may have.';

/** Why a call is not from our page; undefined when it is. */
function foreignSender(request: IncomingMessage, origin: string): string | undefined {
  if (request.method !== 'POST') return 'Calls are made by POST.';
  if (request.headers.origin !== origin) return 'The call does not come from Latchkey’s own page.';
  if (request.headers['x-latchkey'] !== '1') return 'The call lacks its header.';
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) return 'The call is not JSON.';
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return 'The call comes from another site.';
  return undefined;
}

/** The whole body as text; undefined when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > maxInputBytes) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const refusal = (error: WireError): WireResult<never> => ({ ok: false, error });

function sendJson(response: ServerResponse, status: number, body: WireResult<unknown>): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(body), {
    'cache-control': 'no-store',
  });
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...securityHeaders, 'content-type': type, ...headers });
  response.end(body);
}
