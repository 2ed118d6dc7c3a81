/** `latchkey gateway` as a service has it: signals, and readers of its output that go away. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const cli = fileURLToPath(new URL('../../../src-main/cli.ts', import.meta.url));
let dir: string;
let options: string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-cli-gateway-'));
  const passphrase = join(dir, 'passphrase');
  writeFileSync(passphrase, 'correct horse battery staple\n', { mode: 0o600 });
  options = ['--data-dir', join(dir, 'data'), '--passphrase-file', passphrase];
  const init = ['init', '--organization', 'Acme', '--operator', 'Ada'];
  execFileSync(process.execPath, [cli, ...options, ...init], { stdio: 'ignore' });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function start() {
  const child = spawn(process.execPath, [cli, ...options, 'gateway', '--port', '0', '--access-log']);
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /clients use (\S+)/.exec(output);
      if (found !== null) resolve(found[1] ?? '');
    });
    child.once('exit', () => reject(new Error(`ended: ${output}`)));
  });
  return { child, statusOf: async () => (await fetch(`${url}/conda/x/noarch/repodata.json`)).status };
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
});
