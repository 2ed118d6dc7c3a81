/**
 * "Is this gateway ours?" Whoever is about to send tokens to an address asks what answers there, with a nonce; the gateway
 * signs it together with the address that it is bound to. Invariant: what is signed names where it was made, so that
 * another program on our port cannot pass the question on to us: the address would be another.
 */
import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a gateway is known by. Made by the parent, which keeps it in the data folder. */
export type GatewayIdentity = {
  readonly gatewayId: string;
  /** Ed25519, raw seed, base64url. Opens nothing and signs nothing but answers to probes. */
  readonly seed: string;
};

const typ = 'lk-probe';
export const probePath = '/.latchkey/probe';
/** Long enough for a slow computer, too short to be kept for later. */
const validForMs = 10_000;
const nonceShape = /^[A-Za-z0-9_-]{22,64}$/;
/** DER of an Ed25519 private key in front of its seed (RFC 8410). */
const seedPrefix = Buffer.from('302e020100300506032b657004220420', 'hex');

export type ProbeClaim = {
  readonly nonce: string;
  readonly gatewayId: string;
  /** host:port of the listening socket. */
  readonly bound: string;
  /** As clients see it, '' when that is the bound address. */
  readonly publicUrl: string;
  /** Of what is enforced. */
  readonly number: number;
  readonly exp: number;
};

/** @param basePath the path of the public URL, which a proxy may pass on: `/latchkey`, or '' */
export function isProbe(req: Pick<IncomingMessage, 'method' | 'url'>, basePath = ''): boolean {
  const { method, url = '' } = req;
  if (method !== 'GET' || url.length > 600) return false;
  return url.startsWith(probePath) || (basePath !== '' && url.startsWith(basePath + probePath));
}

const keyOf = (seed: string) =>
  createPrivateKey({
    key: Buffer.concat([seedPrefix, Buffer.from(seed, 'base64url')]),
    format: 'der',
    type: 'pkcs8',
  });

/** A new identity. */
export function newGatewayIdentity(): GatewayIdentity {
  return { gatewayId: randomBytes(12).toString('base64url'), seed: randomBytes(32).toString('base64url') };
}

/** The answer to a probe, a JWS; undefined when it asks nothing that can be answered. */
export async function answerProbe(
  identity: GatewayIdentity,
  asked: {
    readonly url: string;
    readonly bound: { readonly host: string; readonly port: number };
    readonly publicUrl: string;
    readonly number: number;
    readonly nowMs: number;
  },
): Promise<string | undefined> {
  const nonce = new URLSearchParams(asked.url.slice(asked.url.indexOf('?') + 1)).get('nonce') ?? '';
  if (!nonceShape.test(nonce)) return undefined;
  const claim: ProbeClaim = {
    nonce,
    gatewayId: identity.gatewayId,
    bound: `${asked.bound.host}:${asked.bound.port}`,
    publicUrl: asked.publicUrl,
    number: asked.number,
    exp: asked.nowMs + validForMs,
  };
  const header = JSON.stringify({ alg: 'EdDSA', kid: identity.gatewayId, typ });
  const text = `${encode(header)}.${encode(JSON.stringify(claim))}`;
  return `${text}.${sign(null, Buffer.from(text), keyOf(identity.seed)).toString('base64url')}`;
}

/** What an answer says, if this identity signed it now and for this nonce. */
export function readProbeAnswer(
  identity: GatewayIdentity,
  answer: string,
  nonce: string,
  nowMs: number,
): ProbeClaim | undefined {
  const [header, payload, signature, ...more] = answer.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0)
    return undefined;
  const key = createPublicKey(keyOf(identity.seed));
  if (!verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url')))
    return undefined;
  // Signed by ourselves: its form is as it was written above.
  if ((JSON.parse(decode(header)) as { typ?: unknown }).typ !== typ) return undefined;
  const claim = JSON.parse(decode(payload)) as ProbeClaim;
  const isOurs = claim.gatewayId === identity.gatewayId && claim.nonce === nonce && claim.exp >= nowMs;
  return isOurs ? claim : undefined;
}

const encode = (text: string): string => Buffer.from(text).toString('base64url');
const decode = (text: string): string => Buffer.from(text, 'base64url').toString('utf8');
