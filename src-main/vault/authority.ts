/**
 * Who may sign, folded from the clear parts of lines alone. Invariant: pure, and in need of no key, so that readers with
 * and without content agree on signers, roles, format and committed keys. A line is judged by the state before it.
 */
import { tableOf } from '../base/table.ts';
import type { OkpPublicKey } from '../../shared/model/domain.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import type { AuthorityState, OperatorAuthority } from './authority-state.ts';
import type { Clear, ClearAuthority } from './domain.ts';
import { whyKeysUnfit } from './key-rules.ts';
import type { LinePayload, NamedSigner } from './line.ts';
import { kidOf } from './sign.ts';

export type ClearVerdict =
  | {
      readonly ok: true;
      readonly state: AuthorityState;
      /** Whether the line counts whatever its content says. */
      readonly standsByClear: boolean;
    }
  | { readonly ok: false; readonly code: 'right' | 'fit'; readonly why: string };

const unfit = (why: string): ClearVerdict => ({ ok: false, code: 'fit', why });
const noRight = (why: string): ClearVerdict => ({ ok: false, code: 'right', why });

/** The key under which a kid signs, and whether its lines can have an effect. */
export function signerOf(
  state: AuthorityState | undefined,
  kid: string,
  signer: OperatorId,
): { readonly key: OkpPublicKey; readonly isEffective: boolean } | undefined {
  const operator = state?.operators.get(signer);
  if (operator !== undefined && kidOf(signer, operator.keyNo) === kid)
    return { key: operator.signKey, isEffective: true };
  const key = state?.voidSigners.get(kid);
  return key === undefined ? undefined : { key, isEffective: false };
}

/** Remembers whom a void line named. The first naming stays. */
export function withVoidSigner(state: AuthorityState, named: NamedSigner): AuthorityState {
  const kid = kidOf(named.signer, named.keyNo);
  if (state.voidSigners.has(kid)) return state;
  return { ...state, voidSigners: state.voidSigners.set(kid, named.signKey) };
}

/** Judges a line of a known signer by its clear part and the keys that it brings. Log time is the caller's to move. */
export function judgeClear(
  before: AuthorityState | undefined,
  signer: OperatorId,
  payload: LinePayload,
): ClearVerdict {
  if (before === undefined) return judgeFirst(signer, payload);
  const { clear } = payload;
  const whyNot = whyNotAllowed(before, signer, clear, payload.keys !== undefined);
  if (whyNot !== undefined) return noRight(whyNot);
  const standsByClear = isJudgedByClear(clear, payload.keys !== undefined);
  const keysUnfit = whyKeysUnfit(before, clear, payload.keys);
  if (keysUnfit !== undefined) return unfit(keysUnfit);
  if ('authority' in clear) return judgeAuthority(before, clear.authority);
  if ('format' in clear) {
    if (clear.format.to <= before.format) return unfit('the format is declared already');
    return { ok: true, standsByClear, state: { ...before, format: clear.format.to } };
  }
  if ('restored' in clear) {
    const { fromSeq, lostSeq } = clear.restored;
    if (fromSeq < 1 || fromSeq > payload.seq || lostSeq < fromSeq)
      return unfit('the lost lines are not a range before this line');
  }
  return { ok: true, standsByClear, state: before };
}

/** Whether a line counts by its clear part, whatever its content says. */
const isJudgedByClear = (clear: Clear, bringsKeys: boolean): boolean =>
  clear.authority !== undefined || clear.format !== undefined || clear.restored !== undefined || bringsKeys;

/** Why a signer may not write a line with such a clear part; undefined when the role allows it. */
export function whyNotAllowed(
  before: AuthorityState,
  signer: OperatorId,
  clear: Clear,
  bringsKeys: boolean,
): string | undefined {
  const operator = before.operators.get(signer);
  if (operator === undefined || operator.removed) return 'the signer is no operator';
  if (operator.role === 'admin') return undefined;
  // What an auditor may say is the domain's; nothing of it stands in clear, or counts without its content.
  if (operator.role === 'auditor')
    return bringsKeys || Object.keys(clear).length > 0 ? 'an auditor may not write this' : undefined;
  if (isJudgedByClear(clear, bringsKeys)) return 'only an admin may change who signs, the format or the keys';
  const { environments, teams, channels } = clear.denies ?? {};
  return environments === undefined && teams === undefined && channels === undefined
    ? undefined
    : 'only an admin may take away environments, teams or channels';
}

function judgeFirst(signer: OperatorId, payload: LinePayload): ClearVerdict {
  const { clear, keys } = payload;
  if (!('authority' in clear)) return unfit('the first line brings no operator');
  const { authority } = clear;
  if (authority.signer !== signer || authority.role !== 'admin' || authority.teamIds.length > 0)
    return unfit('the first operator must be an admin and sign the first line');
  const keysUnfit = whyKeysUnfit(undefined, clear, keys);
  if (keysUnfit !== undefined) return unfit(keysUnfit);
  const state: AuthorityState = {
    operators: new Map([[signer, operatorOf(authority)]]),
    adminQuorum: 1,
    format: 1,
    keys: new Map(keys?.map(({ name, epoch, commitment }) => [`${name}/${epoch}`, commitment])),
    logTimeMs: 0,
    voidSigners: tableOf(),
  };
  return { ok: true, standsByClear: true, state };
}

function judgeAuthority(before: AuthorityState, authority: ClearAuthority): ClearVerdict {
  const known = before.operators.get(authority.signer);
  if (known === undefined) {
    for (const { signKey } of before.operators.values())
      if (signKey.x === authority.signKey.x) return unfit('another operator has this key');
  } else if (
    known.keyNo !== authority.keyNo ||
    known.signKey.x !== authority.signKey.x ||
    known.receiveKey.x !== authority.receiveKey.x
  ) {
    return unfit('an operator keeps both keys');
  }
  if (known === undefined && authority.keyNo !== 1) return unfit('the first key of an operator has number 1');
  const operators = new Map(before.operators).set(authority.signer, operatorOf(authority));
  if (![...operators.values()].some(({ role, removed }) => role === 'admin' && !removed))
    return unfit('the last admin must stay one');
  return { ok: true, standsByClear: true, state: { ...before, operators } };
}

function operatorOf(authority: ClearAuthority): OperatorAuthority {
  const { keyNo, signKey, receiveKey, role, teamIds, removed } = authority;
  return { keyNo, signKey, receiveKey, role, teamIds, removed };
}
