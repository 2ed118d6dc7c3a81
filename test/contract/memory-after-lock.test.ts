/** What the processes of the browser host keep after the lock: nothing that opens anything. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WireResult } from '../../shared/errors.ts';
import { processTree, searchMemory } from '../support/process-memory.ts';
import { vaultSecrets } from '../support/vault-secrets.ts';

const root = join(import.meta.dirname, '..', '..');
const passphrase = 'quiet-otter-lantern-83-brick';
let dir: string;
let host: ChildProcess;
let output: string;
let headers: Record<string, string>;
let origin: string;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-memory-'));
  const dataDir = join(dir, 'data');
  mkdirSync(join(dir, 'packages', 'noarch'), { recursive: true });
  mkdirSync(dataDir);
  writeFileSync(
    join(dir, 'packages', 'noarch', 'repodata.json'),
    '{"info":{"subdir":"noarch"},"packages":{},"packages.conda":{}}',
  );
  writeFileSync(join(dataDir, 'settings.json'), '{"gateway":{"port":0}}');
  output = '';
  host = spawn(process.execPath, [join(root, 'dist/main/browser.cjs'), '--data-dir', dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  host.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await signIn();
});
afterEach(async () => {
  const exit = once(host, 'exit');
  host.kill('SIGTERM');
  await exit;
  rmSync(dir, { recursive: true, force: true });
});

async function post<T>(path: string, body: unknown): Promise<T> {
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const result = (await (await fetch(origin + path, init)).json()) as WireResult<T>;
  if (!result.ok) throw new Error(`${path}: ${result.error.code} ${JSON.stringify(result.error.says)}`);
  return result.value;
}
const call = <T = { id: string }>(method: string, input: unknown = {}): Promise<T> =>
  post<T>(`/rpc/${method}`, input);

async function signIn(): Promise<void> {
  const url = await vi.waitFor(
    () => {
      const found = output.match(/http:\/\/127\.0\.0\.1:\d+\/#launch=[\w-]{43}/g)?.at(-1);
      if (found === undefined) throw new Error(`no address yet: ${output}`);
      return new URL(found);
    },
    { timeout: 20_000 },
  );
  ({ origin } = url);
  // A connection per call: none waits here for what comes after a long search.
  headers = { origin, 'x-latchkey': '1', 'content-type': 'application/json', connection: 'close' };
  const { bearer } = await post<{ bearer: string }>('/session', {
    launch: url.hash.slice('#launch='.length),
  });
  headers['authorization'] = `Bearer ${bearer}`;
}

/** Makes an organization, issues a token, hands it out and uses it. @returns its secret */
async function use(): Promise<string> {
  await call('session.create', { organizationName: 'Acme', operatorName: 'Ada', passphrase });
  const team = await call('teams.create', { name: 'data' });
  const [dev] = await call<{ id: string }[]>('environments.list');
  const channel = await call('channels.create', {
    name: 'main',
    kind: 'conda',
    upstream: { type: 'folder', label: 'packages', path: join(dir, 'packages') },
    environmentIds: [dev!.id],
  });
  const { token, secret } = await call<{ token: { id: string }; secret: string }>('tokens.issue', {
    holder: { kind: 'service', name: 'ci' },
    teamId: team.id,
    environmentId: dev!.id,
    channelIds: [channel.id],
    ttlDays: 30,
  });
  await call('exports.render', { format: 'condarc', tokenId: token.id, secret });
  const { baseUrl } = await call<{ baseUrl: string }>('gateway.status');
  const asked = await fetch(`${baseUrl}/conda/main/noarch/repodata.json`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  expect(asked.status).toBe(200);
  return secret;
}

describe.skipIf(process.platform !== 'linux')('the memory of the browser host and its gateway', () => {
  it('holds no key, passphrase or token after the lock', async () => {
    const secret = await use();
    const secrets = [
      ...(await vaultSecrets(join(dir, 'data'), passphrase)),
      { name: 'token', bytes: Buffer.from(secret.slice('lk-'.length)) },
    ];
    const pids = () => processTree(host.pid!);
    // Two programs, both of which can be looked into: what is looked for is there while it is in use.
    expect(pids()).toHaveLength(2);
    const before = new Set(searchMemory(pids(), secrets).map((found) => found.secret));
    expect([...before].toSorted()).toEqual(secrets.map(({ name }) => name).toSorted());

    await call('session.lock');
    // Cleaning takes its time: until the first search that finds nothing.
    await vi.waitFor(() => expect(searchMemory(pids(), secrets)).toEqual([]), {
      timeout: 60_000,
      interval: 1_000,
    });
    // Both still run.
    expect(pids()).toHaveLength(2);
    await signIn();
    await call('session.unlock', { passphrase });
  }, 180_000);
});

describe('the gateway’s program', () => {
  it('has nothing in it that could open a vault', () => {
    const text = readFileSync(join(root, 'dist/main/gateway.cjs'), 'utf8');
    // Names of files stand in the words that it shares with all; what makes and opens keys does not.
    const signs = ['argon2', 'lk-line', 'lk-head', 'ECDH-ES', 'A256GCM'];
    for (const sign of signs) expect(text.includes(sign), sign).toBe(false);
    // The same words in the program that opens it.
    const host = readFileSync(join(root, 'dist/main/browser.cjs'), 'utf8');
    for (const sign of signs) expect(host.includes(sign), sign).toBe(true);
  });
});
