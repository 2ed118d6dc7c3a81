/** Each item of Electron's security checklist, in a real Electron (docs/electron-security.md lists them). */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Launched } from '../support/electron-app.ts';
import { launchLatchkey } from '../support/electron-app.ts';
import { expect, must, refusal, setUp, test } from './support/app-fixture.ts';

/** A server outside the app that counts who reaches it. */
async function outside(): Promise<{ url: string; requests: () => number; close: () => void }> {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.setHeader('access-control-allow-origin', '*').end('<title>outside</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, requests: () => requests, close: () => server.close() };
}

/** One app without a vault for all tests that only ask, each with its page loaded anew. What one puts in place of the
 * system's browser stays there: no other opens it. */
let shared: Launched;
let profile: string;
test.beforeAll(async () => {
  profile = mkdtempSync(path.join(tmpdir(), 'latchkey-profile-'));
  shared = await launchLatchkey({ dataDir: profile });
});
test.beforeEach(() => shared.page.reload());
test.afterAll(async () => {
  await shared.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

test('the page has no Node.js, and only two functions of ours', async () => {
  const { page } = shared;
  const seen = await page.evaluate(() => ({
    require: typeof (globalThis as Record<string, unknown>)['require'],
    process: typeof (globalThis as Record<string, unknown>)['process'],
    buffer: typeof (globalThis as Record<string, unknown>)['Buffer'],
    bridge: Object.keys((window as unknown as { latchkey: object }).latchkey).sort(),
    leaked: Object.keys(window).filter((key) => /electron|ipc/i.test(key)),
  }));
  expect(seen).toEqual({
    require: 'undefined',
    process: 'undefined',
    buffer: 'undefined',
    bridge: ['invoke', 'on'],
    leaked: [],
  });
});

test('the page cannot replace the bridge, nor reach the preload through a prototype', async () => {
  const { page } = shared;
  const outcome = await page.evaluate(async () => {
    const target = window as unknown as {
      latchkey: { invoke: (m: string, i: unknown) => Promise<{ ok: boolean }> };
    };
    Array.prototype.map = () => {
      throw new Error('poisoned');
    };
    Map.prototype.get = () => {
      throw new Error('poisoned');
    };
    try {
      target.latchkey.invoke = async () => ({ ok: false });
    } catch {
      // Frozen: strict code throws, which is as good.
    }
    return (await target.latchkey.invoke('session.status', {})).ok;
  });
  expect(outcome).toBe(true);
});

test('every window preference of the checklist is set', async () => {
  const { app } = shared;
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    return contents.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
  });
  // Some are only listed when they are on.
  for (const name of ['nodeIntegrationInWorker', 'navigateOnDragDrop', 'enableBlinkFeatures']) {
    expect(preferences[name] || false, name).toBe(false);
  }
});

test('the page is served from app://latchkey with a strict policy that is enforced', async () => {
  const { page } = shared;
  expect(page.url()).toMatch(/^app:\/\/latchkey\//);
  const answer = await page.evaluate(async () => {
    const response = await fetch('app://latchkey/');
    return {
      policy: response.headers.get('content-security-policy'),
      nosniff: response.headers.get('x-content-type-options'),
      secure: isSecureContext,
    };
  });
  expect(answer.policy).toContain("default-src 'none'");
  expect(answer.policy).not.toContain('unsafe');
  expect(answer.nosniff).toBe('nosniff');
  expect(answer.secure).toBe(true);
  const ran = await page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      violations.push(event.effectiveDirective),
    );
    const inline = document.createElement('script');
    inline.textContent = 'window.inlineRan = true';
    document.head.append(inline);
    // Playwright's own evaluate is exempt from the policy; a handler attribute of the page is not.
    document.body.setAttribute('onclick', 'window.handlerRan = true');
    document.body.click();
    const image = document.createElement('img');
    image.src = 'https://example.com/x.png';
    document.body.append(image);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const state = window as unknown as { inlineRan?: boolean; handlerRan?: boolean };
    return { inline: state.inlineRan ?? false, handler: state.handlerRan ?? false, violations };
  });
  expect(ran.inline).toBe(false);
  expect(ran.handler).toBe(false);
  expect(ran.violations).toEqual(expect.arrayContaining(['script-src-elem', 'img-src']));
});

