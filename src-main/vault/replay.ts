/**
 * From lines to state. Invariant: a line counts only when it belongs to this vault, at this place, behind that line, is
 * signed by a signer of the state before it, its signer might write it, its content opens under the committed key, and
 * what it shows in clear is what it says. What is not authentic stops the replay; what may not be is void, and told.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import type { StoredLine } from './backend.ts';
import type { CheckedItem } from './check-lines.ts';
import { checkLines } from './check-lines.ts';
import type { ClearDenials, Domain, LineContext } from './domain.ts';
import { judgeContent } from './judge-content.ts';
import type { ChainPlace } from './chain-place.ts';
import type { JudgedLine } from './judge-line.ts';
import { judgeLine, requireFormat } from './judge-line.ts';
import type { Keyring } from './keyring.ts';
import { openContent } from './line-check.ts';
import type { PrivateJwk } from './seal.ts';
import type { VerifyKeys } from './sign.ts';
import type { VoidLine } from './vault-api.ts';

/** Where a replay stands. Immutable: a step makes a new one. */
export type ReplayCursor<State> = ChainPlace & {
  readonly state: State | undefined;
  /** Of the backend: where the next line begins, and where the last one did. */
  readonly bookmark: string | undefined;
  readonly lastLineAt: string | undefined;
};

export type Reader<State, Event> = {
  readonly domain: Domain<State, Event>;
  readonly operatorId: OperatorId;
  readonly receiveKey: PrivateJwk;
  readonly keyring: Keyring;
  readonly keys: VerifyKeys;
};

/** What a line did. */
export type Outcome<Event> =
  | { readonly kind: 'void'; readonly line: VoidLine }
  | {
      readonly kind: 'effective';
      readonly seq: number;
      readonly atMs: number;
      readonly signer: OperatorId;
      readonly events: readonly Event[];
      readonly denies: ClearDenials | undefined;
      readonly restored: { readonly fromSeq: number; readonly lostSeq: number } | undefined;
      /** The line counts by its clear part, and its content for nothing. */
      readonly unreadable: string | undefined;
    };

export const startCursor = <State>(vaultId: string, genesis: string): ReplayCursor<State> => ({
  vaultId,
  genesis,
  seq: 0,
  hash: null,
  authority: undefined,
  state: undefined,
  bookmark: undefined,
  lastLineAt: undefined,
});

/**
 * The cursor behind one more line.
 * @throws LatchkeyError VAULT_CORRUPT, VAULT_NEEDS_NEWER_VERSION, VAULT_KEY_MISSING
 */
export async function replayLine<State, Event>(
  reader: Reader<State, Event>,
  cursor: ReplayCursor<State>,
  { stored, checked }: CheckedItem,
): Promise<{ readonly cursor: ReplayCursor<State>; readonly outcome: Outcome<Event> }> {
  const judged = judgeLine(cursor, stored, checked, reader.keys);
  const moved = {
    ...cursor,
    seq: cursor.seq + 1,
    hash: judged.claims.hash,
    bookmark: stored.bookmark,
    lastLineAt: cursor.bookmark,
  };
  if (judged.isVoid)
    return {
      cursor: { ...moved, authority: judged.authority },
      outcome: { kind: 'void', line: judged.line },
    };
  requireFormat(judged.authority, reader.domain.supportedFormat);
  const { keys } = judged.payload;
  if (keys !== undefined)
    await reader.keyring.take(cursor.vaultId, reader.operatorId, reader.receiveKey, keys);
  const { state, outcome } = await withContent(reader, cursor, judged);
  const authority = outcome.kind === 'void' ? cursor.authority : judged.authority;
  return { cursor: { ...moved, authority, state }, outcome };
}

async function withContent<State, Event>(
  reader: Reader<State, Event>,
  cursor: ReplayCursor<State>,
  judged: Extract<JudgedLine, { isVoid: false }>,
): Promise<{ readonly state: State | undefined; readonly outcome: Outcome<Event> }> {
  const { domain } = reader;
  const { claims, payload } = judged;
  const context: LineContext = {
    vaultId: cursor.vaultId,
    seq: cursor.seq,
    atMs: payload.atMs,
    logTimeMs: cursor.authority?.logTimeMs ?? 0,
    signer: claims.signer,
  };
  const content = claims.content ?? openContent(payload, requireOrgKey(reader, cursor.seq));
  const verdict = await judgeContent(domain, cursor.state, payload, content, context);
  const { seq, signer, atMs } = context;
  const effective = (events: readonly Event[], unreadable: string | undefined): Outcome<Event> => ({
    kind: 'effective',
    seq,
    atMs,
    signer,
    events,
    denies: 'denies' in payload.clear ? payload.clear.denies : undefined,
    restored: 'restored' in payload.clear ? payload.clear.restored : undefined,
    unreadable,
  });
  if (verdict.ok) return { state: verdict.state, outcome: effective(verdict.events, undefined) };
  const { code, why } = verdict;
  if (!judged.standsByClear)
    return { state: cursor.state, outcome: { kind: 'void', line: { seq, signer, code, why } } };
  const shown = domain.eventsOfClear(cursor.state, payload.clear);
  const applied = shown === undefined ? undefined : domain.applyLine(cursor.state, shown, context);
  return { state: applied?.ok === true ? applied.state : cursor.state, outcome: effective([], why) };
}

export type ReplayStep<State, Event> = {
  readonly cursor: ReplayCursor<State>;
  readonly outcome: Outcome<Event>;
  /** The length of the line. */
  readonly chars: number;
};

/** Steps through lines; signatures are checked in threads where there are many. @throws as replayLine */
export async function* replayLines<State, Event>(
  reader: Reader<State, Event>,
  from: ReplayCursor<State>,
  lines: AsyncIterable<StoredLine>,
  workers: number,
  signal?: AbortSignal,
): AsyncGenerator<ReplayStep<State, Event>> {
  let cursor = from;
  const batches = checkLines(lines, {
    keys: reader.keys,
    authority: () => cursor.authority,
    orgKey: () => reader.keyring.get('org'),
    workers,
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const batch of batches) {
    for (const item of batch) {
      const step = await replayLine(reader, cursor, item);
      ({ cursor } = step);
      yield { ...step, chars: item.stored.line.length };
    }
  }
}

/** The key of the events. @throws LatchkeyError VAULT_KEY_MISSING */
export function requireOrgKey(reader: Pick<Reader<never, never>, 'keyring'>, seq: number): Uint8Array {
  const key = reader.keyring.get('org');
  if (key !== undefined) return key;
  throw new LatchkeyError('VAULT_KEY_MISSING', ['noKeyForYou'], {
    details: { key: 'org', epoch: 0, line: seq + 1 },
  });
}
