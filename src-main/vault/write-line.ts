/**
 * From events to a signed line. Invariant: what a replay would void or refuse is refused here, with the reason, before
 * anything is signed; the line is built from the very content that was judged.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import type { AuthorityState } from './authority-state.ts';
import { judgeClear, whyNotAllowed } from './authority.ts';
import { maxLineBytes } from './backend.ts';
import { FormError, parseJson } from '../base/compact.ts';
import type { Domain, LineContext } from './domain.ts';
import { signHead } from './head.ts';
import { isJcs, jcs } from './jcs.ts';
import { whyClearDiffers } from './judge-content.ts';
import { firstEpoch } from './keyring.ts';
import type { KeyHolder } from './line-keys.ts';
import { heldKey, keysFor } from './line-keys.ts';
import type { LinePayload } from './line.ts';
import { contentBinding, hashLine, parsePayload, payloadText } from './line.ts';
import type { Outcome, ReplayCursor } from './replay.ts';
import type { Random } from '../base/seal-text.ts';
import type { PrivateJwk } from './seal.ts';
import { sealTextNow } from '../base/seal-text.ts';
import { kidOf, signText } from './sign.ts';

/** Base64url takes four characters for three bytes; header and signature take the rest. */
const maxPayloadBytes = (maxLineBytes / 4) * 3 - 1024;

export type Writer<State, Event> = {
  readonly domain: Domain<State, Event>;
  readonly operatorId: OperatorId;
  readonly keyNo: number;
  readonly signKey: PrivateJwk;
  readonly keyring: KeyHolder;
  readonly random: Random;
};

export type BuiltLine<State, Event> = {
  readonly line: string;
  readonly head: string;
  /** Behind the line; the bookmarks are the backend's to give. */
  readonly cursor: ReplayCursor<State>;
  readonly outcome: Extract<Outcome<Event>, { kind: 'effective' }>;
};

/**
 * Builds the line of events behind a cursor.
 * @throws LatchkeyError INVALID_INPUT when they cannot be stored, VAULT_UNAUTHORIZED_EVENT, VAULT_KEY_MISSING
 */
export async function buildLine<State, Event>(
  writer: Writer<State, Event>,
  cursor: ReplayCursor<State>,
  events: readonly Event[],
  atMs: number,
): Promise<BuiltLine<State, Event>> {
  const { domain, operatorId: signer } = writer;
  const context: LineContext = {
    vaultId: cursor.vaultId,
    seq: cursor.seq,
    atMs,
    logTimeMs: cursor.authority?.logTimeMs ?? 0,
    signer,
  };
  const text = contentText(events);
  // Events are judged in the form in which they come back from the log.
  const stored = storedEvents(domain, text);
  const applied = domain.applyLine(cursor.state, stored, context);
  if (!applied.ok) throw refused(applied.code, applied.why);
  const clear = domain.clearOf(cursor.state, stored, context);
  const grantsTo = domain.grantsTo(stored);
  if (cursor.authority !== undefined) {
    const whyNot = whyNotAllowed(cursor.authority, signer, clear, grantsTo !== undefined);
    if (whyNot !== undefined) throw refused('right', whyNot);
  }
  const keys = await keysFor(writer.keyring, cursor, clear, grantsTo);
  const payload: LinePayload = {
    v: 1,
    vault: cursor.vaultId,
    seq: cursor.seq,
    prev: cursor.hash,
    epoch: firstEpoch,
    atMs,
    clear: clear as LinePayload['clear'],
    ...(keys === undefined ? {} : { keys: [...keys] }),
    jwe: sealTextNow(
      heldKey(writer.keyring, 'org', cursor.seq),
      text,
      contentBinding(cursor.vaultId, cursor.seq, firstEpoch),
      writer.random,
    ),
  };
  const judged = judgeBuilt(domain, cursor, payload, stored, text, context);
  const kid = kidOf(signer, writer.keyNo);
  if (judged.text.length > maxPayloadBytes)
    throw unstorable('it is too large for one line; make it in several smaller steps');
  const line = signText(writer.signKey, 'lk-line', kid, judged.text);
  const hash = hashLine(line);
  const head = { vault: cursor.vaultId, seq: cursor.seq, hash, atMs };
  return {
    line,
    head: signHead(writer.signKey, kid, head),
    cursor: { ...cursor, seq: cursor.seq + 1, hash, authority: judged.authority, state: applied.state },
    outcome: {
      kind: 'effective',
      seq: cursor.seq,
      atMs,
      signer,
      events: stored,
      denies: clear.denies,
      restored: clear.restored,
      unreadable: undefined,
    },
  };
}

function contentText(events: readonly unknown[]): string {
  try {
    return jcs({ events });
  } catch (cause) {
    throw unstorable('it holds characters that cannot be stored', cause);
  }
}

function storedEvents<Event>(
  domain: Pick<Domain<never, Event>, 'parseEvents'>,
  text: string,
): readonly Event[] {
  const parsed = domain.parseEvents(JSON.parse(text));
  if (!parsed.ok) throw unstorable(parsed.why);
  return parsed.events;
}

/** What a reader will say of the line, said now. */
function judgeBuilt<State, Event>(
  domain: Domain<State, Event>,
  cursor: ReplayCursor<State>,
  payload: LinePayload,
  events: readonly Event[],
  text: string,
  context: LineContext,
): { readonly text: string; readonly authority: AuthorityState } {
  const verdict = judgeClear(cursor.authority, context.signer, payload);
  if (!verdict.ok) throw refused(verdict.code, verdict.why);
  if (verdict.state.format > domain.supportedFormat)
    throw unstorable(`this version does not write format ${verdict.state.format}`);
  const spelled = payloadText(payload);
  requireParsable(text);
  requireParsable(spelled);
  const parsed = parsePayload(spelled, JSON.parse(spelled));
  if (!parsed.ok) throw unstorable(parsed.why);
  if (!isJcs(text, JSON.parse(text))) throw unstorable('it is spelled in another way when it is read back');
  const differs = whyClearDiffers(payload.clear, domain.grantsTo(events), payload);
  if (differs !== undefined) throw unstorable(differs);
  const { state } = verdict;
  return {
    text: spelled,
    authority: { ...state, logTimeMs: Math.max(state.logTimeMs, context.atMs) },
  };
}

/** @throws LatchkeyError INVALID_INPUT when a reader would not parse it */
function requireParsable(text: string): void {
  try {
    parseJson(text);
  } catch (cause) {
    if (!(cause instanceof FormError)) throw cause;
    throw unstorable('it holds too many values for one line; make it in several smaller steps', cause);
  }
}

function refused(code: 'right' | 'fit', why: string): LatchkeyError {
  if (code === 'fit') return unstorable(why);
  return new LatchkeyError('VAULT_UNAUTHORIZED_EVENT', ['mayNotWrite', why]);
}

function unstorable(why: string, cause?: unknown): LatchkeyError {
  return new LatchkeyError('INVALID_INPUT', ['unstorable', why], { cause });
}
