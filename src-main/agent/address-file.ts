/**
 * Where an agent is found: a file for this user alone, in the state folder, names its address and holds the key of this
 * start. Invariant: nothing is read from, and nobody is connected to, that another user could have put there: file,
 * folders and socket are this user's own and closed to others, and none is a symbolic link.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstatSync, mkdtempSync, realpathSync, rmSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { LatchkeyError } from '../../shared/errors.ts';
import { readIfThereSync } from '../disk/read-file.ts';
import { replaceFileSync } from '../disk/write-file.ts';
import { texts } from '../../shared/texts/texts.ts';
import { makeFolderSync } from '../disk/make-folder.ts';

const words = texts.agent.problems;

const addressFile = z.strictObject({
  version: z.literal(1),
  address: z.string().min(1).max(400),
  /** Of this start, base64url of 32 bytes. */
  key: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  pid: z.number().int().positive(),
  vaultId: z.string().min(1).max(100),
});
export type AgentAddress = Readonly<z.infer<typeof addressFile>>;

/** What says whose a file is; a test puts another user in its place. */
export type Owners = {
  /** This user; undefined on Windows, where the profile's folders are closed to others. */
  readonly uid: number | undefined;
  readonly lstat: (path: string) => Pick<Stats, 'uid' | 'mode'> & {
    isDirectory(): boolean;
    isFile(): boolean;
    isSocket(): boolean;
  };
};
export const systemOwners: Owners = { uid: process.getuid?.(), lstat: (path) => lstatSync(path) };

const maxFileBytes = 4096;

/** One file per data folder, whatever way its path is written. */
export function addressPath(stateDir: string, dataDir: string): string {
  const name = createHash('sha256').update(canonical(dataDir)).digest('hex').slice(0, 32);
  return join(stateDir, 'agents', `${name}.json`);
}

function canonical(dataDir: string): string {
  try {
    return realpathSync(dataDir);
  } catch {
    return resolve(dataDir);
  }
}

/** @throws LatchkeyError AGENT_UNTRUSTED unless it is this user's own and nobody else can look into it */
export function assertOwn(path: string, kind: 'folder' | 'file' | 'socket', owners: Owners): void {
  const found = owners.lstat(path);
  const isKind =
    kind === 'folder' ? found.isDirectory() : kind === 'file' ? found.isFile() : found.isSocket();
  if (!isKind) throw untrusted(words.notKind(path, kind));
  if (owners.uid === undefined) return;
  if (found.uid !== owners.uid) throw untrusted(words.otherUser(path));
  // Whoever may look into the folder decides about the socket, which has other modes on other systems.
  if (kind !== 'socket' && (found.mode & 0o077) !== 0) throw untrusted(words.openToOthers(path));
}

function untrusted(why: string): LatchkeyError {
  return new LatchkeyError('AGENT_UNTRUSTED', words.untrusted(why));
}

/**
 * The agent of a data folder, if one said where it is.
 * @throws LatchkeyError AGENT_UNTRUSTED
 */
export function readAddress(path: string, owners: Owners = systemOwners): AgentAddress | undefined {
  try {
    assertOwn(dirname(path), 'folder', owners);
    assertOwn(path, 'file', owners);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const bytes = readIfThereSync(path, { maxBytes: maxFileBytes });
  if (bytes === undefined) return undefined;
  try {
    return addressFile.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw untrusted(words.damaged(path));
  }
}

/** @throws LatchkeyError AGENT_UNTRUSTED, FILE_NOT_WRITABLE */
export function writeAddress(path: string, content: AgentAddress, owners: Owners = systemOwners): void {
  makeFolderSync(dirname(path));
  assertOwn(dirname(path), 'folder', owners);
  replaceFileSync(path, JSON.stringify(content), { mode: 0o600, refuseLink: true, exactMode: true });
}

/** Removes the file if it is still the one of this start. @returns whether it was */
export function removeAddress(path: string, key: string): boolean {
  if (!isStill(path, key)) return false;
  rmSync(path, { force: true });
  return true;
}

/** Whether the file is still the one of this start: another agent may have taken over. */
export function isStill(path: string, key: string): boolean {
  try {
    return readAddress(path)?.key === key;
  } catch {
    return false;
  }
}

export type SocketPlace = { readonly address: string; readonly remove: () => void };

/** A fresh address: on Windows a pipe with a name that nobody guesses, elsewhere a socket in a new folder of our own. */
export function makeSocketPlace(
  platform: NodeJS.Platform = process.platform,
  owners: Owners = systemOwners,
): SocketPlace {
  if (platform === 'win32') {
    const name = randomBytes(16).toString('hex');
    return { address: `\\\\.\\pipe\\latchkey-agent-${name}`, remove: () => undefined };
  }
  // A socket's path has some 100 bytes on every system; `mkdtemp` makes the folder with mode 0700.
  const base = tmpdir().length > 60 ? '/tmp' : tmpdir();
  const folder = mkdtempSync(join(base, 'latchkey-agent-'));
  assertOwn(folder, 'folder', owners);
  const address = join(folder, 'socket');
  return {
    address,
    remove: () => {
      rmSync(address, { force: true });
      try {
        rmdirSync(folder);
      } catch {
        // Somebody of this user put something there, or removed it: nothing of ours is left.
      }
    },
  };
}

/** Before connecting. @throws LatchkeyError AGENT_UNTRUSTED; an ENOENT where nothing is */
export function assertOwnSocket(
  address: string,
  owners: Owners = systemOwners,
  platform: NodeJS.Platform = process.platform,
): void {
  if (platform === 'win32') return;
  assertOwn(dirname(address), 'folder', owners);
  assertOwn(address, 'socket', owners);
}
