/**
 * The vault's four cryptographic moves, all by jose: seal under a key (JWE dir + A256GCM), wrap to an operator (JWE
 * ECDH-ES + A256GCM, one per recipient), sign and verify (JWS EdDSA, Ed25519). ECDH-ES stands alone, without key
 * wrapping: AES-KW does not exist in Electron's main process (BoringSSL).
 */
import type { JWK } from 'jose';
import {
  compactDecrypt,
  CompactEncrypt,
  CompactSign,
  compactVerify,
  exportJWK,
  generateKeyPair,
  importJWK,
  decodeProtectedHeader,
} from 'jose';
import type { OkpPublicKey } from '../../shared/model/domain.ts';

export type PrivateJwk = OkpPublicKey & { readonly d: string };
/** Names and numbers that are authenticated with a ciphertext, so that it cannot be used in another place. */
export type Binding = Readonly<Record<string, string | number>>;

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

/** Seals a text; `binding` is stored in the clear in the header `lk`, and authenticated. */
export async function sealText(key: Uint8Array, text: string, binding: Binding): Promise<string> {
  return new CompactEncrypt(encode(text))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', lk: binding })
    .encrypt(key);
}

/** Opens a text. @throws Error when the key, the ciphertext or the binding is another */
export async function openText(key: Uint8Array, jwe: string, binding: Binding): Promise<string> {
  const { plaintext, protectedHeader } = await compactDecrypt(jwe, key, {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  if (!sameBinding(protectedHeader['lk'], binding))
    throw new Error('the ciphertext belongs to another place');
  return decode(plaintext);
}

/** Wraps 32 bytes to an operator's X25519 key. */
export async function wrapKey(receiver: OkpPublicKey, bytes: Uint8Array, binding: Binding): Promise<string> {
  return new CompactEncrypt(bytes)
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', lk: binding })
    .encrypt(await importJWK({ ...receiver }, 'ECDH-ES'));
}

/** @throws Error when it was wrapped to somebody else, or for another place */
export async function unwrapKey(receiver: PrivateJwk, jwe: string, binding: Binding): Promise<Uint8Array> {
  const { plaintext, protectedHeader } = await compactDecrypt(
    jwe,
    await importJWK({ ...receiver }, 'ECDH-ES'),
    {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    },
  );
  if (!sameBinding(protectedHeader['lk'], binding)) throw new Error('the key belongs to another place');
  return plaintext;
}

/** Signs a text; `kid` names the signer. */
export async function signText(signer: PrivateJwk, kid: string, text: string): Promise<string> {
  return new CompactSign(encode(text))
    .setProtectedHeader({ alg: 'EdDSA', kid })
    .sign(await importJWK({ ...signer }, 'EdDSA'));
}

/** The payload of a line whose signature holds. @throws Error when it does not */
export async function verifyText(signer: OkpPublicKey, jws: string): Promise<string> {
  const { payload } = await compactVerify(jws, await importJWK({ ...signer }, 'EdDSA'), {
    algorithms: ['EdDSA'],
  });
  return decode(payload);
}

/** Who claims to have signed; proves nothing. @throws Error when the line is no JWS */
export function claimedSigner(jws: string): string {
  const { kid } = decodeProtectedHeader(jws);
  if (typeof kid !== 'string') throw new Error('the line names no signer');
  return kid;
}

/** A new key pair as JWKs. Ed25519 signs, X25519 receives. */
export async function newKeyPair(
  crv: 'Ed25519' | 'X25519',
): Promise<{ publicJwk: OkpPublicKey; privateJwk: PrivateJwk }> {
  const alg = crv === 'Ed25519' ? 'EdDSA' : 'ECDH-ES';
  const pair = await generateKeyPair(alg, { crv, extractable: true });
  const jwk: JWK = await exportJWK(pair.privateKey);
  if (jwk.x === undefined || jwk.d === undefined) throw new Error('a private OKP key has x and d');
  const publicJwk = { kty: 'OKP', crv, x: jwk.x } as const;
  return { publicJwk, privateJwk: { ...publicJwk, d: jwk.d } };
}

function sameBinding(found: unknown, wanted: Binding): boolean {
  return JSON.stringify(sorted(found)) === JSON.stringify(sorted(wanted));
}

function sorted(value: unknown): unknown {
  return value !== null && typeof value === 'object'
    ? Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
    : value;
}
