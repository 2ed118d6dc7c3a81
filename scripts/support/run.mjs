import { spawn } from 'node:child_process';
import { pinnedNode, root } from './paths.mjs';

/**
 * Runs a program to its end, with this process's output, in the repository's folder.
 * @returns {Promise<number>} its exit code; 1 when a signal ended it, 127 when it could not be started
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(127);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

const lastWordsMs = 5_000;

/**
 * The same, with the output handed on as it comes.
 * @param {(chunk: Uint8Array) => void} write
 */
export function runInto(write, command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', write);
    child.stderr.on('data', write);
    child.once('error', (error) => {
      write(Buffer.from(`${command}: ${error.message}\n`));
      resolve(127);
    });
    child.once('close', (code) => resolve(code ?? 1));
    // A process that it left behind may keep its output open for ever.
    child.once('exit', (code) => setTimeout(() => resolve(code ?? 1), lastWordsMs).unref());
  });
}

/** The same, with the output kept. @returns {Promise<{ code: number, output: string }>} */
export async function capture(command, args, options = {}) {
  const chunks = [];
  const code = await runInto((chunk) => chunks.push(chunk), command, args, options);
  return { code, output: Buffer.concat(chunks).toString() };
}

/** Runs a script on the pinned Node. */
export const runNode = (args, options) => run(pinnedNode, args, options);
