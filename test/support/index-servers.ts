/** Real indexes on loopback, as a company has them: devpi, which anybody may read, and pypiserver behind a login. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { indexesVenv, runClient } from './python-clients.ts';

export type IndexServer = {
  /** Of the simple index. */
  readonly url: string;
  readonly login?: { readonly username: string; readonly password: string };
  readonly stop: () => Promise<void>;
};
export type Upload = {
  readonly filename: string;
  readonly name: string;
  readonly version: string;
  readonly bytes: Uint8Array;
};

const password = 'index-password';

/** devpi with an index of its own (no mirror of anything), to which the wheels are uploaded as twine does. */
export async function startDevpi(dir: string, wheels: readonly Upload[]): Promise<IndexServer> {
  const serverDir = join(dir, 'devpi');
  const env = { HOME: dir };
  const made = await runClient(
    'devpi-init',
    ['--serverdir', serverDir, '--no-root-pypi', '--root-passwd', password],
    env,
    { venv: indexesVenv },
  );
  if (made.code !== 0) throw new Error(made.output);
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const args = ['--serverdir', serverDir, '--host', '127.0.0.1', '--port', String(port)];
  const stop = await start('devpi-server', args, dir, `${base}/+api`);
  try {
    await fillDevpi(base, wheels);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `${base}/root/team/+simple/`, stop };
}

async function fillDevpi(base: string, wheels: readonly Upload[]): Promise<void> {
  const login = await json(`${base}/+login`, 'POST', { user: 'root', password });
  const token = (login['result'] as { password: string }).password;
  const auth = { 'x-devpi-auth': Buffer.from(`root:${token}`).toString('base64') };
  await json(`${base}/root/team`, 'PUT', { type: 'stage', bases: [], volatile: true }, auth);
  for (const { filename, name, version, bytes } of wheels) {
    const form = new FormData();
    const fields = {
      ':action': 'file_upload',
      name,
      version,
      metadata_version: '2.1',
      filetype: 'bdist_wheel',
      pyversion: 'py3',
      sha256_digest: createHash('sha256').update(bytes).digest('hex'),
    };
    for (const [key, value] of Object.entries(fields)) form.set(key, value);
    form.set('content', new Blob([Buffer.from(bytes)]), filename);
    // oxlint-disable-next-line no-await-in-loop
    const answer = await fetch(`${base}/root/team/`, { method: 'POST', headers: auth, body: form });
    // oxlint-disable-next-line no-await-in-loop
    if (!answer.ok) throw new Error(`devpi took no upload: ${answer.status} ${await answer.text()}`);
  }
}

/** pypiserver over a folder, which lists and gives files to one user. */
export async function startPypiserver(dir: string, wheels: readonly Upload[]): Promise<IndexServer> {
  const folder = join(dir, 'pypiserver');
  mkdirSync(folder);
  for (const { filename, bytes } of wheels) writeFileSync(join(folder, filename), bytes);
  const hash = createHash('sha1').update(password).digest('base64');
  writeFileSync(join(dir, 'htpasswd'), `ci:{SHA}${hash}\n`);
  const port = await freePort();
  const args = ['run', '-i', '127.0.0.1', '-p', String(port), '-P', join(dir, 'htpasswd')];
  const stop = await start(
    'pypi-server',
    [...args, '-a', 'list,download,update', '--disable-fallback', folder],
    dir,
    `http://127.0.0.1:${port}/`,
  );
  return { url: `http://127.0.0.1:${port}/simple/`, login: { username: 'ci', password }, stop };
}

export async function start(
  program: string,
  args: readonly string[],
  home: string,
  answersAt: string,
  venv = indexesVenv,
): Promise<() => Promise<void>> {
  const child: ChildProcess = spawn(join(venv, 'bin', program), args, {
    env: { PATH: `${join(venv, 'bin')}:/usr/bin:/bin`, LANG: 'C.UTF-8', HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Where it may write its logs.
    cwd: home,
    // A group of its own, so that what it starts ends with it.
    detached: true,
  });
  const end = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += String(chunk)));
  child.stderr?.on('data', (chunk: Buffer) => (output += String(chunk)));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  for (let tries = 0; child.exitCode === null && tries < 3000; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop
    const answer = await fetch(answersAt).catch(() => undefined);
    if (answer !== undefined) {
      return () => {
        end();
        return ended;
      };
    }
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  end();
  throw new Error(`${program} did not start:\n${output.slice(-2000)}`);
}

async function json(
  url: string,
  method: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
