/** The command line and its gateway as they are run outside the app: on the oldest Node, and as one file. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { oldestNode } from '../../scripts/support/oldest-node.mjs';
import { runClient } from '../support/python-clients.ts';
import { sha256, wheel } from '../unit/gateway/pypi-scene.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const root = join(import.meta.dirname, '..', '..');
const cache = join(
  process.env['XDG_CACHE_HOME'] ?? join(process.env['HOME'] ?? '', '.cache'),
  'latchkey-tests',
);
const oldNode = join(
  cache,
  `node-${oldestNode}`,
  'node_modules',
  `node-linux-${process.arch}`,
  'bin',
  'node',
);
const dir = mkdtempSync(join(tmpdir(), 'latchkey-programs-'));
const singleFile = join(dir, 'latchkey');
const passphraseFile = join(dir, 'passphrase');
let index: Server;
let indexPort = 0;

beforeAll(async () => {
  writeFileSync(passphraseFile, 'correct horse battery staple\n', { mode: 0o600 });
  const bytes = Buffer.from(wheel('acme', '1.0'));
  index = createServer((req, res) => {
    if (req.url === '/simple/acme/') {
      res.writeHead(200, { 'Content-Type': 'text/html' });
      res.end(
        `<a href="/files/acme-1.0-py3-none-any.whl#sha256=${sha256(bytes)}">acme-1.0-py3-none-any.whl</a>`,
      );
    } else if (req.url === '/files/acme-1.0-py3-none-any.whl') res.end(bytes);
    else res.writeHead(404).end();
  });
  await new Promise<void>((resolve) => index.listen(0, '127.0.0.1', resolve));
  indexPort = (index.address() as AddressInfo).port;
  const made = spawnSync(process.execPath, [join(root, 'scripts', 'dist-cli.mjs'), '--out', singleFile], {
    encoding: 'utf8',
  });
  expect([made.status, made.status === 0 ? '' : made.stderr]).toEqual([0, '']);
});
afterAll(() => {
  index.closeAllConnections();
  index.close();
  rmSync(dir, { recursive: true, force: true });
});

type Program = { readonly name: string; readonly command: string; readonly args: readonly string[] };
const programs: readonly Program[] = [
  ...(process.platform === 'linux'
    ? [{ name: `Node ${oldestNode}`, command: oldNode, args: [join(root, 'dist', 'main', 'cli.cjs')] }]
    : []),
  { name: 'one file', command: singleFile, args: [] },
];

describe.each(programs)('the command line on $name', ({ name, command, args }) => {
  const data = join(dir, name.replaceAll(' ', '-'));
  /** Nothing else is on the path: what it runs on, it brings, or it is the Node that was named. */
  const env = { PATH: '/nonexistent', HOME: join(dir, 'home'), LATCHKEY_STATE_DIR: join(dir, 'state') };
  const all = (own: readonly string[]) => [
    ...args,
    '--data-dir',
    data,
    '--passphrase-file',
    passphraseFile,
    ...own,
  ];
  const run = async (...own: string[]): Promise<string> => {
    const child = spawn(command, all(own), { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)));
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    expect([own.join(' '), stderr, code === 0 ? '' : stdout]).toEqual([own.join(' '), '', '']);
    return stdout;
  };
  let gateway: ChildProcess | undefined;
  afterAll(() => gateway?.kill('SIGKILL'));

  it('says its version, makes an organization and lists its tokens', async () => {
    expect((await run('--version')).trim()).toMatch(/^\d+\.\d+\.\d+$/);
    await run('init', '--organization', 'Acme', '--operator', 'Ada');
    // A line of JSON for each: none.
    expect(await run('--json', 'token', 'list')).toBe('');
  });

  it('tests a URL upstream down to a file, and pip installs through its gateway', async () => {
    const url = `http://127.0.0.1:${indexPort}/simple/`;
    await run('team', 'add', 'science');
    await run(
      'channel',
      'add',
      'internal',
      '--kind',
      'pypi',
      '--url',
      url,
      '--private-host',
      `127.0.0.1:${indexPort}`,
    );
    expect(await run('channel', 'test', 'internal', '--look-for', 'acme')).toContain(
      'Python index: the page of acme was read, and acme-1.0-py3-none-any.whl can be downloaded.',
    );
    const issued = JSON.parse(
      await run(
        '--json',
        'token',
        'issue',
        '--holder',
        'Grace',
        '--team',
        'science',
        '--env',
        'dev',
        '--channels',
        'internal',
      ),
    ) as { secret: string };
    const serving = spawn(command, all(['--json', 'gateway', '--port', '0']), {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    gateway = serving;
    const baseUrl = await new Promise<string>((resolve, reject) => {
      let text = '';
      serving.once('exit', (code) => reject(new Error(`the gateway ended: ${code}`)));
      serving.stdout.on('data', (chunk: Buffer) => {
        text += String(chunk);
        const found = /"baseUrl": ?"([^"]+)"/.exec(text)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    const target = join(dir, `installed-${name.replaceAll(' ', '-')}`);
    const indexUrl = `${baseUrl.replace('://', `://any:${issued.secret}@`)}/pypi/internal/simple/`;
    const ran = await runClient('pip', ['install', '--no-cache-dir', '--target', target, 'acme'], {
      PIP_INDEX_URL: indexUrl,
      PIP_CONFIG_FILE: '/dev/null',
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      HOME: dir,
    });
    expect([ran.code, ran.code === 0 ? '' : ran.output]).toEqual([0, '']);
    expect(existsSync(join(target, 'acme', '__init__.py'))).toBe(true);
    const ended = new Promise((resolve) => serving.once('exit', resolve));
    serving.kill('SIGTERM');
    await ended;
  });
});

describe('one file', () => {
  const unpackDir = join(dir, 'unpacked');
  const start = (extra: Record<string, string> = {}) =>
    spawnSync(singleFile, ['--version'], {
      encoding: 'utf8',
      env: { HOME: dir, LATCHKEY_UNPACK_DIR: unpackDir, ...extra },
    });
  const folder = () => join(unpackDir, readdirSync(unpackDir)[0] ?? '');

  it('unpacks its parts for this user alone', () => {
    expect(start().status).toBe(0);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder()).toSorted()).toContain('native');
  });

  it('puts back a part that was changed, before it runs', () => {
    const part = join(folder(), 'cli-program.cjs');
    const before = readFileSync(part);
    writeFileSync(part, 'process.stdout.write("stolen")');
    expect(start().stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(readFileSync(part).equals(before)).toBe(true);
  });

  it('is not led by NODE_OPTIONS', () => {
    const evil = join(dir, 'evil.cjs');
    writeFileSync(evil, 'process.stdout.write("stolen")');
    expect(start({ NODE_OPTIONS: `--require ${evil}` }).stdout).not.toContain('stolen');
  });

  it('does not use a folder that others can write', () => {
    const open = join(dir, 'open');
    spawnSync('mkdir', ['-p', open]);
    expect(start({ LATCHKEY_UNPACK_DIR: open }).status).toBe(0);
    const inside = join(open, readdirSync(open)[0] ?? '');
    spawnSync('chmod', ['0777', inside]);
    const again = start({ LATCHKEY_UNPACK_DIR: open, TMPDIR: inside });
    expect([again.status, again.stderr]).toEqual([
      1,
      expect.stringMatching(/^latchkey: Latchkey cannot unpack its parts \(.*Set LATCHKEY_UNPACK_DIR/),
    ]);
  });
});
