/**
 * Where checkpoints are kept: a file per operator, lines of ciphertext. Invariant: a file is whole or the one before;
 * losing one costs time and nothing else, so reading never fails.
 */
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';
import { codeOf, diskError } from '../disk/disk-error.ts';
import { makeFolder } from '../disk/make-folder.ts';
import type { Disk } from '../disk/operations.ts';
import { systemDisk } from '../disk/operations.ts';
import { readIfThere } from '../disk/read-file.ts';
import { replaceFileByPieces } from '../disk/write-file.ts';
import type { CheckpointStore } from './checkpoint-store.ts';

/** A million tokens take about 600 MB; what is larger is no checkpoint. */
const maxBytes = 1024 * 1024 * 1024;
const newline = 0x0a;

/** Checkpoints in the data folder; their own folder is made by the first write. */
export function openCheckpoints(dataDir: string, disk: Disk = systemDisk): CheckpointStore {
  const dir = join(dataDir, 'checkpoints');
  const pathOf = (operatorId: string): string => {
    // It becomes a file's name.
    if (!/^[0-9A-Za-z_-]{1,64}$/.test(operatorId)) throw new Error('not the id of an operator');
    return join(dir, operatorId);
  };
  return {
    read: async (operatorId) => {
      try {
        const bytes = await readIfThere(pathOf(operatorId), { maxBytes, code: 'VAULT_UNAVAILABLE' });
        return bytes === undefined ? undefined : linesOf(bytes);
      } catch (error) {
        if (error instanceof LatchkeyError) return undefined;
        throw error;
      }
    },
    write: async (operatorId, lines, signal) => {
      const path = pathOf(operatorId);
      try {
        await makeFolder(dir);
      } catch (cause) {
        throw diskError('VAULT_UNAVAILABLE', 'folder-make', dir, cause, 'unchanged');
      }
      await replaceFileByPieces(path, untilAborted(lines, signal), {
        mode: 0o600,
        code: 'VAULT_UNAVAILABLE',
        disk,
      });
    },
    remove: async (operatorId) => {
      const path = pathOf(operatorId);
      try {
        await unlink(path);
      } catch (cause) {
        if (codeOf(cause) !== 'ENOENT')
          throw diskError('VAULT_UNAVAILABLE', 'remove', path, cause, 'unchanged');
      }
    },
  };
}

async function* untilAborted(lines: AsyncIterable<string>, signal: AbortSignal): AsyncGenerator<string> {
  for await (const line of lines) {
    signal.throwIfAborted();
    yield `${line}\n`;
  }
  signal.throwIfAborted();
}

/** Lazily: all of it as one string would be as large again. */
function* linesOf(bytes: Buffer): Generator<string> {
  for (let begin = 0; begin < bytes.length;) {
    const end = bytes.indexOf(newline, begin);
    if (end === -1) return;
    yield bytes.toString('latin1', begin, end);
    begin = end + 1;
  }
}
