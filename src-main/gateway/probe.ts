/**
 * "Is this gateway ours?" Whoever is about to send tokens to an address asks what answers there, with a nonce; the gateway
 * signs it together with the address on which the question came. Invariant: what is signed names where it was asked, so
 * that another program on our port cannot pass the question on to us: the address would be another.
 */
import type { KeyObject } from 'node:crypto';
import { createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { keyOfSeed } from '../base/seed-key.ts';

/** What a gateway is known by. Made by the parent, which keeps it in the data folder. */
export type GatewayIdentity = {
  readonly gatewayId: string;
  /** Ed25519, raw seed, base64url. Opens nothing; signs answers to probes and the ends of the request log's segments; the secret of entity tags is derived from it. */
  readonly seed: string;
};

const typ = 'lk-probe';
/** Of the path, below that of a public URL. */
export const probeSegments = ['.latchkey', 'probe'] as const;
export const probePath = `/${probeSegments.join('/')}`;
/** Long enough for a slow computer, too short to be kept for later. */
const validForMs = 10_000;
const nonceShape = /^[A-Za-z0-9_-]{22,64}$/;

export type ProbeClaim = {
  readonly nonce: string;
  readonly gatewayId: string;
  /** The address of ours that the question was sent to: of the connection, also where every address is listened on. */
  readonly bound: string;
  /** As clients see it, '' when that is the bound address. */
  readonly publicUrl: string;
  /** Of what is enforced. */
  readonly number: number;
  /** How many lines of the vault's log that was made of. */
  readonly seq: number;
  /** Since when it listens. */
  readonly startedAtMs: number;
  readonly exp: number;
};

/** One end of a connection, in the one spelling that both sides compare. IPv4 stays IPv4 where it comes wrapped. */
export function socketName(address: string | undefined, port: number | undefined): string {
  const plain = (address ?? '').split('%', 1)[0] ?? '';
  return `${ipaddr.isValid(plain) ? ipaddr.process(plain).toString() : '?'}:${port ?? 0}`;
}

/** Parsed once: anybody may probe. */
const keys = new WeakMap<GatewayIdentity, KeyObject>();

function keyOf(identity: GatewayIdentity): KeyObject {
  let key = keys.get(identity);
  if (key === undefined) {
    key = keyOfSeed(identity.seed);
    keys.set(identity, key);
  }
  return key;
}

/** A new identity. */
export function newGatewayIdentity(): GatewayIdentity {
  return { gatewayId: randomBytes(12).toString('base64url'), seed: randomBytes(32).toString('base64url') };
}

/** What is signed beside the nonce. */
export type ProbeFacts = Omit<ProbeClaim, 'nonce' | 'gatewayId' | 'exp'>;

/** The answer to a probe, a JWS; undefined when it asks nothing that can be answered. @param url of the request */
export function answerProbe(
  identity: GatewayIdentity,
  url: string,
  facts: ProbeFacts,
  nowMs: number,
): string | undefined {
  const nonce = new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('nonce') ?? '';
  if (!nonceShape.test(nonce)) return undefined;
  const claim: ProbeClaim = { nonce, gatewayId: identity.gatewayId, ...facts, exp: nowMs + validForMs };
  const header = JSON.stringify({ alg: 'EdDSA', kid: identity.gatewayId, typ });
  const text = `${encode(header)}.${encode(JSON.stringify(claim))}`;
  return `${text}.${sign(null, Buffer.from(text), keyOf(identity)).toString('base64url')}`;
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
  const key = createPublicKey(keyOf(identity));
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