for (const path of [
  '../../package.json',
  '%2e%2e/%2e%2e/package.json',
  '..%2f..%2fpackage.json',
  '..%5c..%5cpackage.json',
  'assets/',
  'index.html%00.js',
]) {
  test(`app:// does not serve ${path}`, async () => {
    const { page } = shared;
    // 0: Chromium itself refuses the address.
    const statusOf = (url: string) =>
      page.evaluate(
        (wanted) =>
          fetch(wanted).then(
            ({ status }) => status,
            () => 0,
          ),
        url,
      );
    expect(await statusOf('app://latchkey/index.html')).toBe(200);
    expect([0, 400, 404]).toContain(await statusOf(`app://latchkey/${path}`));
  });
}

test('the page reaches no network, by any means', async () => {
  const { app, page } = shared;
  const server = await outside();
  const results = await page.evaluate(async (url) => {
    const failed = async (work: () => Promise<unknown>) =>
      work().then(
        () => false,
        () => true,
      );
    const viaImage = await new Promise((resolve) => {
      const image = new Image();
      image.onerror = () => resolve(true);
      image.onload = () => resolve(false);
      image.src = url;
    });
    const viaSocket = await new Promise((resolve) => {
      const socket = new WebSocket(url.replace('http', 'ws'));
      socket.onerror = () => resolve(true);
      socket.onopen = () => resolve(false);
    });
    navigator.sendBeacon(url, 'x');
    return [
      await failed(() => fetch(url)),
      await failed(() => fetch(url, { mode: 'no-cors' })),
      await failed(() => fetch('file:///etc/passwd')),
      viaImage,
      viaSocket,
    ];
  }, server.url);
  expect(results).toEqual([true, true, true, true, true]);
  // Without any policy of a page in the way: the session itself refuses.
  const blocked = await app.evaluate(async ({ BrowserWindow }, url) => {
    const window = new BrowserWindow({ show: false });
    const reason = await window.loadURL(url).then(
      () => 'loaded',
      (error: Error) => error.message,
    );
    window.destroy();
    return reason;
  }, server.url);
  expect(blocked).toContain('ERR_BLOCKED_BY_CLIENT');
  expect(server.requests()).toBe(0);
  server.close();
});

test('the page cannot navigate away, to a file, or to another host of our scheme', async () => {
  const { page } = shared;
  const server = await outside();
  const start = page.url().split('#')[0];
  for (const target of [
    server.url,
    'file:///etc/passwd',
    'app://other/',
    'data:text/html,x',
    'javascript:void 0',
  ]) {
    await page.evaluate((url) => {
      const link = document.createElement('a');
      link.href = url;
      document.body.append(link);
      link.click();
      link.remove();
    }, target);
    await page.evaluate((url) => location.assign(url), target).catch(() => undefined);
    await page.waitForTimeout(100);
    expect(page.url().split('#')[0]).toBe(start);
  }
  expect(server.requests()).toBe(0);
  server.close();
});

test('no window opens; only a listed https address goes to the system’s browser', async () => {
  const { app, page } = shared;
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    (globalThis as unknown as { opened: string[] }).opened = opened;
    shell.openExternal = async (url: string) => void opened.push(url);
  });
  const urls = [
    'https://docs.conda.io/projects/conda/',
    'https://docs.conda.io.evil.example/',
    'https://user@docs.conda.io/',
    'https://docs.conda.io:8443/',
    'http://docs.conda.io/',
    'file:///etc/passwd',
    'smb://host/share',
    'latchkey://token/abcdefgh',
    'javascript:alert(1)',
    'app://latchkey/',
  ];
  const opened = await page.evaluate((list) => list.map((url) => window.open(url) === null), urls);
  expect(opened.every(Boolean)).toBe(true);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  expect(await app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)).toEqual([
    'https://docs.conda.io/projects/conda/',
  ]);
});

