import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { LatchkeyError } from '../../shared/errors.ts';
import { printProblem } from './output.ts';

/** Where a secret may come from. Never an argument or a variable: both can be read by other programs. */
export type SecretSource = { readonly file?: string | undefined; readonly fd?: string | undefined };

/**
 * Reads a secret from a file, a file descriptor, or a prompt that shows nothing.
 * @param what e.g. `passphrase`, for the prompt and for errors
 * @throws LatchkeyError PASSPHRASE_REQUIRED, INVALID_INPUT
 */
export async function readSecret(source: SecretSource, what: string, option: string): Promise<string> {
  if (source.file !== undefined) return firstLine(source.file, what);
  if (source.fd !== undefined) {
    const fd = Number(source.fd);
    if (!Number.isInteger(fd) || fd < 0) {
      throw new LatchkeyError('INVALID_INPUT', `${option}-fd takes the number of an open file descriptor.`);
    }
    return firstLine(fd, what);
  }
  if (!process.stdin.isTTY) {
    throw new LatchkeyError(
      'PASSPHRASE_REQUIRED',
      `The ${what} is needed and there is no terminal to ask on. Use ${option}-file FILE or ${option}-fd N.`,
    );
  }
  return ask(`${what[0]?.toUpperCase() ?? ''}${what.slice(1)}: `);
}

/** One line; the newline at its end belongs to the editor, not to the secret. */
function firstLine(from: string | number, what: string): string {
  let text: string;
  try {
    text = readFileSync(from, 'utf8');
  } catch (cause) {
    throw new LatchkeyError('INVALID_INPUT', `The ${what} could not be read from ${String(from)}.`, {
      cause,
    });
  }
  const [line = ''] = text.split(/\r?\n/, 1);
  if (line === '') throw new LatchkeyError('PASSPHRASE_REQUIRED', `The ${what} is empty.`);
  return line;
}

function ask(prompt: string): Promise<string> {
  printProblem(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  return new Promise((resolve, reject) => {
    reader.question('', (answer) => {
      reader.close();
      printProblem('\n');
      resolve(answer);
    });
    reader.on('SIGINT', () => {
      reader.close();
      reject(new LatchkeyError('CANCELLED', 'Cancelled.'));
    });
  });
}
