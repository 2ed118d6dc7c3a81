import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cheapenPassphrase } from '../../support/cheap-passphrase.ts';
import { freePort } from '../../support/free-port.ts';
import { runCli } from '../../support/run-cli.ts';

/** Each command is a process of its own that derives a key. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const root = join(import.meta.dirname, '..', '..', '..');
let dir: string;
let data: string;
let passphraseFile: string;

const latchkey = (...args: string[]) => runCli(args, { env: { LATCHKEY_DATA_DIR: data } });
const unlocked = (...args: string[]) => latchkey('--passphrase-file', passphraseFile, ...args);
const json = async (...args: string[]): Promise<Record<string, never>> => {
  const ran = await unlocked('--json', ...args);
  expect(ran.stderr).toBe('');
  expect(ran.code).toBe(0);
  return JSON.parse(ran.stdout) as Record<string, never>;
};

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-cli-'));
  data = join(dir, 'data');
  passphraseFile = join(dir, 'passphrase');
  writeFileSync(passphraseFile, 'correct horse battery staple\n', { mode: 0o600 });
  mkdirSync(join(dir, 'wheels'));
  const made = await unlocked('init', '--organization', 'Acme', '--operator', 'Ada');
  expect(made.stderr).toBe('');
  expect(made.code).toBe(0);
  await cheapenPassphrase(data, 'correct horse battery staple');
  // Configs are refused where another program answers at the gateway's address.
  const port = String(await freePort());
  expect((await unlocked('settings', 'set', 'gateway.port', port)).code).toBe(0);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('latchkey', () => {
  it.skipIf(!existsSync('/dev/full'))('says that its output cannot be written, without a trace', async () => {
    const full = openSync('/dev/full', 'w');
    const stderr = await new Promise<string>((resolve, reject) => {
      const args = ['--json', '--passphrase-file', passphraseFile, 'team', 'list'];
      const child = spawn(process.execPath, [join(root, 'dist', 'main', 'cli.cjs'), ...args], {
        env: { ...process.env, LATCHKEY_DATA_DIR: data },
        stdio: ['ignore', full, 'pipe'],
      });
      let text = '';
      child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
      child.on('error', reject);
      child.on('close', () => resolve(text));
    });
    closeSync(full);
    const { error } = JSON.parse(stderr) as { error: unknown };
    expect(error).toEqual({
      code: 'FILE_NOT_WRITABLE',
      message:
        'The output can’t be written whole (ENOSPC). What you asked for may be done: look before you repeat it.',
      details: { path: 'stdout', reason: 'ENOSPC' },
    });
  });

  it('goes from a team to a revoked token, with names where ids are', async () => {
    await json('team', 'add', 'science');
    await json(
      'channel',
      'add',
      'internal',
      '--kind',
      'pypi',
      '--folder',
      join(dir, 'wheels'),
      '--env',
      'dev',
    );
    const out = join(dir, 'handed-over');
    const issue = [
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
    ];
    const issued = (await json(...issue, '--export', 'pip-conf,uv-toml', '--out', out)) as unknown as {
      token: { id: string };
      secret: string;
    };
    expect(issued.secret).toMatch(/^lk-[0-9A-Za-z]{8}-[0-9A-Za-z]{38}$/);
    const conf = join(out, 'pip-conf', 'pip.conf');
    expect(readFileSync(conf, 'utf8')).toContain(issued.secret);
    expect(statSync(conf).mode & 0o777).toBe(0o600);

    const listed = await unlocked('token', 'list', '--search', 'grace');
    expect(listed.stdout).toContain(`lk-${issued.token.id}`);
    expect(listed.stdout).not.toContain(issued.secret.slice(12));
    const shown = await unlocked('token', 'show', `lk-${issued.token.id}`);
    expect(shown.stdout).toMatch(/State\s+active/);
    await json('token', 'revoke', `lk-${issued.token.id}`, '--reason', 'laptop lost');
    expect((await unlocked('token', 'show', issued.token.id)).stdout).toContain('revoked (laptop lost)');
    const exported = await unlocked('export', '--token', issued.token.id, '--out', join(dir, 'too-late'));
    expect(exported.stderr).toMatch(/^Warning: Token lk-\w{8} was revoked on .* \(laptop lost\)/);
    expect(exported.stdout).toContain('belongs in ~/.config/pip/pip.conf (macOS: ');
    expect(exported.stdout).toContain('Check that it works: python -m pip install --dry-run');
    expect((await json('unlock-check'))['organization']).toBe('Acme');
  });

  it('issues nothing when an export could not be handed over', async () => {
    const issue = [
      'token',
      'issue',
      '--holder',
      'Nobody',
      '--team',
      'science',
      '--env',
      'dev',
      '--channels',
      'internal',
    ];
    writeFileSync(join(dir, 'a-file'), '');
    const attempts: [string[], number][] = [
      [['--export', 'pip-conf'], 2],
      [['--export', 'nonsense', '--out', join(dir, 'o1')], 2],
      [['--export', 'condarc', '--out', join(dir, 'o2')], 1],
      [['--export', 'pip-conf', '--out', join(dir, 'a-file', 'x')], 1],
      [['--export', 'pip-conf', '--out', join(dir, 'handed-over')], 5],
    ];
    for (const [options, code] of attempts) {
      const ran = await unlocked(...issue, ...options);
      expect([options, ran.code, ran.stdout]).toEqual([options, code, '']);
    }
    expect((await unlocked('token', 'list', '--search', 'nobody')).stdout).toContain('(none)');
  });

  it('edits and removes what no token uses, and sets a policy that then refuses', async () => {
    await json('env', 'add', 'qa', '--rank', '25');
    await json('env', 'edit', 'qa', '--protected');
    await json('team', 'add', 'temporary');
    await json('team', 'edit', 'temporary', '--name', 'short-lived');
    await json('team', 'remove', 'short-lived');
    await json('policy', 'set', 'strict', '--max-days', '7', '--env', 'qa');
    expect((await unlocked('policy', 'list')).stdout).toContain(
      'In qa, for all teams: tokens last at most 7 days.',
    );
    await json('channel', 'edit', 'internal', '--env', 'dev,qa');
    const refused = await unlocked(
      '--json',
      'token',
      'issue',
      '--holder',
      'CI',
      '--service',
      '--team',
      'science',
      '--env',
      'qa',
      '--channels',
      'internal',
      '--days',
      '30',
    );
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'POLICY_DENIED' } });
    await json('policy', 'remove', 'strict');
    await json('env', 'remove', 'qa');
  });

  it('says what a removed environment was taken out of, and what a policy is for', async () => {
    await json('env', 'add', 'canary', '--rank', '26');
    await json('policy', 'set', 'canary-too', '--max-days', '7', '--env', 'canary,prod');
    const removed = await unlocked('env', 'remove', 'canary');
    expect(removed.stdout).toBe('Removed environment canary. Taken out of: policy canary-too.\n');
    const only = await unlocked('env', 'remove', 'prod');
    expect([only.code, only.stderr]).toEqual([
      5,
      'latchkey: This environment is still needed by 1 policy. Give a policy that names nothing else another scope first, or remove it. (IN_USE)\n  policy canary-too\n',
    ]);
    // What is not given stays; widening is asked for by name.
    const kept = await unlocked('policy', 'set', 'canary-too', '--networks-required');
    expect(kept.stdout).toBe(
      'canary-too: In prod, for all teams: tokens last at most 7 days and must list the networks they may be used from.\n',
    );
    const wide = await unlocked('policy', 'set', 'canary-too', '--all-envs', '--no-max-days', '--observe');
    expect(wide.stdout).toContain('In all environments, for all teams: tokens must list the networks');
    await json('policy', 'remove', 'canary-too');
  });

  it('finds or makes holders, renames them, and changes tokens', async () => {
    const where = ['--team', 'science', '--env', 'dev', '--channels', 'internal'];
    const { token } = (await json(
      'token',
      'issue',
      '--holder',
      'build-bot',
      '--agent',
      ...where,
    )) as unknown as { token: { id: string } };
    await json('holder', 'rename', 'build-bot', 'release-bot');
    expect((await unlocked('holder', 'list', '--search', 'bot')).stdout).toMatch(/^release-bot +agent +1$/m);
    const end = new Date(Date.now() + 1000 * 86_400_000).toISOString().slice(0, 10);
    const changed = await unlocked(
      'token',
      'change',
      token.id,
      '--network',
      '10.0.0.0/8',
      '--expires',
      end,
      '--note',
      'n',
    );
    expect(changed.stdout).toMatch(/Networks +10\.0\.0\.0\/8\n/);
    expect(changed.stdout).toMatch(new RegExp(`Expires +${end} 23:59 UTC\n`));
    expect(changed.stdout).toMatch(/Holder +release-bot \(agent\)\n/);
    expect((await unlocked('token', 'change', token.id, '--network', '10.0.0.0/8', '--anywhere')).code).toBe(
      2,
    );
    await json('token', 'revoke', token.id, '--reason', 'done');
    expect((await unlocked('token', 'change', token.id, '--note', 'x')).code).toBe(1);
  });

  it('keeps folders of this computer by their labels', async () => {
    await json('channel', 'add', 'elsewhere', '--kind', 'conda', '--label', 'share', '--env', 'dev');
    expect((await unlocked('channel', 'list')).stdout).toContain('share: not set here');
    await json('folder', 'map', 'share', join(dir, 'wheels'));
    const listed = await unlocked('folder', 'list');
    expect(listed.stdout).toContain(join(dir, 'wheels'));
    expect((await unlocked('folder', 'map', 'share', join(dir, 'nowhere'))).code).toBe(2);
    await json('folder', 'unmap', 'share');
    await json('channel', 'remove', 'elsewhere');
  });

  it('checks the log, and says where it is damaged', async () => {
    expect((await unlocked('vault', 'verify')).stdout).toMatch(/^All \d+ lines are authentic\.\n$/);
    expect(((await json('vault', 'info')) as unknown as { format: unknown }).format).toEqual({
      declared: 1,
      supported: 1,
    });
    expect((await unlocked('vault', 'upgrade')).code).toBe(1);
    const log = join(data, 'vault.log');
    const whole = readFileSync(log, 'utf8');
    const lines = whole.split('\n');
    // Whether the unlock or the check comes to it first, it is named.
    lines[1] = `${lines[1]!.slice(0, -4)}AAAA`;
    writeFileSync(log, lines.join('\n'));
    const damaged = await unlocked('vault', 'verify');
    expect(damaged.code).toBe(1);
    expect(damaged.stderr).toMatch(/line 2/i);
    writeFileSync(log, whole);
  });

  it('ends with the documented exit codes', async () => {
    const wrong = join(dir, 'wrong');
    writeFileSync(wrong, 'not the passphrase\n');
    expect((await latchkey('--passphrase-file', wrong, 'team', 'list')).code).toBe(3);
    expect((await latchkey('team', 'list')).code).toBe(3);
    expect((await latchkey('team', 'frobnicate')).code).toBe(2);
    expect((await unlocked('token', 'list', '--limit', 'many')).code).toBe(2);
    expect((await unlocked('token', 'show', 'lk-00000000')).code).toBe(4);
    expect((await unlocked('team', 'add', 'science')).code).toBe(5);
    expect((await unlocked('init', '--organization', 'A', '--operator', 'B')).code).toBe(5);
    const help = await latchkey('--help');
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('Exit codes');
  });

  it('says with --json what is wrong with the command line, as one JSON document', async () => {
    for (const args of [
      ['team', 'frobnicate'],
      ['team', 'list', '--nope'],
      ['token', 'issue'],
      ['token'],
      [],
    ]) {
      const ran = await latchkey('--json', ...args);
      expect(ran.code, args.join(' ')).toBe(2);
      expect(ran.stdout).toBe('');
      expect(JSON.parse(ran.stderr), args.join(' ')).toMatchObject({ error: { code: 'INVALID_INPUT' } });
    }
  });

  it('shows and changes settings by name, and refuses what is none', async () => {
    expect((await json('settings', 'set', 'gateway.port', '8755')) as unknown).toMatchObject({
      gateway: { port: 8755 },
    });
    expect((await latchkey('settings', 'list')).stdout).toMatch(/gateway\.port\s+8755/);
    expect((await unlocked('settings', 'set', 'gateway.colour', 'red')).code).toBe(4);
    expect((await unlocked('settings', 'set', 'gateway.port', 'high')).code).toBe(2);
    expect((await unlocked('settings', 'set', 'gateway.port', '70000')).code).toBe(2);
  });

  it('takes no passphrase as an argument, and reads one from a file descriptor', async () => {
    expect((await latchkey('--passphrase', 'correct horse battery staple', 'team', 'list')).code).toBe(2);
    const child = spawn(
      process.execPath,
      [join(root, 'dist', 'main', 'cli.cjs'), '--passphrase-fd', '3', 'team', 'list'],
      {
        env: { ...process.env, LATCHKEY_DATA_DIR: data },
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      },
    );
    (child.stdio[3] as NodeJS.WritableStream).end('correct horse battery staple\n');
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  });

  it('reads the passphrase from stdin, and from a descriptor that the environment names', async () => {
    const text = 'correct horse battery staple\n';
    const env = { LATCHKEY_DATA_DIR: data };
    expect(await runCli(['--passphrase-file', '-', 'unlock-check'], { env, stdin: text })).toMatchObject({
      code: 0,
      stderr: '',
    });
    const named = { ...env, LATCHKEY_PASSPHRASE_FD: '0' };
    expect((await runCli(['unlock-check'], { env: named, stdin: text })).code).toBe(0);
    expect((await runCli(['unlock-check'], { env: named, stdin: 'another\n' })).code).toBe(3);
    expect((await runCli(['unlock-check'], { env: { ...named, LATCHKEY_PASSPHRASE_FD: 'x' } })).code).toBe(2);
  });

  it('gives a token the usual lifetime, or what a policy allows where that is less', async () => {
    const issue = ['token', 'issue', '--holder', 'Short', '--team', 'science', '--env', 'dev'];
    await json('policy', 'set', 'short', '--max-days', '7', '--env', 'dev');
    const issued = await unlocked('--json', ...issue, '--channels', 'internal');
    expect(issued.stderr).toBe('latchkey: a policy allows at most 7 days, so the token lasts that long\n');
    const { token } = JSON.parse(issued.stdout) as { token: Record<string, number> & { id: string } };
    expect(token['expiresAtMs']! - token['issuedAtMs']!).toBe(7 * 86_400_000);
    expect((await unlocked('token', 'rotate', token.id)).stderr).toContain('at most 7 days');
    await json('policy', 'remove', 'short');
  });

  it('says what is wrong by options, and names the help of the very command', async () => {
    const token = [
      'token',
      'issue',
      '--holder',
      'G',
      '--team',
      'science',
      '--env',
      'dev',
      '--channels',
      'internal',
    ];
    expect(await unlocked(...token, '--days', '99999')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'latchkey: Not valid: --days must be at most 3650. (INVALID_INPUT)\n(see latchkey token issue --help)\n',
    });
    // Before a passphrase is asked for.
    expect(await latchkey('token', 'issue', '--team', 'science')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'latchkey: Add --holder, --env, --channels. On a terminal, latchkey asks for them. (INVALID_INPUT)\n(see latchkey token issue --help)\n',
    });
    const nested = await latchkey('--json', 'token', 'issue', '--nope');
    expect(JSON.parse(nested.stderr)).toEqual({
      error: {
        code: 'INVALID_INPUT',
        message: "unknown option '--nope'\n(Did you mean --note?) (see latchkey token issue --help)",
        details: {},
      },
    });
    const upstream = ['--url', 'https://packages.example.com/simple/', '--env', 'dev'];
    const missing = await unlocked('channel', 'add', 'x', '--kind', 'pypi', ...upstream, '--auth', 'bearer');
    expect([missing.code, missing.stdout]).toEqual([2, '']);
    expect(missing.stderr).toMatch(/^latchkey: The upstream password or token is needed.*--credential-file/);
  });

  it('imports tokens from CSV, hands their secrets to a file of this user alone, or imports nothing', async () => {
    const template = await latchkey('import', '--template', 'tokens');
    expect(template.stdout.split('\n')[0]).toBe('holder,kind,team,environment,channels,days,networks,note');
    const file = join(dir, 'tokens.csv');
    const secrets = join(dir, 'secrets.csv');
    const rows = (count: number) =>
      `holder,team,environment,channels\n${Array.from({ length: count }, (_, at) => `Imported ${at},science,dev,internal\n`).join('')}`;
    writeFileSync(file, `${rows(2)}Imported x,nowhere,dev,internal\n`);
    const refused = await unlocked('import', '--tokens', file, '--secrets-to', secrets);
    expect(refused).toEqual({
      code: 2,
      stdout: '',
      stderr: `${file}:4: team: There is no team of this name, here or in the file of teams.\nlatchkey: 1 problem found. Nothing was imported. (INVALID_INPUT)\n(see latchkey import --help)\n`,
    });
    expect(existsSync(secrets)).toBe(false);
    writeFileSync(file, rows(3));
    // Before a passphrase is asked for.
    expect((await latchkey('import', '--tokens', file)).stderr).toContain('Choose where the secrets go');
    expect((await unlocked('import', '--tokens', file, '--dry-run')).stdout).toBe(
      'Would add 0 teams, 3 holders and 3 tokens.\n',
    );
    expect((await unlocked('import', '--tokens', file, '--secrets-to', secrets)).stdout).toBe(
      `Added 0 teams, 3 holders and 3 tokens. The secrets are in ${secrets}.\n`,
    );
    expect(statSync(secrets).mode & 0o777).toBe(0o600);
    expect(readFileSync(secrets, 'utf8').trimEnd().split('\n')).toHaveLength(4);
    expect((await unlocked('import', '--tokens', file, '--secrets-to', secrets)).code).toBe(5);
    const printed = await unlocked('import', '--tokens', file, '--secrets-to', '-');
    expect(printed.stdout).toMatch(
      /^line,holder,.*secret\n2,Imported 0,person,.*,lk-[0-9A-Za-z]{8}-[0-9A-Za-z]{38}\n/,
    );
  });

  it('shows the help of a command, however deep it is', async () => {
    expect((await latchkey('help', 'token', 'issue')).stdout).toMatch(
      /^Usage: latchkey token issue \[options\]/,
    );
    expect((await latchkey('help')).stdout).toMatch(/^Usage: latchkey \[options\]/);
    const wrong = await latchkey('help', 'token', 'isue');
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      'latchkey: There is no command "isue" below token. Choose from: issue, list, show, change, rotate, revoke. (INVALID_INPUT)\n(see latchkey help --help)\n',
    ]);
  });

  it('serves alone, follows a revocation by another process within a second, and logs no secret', async () => {
    const issued = (await json(
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
    )) as unknown as { token: { id: string }; secret: string };
    const gateway = spawn(
      process.execPath,
      [
        join(root, 'dist', 'main', 'cli.cjs'),
        '--json',
        '--passphrase-file',
        passphraseFile,
        'gateway',
        '--port',
        '0',
        '--access-log',
      ],
      { env: { ...process.env, LATCHKEY_DATA_DIR: data }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let [stdout, log] = ['', ''];
    gateway.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const base = await new Promise<string>((resolve, reject) => {
      gateway.on('close', () => reject(new Error(`the gateway ended: ${log}`)));
      gateway.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
        if (stdout.trimEnd().endsWith('}')) resolve((JSON.parse(stdout) as { baseUrl: string }).baseUrl);
      });
    });
    const ask = () =>
      fetch(`${base}/pypi/internal/simple/`, { headers: { authorization: `Bearer ${issued.secret}` } });
    expect((await ask()).status).toBe(200);
    await json('token', 'revoke', issued.token.id, '--reason', 'moved on');
    await vi.waitFor(async () => {
      const refused = await ask();
      expect(refused.status).toBe(403);
      expect(refused.statusText).toContain('moved on');
    });
    const closed = new Promise((resolve) => gateway.on('close', resolve));
    gateway.kill('SIGTERM');
    expect(await closed).toBe(0);
    expect(log).toContain('/pypi/internal/simple/');
    expect(log).not.toContain(issued.secret.slice(12));
  });
});
