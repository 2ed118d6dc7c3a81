import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openCheckpoints } from '../../src-main/vault/checkpoint-files.ts';
import { createVault } from '../../src-main/vault/create-vault.ts';
import { openFileBackend } from '../../src-main/vault/file-backend.ts';
import { clearHalfMade, vaultPresence } from '../../src-main/vault/half-made.ts';
import { openHeadCopies } from '../../src-main/vault/head-copy-file.ts';
import { openKeyStore } from '../../src-main/vault/key-store.ts';
import type { VaultParts } from '../../src-main/vault/vault-api.ts';
import { openVault } from '../../src-main/vault/vault.ts';
import type { TinyEvent, TinyState } from '../unit/vault/tiny-domain.ts';
import { tinyDomain } from '../unit/vault/tiny-domain.ts';

const passphrase = 'a passphrase for tests only';

/** A vault of the tiny domain whose every file is on the disk, with a key derivation that costs nothing. */
function partsIn(dir: string): VaultParts<TinyState, TinyEvent> {
  return {
    domain: tinyDomain(),
    now: Date.now,
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    keyStore: openKeyStore(dir),
    openBackend: () => openFileBackend(dir),
    headCopies: openHeadCopies(join(dir, 'state')),
    checkpoints: openCheckpoints(dir),
    kdf: { memoryKiB: 19_456, passes: 2, parallelism: 1 },
    deriveKey: async (text, salt) => new Uint8Array(createHash('sha256').update(text).update(salt).digest()),
    workers: 0,
  };
}

/** Opens the vault of a folder, and makes it first if there is none, or only a half of one. */
export async function openOrCreate(dir: string) {
  const parts = partsIn(dir);
  if (vaultPresence(dir, parts.keyStore) === 'present')
    return { isNew: false, ...(await openVault(parts, { passphrase })) };
  await clearHalfMade(dir, parts.keyStore);
  const { vault } = await createVault(parts, {
    operatorName: 'Ada',
    passphrase,
    firstEvent: (operator): TinyEvent => ({
      type: 'began',
      operator: { ...operator, role: 'admin', teamIds: [] },
    }),
  });
  return { isNew: true, vault, report: undefined };
}
