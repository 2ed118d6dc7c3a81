import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { okpPublicKey } from '../../../shared/model/domain.ts';
import { hashLine, readPayload } from '../../../src-main/vault/line.ts';
import { verifyText } from '../../../src-main/vault/seal.ts';
import type { Vault } from '../../../src-main/vault/types.ts';
import { openVault } from '../../../src-main/vault/vault.ts';
import { depsOn, dropCheckpoint, freshDir, teamCreated, write } from './vault-support.ts';

const source = fileURLToPath(new URL('../../vectors/vault-v1/', import.meta.url));
const passphrase = 'correct horse battery staple';
const keychainSecret = new Uint8Array(32).fill(0x2a);

/** A copy, since opening and locking write. */
function vectorCopy(): string {
  const dir = freshDir();
  for (const name of ['vault.json', 'vault.log']) copyFileSync(join(source, name), join(dir, name));
  copyFileSync(join(source, 'vault.json'), join(dir, 'vault.backup.json'));
  return dir;
}

const plain = (vault: Vault): unknown =>
  JSON.parse(
    JSON.stringify(vault.state(), (_key, value: unknown) =>
      value instanceof Map ? [...value.values()] : value,
    ),
  );
const expected = JSON.parse(readFileSync(join(source, 'state.json'), 'utf8')) as unknown;
const lines = readFileSync(join(source, 'vault.log'), 'utf8').split('\n').slice(0, -1);

describe('a vault of format 1', () => {
  it.each([
    ['by its passphrase and checkpoint', { passphrase }, true],
    ['by its passphrase and a whole replay', { passphrase }, false],
    ['by its keychain secret and a whole replay', { keychainSecret }, false],
  ])('opens %s, and can be written on', async (_how, by, keepsCheckpoint) => {
    const dir = vectorCopy();
    if (!keepsCheckpoint) dropCheckpoint(dir);
    const { vault, report } = await openVault(depsOn(dir), by);
    expect(report).toEqual({ usedCheckpoint: keepsCheckpoint });
    expect(vault.seq()).toBe(23);
    expect(plain(vault)).toEqual(expected);
    const sealed = [...vault.state().channels.values()].find((one) => one.name === 'main')?.sealedCredentials;
    expect(await vault.unsealSecret(sealed ?? '')).toBe('upstream password ü');
    await write(vault, teamCreated('later'));
    await vault.lock();
    const again = await openVault(depsOn(dir), by);
    expect(again.vault.seq()).toBe(24);
    await again.vault.lock();
  });

  it('can be checked without any key: one chain, every signature that of its operator', async () => {
    const operator = readPayload(lines[0]!).operators?.[0];
    if (operator === undefined) throw new Error('the first line brings an operator');
    let prev: string | null = null;
    for (const [seq, line] of lines.entries()) {
      expect(readPayload(line)).toMatchObject({ v: 1, seq, prev, epoch: 0 });
      await verifyText(okpPublicKey.parse(operator.signKey), line);
      prev = hashLine(line);
    }
  });
});
