/** `latchkey unlock` and what it starts, as processes: what they share, what they keep, and how they end. */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mkdtempSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { addressPath, readAddress } from '../../src-main/agent/address-file.ts';
import { cheapenPassphrase } from '../support/cheap-passphrase.ts';
import { searchMemory } from '../support/process-memory.ts';
import type { Ran } from '../support/run-cli.ts';
import { runCli } from '../support/run-cli.ts';
import { openTempApp } from '../support/temp-app.ts';
import { vaultSecrets } from '../support/vault-secrets.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
const passphrase = 'quiet-otter-lantern-83-brick';
let made: string;
let dir: string;
let env: { LATCHKEY_DATA_DIR: string; LATCHKEY_STATE_DIR: string };

const latchkey = (...args: string[]): Promise<Ran> => runCli(args, { env });
const byPassphrase = (...args: string[]): Promise<Ran> =>
  runCli(['--passphrase-file', '-', ...args], { env, stdin: `${passphrase}\n` });
const addressFile = () => addressPath(env.LATCHKEY_STATE_DIR, env.LATCHKEY_DATA_DIR);
const pidOf = (): number => readAddress(addressFile())?.pid ?? 0;
const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const ended = (pid: number) => vi.waitFor(() => expect(runs(pid)).toBe(false), { timeout: 30_000 });

function useFolder(): void {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-agent-test-'));
  env = { LATCHKEY_DATA_DIR: join(dir, 'data'), LATCHKEY_STATE_DIR: join(dir, 'state') };
  mkdirSync(env.LATCHKEY_STATE_DIR, { mode: 0o700 });
}

/** An organization is made once; each test has a copy, which no computer remembers. */
beforeAll(async () => {
  useFolder();
  made = dir;
  expect((await byPassphrase('init', '--organization', 'Acme', '--operator', 'Ada')).code).toBe(0);
  await cheapenPassphrase(env.LATCHKEY_DATA_DIR, passphrase);
});
afterAll(() => rmSync(made, { recursive: true, force: true }));
beforeEach(() => {
  useFolder();
  cpSync(join(made, 'data'), env.LATCHKEY_DATA_DIR, { recursive: true });
});
afterEach(async () => {
  await latchkey('lock');
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
});

