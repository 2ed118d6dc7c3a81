/** `latchkey gateway` as a service has it: signals, and readers of its output that go away. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { cliFile } from '../../support/run-cli.ts';

let dir: string;
let options: string[];

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-cli-gateway-'));
  const passphrase = join(dir, 'passphrase');
  writeFileSync(passphrase, 'correct horse battery staple\n', { mode: 0o600 });
  options = ['--data-dir', join(dir, 'data'), '--passphrase-file', passphrase];
  const init = ['init', '--organization', 'Acme', '--operator', 'Ada'];
  execFileSync(process.execPath, [cliFile, ...options, ...init], { stdio: 'ignore' });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function start(...more: string[]) {
  const child = spawn(process.execPath, [
    cliFile,
    ...options,
    'gateway',
    '--port',
    '0',
    '--access-log',
    ...more,
  ]);
  // Also when the test fails before it ends it.
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /clients use (\S+)/.exec(output);
      if (found !== null) resolve(found[1] ?? '');
    });
    child.once('exit', () => reject(new Error(`ended: ${output}`)));
  });
  const listens = /listens on (\S+);/.exec(output)?.[1] ?? '';
  return {
    child,
    url,
    listens,
    statusOf: async () => (await fetch(`${url}/conda/x/noarch/repodata.json`)).status,
  };
}

describe('the gateway command', () => {
  it('goes on when the readers of its output go away, and ends when it is told to', async () => {
    const { child, statusOf } = await start();
    child.stdout.destroy();
    child.stderr.destroy();
    for (let round = 0; round < 5; round += 1)
      // oxlint-disable-next-line no-await-in-loop
      expect(await statusOf()).toBe(401);
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    await expect(statusOf()).rejects.toThrow();
  });

  it('takes its public URL, its proxies and what happens to downloads from the command line', async () => {
    const { child, url, listens } = await start(
      '--public-url',
      'https://pkgs.example/latchkey',
      '--finish-downloads',
      '--trusted-proxy',
      '127.0.0.1',
      '--trusted-proxy',
      '10.0.0.0/8',
    );
    expect(url).toBe('https://pkgs.example/latchkey');
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const headers = { 'x-forwarded-for': '198.51.100.9, 192.0.2.7, 10.1.2.3' };
    const answer = await fetch(`http://${listens}/latchkey/conda/x/noarch/repodata.json`, { headers });
    expect(answer.status).toBe(401);
    await expect.poll(() => log).toMatch(/ 192\.0\.2\.7 - "GET \/conda\/x\/noarch\/repodata\.json" 401 /);
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  });

  it.each([
    [['--trusted-proxy', 'proxy.example'], 'is not a valid network'],
    [['--trusted-proxy', '10.0.0.5/8'], 'Did you mean 10.0.0.0/8'],
    [['--public-url', 'https://pkgs.example/conda'], '--public-url'],
  ])('refuses %j before it asks for anything', (more, text) => {
    const { status, stderr } = spawnSync(process.execPath, [cliFile, ...options, 'gateway', ...more]);
    expect(status).toBe(2);
    expect(stderr.toString()).toContain(text);
  });
});
