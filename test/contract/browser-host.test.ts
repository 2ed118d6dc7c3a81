import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { methodNames } from '../../shared/contract/types.ts';
import { pageTo, redirectFile } from '../../src-main/hosts/browser/open-browser.ts';
import type { BrowserHost } from '../../src-main/hosts/browser/server.ts';
import { startBrowserHost } from '../../src-main/hosts/browser/server.ts';
import { openStaticFiles } from '../../src-main/hosts/browser/static-files.ts';
import type { MemoryApp } from '../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../support/memory-app.ts';
import { testPassphrase } from '../support/temp-app.ts';

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: string };
type Asked = { method?: string; headers?: Record<string, string>; body?: string };

const hashOf = (text: string) => `sha384-${createHash('sha384').update(text).digest('base64')}`;
const minuteMs = 60_000;
let temp: MemoryApp;
let root: string;
let host: BrowserHost;
let ends: string[];
let clock: { nowMs: number };

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'latchkey-page-'));
  mkdirSync(join(root, 'assets'));
  writeFileSync(join(root, 'index.html'), '<!doctype html><head><title>page</title></head>');
  writeFileSync(join(root, 'integrity.json'), JSON.stringify({ './assets/a-1.js': hashOf('export {}') }));
  writeFileSync(join(root, 'assets', 'a-1.js'), 'export {}');
  ends = [];
  clock = { nowMs: 1_000_000 };
  temp = await openUnlockedMemoryApp();
  host = await startBrowserHost(temp.app, await openStaticFiles(root), {
    now: () => clock.nowMs,
    onSessionEnd: (why) => ends.push(why),
  });
});
afterEach(async () => {
  await host.close();
  await temp.close();
  rmSync(root, { recursive: true, force: true });
});

/** node:http, because fetch does not let a test set Host. */
function begin(path: string, asked: Asked): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const call = request(host.origin + path, { method: asked.method ?? 'GET', headers: asked.headers ?? {} });
    call.on('response', resolve);
    call.on('error', reject);
    call.end(asked.body);
  });
}

async function ask(path: string, asked: Asked = {}): Promise<Answer> {
  const response = await begin(path, asked);
  let body = '';
  for await (const chunk of response) body += (chunk as Buffer).toString();
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

const ours = () => ({ origin: host.origin, 'x-latchkey': '1', 'content-type': 'application/json' });
const post = (path: string, body: unknown, headers: Record<string, string> = ours()) =>
  ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
const launchOf = (url: string) => new URL(url).hash.slice('#launch='.length);
const exchange = (launch: string, headers = ours()) => post('/session', { launch }, headers);

async function signIn(): Promise<Record<string, string>> {
  const answer = JSON.parse((await exchange(launchOf(host.newLaunchUrl()))).body) as {
    value: { bearer: string };
  };
  return { ...ours(), authorization: `Bearer ${answer.value.bearer}` };
}
const statusOf = async (headers: Record<string, string>, method = 'session.status'): Promise<number> =>
  (await post(`/rpc/${method}`, {}, headers)).status;

/** Lines of an event stream, as they come. */
async function events(headers: Record<string, string>, after?: number) {
  const body = JSON.stringify(after === undefined ? {} : { after });
  const response = await begin('/events', { method: 'POST', headers, body });
  const lines: unknown[] = [];
  let rest = '';
  let hasEnded = false;
  response.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.filter((part) => part !== '').map((part) => JSON.parse(part) as unknown));
  });
  response.on('close', () => (hasEnded = true));
  return { lines, response, hasEnded: () => hasEnded };
}

