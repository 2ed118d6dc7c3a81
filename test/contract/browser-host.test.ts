import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { methodNames } from '../../shared/contract/types.ts';
import type { BrowserHost } from '../../src-main/hosts/browser/server.ts';
import { startBrowserHost } from '../../src-main/hosts/browser/server.ts';
import { openStaticFiles } from '../../src-main/hosts/browser/static-files.ts';
import type { TempApp } from '../support/temp-app.ts';
import { openUnlockedApp } from '../support/temp-app.ts';

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

let temp: TempApp;
let root: string;
let host: BrowserHost;
let cookie: string;

/** node:http, because fetch does not let a test set Host. */
function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
) {
  return new Promise<Answer>((resolve, reject) => {
    const call = request(host.origin + path, {
      method: options.method ?? 'GET',
      headers: options.headers ?? {},
    });
    call.on('response', (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    call.on('error', reject);
    call.end(options.body);
  });
}

const ours = () => ({ cookie, origin: host.origin, 'x-latchkey': '1', 'content-type': 'application/json' });

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'latchkey-page-'));
  mkdirSync(join(root, 'assets'));
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(root, 'assets', 'a-1.js'), 'export {}');
  temp = await openUnlockedApp();
  host = await startBrowserHost(temp.app, await openStaticFiles(root));
});
afterAll(async () => {
  await host.close();
  await temp.close();
  rmSync(root, { recursive: true, force: true });
});

describe('the browser host', () => {
  it('refuses everybody without the session, and a made-up launch token', async () => {
    for (const path of ['/', '/index.html', '/rpc/teams.list', '/events', '/assets/a-1.js']) {
      expect((await ask(path)).status, path).toBe(401);
    }
    expect((await ask('/launch/guess')).status).toBe(403);
  });

  it('exchanges the launch token once for an HttpOnly, SameSite=Strict cookie', async () => {
    const path = new URL(host.launchUrl).pathname;
    const first = await ask(path);
    expect(first.status).toBe(303);
    const header = String(first.headers['set-cookie']);
    expect(header).toMatch(/HttpOnly/);
    expect(header).toMatch(/SameSite=Strict/);
    cookie = header.split(';')[0]!;
    const second = await ask(path);
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  it('serves the page with a strict CSP and no other origin in it', async () => {
    const page = await ask('/', { headers: { cookie } });
    expect(page.status).toBe(200);
    const csp = String(page.headers['content-security-policy']);
    expect(csp).toMatch(/default-src 'none'/);
    expect(csp).toMatch(/script-src 'self'(;|$)/);
    expect(csp).not.toMatch(/https?:|unsafe|data:|\*/);
    expect(page.headers['x-content-type-options']).toBe('nosniff');
  });

  it('keeps to the files of the renderer', async () => {
    for (const path of [
      '/../package.json',
      '/assets/../../package.json',
      '/%2e%2e/package.json',
      '/assets',
      '/.env',
    ]) {
      expect((await ask(path, { headers: { cookie } })).status, path).toBe(404);
    }
  });

  it('refuses a Host that is not its own address', async () => {
    for (const name of ['localhost', 'evil.example', '127.0.0.1:1']) {
      expect((await ask('/', { headers: { cookie, host: name } })).status, name).toBe(421);
    }
  });

  it.each(methodNames())('%s is refused to a foreign sender with IPC_UNTRUSTED_SENDER', async (name) => {
    const without = (header: string) =>
      Object.fromEntries(Object.entries(ours()).filter(([key]) => key !== header));
    const senders: Record<string, string>[] = [
      { ...ours(), origin: 'http://evil.example' },
      { ...ours(), origin: 'null' },
      without('origin'),
      without('x-latchkey'),
      { ...ours(), 'content-type': 'text/plain' },
      { ...ours(), 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of senders) {
      const answer = await ask(`/rpc/${name}`, { method: 'POST', headers, body: '{}' });
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { code: 'IPC_UNTRUSTED_SENDER' } });
    }
    expect((await ask(`/rpc/${name}`, { headers: ours() })).status).toBe(403);
  });

  it('carries a call, refuses a body that is no JSON and one that is too large', async () => {
    const call = (body: string) => ask('/rpc/teams.list', { method: 'POST', headers: ours(), body });
    expect(JSON.parse((await call('{}')).body)).toEqual({ ok: true, value: [] });
    expect(JSON.parse((await call('{')).body)).toMatchObject({ error: { code: 'IPC_BAD_INPUT' } });
    const large = await call(JSON.stringify({ x: 'x'.repeat(300 * 1024) })).catch(() => undefined);
    if (large !== undefined)
      expect(JSON.parse(large.body)).toMatchObject({ error: { code: 'IPC_TOO_LARGE' } });
  });
});
