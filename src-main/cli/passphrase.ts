import { createReadStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Writable } from 'node:stream';
import { ReadStream, isatty } from 'node:tty';
import { LatchkeyError } from '../../shared/errors.ts';
import { readRegularFile } from '../disk/read-file.ts';
import { printProblem } from './output.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.cli.passphrase;

/** A line of text; nobody's secret is longer. */
const maxSecretBytes = 64 * 1024;
const newline = 0x0a;

/** Where a secret may come from. Never an argument or a variable: both can be read by other programs. */
export type SecretSource = { readonly file?: string | undefined; readonly fd?: string | undefined };

/**
 * Reads a secret from a file, a file descriptor, or a prompt that shows nothing.
 * @param what e.g. `passphrase`, for the prompt and for errors
 * @throws LatchkeyError PASSPHRASE_REQUIRED, INVALID_INPUT
 */
export async function readSecret(source: SecretSource, what: string, option: string): Promise<string> {
  if (source.file === '-') return fromDescriptor(process.stdin.fd, what);
  if (source.file !== undefined) return fromFile(source.file, what, option);
  if (source.fd !== undefined) {
    const fd = Number(source.fd);
    if (!Number.isInteger(fd) || fd < 0) {
      throw new LatchkeyError('INVALID_INPUT', words.fdNumber(option));
    }
    return fromDescriptor(fd, what);
  }
  if (!process.stdin.isTTY) {
    // What opens the vault is locked away; any other secret is a part of the command that was left out.
    throw new LatchkeyError(
      option === '--passphrase' ? 'PASSPHRASE_REQUIRED' : 'INVALID_INPUT',
      words.needed(what, option, option),
    );
  }
  return ask(`${what[0]?.toUpperCase() ?? ''}${what.slice(1)}: `);
}

/** @throws LatchkeyError INVALID_INPUT, PASSPHRASE_REQUIRED */
async function fromFile(path: string, what: string, option: string): Promise<string> {
  let text: Buffer;
  try {
    text = await readRegularFile(path, { maxBytes: maxSecretBytes });
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    const hint = error.code === 'FILE_NOT_REGULAR' ? words.pipe(option) : '';
    throw new LatchkeyError('INVALID_INPUT', words.unreadable(what, error.message, hint), {
      cause: error,
    });
  }
  return firstLine(text, what);
}

/**
 * From an open descriptor: a file, or a pipe that somebody writes to. Waits for the first line, not for the pipe's end,
 * and without blocking a thread.
 */
async function fromDescriptor(fd: number, what: string): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  let stream: Readable | undefined;
  try {
    stream = streamOf(fd);
    for await (const piece of stream as AsyncIterable<Buffer>) {
      pieces.push(piece);
      bytes += piece.length;
      if (piece.includes(newline)) break;
      if (bytes > maxSecretBytes) throw new Error('longer than a secret ever is');
    }
  } catch (cause) {
    throw new LatchkeyError('INVALID_INPUT', words.fdUnreadable(what, fd), { cause });
  } finally {
    stream?.destroy();
  }
  return firstLine(Buffer.concat(pieces), what);
}

function streamOf(fd: number): Readable {
  const stats = fstatSync(fd);
  if (stats.isDirectory()) throw new Error('a folder');
  if (stats.isFIFO() || stats.isSocket()) return new Socket({ fd, readable: true, writable: false });
  return isatty(fd) ? new ReadStream(fd) : createReadStream('', { fd });
}

/** Editors and shells of Windows begin a file with a byte-order mark; it is no part of a secret. */
function decoded(text: Buffer): string {
  const [first, second] = text;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(text);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(text);
  return text.toString('utf8').replace(/^\ufeff/, '');
}

/** One line; the newline at its end belongs to the editor, not to the secret. */
function firstLine(text: Buffer, what: string): string {
  const [line = ''] = decoded(text).split(/\r?\n/, 1);
  if (line === '') throw new LatchkeyError('PASSPHRASE_REQUIRED', words.empty(what));
  return line;
}

function ask(prompt: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  // From here on the terminal shows nothing of what is typed; only then is it asked for.
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  printProblem(prompt);
  return new Promise((resolve, reject) => {
    reader.question('', (answer) => {
      resolve(answer);
      reader.close();
    });
    reader.on('SIGINT', () => reader.close());
    // Ctrl+C and Ctrl+D, or the terminal is gone. After an answer it says nothing more.
    reader.on('close', () => {
      printProblem('\n');
      reject(new LatchkeyError('CANCELLED', words.cancelled));
    });
  });
}
