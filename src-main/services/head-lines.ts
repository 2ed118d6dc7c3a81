import { openFileBackend } from '../vault/file-backend.ts';
import { readHead } from '../vault/head.ts';
import { vaultIdIn } from './agent-keys.ts';

/**
 * How many lines the log in a folder has by its head, read without a key: nobody has checked it, and it is only shown.
 * @returns undefined where there is no vault, or no head of it
 */
export async function linesInHead(dataDir: string): Promise<number | undefined> {
  try {
    const vaultId = vaultIdIn(dataDir);
    const jws = await openFileBackend(dataDir).head();
    const head = vaultId === undefined || jws === undefined ? undefined : readHead(jws, vaultId);
    return head === undefined ? undefined : head.seq + 1;
  } catch {
    // What cannot be read here is told by whoever opens the vault.
    return undefined;
  }
}
