/**
 * Serves the renderer from app://latchkey/, a standard and secure origin, with the security headers on every response.
 * Only files below the renderer's own folder, only known types, only GET and HEAD; no listing, no fallback page.
 */
import { protocol, type Session } from 'electron';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { APP_HOST, APP_SCHEME } from './app-url.ts';

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Record<string, string> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

// Module scripts are refused without a JavaScript MIME type, so this table is not optional.
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

type Answer = { status: number; headers: Record<string, string>; body: Buffer };

/** Must be called before app.whenReady(), once. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        codeCache: true,
      },
    },
  ]);
}

/** Answers app:// for one session from the folder `root`. Uses protocol.handle (Electron 25 and later) where there is one. */
export function serveApp(session: Session, root: string): void {
  const answer = (method: string, url: string) => answerFor(path.resolve(root), method, url);

  if (typeof session.protocol.handle === 'function') {
    session.protocol.handle(APP_SCHEME, async (request) => {
      const { status, headers, body } = await answer(request.method, request.url);
      return new Response(new Uint8Array(body), { status, headers });
    });
    return;
  }

  // Before Electron 25. These methods are deprecated and may be gone from the current types.
  const legacy = session.protocol as unknown as {
    registerBufferProtocol(
      scheme: string,
      handler: (
        request: { method: string; url: string },
        callback: (response: {
          statusCode: number;
          mimeType?: string;
          charset?: string;
          headers: Record<string, string>;
          data: Buffer;
        }) => void,
      ) => void,
    ): boolean;
  };
  legacy.registerBufferProtocol(APP_SCHEME, (request, callback) => {
    void answer(request.method, request.url).then(({ status, headers, body }) => {
      const [mimeType = 'text/plain'] = (headers['Content-Type'] ?? '').split(';');
      callback({ statusCode: status, mimeType, charset: 'utf-8', headers, data: body });
    });
  });
}

async function answerFor(root: string, method: string, requestUrl: string): Promise<Answer> {
  const refuse = (status: number): Answer => ({
    status,
    headers: { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' },
    body: Buffer.from(String(status)),
  });
  if (method !== 'GET' && method !== 'HEAD') return refuse(405);
  let file: string;
  try {
    const url = new URL(requestUrl);
    if (url.host !== APP_HOST) return refuse(404);
    const wanted = decodeURIComponent(url.pathname);
    if (wanted.includes('\0') || wanted.includes('\\')) return refuse(400);
    file = path.join(root, wanted === '/' ? 'index.html' : wanted);
  } catch {
    return refuse(400);
  }
  if (file !== root && !file.startsWith(root + path.sep)) return refuse(404);
  const type = TYPES[path.extname(file).toLowerCase()];
  if (!type) return refuse(404);
  try {
    // fs reads inside app.asar too (Electron patches it); readFile rather than a stream is what works everywhere.
    const body = await readFile(file);
    return {
      status: 200,
      headers: { ...HEADERS, 'Content-Type': type },
      body: method === 'HEAD' ? Buffer.alloc(0) : body,
    };
  } catch {
    return refuse(404);
  }
}
