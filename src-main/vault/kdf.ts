/**
 * Passphrase → key, by Argon2id (RFC 9106). Invariant: costs are bounded before any work is done, so that a hostile
 * vault.json can ask neither for 100 GiB nor for a key that is cheap to guess.
 */
import crypto from 'node:crypto';
import { argon2id } from 'hash-wasm';
import { LatchkeyError } from '../../shared/errors.ts';
import type { KdfParameters } from './vault-file.ts';

/** Passphrase, salt, costs → 32 bytes. */
export type DeriveKey = (
  passphrase: string,
  salt: Uint8Array,
  parameters: KdfParameters,
) => Promise<Uint8Array>;

/** RFC 9106's second recommendation (64 MiB, 3 passes), with one lane since WebAssembly runs one: about 0.4 s. */
export const defaultKdf: KdfParameters = { memoryKiB: 65_536, passes: 3, parallelism: 1 };
/** Lower: OWASP's smallest setting (19 MiB, 2 passes). Upper: what a desktop can still do in a minute. */
const bounds = {
  memoryKiB: { min: 19_456, max: 1_048_576 },
  passes: { min: 2, max: 16 },
  parallelism: { min: 1, max: 4 },
} as const;

/** @throws LatchkeyError VAULT_KDF_OUT_OF_BOUNDS */
export function assertCostsBounded(parameters: KdfParameters): void {
  for (const [name, { min, max }] of Object.entries(bounds)) {
    const value = parameters[name as keyof typeof bounds];
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new LatchkeyError('VAULT_KDF_OUT_OF_BOUNDS', ['kdfOutOfBounds', name, value, min, max], {
        details: { parameter: name, value, min, max },
      });
    }
  }
}

const keyBytes = 32;

/** A 32-byte key from a passphrase (NFKC, so that one keyboard's é is another's). */
export async function deriveKey(
  passphrase: string,
  salt: Uint8Array,
  parameters: KdfParameters,
): Promise<Uint8Array> {
  assertCostsBounded(parameters);
  const message = passphrase.normalize('NFKC');
  return (await deriveNatively(message, salt, parameters)) ?? deriveInWasm(message, salt, parameters);
}

/**
 * By OpenSSL, in a thread of its own, so that nothing waits meanwhile and the memory is given back.
 * @returns undefined where it is not to be had: Node before 24.7, Electron, whose BoringSSL has no Argon2
 */
export function deriveNatively(
  message: string,
  salt: Uint8Array,
  { memoryKiB, passes, parallelism }: KdfParameters,
): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const asked = { message, nonce: salt, parallelism, tagLength: keyBytes, memory: memoryKiB, passes };
    const answer = (error: Error | null, key: Uint8Array): void =>
      resolve(error === null ? new Uint8Array(key) : undefined);
    try {
      if (typeof crypto.argon2 === 'function') crypto.argon2('argon2id', asked, answer);
      else resolve(undefined);
    } catch {
      // There in name only. What could be wrong with what is asked, the other one says.
      resolve(undefined);
    }
  });
}

/** By WebAssembly: everywhere. */
export async function deriveInWasm(
  message: string,
  salt: Uint8Array,
  { memoryKiB, passes, parallelism }: KdfParameters,
): Promise<Uint8Array> {
  return argon2id({
    password: message,
    salt,
    memorySize: memoryKiB,
    iterations: passes,
    parallelism,
    hashLength: keyBytes,
    outputType: 'binary',
  });
}
