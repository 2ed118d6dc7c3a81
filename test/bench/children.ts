import type { ChildProcess } from 'node:child_process';
import { execFile, fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const run = promisify(execFile);
const started: ChildProcess[] = [];

type Server = { child: ChildProcess; port: number };

/** Starts a TypeScript server of this folder in its own process; resolves with the port that it tells. */
export const startServer = (file: string, ...args: string[]): Promise<Server> =>
  startServerWith({}, file, ...args);

/** @param env of its own, beside this process's */
export async function startServerWith(
  env: Readonly<Record<string, string>>,
  file: string,
  ...args: string[]
): Promise<Server> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
  });
  started.push(child);
  const { port } = await answerOf<{ port: number }>(child);
  return { child, port };
}

export function startCommand(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: 'ignore' });
  started.push(child);
  return child;
}

/** The next message of a child. */
export function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`A server ended with code ${code}.`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as T);
    });
  });
}

export function stopAll(): void {
  for (const child of started) child.kill();
}
