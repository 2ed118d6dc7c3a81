import crypto from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveInWasm, deriveKey, deriveNatively } from '../../../src-main/vault/kdf.ts';

const salt = new Uint8Array(16).fill(7);
const costs = { memoryKiB: 19_456, passes: 2, parallelism: 1 };
const hasNative = typeof crypto.argon2 === 'function';

describe('the key of a passphrase', () => {
  it.runIf(hasNative).each([
    ['quiet-otter-lantern', costs],
    ['é ß 漢 🦦', { ...costs, parallelism: 4 }],
    [' ', { memoryKiB: 20_001, passes: 3, parallelism: 2 }],
  ])('of "%s" is the same by OpenSSL and by WebAssembly', async (passphrase, parameters) => {
    const native = await deriveNatively(passphrase, salt, parameters);
    expect(native).toEqual(await deriveInWasm(passphrase, salt, parameters));
    expect(native).toHaveLength(32);
  });

  it('is WebAssembly’s where OpenSSL refuses', async () => {
    const tooShort = new Uint8Array(4);
    expect(await deriveNatively('a', tooShort, costs)).toBeUndefined();
  });

  it('is one key, however the keyboard spells an accent', async () => {
    expect(await deriveKey('caf\u00e9', salt, costs)).toEqual(await deriveKey('cafe\u0301', salt, costs));
  });
});