test('every permission is refused, except to copy plain text', async () => {
  const { page } = shared;
  const answers = await page.evaluate(async () => {
    const outcome = async (work: () => Promise<unknown>) =>
      work().then(
        (value) => String(value),
        (error: Error) => error.name,
      );
    return {
      notification: await outcome(() => Notification.requestPermission()),
      camera: await outcome(() => navigator.mediaDevices.getUserMedia({ video: true })),
      screen: await outcome(() => navigator.mediaDevices.getDisplayMedia()),
      location: await outcome(
        () =>
          new Promise((resolve, reject) =>
            navigator.geolocation.getCurrentPosition(resolve, () => reject(new Error('no'))),
          ),
      ),
      clipboard: await outcome(() => navigator.clipboard.readText()),
      // Asked for, not done: writing also wants the focus, which no window has without a window manager.
      copying: await outcome(
        async () => (await navigator.permissions.query({ name: 'clipboard-write' as PermissionName })).state,
      ),
      midi: await outcome(() => navigator.requestMIDIAccess()),
    };
  });
  expect(answers.notification).toBe('denied');
  expect(answers.copying).toBe('granted');
  for (const name of ['camera', 'screen', 'location', 'clipboard', 'midi'] as const) {
    expect(answers[name], name).toMatch(/Error$/);
  }
});

test('a webview cannot be attached, a download does not start', async () => {
  const { app, page } = shared;
  const downloads = app.evaluate(
    ({ session }) =>
      new Promise<string>((resolve) => {
        session.defaultSession.on('will-download', (event, item) => {
          setTimeout(() => resolve(event.defaultPrevented ? 'refused' : item.getState()), 100);
        });
        setTimeout(() => resolve('none'), 1_500);
      }),
  );
  const webview = await page.evaluate(() => {
    const element = document.createElement('webview') as HTMLElement & { loadURL?: unknown };
    element.setAttribute('src', 'app://latchkey/');
    element.setAttribute('allowpopups', '');
    document.body.append(element);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['x']));
    link.download = 'x.txt';
    document.body.append(link);
    link.click();
    return typeof element.loadURL;
  });
  expect(webview).toBe('undefined');
  expect(['refused', 'none']).toContain(await downloads);
  const count = await app.evaluate(({ webContents }) => webContents.getAllWebContents().length);
  expect(count).toBe(1);
});

test('a call from another window of our own origin is an untrusted sender', async () => {
  const { app, page } = shared;
  const opened = app.waitForEvent('window');
  await app.evaluate(({ app: self, BrowserWindow }) => {
    const preload = `${self.getAppPath()}/dist/main/preload.cjs`;
    void new BrowserWindow({ webPreferences: { preload, sandbox: true } }).loadURL('app://latchkey/');
  });
  const other = await opened;
  await other.waitForLoadState('domcontentloaded');
  expect(await refusal(other, 'session.status')).toBe('IPC_UNTRUSTED_SENDER');
  expect(await must(page, 'session.status')).toMatchObject({ vault: 'none' });
  await other.close();
});

test('a frame inside the page gets no bridge', async () => {
  const { page } = shared;
  const bridges = await page.evaluate(async () => {
    const sources = ['app://latchkey/', 'about:blank', 'data:text/html,x'];
    const frames = sources.map((source) => {
      const frame = document.createElement('iframe');
      frame.src = source;
      document.body.append(frame);
      return frame;
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    return frames.map((frame) => {
      try {
        return typeof (frame.contentWindow as unknown as { latchkey?: unknown }).latchkey;
      } catch {
        return 'blocked';
      }
    });
  });
  for (const bridge of bridges) expect(['undefined', 'blocked']).toContain(bridge);
});

test('malformed, unknown and oversized calls are refused by their code', async () => {
  const { page } = shared;
  expect(await refusal(page, 'session.nothing')).toBe('IPC_UNKNOWN_METHOD');
  expect(await refusal(page, '__proto__.constructor')).toBe('IPC_UNKNOWN_METHOD');
  expect(await refusal(page, 'session.unlock', { passphrase: 7 })).toBe('IPC_BAD_INPUT');
  expect(await refusal(page, 'session.unlock', { passphrase: 'x'.repeat(400_000) })).toBe('IPC_TOO_LARGE');
  expect(await refusal(page, 'teams.list')).toBe('VAULT_LOCKED');
});

test('the unlocked app works with no error in its console', async ({ launch }) => {
  const { page } = await launch();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await setUp(page);
  await page.reload();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  for (const name of ['Tokens', 'Channels', 'Teams', 'Environments', 'Policies', 'Gateway', 'Settings']) {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click();
    await page.waitForTimeout(100);
  }
  expect(errors).toEqual([]);
});