describe.skipIf(process.platform === 'win32')('latchkey unlock', () => {
  it('lets commands work without the passphrase until the lock', async () => {
    expect((await latchkey('team', 'list')).code).toBe(3);
    const unlocked = await byPassphrase('unlock');
    expect(unlocked).toMatchObject({ code: 0, stderr: '' });
    expect(unlocked.stdout).toMatch(
      /^"Acme" is unlocked for Ada\. It locks at \d\d:\d\d UTC unless another command comes/,
    );
    expect(await latchkey('team', 'add', 'science')).toMatchObject({ code: 0, stderr: '' });
    // Another process writes; the agent has read it by the next command.
    expect((await byPassphrase('team', 'add', 'web')).code).toBe(0);
    await vi.waitFor(async () =>
      expect((await latchkey('team', 'list')).stdout).toMatch(/^science .*\nweb /m),
    );
    // A refusal has its own code and words.
    expect(await latchkey('team', 'add', 'web')).toMatchObject({ code: 5, stdout: '' });
    const status = JSON.parse((await latchkey('--json', 'status')).stdout) as { agent: { pid: number } };
    expect(status).toMatchObject({
      vault: 'unlocked',
      organization: 'Acme',
      agent: { by: 'process', serving: true },
    });
    // A second unlock asks for nothing and starts nothing.
    expect((await latchkey('unlock')).stdout).toMatch(/^It is already unlocked/);
    expect(pidOf()).toBe(status.agent.pid);

    expect((await latchkey('lock')).stdout).toBe('Locked.\n');
    await ended(status.agent.pid);
    expect((await latchkey('lock')).stdout).toBe('Nothing is unlocked here.\n');
    expect((await latchkey('team', 'list')).code).toBe(3);
  });

  it('starts nothing with a wrong passphrase', async () => {
    const wrong = await runCli(['--passphrase-file', '-', 'unlock'], { env, stdin: 'not the passphrase\n' });
    expect(wrong).toMatchObject({ code: 3, stdout: '' });
    expect(existsSync(addressFile())).toBe(false);
    expect((await latchkey('unlock')).stderr).toContain('there is no terminal to ask on');
  });

  it.skipIf(process.platform !== 'linux')(
    'hands keys over by nothing that others can read, and keeps none after the lock',
    async () => {
      await byPassphrase('unlock');
      const pid = pidOf();
      const secrets = await vaultSecrets(env.LATCHKEY_DATA_DIR, passphrase);
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      for (const { name, bytes } of secrets)
        for (const text of [Buffer.from(bytes).toString('base64url'), Buffer.from(bytes).toString('latin1')])
          expect((environment + commandLine).includes(text), name).toBe(false);
      expect(environment).not.toContain('PASSPHRASE');
      const folder = dirname(readAddress(addressFile())?.address ?? '');
      expect(readdirSync(folder)).toEqual(['socket']);
      // What is searched for is there while it is in use; the passphrase never is.
      await vi.waitFor(
        () => {
          const held = new Set(searchMemory([pid], secrets).map(({ secret }) => secret));
          expect([...held].toSorted()).toEqual(['checkpoint key', 'org key', 'receive key', 'sign key']);
        },
        { timeout: 30_000 },
      );
      await latchkey('lock');
      await ended(pid);
      expect(searchMemory([pid], secrets)).toEqual([]);
      expect(existsSync(folder)).toBe(false);
      expect(existsSync(addressFile())).toBe(false);
    },
  );

  it('is passed over when it was killed, and ends cleanly when it is told to', async () => {
    await byPassphrase('unlock');
    const killed = pidOf();
    process.kill(killed, 'SIGKILL');
    await ended(killed);
    // Its address is still there.
    expect(existsSync(addressFile())).toBe(true);
    expect((await latchkey('team', 'list')).code).toBe(3);
    expect(await byPassphrase('team', 'list')).toMatchObject({ code: 0, stderr: '' });
    expect((await latchkey('status')).stdout).toMatch(/Unlocked +no/);

    await byPassphrase('unlock');
    const told = pidOf();
    expect(told).not.toBe(killed);
    process.kill(told, 'SIGTERM');
    await ended(told);
    expect(existsSync(addressFile())).toBe(false);
  });

  it('serves no other organization than the one that it was started for', async () => {
    await byPassphrase('unlock');
    const pid = pidOf();
    const data = env.LATCHKEY_DATA_DIR;
    rmSync(data, { recursive: true });
    expect((await byPassphrase('init', '--organization', 'Other', '--operator', 'Eve')).code).toBe(0);
    const refused = await latchkey('team', 'list');
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('keeps another organization open');
    expect((await latchkey('lock')).code).toBe(0);
    await ended(pid);
  });

  it('lets a command say that the gateway of a locked app has not taken its change', async () => {
    const { LATCHKEY_DATA_DIR: dataDir, LATCHKEY_STATE_DIR: stateDir } = env;
    const { app, client } = openTempApp({ dataDir, stateDir });
    onTestFinished(() => app.close());
    await client.session.unlock({ passphrase });
    const { port } = await client.gateway.status();
    const stored = app.settings.read();
    app.settings.write({ ...stored, gateway: { ...stored.gateway, port } });
    await byPassphrase('unlock');
    expect(await latchkey('team', 'add', 'science')).toMatchObject({ code: 0 });
    // The app is open, and takes what is changed.
    await vi.waitFor(async () => {
      const { enforced, lines } = await client.gateway.find();
      expect(enforced).toBe(lines);
    });
    expect((await latchkey('status')).stdout).toContain(`running at http://127.0.0.1:${port}`);

    await client.session.lock();
    const added = await latchkey('team', 'add', 'web');
    expect(added).toMatchObject({ code: 0, stdout: 'Added team web.\n' });
    expect(added.stderr).toContain(`The gateway at http://127.0.0.1:${port} has not taken this change`);
    const status = await latchkey('gateway', 'status');
    expect(status.stdout).toMatch(/^Enforces +(\d+) of \d+ changes; one waits until its app is unlocked/m);
    // What only looks has changed nothing.
    expect(await latchkey('team', 'list')).toMatchObject({ code: 0, stderr: '' });
  });

  it('trusts no address that another user could have written', async () => {
    await byPassphrase('unlock');
    const text = readFileSync(addressFile(), 'utf8');
    rmSync(addressFile());
    writeFileSync(addressFile(), text, { mode: 0o666 });
    const refused = await latchkey('team', 'list');
    expect(refused.stderr).toContain('is open to other users');
    expect(refused.code).toBe(1);
    rmSync(addressFile(), { force: true });
  });
});
