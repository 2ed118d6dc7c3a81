/**
 * The start of the single-file program: Node, the command line and the gateway in one executable. Invariant: what runs is
 * what the executable brought: its parts are unpacked to a folder of this user's alone, and each is checked by its hash
 * at every start, whoever put it there.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { getAsset, getRawAsset } from 'node:sea';
import { makeFolderSync } from './disk/make-folder.ts';

/** By the build (scripts/support/run-build.mjs). */
declare const __LATCHKEY_VERSION__: string;

/** Part → its SHA-256, hex; in the executable itself. */
type Manifest = Readonly<Record<string, string>>;

function main(): void {
  const manifest = JSON.parse(getAsset('manifest.json', 'utf8')) as Manifest;
  const digest = sha256(Buffer.from(JSON.stringify(manifest))).slice(0, 16);
  const [, , first = ''] = process.argv;
  // Started by ourselves as the gateway's process: by its file, beside which everything lies.
  const isGateway = process.send !== undefined && basename(first) === 'gateway.cjs';
  const folder = isGateway ? dirname(first) : firstUsable(foldersFor(digest));
  requireOwn(folder);
  for (const [name, hash] of Object.entries(manifest)) unpack(folder, name, hash);
  const load = createRequire(join(folder, 'latchkey.cjs'));
  load(isGateway ? './gateway.cjs' : './cli-program.cjs');
}

/** Where parts may lie; the first that can be used is taken. */
function foldersFor(digest: string): readonly string[] {
  const name = `latchkey-${__LATCHKEY_VERSION__}-${digest}`;
  const { env, platform } = process;
  const chosen = env['LATCHKEY_UNPACK_DIR'];
  if (chosen !== undefined) return [join(chosen, name)];
  const cache =
    platform === 'win32'
      ? join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Latchkey', 'Cache')
      : platform === 'darwin'
        ? join(homedir(), 'Library', 'Caches', 'Latchkey')
        : join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'latchkey');
  // A service without a home, or with one that is read-only.
  return [join(cache, name), join(tmpdir(), `latchkey-${userInfo().uid}`, name)];
}

function firstUsable(folders: readonly string[]): string {
  let last: unknown;
  for (const folder of folders) {
    try {
      makeFolderSync(folder);
      requireOwn(folder);
      return folder;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(
    `Latchkey cannot unpack its parts (${(last as Error).message}). Set LATCHKEY_UNPACK_DIR to a folder of yours alone.`,
  );
}

/** @throws Error unless it is a folder of this user's, and nobody else can write or read it */
function requireOwn(folder: string): void {
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw new Error(`${folder} is no folder`);
  const uid = process.getuid?.();
  // Windows has neither owner ids nor modes: the user's profile is closed to others.
  if (uid === undefined) return;
  if (found.uid !== uid) throw new Error(`${folder} belongs to another user`);
  if ((found.mode & 0o077) !== 0) throw new Error(`${folder} is open to other users`);
}

function unpack(folder: string, name: string, hash: string): void {
  const path = join(folder, name);
  if (isIntact(path, hash)) return;
  const bytes = Buffer.from(getRawAsset(name));
  if (sha256(bytes) !== hash) throw new Error(`${name} in this program is damaged. Download it again.`);
  if (name.includes('/')) makeFolderSync(dirname(path));
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const file = openSync(temporary, 'wx', 0o600);
  try {
    writeFileSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  // Another start of the same program may do the same at this moment: one of the two equal files stays.
  renameSync(temporary, path);
  if (!isIntact(path, hash)) {
    rmSync(path, { force: true });
    throw new Error(`${path} does not hold what was written to it.`);
  }
}

function isIntact(path: string, hash: string): boolean {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch {
    return false;
  }
  try {
    return sha256(readFileSync(file)) === hash;
  } catch {
    return false;
  } finally {
    closeSync(file);
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

try {
  main();
} catch (error) {
  process.stderr.write(`latchkey: ${(error as Error).message}\n`);
  process.exit(1);
}
