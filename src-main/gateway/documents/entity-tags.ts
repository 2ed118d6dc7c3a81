/**
 * ETags of index documents (TRUST: Policy). Invariant: a tag is an HMAC over all that an answer depends on, under a secret
 * of this gateway, so that it says nothing of what it stands for, nobody can make one, and a 304 is only ever given to who
 * holds the very answer that this token would get now: no tag outlives a change of channel, upstream, credentials,
 * policies, facts or clock.
 */
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { BundleUpstream } from '../../../shared/model/bundle.ts';
import type { ChannelId } from '../../../shared/model/ids.ts';
import type { GatewayIdentity } from '../probe.ts';

const info = 'latchkey entity tags';
const secretBytes = 32;
/** 162 bits. */
const tagChars = 27;
/** 160 bits. */
const keyChars = 40;

/** What an answer depends on; the address that clients are told is added. */
export type TagKey = {
  readonly channelId: ChannelId;
  /** With its credentials. */
  readonly upstream: BundleUpstream;
  /** Path below the channel. */
  readonly document: string;
  /** Its type, where one document has several. */
  readonly representation: string;
  /** Of the upstream's document. */
  readonly version: string;
  /** What policies left of it: digest, policies and facts, next change by time; absent where none speak. */
  readonly form?:
    | {
        readonly digest: string;
        readonly scope: string;
        readonly changesAtMs: number | undefined;
      }
    | undefined;
};

export class EntityTags {
  readonly #secret: Uint8Array;
  readonly #baseUrl: () => string;
  readonly #upstreams = new WeakMap<BundleUpstream, string>();

  /**
   * @param secret 32 bytes
   * @param baseUrl as it is configured; never what a client said
   */
  constructor(secret: Uint8Array = randomBytes(secretBytes), baseUrl: () => string = () => '') {
    this.#secret = secret;
    this.#baseUrl = baseUrl;
  }

  /** With its quotes. @param coding in which it is sent */
  of(key: TagKey, coding: string): string {
    const { channelId, upstream, document, representation, version, form } = key;
    const parts = [
      channelId,
      document,
      representation,
      this.#upstreamVersion(upstream),
      version,
      form === undefined ? null : [form.digest, form.scope, form.changesAtMs ?? null],
      this.#baseUrl(),
      coding,
    ];
    return `"${this.#mac(JSON.stringify(parts))}"`;
  }

  /** Under which a document of an upstream is kept on the disk: of no other channel, upstream or account. */
  keyOf(channelId: ChannelId, upstream: BundleUpstream, document: string): string {
    const parts = ['kept', channelId, this.#upstreamVersion(upstream), document];
    return createHmac('sha256', this.#secret).update(JSON.stringify(parts)).digest('hex').slice(0, keyChars);
  }

  /** A change of credentials is one too: another account may see another index. Keyed, as passwords are in it. */
  #upstreamVersion(upstream: BundleUpstream): string {
    let version = this.#upstreams.get(upstream);
    if (version === undefined) {
      version = this.#mac(JSON.stringify(upstream));
      this.#upstreams.set(upstream, version);
    }
    return version;
  }

  #mac(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64url').slice(0, tagChars);
  }
}

/** The same after a restart for a gateway with an identity, so that clients need not fetch all again. */
export function tagSecretOf(identity: GatewayIdentity | undefined): Uint8Array {
  if (identity === undefined) return randomBytes(secretBytes);
  const seed = Buffer.from(identity.seed, 'base64url');
  return new Uint8Array(hkdfSync('sha256', seed, new Uint8Array(), info, secretBytes));
}
