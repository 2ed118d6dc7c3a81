/** The page's side of the sealed channel (sealed-channel.ts says why), by WebCrypto, as a sandboxed script has no other. */
import type { SealedMessage } from './sealed-message.ts';
import { ivBytes, keyInfo } from './sealed-message.ts';

export type PageSeal = {
  seal(value: unknown): Promise<SealedMessage>;
  /** @throws Error if it was not sealed with this key */
  open(message: SealedMessage): Promise<unknown>;
};

const curve = { name: 'ECDH', namedCurve: 'P-256' } as const;
const aes = 'AES-GCM';

/**
 * Agrees on a key with main.
 * @param exchange sends our public key and answers main's, or undefined if main refuses
 * @returns what seals and opens, or undefined if main refused
 */
export async function agreeWithMain(
  exchange: (publicKey: Uint8Array) => Promise<Uint8Array | undefined>,
): Promise<PageSeal | undefined> {
  const { subtle } = globalThis.crypto;
  const pair = await subtle.generateKey(curve, false, ['deriveBits']);
  const theirs = await exchange(new Uint8Array(await subtle.exportKey('raw', pair.publicKey)));
  if (theirs === undefined) return undefined;
  const main = await subtle.importKey('raw', Uint8Array.from(theirs), curve, false, []);
  const shared = await subtle.deriveBits({ name: curve.name, public: main }, pair.privateKey, 256);
  const secret = await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
  const key = await subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode(keyInfo) },
    secret,
    { name: aes, length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
  return {
    seal: async (value) => {
      const iv = globalThis.crypto.getRandomValues(new Uint8Array(ivBytes));
      const plain = new TextEncoder().encode(JSON.stringify(value));
      const body = new Uint8Array(await subtle.encrypt({ name: aes, iv }, key, plain));
      plain.fill(0);
      return { iv, body };
    },
    open: async ({ iv, body }) => {
      const plain = await subtle.decrypt({ name: aes, iv: Uint8Array.from(iv) }, key, Uint8Array.from(body));
      const text = new TextDecoder().decode(plain);
      new Uint8Array(plain).fill(0);
      return JSON.parse(text) as unknown;
    },
  };
}
