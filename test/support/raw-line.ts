/** Lines as somebody would write them who holds real keys and keeps no rule. */
import { createPrivateKey, sign } from 'node:crypto';
import type { Clear } from '../../src-main/vault/domain.ts';
import { encodePart } from '../../src-main/base/compact.ts';
import { jcs } from '../../src-main/vault/jcs.ts';
import { contentBinding } from '../../src-main/vault/line.ts';
import type { Random } from '../../src-main/base/seal-text.ts';
import type { PrivateJwk } from '../../src-main/vault/seal.ts';
import { sealTextNow } from '../../src-main/base/seal-text.ts';
import { headerText } from '../../src-main/vault/sign.ts';

export type RawSigner = { readonly kid: string; readonly signKey: PrivateJwk };

export type RawLine = {
  readonly vault: string;
  readonly seq: number;
  readonly prev: string | null;
  readonly atMs: number;
  readonly orgKey: Uint8Array;
  readonly events: readonly unknown[];
  readonly clear?: Clear;
  readonly keys?: unknown;
  /** Instead of the content that follows from `events`. */
  readonly content?: string;
  /** Members of the payload that are to be others. */
  readonly other?: Readonly<Record<string, unknown>>;
  /** The protected header, where it is to be spelled in another way. */
  readonly header?: string;
};

/** Spells, seals and signs a line, whatever it says. */
export function rawLine({ kid, signKey }: RawSigner, raw: RawLine, random: Random): string {
  const { vault, seq, prev, atMs, orgKey, clear = {}, keys } = raw;
  const content = raw.content ?? jcs({ events: raw.events });
  const jwe = sealTextNow(orgKey, content, contentBinding(vault, seq, 0), random);
  const open = {
    v: 1,
    vault,
    seq,
    prev,
    epoch: 0,
    atMs,
    clear,
    ...(keys === undefined ? {} : { keys }),
    jwe,
  };
  const header = raw.header ?? headerText('lk-line', kid);
  return signedText(signKey, header, jcs({ ...open, ...raw.other }));
}

/** A JWS over any header and payload. */
export function signedText(signKey: PrivateJwk, header: string, payload: string): string {
  const signed = `${encodePart(header)}.${encodePart(payload)}`;
  const key = createPrivateKey({ key: { ...signKey }, format: 'jwk' });
  return `${signed}.${sign(null, Buffer.from(signed, 'latin1'), key).toString('base64url')}`;
}
