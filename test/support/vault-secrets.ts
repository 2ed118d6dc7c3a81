/** What a vault's processes must not keep after the lock; read from its files with the passphrase. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Keyring } from '../../src-main/vault/keyring.ts';
import { openKeyStore } from '../../src-main/vault/key-store.ts';
import type { LinePayload } from '../../src-main/vault/line.ts';
import { openKeys } from '../../src-main/vault/open-keys.ts';
import type { Secret } from './process-memory.ts';

export async function vaultSecrets(dataDir: string, passphrase: string): Promise<Secret[]> {
  const { slot, content } = await openKeys({ keyStore: openKeyStore(dataDir) }, { passphrase });
  const lines = createInterface({ input: createReadStream(join(dataDir, 'vault.log')) });
  const keyring = new Keyring();
  for await (const line of lines) {
    const payload = JSON.parse(Buffer.from(line.split('.')[1] ?? '', 'base64url').toString()) as LinePayload;
    if (payload.keys !== undefined)
      await keyring.take(content.vaultId, slot.operatorId, content.receiveKey, payload.keys);
  }
  const secret = (name: string, text: string): Secret => ({ name, bytes: Buffer.from(text, 'base64url') });
  const orgKey = keyring.get('org');
  if (orgKey === undefined) throw new Error('the operator has no org key');
  return [
    secret('sign key', content.signKey.d),
    secret('receive key', content.receiveKey.d),
    secret('checkpoint key', content.checkpointKey),
    { name: 'org key', bytes: orgKey },
    { name: 'passphrase', bytes: Buffer.from(passphrase) },
  ];
}
