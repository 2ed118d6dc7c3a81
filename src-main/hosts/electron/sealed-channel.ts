/**
 * Calls between the page and main are sealed, though nobody else can read them: Chromium keeps messages in blocks of
 * its own heap, gives these to others unwiped, and a passphrase or token would stand there long after the lock. So
 * these blocks only ever see ciphertext, and what is opened is wiped or collected (base/clean-memory.ts).
 *
 * ECDH on P-256 with new keys for each page, HKDF-SHA-256, AES-256-GCM with a random nonce per message. The other side
 * of it runs in the preload script (sealed-page.ts).
 */
import { createCipheriv, createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import type { SealedMessage } from './sealed-message.ts';
import { ivBytes, keyInfo, tagBytes } from './sealed-message.ts';

export type Seal = {
  /** @param value plain JSON data */
  seal(value: unknown): SealedMessage;
  /** @throws Error if it was not sealed with this key, or is no JSON */
  open(message: SealedMessage): unknown;
};

/**
 * Agrees on a key with a page.
 * @param pageKey the page's public key, an uncompressed point of P-256
 * @returns our public key for it, and what seals and opens from now on
 * @throws Error if the page's key is no such point
 */
export function agreeWithPage(pageKey: Uint8Array): { readonly publicKey: Uint8Array; readonly seal: Seal } {
  const pair = createECDH('prime256v1');
  const publicKey = pair.generateKeys();
  const shared = pair.computeSecret(pageKey);
  const key = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), keyInfo, 32));
  shared.fill(0);
  return {
    publicKey,
    seal: { seal: (value) => sealWith(key, value), open: (message) => openWith(key, message) },
  };
}

function sealWith(key: Buffer, value: unknown): SealedMessage {
  const iv = randomBytes(ivBytes);
  const plain = Buffer.from(JSON.stringify(value));
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const body = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  plain.fill(0);
  return { iv, body };
}

function openWith(key: Buffer, { iv, body }: SealedMessage): unknown {
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  const end = body.byteLength - tagBytes;
  decipher.setAuthTag(body.subarray(end));
  const plain = decipher.update(body.subarray(0, end));
  try {
    decipher.final();
    return JSON.parse(plain.toString('utf8')) as unknown;
  } finally {
    plain.fill(0);
  }
}
