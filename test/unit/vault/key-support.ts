import { createHash } from 'node:crypto';
import { operatorId } from '../../../shared/model/ids.ts';
import type { SlotContent } from '../../../src-main/vault/slots.ts';
import { sealSlot } from '../../../src-main/vault/slots.ts';
import type { KdfParameters, KeySlot, VaultFile } from '../../../src-main/vault/vault-file.ts';

export const passphrase = 'a passphrase for tests only';
export const vaultId = 'AAAAAAAAAAAAAAAAAAAAAA';

/** A key derivation that costs nothing, and depends on all that the real one depends on. */
export const quickDeriveKey = async (
  text: string,
  salt: Uint8Array,
  costs: KdfParameters,
): Promise<Uint8Array> =>
  createHash('sha256')
    .update(text)
    .update(salt)
    .update(JSON.stringify([costs.memoryKiB, costs.passes, costs.parallelism]))
    .digest();

const jwk = (crv: 'Ed25519' | 'X25519') => ({
  kty: 'OKP' as const,
  crv,
  x: 'A'.repeat(43),
  d: 'A'.repeat(43),
});
const content: SlotContent = {
  vaultId,
  genesis: 'A'.repeat(43),
  signKey: jwk('Ed25519'),
  receiveKey: jwk('X25519'),
  checkpointKey: 'A'.repeat(43),
};

let salts = 0;
export const slotDeps = {
  randomBytes: (count: number) => new Uint8Array(count).fill((salts += 1) % 256),
  deriveKey: quickDeriveKey,
};

/** A slot as an operator has it. */
export const makeSlot = (by = passphrase): Promise<KeySlot> =>
  sealSlot(slotDeps, { operatorId: operatorId.parse('ada'), operatorName: 'Ada' }, content, by);

export const withSlot =
  (slot: KeySlot) =>
  (file: VaultFile): VaultFile => ({ ...file, slots: [slot] });
