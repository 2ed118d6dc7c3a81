/**
 * Commitments to keys. Invariant: GCM alone does not tie a ciphertext to one key, so the log states which key is meant,
 * and a granted key that does not match is no key.
 */
import { hkdfSync } from 'node:crypto';
import { jcs } from './jcs.ts';

/** HKDF-SHA256 over the key, empty salt, 32 bytes; `info` is JCS(["lk-commit", vault, name, epoch]). Base64url. */
export function commitmentOf(key: Uint8Array, vaultId: string, name: string, epoch: number): string {
  const info = Buffer.from(jcs(['lk-commit', vaultId, name, epoch]), 'utf8');
  return Buffer.from(hkdfSync('sha256', key, new Uint8Array(0), info, 32)).toString('base64url');
}
