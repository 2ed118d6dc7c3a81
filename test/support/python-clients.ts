import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The virtual environment with the pinned clients; `npm test` makes it (scripts/). */
export const clientsVenv =
  process.env['LATCHKEY_TEST_VENV'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'latchkey-tests', 'clients');

/** Those of the other environments: tools around pip, and the oldest pip that is supported. */
export const toolsVenv = `${clientsVenv}-tools`;
/** devpi and pypiserver. */
export const indexesVenv = `${clientsVenv}-indexes`;
export const quetzVenv = `${clientsVenv}-quetz`;
export const orjsonVenv = `${clientsVenv}-orjson`;
export const oldestPipVenv = `${clientsVenv}-oldest-pip`;
/** A hub brings many libraries along, and its servers find them on their path. */
export const hubVenv = `${clientsVenv}-jupyterhub`;

/** virtualenv, inside Pipenv, Hatch and Poetry, looks for newer wheels in a process that goes on in the background. */
const noUpdates = { VIRTUALENV_NO_PERIODIC_UPDATE: '1' };

export type Ran = { readonly code: number; readonly output: string };

/**
 * Runs a client of the virtual environment with a clean environment: nothing of the user's own pip, uv or conda
 * settings may help (or hinder) a configuration that a user would get.
 */
export function runClient(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  options: { readonly venv?: string; readonly cwd?: string; readonly input?: string } = {},
): Promise<Ran> {
  const bin = join(options.venv ?? clientsVenv, 'bin');
  return new Promise((resolve, reject) => {
    const child = spawn(join(bin, name), args, {
      env: { PATH: `${bin}:/usr/bin:/bin`, LANG: 'C.UTF-8', ...noUpdates, ...env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      timeout: 120_000,
    });
    child.stdin?.end(options.input);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}
