/**
 * What can be said of one line without the lines before it: its form, its signature under a given key, its content.
 * Invariant: pure and plain data, so that a worker can do it; whether the line is in its place, and whether that key is
 * its signer's, is asked by whoever goes along the chain.
 */
import type { KeyObject } from 'node:crypto';
import type { OkpPublicKey } from '../../shared/model/domain.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import { FormError, parseJson } from '../base/compact.ts';
import { isJcs } from './jcs.ts';
import type { LinePayload, NamedSigner } from './line.ts';
import { contentBinding, hashLine, namedSigner, parsePayload } from './line.ts';
import { openTextNow } from '../base/seal-text.ts';
import { isSignedBy, objectOf, readClaim } from './sign.ts';
import type { VerifyKeys } from './sign.ts';

/** A line that cannot be authentic, or what it claims. */
export type CheckedLine = { readonly isLine: false; readonly why: string } | LineClaims;

export type LineClaims = {
  readonly isLine: true;
  readonly hash: string;
  readonly kid: string;
  readonly signer: OperatorId;
  readonly keyNo: number;
  readonly vault: unknown;
  readonly seq: unknown;
  readonly prev: unknown;
  /** The `x` of the key that was tried, and whether the signature holds under it. */
  readonly tried?: { readonly x: string; readonly holds: boolean };
  readonly form:
    { readonly ok: true; readonly payload: LinePayload } | { readonly ok: false; readonly why: string };
  /** Whom it names, if anybody. */
  readonly names?: NamedSigner;
  readonly content?: Content;
};

/** The plaintext, spelled as JCS, or why there is none. */
export type Content =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

export type CheckTools = {
  readonly keys: VerifyKeys;
  /** The key under which a kid signs, as far as the asker knows; for line 1 the payload brings it. */
  readonly keyOf: (
    kid: string,
    signer: OperatorId,
    names: NamedSigner | undefined,
  ) => OkpPublicKey | undefined;
  /** The `org` key; without it no content is opened. */
  readonly orgKey?: KeyObject | Uint8Array | undefined;
};

/** Takes a line apart and checks what can be checked of it alone. */
export function checkLine(line: string, tools: CheckTools): CheckedLine {
  try {
    const claim = readClaim(line, 'lk-line');
    const parsed = objectOf(claim.payload, 'its payload');
    const { vault, seq, prev } = parsed;
    const { kid, signer, keyNo } = claim;
    const names = 'clear' in parsed && hasAuthority(parsed['clear']) ? namedSigner(parsed) : undefined;
    const key = tools.keyOf(kid, signer, names);
    const form: ReturnType<typeof parsePayload> = claim.isPlainHeader
      ? parsePayload(claim.payload, parsed)
      : { ok: false, why: 'its header has another form' };
    const content =
      form.ok && tools.orgKey !== undefined ? openContent(form.payload, tools.orgKey) : undefined;
    return {
      isLine: true,
      hash: hashLine(line),
      kid,
      signer,
      keyNo,
      vault,
      seq,
      prev,
      // The ciphertext is opened here or later from the line; what goes on is small.
      form: form.ok && content !== undefined ? { ok: true, payload: { ...form.payload, jwe: '' } } : form,
      ...(key === undefined ? {} : { tried: { x: key.x, holds: isSignedBy(tools.keys.get(key), line) } }),
      ...(names === undefined ? {} : { names }),
      ...(content === undefined ? {} : { content }),
    };
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    return { isLine: false, why: error.message };
  }
}

/** Opens the content of a line under the committed key. */
export function openContent(payload: LinePayload, orgKey: KeyObject | Uint8Array): Content {
  let text: string;
  try {
    text = openTextNow(orgKey, payload.jwe, contentBinding(payload.vault, payload.seq, payload.epoch));
  } catch {
    // Whatever is wrong with a ciphertext, it comes to the same: nothing to read.
    return { ok: false, why: 'its content does not open' };
  }
  try {
    if (isJcs(text, parseJson(text))) return { ok: true, text };
  } catch (error) {
    if (error instanceof FormError) return { ok: false, why: 'its content holds too many values' };
    return { ok: false, why: 'its content is not JSON' };
  }
  return { ok: false, why: 'its content is spelled in another way' };
}

function hasAuthority(clear: unknown): boolean {
  return clear !== null && typeof clear === 'object' && 'authority' in clear;
}
