/**
 * The browser host: the same renderer on 127.0.0.1, for a machine without a display or an Electron binary.
 * Invariant: the page's files are public and hold nothing; every call and stream needs the session's bearer, our exact
 * Host and Origin, and a header that a foreign page cannot send; no other origin is ever contacted, allowed or answered.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { hostEvents } from '../../../shared/contract/contract.ts';
import type { HostEventName } from '../../../shared/contract/contract.ts';
import type { Said } from '../../../shared/texts/said.ts';
import type { WireError, WireResult } from '../../../shared/errors.ts';
import { callMethod, maxInputBytes } from '../../ipc/call-method.ts';
import type { App } from '../../services/app.ts';
import type { SessionEnd } from './browser-session.ts';
import { BrowserSession } from './browser-session.ts';
import { EventStream } from './event-stream.ts';
import type { StaticFiles } from './static-files.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.browserHost.answers;

/** Everything off, then what the renderer needs: its own files, and calls to this server. Nothing inline but the import map. */
const contentSecurityPolicy = (...inline: readonly string[]): string =>
  [
    "default-src 'none'",
    ["script-src 'self'", ...inline.map((hash) => `'${hash}'`)].join(' '),
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
  'content-security-policy': contentSecurityPolicy(),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // Whatever comes from here: the next start has another origin, and what a session showed is nobody's later.
  'cache-control': 'no-store',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=()',
} as const;

/** Calls that only a person makes. `touch` is made for keys and clicks. */
const personMethods: ReadonlySet<string> = new Set([
  'session.touch',
  'session.unlock',
  'session.create',
  'session.confirm',
]);
const expireEveryMs = 5_000;

const launchBody = z.strictObject({ launch: z.string().max(100) });
const eventsBody = z.strictObject({ after: z.number().int().min(0).optional() });

export type BrowserHost = {
  readonly origin: string;
  /** An address that opens the app once, within ten minutes: for the operator's eyes only. Earlier ones count no more. */
  readonly newLaunchUrl: () => string;
  readonly close: () => Promise<void>;
};

export type BrowserHostOptions = {
  readonly now?: () => number;
  /** The page is signed out: a new address is needed. */
  readonly onSessionEnd?: (why: SessionEnd) => void;
  /** An address was opened. */
  readonly onSessionStart?: () => void;
};

