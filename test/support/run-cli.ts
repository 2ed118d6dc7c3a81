/** Runs the built command in a process of its own, without a terminal. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const cliFile = join(import.meta.dirname, '..', '..', 'dist', 'main', 'cli.cjs');

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** @param options.stdin what it reads there; nothing unless given */
export function runCli(
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly stdin?: string; readonly cwd?: string } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cliFile, ...args], {
      env: { ...process.env, ...options.env },
      cwd: options.cwd,
      stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
    // It may end before it reads; its code then says why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.stdin);
  });
}
