/**
 * Signatures: Ed25519 as JWS. Invariant: each kind of signature has its own `typ`, so that one can never pass for
 * another; `kid` is `<operatorId>.<keyNo>`. By node:crypto, with one key object per signer: jose takes several times as long,
 * and the tests hold this to its verdicts.
 */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { OkpPublicKey } from '../../shared/model/domain.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import {
  decodeCanonical,
  decodeUtf8,
  encodePart,
  FormError,
  parseJson,
  splitCompact,
} from '../base/compact.ts';
import type { PrivateJwk } from './seal.ts';

export type SignatureType = 'lk-line' | 'lk-head';

export const kidOf = (operator: string, keyNo: number): string => `${operator}.${keyNo}`;

/** The one spelling of a protected header. */
export const headerText = (typ: SignatureType, kid: string): string =>
  JSON.stringify({ alg: 'EdDSA', kid, typ });

/** Signs a text; `kid` names the signer. */
export function signText(signer: PrivateJwk, typ: SignatureType, kid: string, text: string): string {
  const signed = `${encodePart(headerText(typ, kid))}.${encodePart(text)}`;
  const { kty, crv, x, d } = signer;
  const key = createPrivateKey({ key: { kty, crv, x, d }, format: 'jwk' });
  return `${signed}.${sign(null, Buffer.from(signed, 'latin1'), key).toString('base64url')}`;
}

/** A JWS taken apart; nothing of it is proved. */
export type Claim = {
  readonly kid: string;
  readonly signer: OperatorId;
  readonly keyNo: number;
  /** Whether the header is spelled in the one way. */
  readonly isPlainHeader: boolean;
  readonly payload: string;
};

const kidShape = /^([0-9A-Za-z_-]{1,64})\.([1-9][0-9]{0,8})$/;

/** What a text claims to be. @throws FormError when it is no signature of this type by anybody */
export function readClaim(jws: string, typ: SignatureType): Claim {
  const parts = splitCompact(jws, 3)?.map(decodeCanonical);
  const [header, payload, signature] = parts ?? [];
  if (header === undefined || payload === undefined || signature === undefined)
    throw new FormError('it is not three parts in canonical base64url');
  const text = textOf(header, 'its header');
  const fields = objectOf(text, 'its header');
  if (fields['typ'] !== typ) throw new FormError('it is a signature of another kind');
  const kid = fields['kid'];
  const [, signer, keyNo] = typeof kid === 'string' ? (kidShape.exec(kid) ?? []) : [];
  if (typeof kid !== 'string' || signer === undefined || keyNo === undefined)
    throw new FormError('it names no signer');
  return {
    kid,
    signer: signer as OperatorId,
    keyNo: Number(keyNo),
    isPlainHeader: text === headerText(typ, kid),
    payload: textOf(payload, 'its payload'),
  };
}

/** Whether a signature holds under a key. For texts that `readClaim` took. */
export function isSignedBy(key: KeyObject, jws: string): boolean {
  const end = jws.lastIndexOf('.');
  const signature = Buffer.from(jws.slice(end + 1), 'base64url');
  return verify(null, Buffer.from(jws.slice(0, end), 'latin1'), key, signature);
}

/** @throws Error when it is no such key */
export function verifyKeyOf(key: OkpPublicKey): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: key.crv, x: key.x }, format: 'jwk' });
}

/** Key objects by the public key that they are made of: making one costs as much as using it. */
export class VerifyKeys {
  readonly #byX = new Map<string, KeyObject>();

  get(key: OkpPublicKey): KeyObject {
    const known = this.#byX.get(key.x);
    if (known !== undefined) return known;
    const made = verifyKeyOf(key);
    this.#byX.set(key.x, made);
    return made;
  }

  clear(): void {
    this.#byX.clear();
  }
}

function textOf(bytes: Buffer, what: string): string {
  try {
    return decodeUtf8(bytes);
  } catch (cause) {
    throw new FormError(`${what} is not UTF-8`, { cause });
  }
}

/** A JSON object. @throws FormError */
export function objectOf(text: string, what: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    if (cause instanceof FormError) throw new FormError(`${what}: ${cause.message}`);
    throw new FormError(`${what} is not JSON`, { cause });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new FormError(`${what} is no JSON object`);
  return value as Readonly<Record<string, unknown>>;
}