describe('the page', () => {
  it('is public and empty, never kept, with a strict CSP and no other origin in it', async () => {
    for (const path of ['/', '/assets/a-1.js']) {
      // oxlint-disable-next-line no-await-in-loop
      const page = await ask(path);
      expect(page.status).toBe(200);
      expect(page.headers['cache-control']).toBe('no-store');
      const csp = String(page.headers['content-security-policy']);
      expect(csp).toMatch(/default-src 'none'/);
      expect(csp).toMatch(/script-src 'self'( 'sha256-[\w+/=]{44}')?(;|$)/);
      expect(csp).not.toMatch(/https?:|unsafe|data:|\*/);
      expect(page.headers['x-content-type-options']).toBe('nosniff');
      expect(page.headers['set-cookie']).toBeUndefined();
    }
  });

  it('names the hash of every script, also of those that are loaded later, and runs nothing else inline', async () => {
    const page = await ask('/');
    const [, map = ''] = /<head><script type="importmap">(.*?)<\/script>/.exec(page.body) ?? [];
    expect(JSON.parse(map)).toEqual({ integrity: { './assets/a-1.js': hashOf('export {}') } });
    const mapHash = createHash('sha256').update(map).digest('base64');
    expect(page.headers['content-security-policy']).toContain(`script-src 'self' 'sha256-${mapHash}';`);
    for (const path of ['/assets/a-1.js', '/nothing'])
      // oxlint-disable-next-line no-await-in-loop
      expect((await ask(path)).headers['content-security-policy']).toContain("script-src 'self';");
  });

  it('keeps to the files of the renderer', async () => {
    const paths = [
      '/../package.json',
      '/assets/../../package.json',
      '/%2e%2e/package.json',
      '/assets',
      '/.env',
    ];
    for (const path of [...paths, '/launch/guess', '/rpc'])
      // oxlint-disable-next-line no-await-in-loop
      expect((await ask(path)).status, path).toBe(404);
  });

  it('refuses a Host that is not its own address', async () => {
    for (const name of ['localhost', 'evil.example', '127.0.0.1:1'])
      // oxlint-disable-next-line no-await-in-loop
      expect((await ask('/', { headers: { host: name } })).status, name).toBe(421);
  });

  it('answers no question of another origin, nor of a public page about the private network', async () => {
    const headers = {
      origin: 'http://127.0.0.1:1',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, x-latchkey',
      'access-control-request-private-network': 'true',
    };
    for (const path of ['/', '/session', '/events', '/rpc/session.status']) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await ask(path, { method: 'OPTIONS', headers });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

describe('the launch address', () => {
  it('signs in once, by a POST of our own page alone', async () => {
    const launch = launchOf(host.newLaunchUrl());
    expect(launch).toMatch(/^[\w-]{43}$/);
    expect((await ask(`/session?launch=${launch}`)).status).toBe(403);
    expect((await exchange(launch, { ...ours(), origin: 'http://127.0.0.1:1' })).status).toBe(403);
    expect((await exchange('guess')).status).toBe(401);
    const first = await exchange(launch);
    expect(first.status).toBe(200);
    expect(first.headers['set-cookie']).toBeUndefined();
    expect((await exchange(launch)).status).toBe(401);
  });

  it('is worthless after ten minutes, and when a newer one was made', async () => {
    const old = launchOf(host.newLaunchUrl());
    clock.nowMs += 10 * minuteMs + 1;
    expect((await exchange(old)).status).toBe(401);
    const [earlier, later] = [launchOf(host.newLaunchUrl()), launchOf(host.newLaunchUrl())];
    expect((await exchange(earlier)).status).toBe(401);
    expect((await exchange(later)).status).toBe(200);
  });

  it.each(['linux', 'darwin', 'win32'] as const)(
    'is handed to the browser in a file for this user alone, never in a command line: %s',
    (platform) => {
      const url = host.newLaunchUrl();
      const launched: { readonly args: string; readonly fail: () => void }[] = [];
      const redirect = redirectFile(platform, (command, args, fail) =>
        launched.push({ args: [command, ...args].join(' '), fail }),
      );
      redirect.open(url);
      const file = launched[0]!.args.split(' ').at(-1)!;
      expect(launched[0]!.args).not.toContain(launchOf(url));
      expect(readFileSync(file, 'utf8')).toBe(pageTo(url));
      expect([statSync(file).mode & 0o777, statSync(dirname(file)).mode & 0o777]).toEqual([0o600, 0o700]);
      // The next one takes its place; what was used is gone, and so is one that nobody could open.
      redirect.open(host.newLaunchUrl());
      expect(existsSync(dirname(file))).toBe(false);
      const second = launched[1]!.args.split(' ').at(-1)!;
      redirect.remove();
      expect(existsSync(dirname(second))).toBe(false);
      redirect.open(url);
      launched[2]!.fail();
      expect(existsSync(dirname(launched[2]!.args.split(' ').at(-1)!))).toBe(false);
    },
  );

  it('stands in a page that only sends the browser on', () => {
    const url = host.newLaunchUrl();
    expect(pageTo(url)).toContain(`content="0; url=${url}"`);
    expect(() => pageTo('http://127.0.0.1:1/#launch="><script>')).toThrow();
  });
});

describe('the session', () => {
  it('is asked of every call and stream', async () => {
    for (const headers of [
      ours(),
      { ...ours(), authorization: 'Bearer guess' },
      { ...ours(), cookie: 'x=y' },
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await statusOf(headers)).toBe(401);
      // oxlint-disable-next-line no-await-in-loop
      expect((await post('/events', {}, headers)).status).toBe(401);
    }
  });

  it('ends after 30 minutes without a person, whatever else is asked', async () => {
    const headers = await signIn();
    clock.nowMs += 29 * minuteMs;
    expect(await statusOf(headers, 'session.touch')).toBe(200);
    clock.nowMs += 29 * minuteMs;
    // Polls and reloads.
    for (const method of ['session.status', 'tokens.list', 'gateway.status'])
      // oxlint-disable-next-line no-await-in-loop
      expect(await statusOf(headers, method)).toBe(200);
    clock.nowMs += 2 * minuteMs;
    expect(await statusOf(headers)).toBe(401);
    expect(ends).toEqual(['idle']);
  });

  it('is not made longer by a passphrase that is wrong', async () => {
    const headers = await signIn();
    const passphrase = async (method: string, text: string) =>
      (JSON.parse((await post(`/rpc/${method}`, { passphrase: text }, headers)).body) as { ok: boolean }).ok;
    clock.nowMs += 29 * minuteMs;
    for (const method of ['session.unlock', 'session.confirm'])
      // oxlint-disable-next-line no-await-in-loop
      expect(await passphrase(method, 'wrong')).toBe(false);
    clock.nowMs += minuteMs;
    expect(await statusOf(headers)).toBe(401);
    const again = await signIn();
    clock.nowMs += 29 * minuteMs;
    const right = await post('/rpc/session.confirm', { passphrase: testPassphrase }, again);
    expect(JSON.parse(right.body)).toMatchObject({ ok: true });
    clock.nowMs += minuteMs;
    expect(await statusOf(again)).toBe(200);
  });

  it('is not made longer by its stream, nor by a stream that comes back', async () => {
    const headers = await signIn();
    const first = await events(headers);
    clock.nowMs += 29 * minuteMs;
    first.response.destroy();
    const second = await events(headers, 0);
    await temp.client.teams.create({ name: 'made-elsewhere' });
    clock.nowMs += minuteMs;
    expect(await statusOf(headers)).toBe(401);
    await vi.waitFor(() => expect(second.hasEnded()).toBe(true));
    expect(second.lines.at(-1)).toEqual({ over: 'idle' });
  });

  it('ends after 12 hours, however busy', async () => {
    const headers = await signIn();
    for (let half = 0; half < 24; half += 1) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await statusOf(headers, 'session.touch')).toBe(200);
      clock.nowMs += 30 * minuteMs - 1;
    }
    clock.nowMs += 24;
    expect(await statusOf(headers)).toBe(401);
    expect(ends).toEqual(['old']);
  });

  it('ends with the lock, and when another page signs in', async () => {
    const first = await signIn();
    const second = await signIn();
    expect(await statusOf(first)).toBe(401);
    expect(await statusOf(second)).toBe(200);
    const stream = await events(second);
    await temp.client.session.lock();
    await vi.waitFor(() => expect(stream.hasEnded()).toBe(true));
    expect(stream.lines.at(-1)).toEqual({ over: 'locked' });
    expect(await statusOf(second)).toBe(401);
    expect(ends).toEqual(['replaced', 'locked']);
    // The unlock is made by the page that opened the next address.
    const third = await signIn();
    expect(await statusOf(third)).toBe(200);
  });
});

describe('events', () => {
  it('go on where the page was, and say so when some are gone', async () => {
    const headers = await signIn();
    const first = await events(headers);
    await vi.waitFor(() => expect(first.lines).toHaveLength(1));
    const { from } = first.lines[0] as { from: number };
    await temp.client.teams.create({ name: 'one' });
    await vi.waitFor(() => expect(first.lines).toHaveLength(2));
    expect(first.lines[1]).toMatchObject({ seq: from + 1, name: 'vault.changed' });
    first.response.destroy();
    await temp.client.teams.create({ name: 'two' });
    const second = await events(headers, from + 1);
    await vi.waitFor(() => expect(second.lines).toHaveLength(2));
    expect(second.lines).toMatchObject([{ resumed: true }, { seq: from + 2, name: 'vault.changed' }]);
    second.response.destroy();
    // A number of another host, or of long ago.
    const third = await events(headers, 99_999);
    await vi.waitFor(() => expect(third.lines).toEqual([{ from: from + 2 }]));
    third.response.destroy();
  });
});

describe('the sender', () => {
  it.each(methodNames())('%s is refused to a foreign sender with IPC_UNTRUSTED_SENDER', async (name) => {
    const signedIn = await signIn();
    const without = (header: string) =>
      Object.fromEntries(Object.entries(signedIn).filter(([key]) => key !== header));
    const senders: Record<string, string>[] = [
      { ...signedIn, origin: 'http://evil.example' },
      { ...signedIn, origin: 'null' },
      without('origin'),
      without('x-latchkey'),
      { ...signedIn, 'content-type': 'text/plain' },
      { ...signedIn, 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of senders) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await post(`/rpc/${name}`, {}, headers);
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { code: 'IPC_UNTRUSTED_SENDER' } });
    }
    expect((await ask(`/rpc/${name}`, { headers: signedIn })).status).toBe(403);
  });

  it('is carried through, but for a body that is no JSON and one that is too large', async () => {
    const headers = await signIn();
    const call = (body: string) => ask('/rpc/teams.list', { method: 'POST', headers, body });
    expect(JSON.parse((await call('{}')).body)).toEqual({ ok: true, value: [] });
    expect(JSON.parse((await call('{')).body)).toMatchObject({ error: { code: 'IPC_BAD_INPUT' } });
    const large = await call(JSON.stringify({ x: 'x'.repeat(300 * 1024) })).catch(() => undefined);
    if (large !== undefined)
      expect(JSON.parse(large.body)).toMatchObject({ error: { code: 'IPC_TOO_LARGE' } });
  });
});
