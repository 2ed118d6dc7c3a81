import { readFileSync, readdirSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAppUrl } from '../../../src-main/hosts/electron/app-url.ts';
import { refusedSwitch } from '../../../src-main/hosts/electron/debug-switches.ts';
import { createSecretStore } from '../../../src-main/hosts/electron/secret-store.ts';
import { isTrustedSender } from '../../../src-main/hosts/electron/trusted-sender.ts';
import { createStepUpAuth } from '../../../src-main/services/step-up-auth.ts';

describe('who may call', () => {
  const main = { processId: 1, routingId: 2, url: 'app://latchkey/#/tokens' };
  const webContents = { mainFrame: main };
  const window = { webContents, isDestroyed: () => false };

  it('is the main frame of our window on our origin', () => {
    expect(isTrustedSender({ sender: webContents, senderFrame: { ...main } }, window)).toBe(true);
  });

  it.each([
    ['a subframe', { sender: webContents, senderFrame: { ...main, routingId: 3 } }],
    ['a frame of another process', { sender: webContents, senderFrame: { ...main, processId: 9 } }],
    ['another window', { sender: { mainFrame: main }, senderFrame: main }],
    ['a frame that is gone', { sender: webContents, senderFrame: null }],
    ['another origin', { sender: webContents, senderFrame: { ...main, url: 'https://example.com/' } }],
    ['another host of our scheme', { sender: webContents, senderFrame: { ...main, url: 'app://other/' } }],
    ['a file', { sender: webContents, senderFrame: { ...main, url: 'file:///app/latchkey' } }],
  ])('is not %s', (_name, event) => expect(isTrustedSender(event, window)).toBe(false));

  it('is nobody while there is no window', () => {
    const event = { sender: webContents, senderFrame: main };
    expect(isTrustedSender(event, undefined)).toBe(false);
    expect(isTrustedSender(event, { webContents, isDestroyed: () => true })).toBe(false);
  });
});

describe('our origin', () => {
  it.each(['app://latchkey/', 'app://latchkey/assets/a.js?x#y'])('is %s', (url) =>
    expect(isAppUrl(url)).toBe(true),
  );
  it.each([
    'app://latchkey.evil/',
    'app://latchkey:1/',
    'app://u@latchkey/',
    'app:latchkey',
    'https://latchkey/',
    'nope',
  ])('is not %s', (url) => expect(isAppUrl(url)).toBe(false));
});

describe('the secret store', () => {
  const sync = (prefix: string, available = true) => ({
    isEncryptionAvailable: () => available,
    encryptString: (text: string) => Buffer.from(prefix + text),
    decryptString: (sealed: Buffer) => sealed.toString().slice(3),
  });

  it('refuses a backend that does not encrypt, by its name or by what it writes', async () => {
    const named = { ...sync('v11'), getSelectedStorageBackend: () => 'basic_text' };
    expect(await createSecretStore(named, 'linux').status()).toMatchObject({
      usable: false,
      reason: 'plain-text',
    });
    expect(await createSecretStore(sync('v10'), 'linux').status()).toMatchObject({ reason: 'plain-text' });
    expect(await createSecretStore(sync('v11'), 'linux').status()).toMatchObject({ usable: true });
    expect(await createSecretStore(sync('v11', false), 'linux').status()).toMatchObject({
      reason: 'unavailable',
    });
  });

  it('uses the asynchronous calls where there are such, and seals again when told to', async () => {
    const store = createSecretStore(
      {
        isAsyncEncryptionAvailable: async () => true,
        encryptStringAsync: async (text) => Buffer.from(`new${text}`),
        decryptStringAsync: async () => ({ result: 'secret', shouldReEncrypt: true }),
      },
      'darwin',
    );
    expect(await store.status()).toEqual({ usable: true, backend: 'keychain' });
    expect(await store.open(Buffer.from('old'))).toEqual({
      text: 'secret',
      resealed: Buffer.from('newsecret'),
    });
  });
});

describe('step-up authentication', () => {
  it('is asked for only in a session that the keychain unlocked, and ends after five minutes', () => {
    let now = 0;
    const stepUpAuth = createStepUpAuth(() => now);
    expect(() => stepUpAuth.requirePassphrase('to x')).not.toThrow();
    stepUpAuth.noteUnattended();
    expect(() => stepUpAuth.requirePassphrase('to x')).toThrow('passphrase to x');
    stepUpAuth.notePassphrase();
    expect(() => stepUpAuth.requirePassphrase('to x')).not.toThrow();
    now = 5 * 60_000;
    expect(() => stepUpAuth.requirePassphrase('to x')).toThrow();
    // A clock that was set back does not bring it back.
    now = -1;
    expect(() => stepUpAuth.requirePassphrase('to x')).toThrow();
    stepUpAuth.forget();
    expect(() => stepUpAuth.requirePassphrase('to x')).not.toThrow();
  });
});

describe('switches that take the protection away', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'latchkey-switch-'));
  const app = (isPackaged: boolean, given: string) => ({
    isPackaged,
    getAppPath: () => folder,
    commandLine: { hasSwitch: (name: string) => name === given },
  });

  it('are refused by a packaged app only', () => {
    writeFileSync(path.join(folder, 'package.json'), '{}');
    for (const name of [
      'remote-debugging-port',
      'remote-debugging-pipe',
      'inspect',
      'no-sandbox',
      'disable-web-security',
    ]) {
      expect(refusedSwitch(app(true, name))).toBe(name);
      expect(refusedSwitch(app(false, name))).toBeUndefined();
    }
    expect(refusedSwitch(app(true, 'disable-gpu'))).toBeUndefined();
  });
});

it('only ipc-channel.ts touches ipcMain, only preload.ts ipcRenderer', () => {
  const folder = path.join(process.cwd(), 'src-main');
  const uses = (word: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(
        (file) =>
          file.endsWith('.ts') &&
          new RegExp(`\\b${word}\\b`).test(
            readFileSync(path.join(folder, file), 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, ''),
          ),
      )
      .map((file) => path.basename(file));
  expect(uses('ipcMain')).toEqual(['ipc-channel.ts']);
  expect(uses('ipcRenderer')).toEqual(['preload.ts']);
});
