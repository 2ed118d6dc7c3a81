/**
 * A line in its place: authentic or not, effective or void as far as its clear part says. Invariant: needs no key to the
 * content, so that every reader draws the same line. Inauthentic stops the reading with the line's number; void is
 * everything that a known signer's signature covers but may not be: it counts for place, hash and head, and does nothing.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { OkpPublicKey } from '../../shared/model/domain.ts';
import type { AuthorityState } from './authority-state.ts';
import { judgeClear, signerOf, withVoidSigner } from './authority.ts';
import type { StoredLine } from './backend.ts';
import type { ChainPlace } from './chain-place.ts';
import type { CheckedLine, LineClaims } from './line-check.ts';
import type { LinePayload } from './line.ts';
import { isSignedBy, kidOf } from './sign.ts';
import type { VerifyKeys } from './sign.ts';
import type { VoidLine } from './vault-api.ts';

export type JudgedLine =
  | {
      readonly isVoid: false;
      readonly claims: LineClaims;
      readonly payload: LinePayload;
      /** After the line. */
      readonly authority: AuthorityState;
      /** Whether the line counts whatever its content says. */
      readonly standsByClear: boolean;
    }
  | {
      readonly isVoid: true;
      readonly claims: LineClaims;
      readonly line: VoidLine;
      readonly authority: AuthorityState;
    };

/** @throws LatchkeyError VAULT_CORRUPT with the line's number when it is not authentic */
export function judgeLine(
  place: ChainPlace,
  stored: StoredLine,
  checked: CheckedLine,
  keys: VerifyKeys,
): JudgedLine {
  const { seq, authority } = place;
  const claims = inPlace(place, checked);
  const signer = knownSigner(place, claims);
  if (!holds(signer.key, stored.line, claims, keys)) throw damagedLine(seq, 'its signature does not hold');
  const voided = (code: VoidLine['code'], why: string): JudgedLine => {
    // Nothing can stand on a vault without a first operator.
    if (authority === undefined) throw damagedLine(seq, why);
    const named = claims.names === undefined ? authority : withVoidSigner(authority, claims.names);
    return { isVoid: true, claims, line: { seq, signer: claims.signer, code, why }, authority: named };
  };
  if (!signer.isEffective) return voided('signer', 'only a void line names its signer');
  if (!claims.form.ok) return voided('form', claims.form.why);
  const { payload } = claims.form;
  const verdict = judgeClear(authority, claims.signer, payload);
  if (!verdict.ok) return voided(verdict.code, verdict.why);
  const { state, standsByClear } = verdict;
  return {
    isVoid: false,
    claims,
    payload,
    standsByClear,
    authority: { ...state, logTimeMs: Math.max(state.logTimeMs, payload.atMs) },
  };
}

/** @throws LatchkeyError VAULT_NEEDS_NEWER_VERSION when the log has a format that this program does not know */
export function requireFormat(authority: AuthorityState, supported: number): void {
  if (authority.format <= supported) return;
  throw new LatchkeyError('VAULT_NEEDS_NEWER_VERSION', ['newerLog', authority.format, supported], {
    details: { format: authority.format, supported },
  });
}

/** `seq` counts from 0; people count lines from 1. */
export function damagedLine(seq: number, what: string): LatchkeyError {
  return new LatchkeyError('VAULT_CORRUPT', ['lineDamaged', seq + 1, what], { details: { line: seq + 1 } });
}

function inPlace(place: ChainPlace, checked: CheckedLine): LineClaims {
  const { seq } = place;
  if (!checked.isLine) throw damagedLine(seq, checked.why);
  if (checked.vault !== place.vaultId) throw damagedLine(seq, 'it belongs to another vault');
  if (checked.seq !== seq) throw damagedLine(seq, 'it stood at another place: lines were removed or moved');
  if (checked.prev !== place.hash) throw damagedLine(seq, 'the line before it is another');
  if (seq === 0 && checked.hash !== place.genesis)
    throw damagedLine(seq, 'it is not the line that this vault began with');
  return checked;
}

function knownSigner(
  place: ChainPlace,
  claims: LineClaims,
): { readonly key: OkpPublicKey; readonly isEffective: boolean } {
  const { names } = claims;
  // Line 1 brings its own signer; that it is the right line, the anchor says.
  if (place.authority === undefined && names !== undefined && kidOf(names.signer, names.keyNo) === claims.kid)
    return { key: names.signKey, isEffective: true };
  const known = signerOf(place.authority, claims.kid, claims.signer);
  if (known === undefined) throw damagedLine(place.seq, 'no line before it names its signer');
  return known;
}

/** The signature, as it was checked beforehand if under the same key. */
function holds(key: OkpPublicKey, line: string, claims: LineClaims, keys: VerifyKeys): boolean {
  if (claims.tried?.x === key.x) return claims.tried.holds;
  return isSignedBy(keys.get(key), line);
}
