/**
 * Reading a log to its end: from the operator's checkpoint if that fits, else from line 1. Invariant: a checkpoint is
 * used only when the log has its very line at its place.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { LogBackend, StoredLine } from './backend.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { OpenedCheckpoint } from './open-checkpoint.ts';
import { followPublic } from './follow-public.ts';
import type { LineDenials, Place } from './head-copy.ts';
import { Keyring } from './keyring.ts';
import { hashLine } from './line.ts';
import { Marks } from './marks.ts';
import type { Outcome, Reader, ReplayCursor } from './replay.ts';
import { replayLines, startCursor } from './replay.ts';
import type { ReadLog, Restored } from './rollback.ts';
import { denialsOf, keepOutcome } from './session.ts';
import type { VaultAlarm } from './vault-api.ts';
import { VoidLog } from './void-log.ts';

/** More lines with denials than this are not kept for the head copy: the oldest have been there for long. */
const maxDenials = 10_000;

export type LogReading<State, Event> = {
  readonly reader: Reader<State, Event>;
  readonly cursor: ReplayCursor<State>;
  readonly voids: VoidLog;
  readonly marks: Marks;
  /** Where the replay began. */
  readonly from: number;
  /** How much was replayed. */
  readonly chars: number;
  readonly fromHash: string | null;
  readonly log: ReadLog;
  readonly denials: readonly LineDenials[];
  readonly restored: readonly Restored[];
  readonly alarms: readonly VaultAlarm[];
};

export type ReadRequest<State, Event> = {
  readonly backend: LogBackend;
  readonly vaultId: string;
  readonly genesis: string;
  readonly reader: Omit<Reader<State, Event>, 'keyring'>;
  readonly opened: OpenedCheckpoint<State>;
  /** Places whose hashes are wanted. */
  readonly places: readonly number[];
  readonly workers: number;
  readonly signal: AbortSignal;
};

/** @throws LatchkeyError VAULT_CORRUPT, VAULT_NEEDS_NEWER_VERSION, VAULT_KEY_MISSING, VAULT_UNAVAILABLE */
export async function readLog<State, Event>(
  request: ReadRequest<State, Event>,
): Promise<LogReading<State, Event>> {
  const { opened, backend } = request;
  if (opened.found === 'usable') {
    const lines = backend.read(placeBefore(opened.checkpoint.cursor))[Symbol.asyncIterator]();
    const fits = await isLastLineOf(opened.checkpoint.cursor, lines);
    if (fits) return readFrom(request, opened.checkpoint, rest(lines));
    await lines.return?.();
  }
  const { vaultId, genesis } = request;
  const start: Checkpoint<State> = {
    cursor: startCursor<State>(vaultId, genesis),
    keyring: new Keyring(),
    voids: new VoidLog(),
    marks: new Marks(),
  };
  return readFrom(request, start, backend.read({ seq: 0 }));
}

async function readFrom<State, Event>(
  request: ReadRequest<State, Event>,
  start: Checkpoint<State>,
  lines: AsyncIterable<StoredLine>,
): Promise<LogReading<State, Event>> {
  const { keyring, voids, marks } = start;
  const reader: Reader<State, Event> = { ...request.reader, keyring };
  const hashes = new Map<number, string>();
  let { cursor } = start;
  const noteHash = () => {
    if (cursor.hash !== null && request.places.includes(cursor.seq - 1))
      hashes.set(cursor.seq - 1, cursor.hash);
  };
  noteHash();
  await findOrgKey(request, reader, cursor);
  let chars = 0;
  let denials: LineDenials[] = [];
  const restored: Restored[] = [];
  const alarms: VaultAlarm[] = [];
  for await (const step of replayLines(reader, cursor, lines, request.workers, request.signal)) {
    ({ cursor } = step);
    const { outcome } = step;
    chars += step.chars;
    keepOutcome({ voids, marks }, cursor, outcome);
    noteHash();
    denials.push(...denialsOf(outcome));
    if (denials.length > 2 * maxDenials) denials = denials.slice(-maxDenials);
    restored.push(...restoredOf(outcome));
    alarms.push(...alarmsOf(outcome));
    if (alarms.length > 200) alarms.splice(0, 100);
  }
  return {
    reader,
    cursor,
    voids,
    marks,
    from: start.cursor.seq,
    chars,
    fromHash: start.cursor.hash,
    log: { hashAt: (seq) => hashes.get(seq), last: lastOf(cursor) },
    denials: denials.slice(-maxDenials),
    restored,
    alarms,
  };
}

/** The place of the last line. */
export function lastOf({ seq, hash }: Pick<ReplayCursor<unknown>, 'seq' | 'hash'>): Place | undefined {
  return hash === null ? undefined : { seq: seq - 1, hash };
}

/** What a line gives reason to tell. */
export function alarmsOf(outcome: Outcome<unknown>): readonly VaultAlarm[] {
  if (outcome.kind === 'void') return [{ kind: 'void-line', line: outcome.line }];
  if (outcome.unreadable === undefined) return [];
  return [{ kind: 'unreadable-content', seq: outcome.seq, why: outcome.unreadable }];
}

function restoredOf(outcome: Outcome<unknown>): readonly Restored[] {
  if (outcome.kind === 'void' || outcome.restored === undefined) return [];
  return [{ ...outcome.restored, signer: outcome.signer }];
}

/**
 * The key of the events may be granted later than the lines that it opens: to an operator who came later, or again by
 * `key.granted`. So it is looked for ahead, on lines that need no key.
 */
async function findOrgKey<State, Event>(
  { backend, workers, signal }: ReadRequest<State, Event>,
  reader: Reader<State, Event>,
  from: ReplayCursor<State>,
): Promise<void> {
  const { keyring, operatorId, receiveKey, keys, domain } = reader;
  if (keyring.get('org') !== undefined) return;
  const lines = backend.read({
    seq: from.seq,
    ...(from.bookmark === undefined ? {} : { bookmark: from.bookmark }),
  });
  const options = { supportedFormat: domain.supportedFormat, workers, keys, signal };
  for await (const line of followPublic(from, lines, options)) {
    if (line.keys !== undefined) await keyring.take(from.vaultId, operatorId, receiveKey, line.keys);
    if (keyring.get('org') !== undefined) return;
  }
}

/** From where the last line of a cursor is read again. */
export function placeBefore({ seq, lastLineAt }: ReplayCursor<unknown>) {
  return { seq: seq - 1, ...(lastLineAt === undefined ? {} : { bookmark: lastLineAt }) };
}

/** Whether the log still has the last line of a cursor at its place. */
export async function isLastLineOf(
  cursor: ReplayCursor<unknown>,
  lines: AsyncIterator<StoredLine>,
): Promise<boolean> {
  try {
    const first = await lines.next();
    return first.done !== true && hashLine(first.value.line) === cursor.hash;
  } catch (error) {
    // Shorter than that: what it means is for the judgement of the head.
    if (error instanceof LatchkeyError && error.code === 'VAULT_CORRUPT') return false;
    throw error;
  }
}

async function* rest(lines: AsyncIterator<StoredLine>): AsyncGenerator<StoredLine> {
  try {
    for (let next = await lines.next(); next.done !== true; next = await lines.next()) yield next.value;
  } finally {
    await lines.return?.();
  }
}