/** Serves the renderer and the contract on a free port of loopback. */
export async function startBrowserHost(
  app: App,
  files: StaticFiles,
  options: BrowserHostOptions = {},
): Promise<BrowserHost> {
  const events = new EventStream();
  const session = new BrowserSession({
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    now: options.now ?? Date.now,
    onEnd: (why) => {
      events.over(why);
      options.onSessionEnd?.(why);
    },
  });
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      process.stderr.write(
        `latchkey: browser host failed: ${error instanceof Error ? error.name : 'error'}\n`,
      );
      if (!response.headersSent) sendText(response, 500, words.bug);
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin = `http://${authority}`;
  const pagePolicy = contentSecurityPolicy(files.importMapHash);

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // A page on another name that resolves to 127.0.0.1 (DNS rebinding) sends its own Host.
    if (request.headers.host !== authority) return sendText(response, 421, words.loopbackOnly);
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (path === '/session' || path === '/events' || path.startsWith('/rpc/'))
      return call(request, response, path);
    if (request.method !== 'GET' && request.method !== 'HEAD') return sendText(response, 405, words.getOnly);
    const name = path === '/' ? '/index.html' : path;
    const file = await files.read(name);
    if (file === undefined) return sendText(response, 404, words.notFound);
    const more = name === '/index.html' ? { 'content-security-policy': pagePolicy } : {};
    send(response, 200, file.type, request.method === 'HEAD' ? '' : file.bytes, more);
  };

  /** What is not a file: the sender is checked first, then who it is, and only then what it says. */
  const call = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const problem = foreignSender(request, origin);
    if (problem !== undefined) return refuse(response, 403, 'IPC_UNTRUSTED_SENDER', problem);
    if (path !== '/session' && !session.admits(request.headers.authorization))
      return refuse(response, 401, 'IPC_UNTRUSTED_SENDER', ['notSignedIn']);
    const body = await readJson(request);
    if (body === 'too-large')
      return refuse(response, 413, 'IPC_TOO_LARGE', ['inputTooLarge', maxInputBytes / 1024]);
    if (body === 'bad') return refuse(response, 400, 'IPC_BAD_INPUT', ['notJson']);
    if (path === '/session') return launch(response, body.value);
    if (path === '/events') return stream(response, body.value);
    const method = path.slice('/rpc/'.length);
    const result = await callMethod(app, method, body.value);
    // A wrong passphrase is no sign of the person.
    if (result.ok && personMethods.has(method)) session.renew();
    sendJson(response, 200, result);
  };

  const launch = (response: ServerResponse, body: unknown): void => {
    const offered = launchBody.safeParse(body);
    const bearer = offered.success ? session.exchange(offered.data.launch) : undefined;
    if (bearer === undefined) return refuse(response, 401, 'IPC_UNTRUSTED_SENDER', ['launchUsed']);
    options.onSessionStart?.();
    sendJson(response, 200, { ok: true, value: { bearer } });
  };

  const stream = (response: ServerResponse, body: unknown): void => {
    const asked = eventsBody.safeParse(body);
    if (!asked.success) return refuse(response, 400, 'IPC_BAD_INPUT', ['eventPlaceInvalid']);
    response.writeHead(200, { ...securityHeaders, 'content-type': 'application/x-ndjson; charset=utf-8' });
    events.add(response, asked.data.after);
  };

  const stops = (Object.keys(hostEvents) as HostEventName[]).map((name) =>
    app.on(name, (event) => {
      events.tell(name, event);
    }),
  );
  let wasUnlocked = app.session.isUnlocked();
  stops.push(
    app.on('session.changed', ({ vault }) => {
      if (wasUnlocked && vault !== 'unlocked') session.end('locked');
      wasUnlocked = vault === 'unlocked';
    }),
  );
  const expiry = setInterval(() => session.expire(), expireEveryMs).unref();

  return {
    origin,
    newLaunchUrl: () => `${origin}/#launch=${session.newLaunch()}`,
    close: async () => {
      clearInterval(expiry);
      for (const stop of stops) stop();
      events.close();
      server.closeAllConnections?.();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Why a call is not from our page; undefined when it is. */
function foreignSender(request: IncomingMessage, origin: string): Said | undefined {
  if (request.method !== 'POST') return ['callNotPost'];
  if (request.headers.origin !== origin) return ['callForeignPage'];
  if (request.headers['x-latchkey'] !== '1') return ['callWithoutHeader'];
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) return ['callNotJson'];
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return ['callOtherSite'];
  return undefined;
}

type Body = { readonly value: unknown } | 'too-large' | 'bad';

async function readJson(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  try {
    let size = 0;
    for await (const chunk of request) {
      size += (chunk as Buffer).length;
      if (size > maxInputBytes) return 'too-large';
      chunks.push(chunk as Buffer);
    }
    const whole = Buffer.concat(chunks);
    chunks.push(whole);
    return { value: JSON.parse(whole.toString('utf8')) };
  } catch (error) {
    if (error instanceof SyntaxError) return 'bad';
    throw error;
  } finally {
    // A passphrase may stand in it.
    for (const chunk of chunks) chunk.fill(0);
  }
}

function refuse(response: ServerResponse, status: number, code: WireError['code'], says: Said): void {
  sendJson(response, status, { ok: false, error: { code, says, details: {} } as WireError });
}

function sendJson(response: ServerResponse, status: number, body: WireResult<unknown>): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(body));
}

function sendText(response: ServerResponse, status: number, text: string): void {
  send(response, status, 'text/plain; charset=utf-8', text);
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Uint8Array,
  more: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...securityHeaders, ...more, 'content-type': type });
  response.end(body);
}
