/**
 * Opening a log with an operator's keys. Invariant: the head and this computer's copy of it are read before the log; a
 * log that does not pass through all that was seen is not opened, unless an operator accepts it by a deliberate act.
 */
import { availableParallelism } from './parallelism.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Alarms } from './alarms.ts';
import type { LogBackend } from './backend.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import type { HeadCopy, Place } from './head-copy.ts';
import type { StoredHead } from './head.ts';
import { readHead } from './head.ts';
import type { LogReading } from './read-log.ts';
import { readLog } from './read-log.ts';
import type { HeadJudgement, ReadLog } from './rollback.ts';
import { judgeHead, scanLog } from './rollback.ts';
import type { Session } from './session.ts';
import { isKnownHead } from './session.ts';
import { VerifyKeys } from './sign.ts';
import type { SlotContent } from './slots.ts';
import type { VaultParts } from './vault-api.ts';
import type { KeySlot } from './vault-file.ts';

export type OpenedSession<State, Event> = {
  readonly session: Session<State, Event>;
  readonly reading: LogReading<State, Event>;
  /** The stored head, if it holds. */
  readonly head: StoredHead | undefined;
  readonly judgement: HeadJudgement;
  readonly copy: HeadCopy | undefined;
};

/** Somebody else may write while it is read; more often than this is no race. */
const maxLooks = 3;

type Opening<State, Event> = {
  readonly parts: VaultParts<State, Event>;
  readonly backend: LogBackend;
  readonly alarms: Alarms;
  readonly slot: KeySlot;
  readonly content: SlotContent;
  readonly abort: AbortController;
};

/**
 * Reads the log and judges it. What the judgement means is the caller's.
 * @throws LatchkeyError VAULT_CORRUPT, VAULT_NEEDS_NEWER_VERSION, VAULT_KEY_MISSING, VAULT_UNAVAILABLE
 */
export async function openSession<State, Event>(
  opening: Opening<State, Event>,
): Promise<OpenedSession<State, Event>> {
  const { parts, backend, alarms, content } = opening;
  const { tornTailBytes, completedLastLine } = await backend.recover();
  if (tornTailBytes > 0) alarms.raise({ kind: 'torn-tail', bytes: tornTailBytes });
  if (completedLastLine) alarms.raise({ kind: 'completed-last-line' });
  const copy = await readCopy(opening);
  let ignoreCheckpoint = false;
  for (let look = 1; ; look += 1) {
    const { vaultId } = content;
    const claimed = storedHead(await backend.head(), vaultId);
    const checkpoint = await ownCheckpoint(opening, ignoreCheckpoint, look === 1);
    const witness = checkpoint.witness;
    const places = [copy?.seq, claimed?.seq, witness?.seq].filter((seq) => seq !== undefined);
    const reading = await readLog({
      backend,
      vaultId,
      genesis: content.genesis,
      reader: {
        domain: parts.domain,
        operatorId: opening.slot.operatorId,
        receiveKey: content.receiveKey,
        keys: new VerifyKeys(),
      },
      opened: checkpoint.opened,
      places,
      workers: workersOf(parts),
      signal: opening.abort.signal,
    });
    if (reading.cursor.state === undefined) throw emptyLog();
    const head =
      claimed !== undefined && isKnownHead(reading, claimed, copy?.signers ?? []) ? claimed : undefined;
    const log = await withEarlier(backend, reading, places);
    const judgement = judgeHead(head, copy, witness, log);
    const usedCheckpoint = reading.from > 0;
    if (!judgement.ok && look < maxLooks) {
      const second = await lookAgain(opening, copy, witness, reading);
      // Seen by a reader who came between two writes.
      if (second.ok) continue;
      if (usedCheckpoint && !ignoreCheckpoint) {
        // Earlier lines may say that the loss was accepted.
        ignoreCheckpoint = true;
        continue;
      }
    }
    for (const alarm of reading.alarms) alarms.raise(alarm);
    return { session: sessionOf(opening, reading, copy), reading, head, judgement, copy };
  }
}

function sessionOf<State, Event>(
  { parts, backend, alarms, slot, content, abort }: Opening<State, Event>,
  { reader, cursor, voids, marks, from, denials }: LogReading<State, Event>,
  copy: HeadCopy | undefined,
): Session<State, Event> {
  return {
    parts,
    backend,
    alarms,
    slot,
    content,
    reader,
    voids,
    marks,
    abort,
    cursor,
    stopped: undefined,
    unnoted: denials.filter(({ seq }) => copy === undefined || seq > copy.seq),
    checkedFrom: from,
    checkedBehind: 0,
  };
}

async function readCopy<State, Event>({
  parts,
  content,
  alarms,
}: Opening<State, Event>): Promise<HeadCopy | undefined> {
  try {
    return await parts.headCopies.read(content.vaultId);
  } catch (error) {
    if (!(error instanceof LatchkeyError) || error.code !== 'VAULT_UNAVAILABLE') throw error;
    // Not there for now, which is told; a damaged one is not passed over.
    alarms.raise({ kind: 'head-copy-failed', why: error.message });
    return undefined;
  }
}

async function ownCheckpoint<State, Event>(
  { parts, slot, content, alarms }: Opening<State, Event>,
  ignore: boolean,
  isFirst: boolean,
) {
  const lines = await parts.checkpoints.read(slot.operatorId);
  if (lines === undefined) return { opened: { found: 'none' } as const, witness: undefined };
  const key = new Uint8Array(Buffer.from(content.checkpointKey, 'base64url'));
  const owner = { key, vaultId: content.vaultId, operatorId: slot.operatorId };
  const opened = await openCheckpoint(owner, parts.domain, lines);
  if (opened.found === 'newer' && isFirst) alarms.raise({ kind: 'checkpoint-newer', schema: opened.schema });
  if (opened.found !== 'usable') return { opened, witness: undefined };
  const { seq, hash } = opened.checkpoint.cursor;
  const witness: Place | undefined = hash === null ? undefined : { seq: seq - 1, hash };
  return { opened: ignore ? ({ found: 'none' } as const) : opened, witness };
}

const storedHead = (jws: string | undefined, vaultId: string): StoredHead | undefined =>
  jws === undefined ? undefined : readHead(jws, vaultId);

/** Places before the line where the replay began are read without it. */
async function withEarlier<State, Event>(
  backend: LogBackend,
  { log, from }: LogReading<State, Event>,
  places: readonly number[],
): Promise<ReadLog> {
  const earlier = places.filter((seq) => seq < from - 1);
  if (earlier.length === 0) return log;
  const scanned = await scanLog(backend, earlier);
  return { ...log, hashAt: (seq) => log.hashAt(seq) ?? scanned.hashAt(seq) };
}

/** The same judgement while nobody can write. */
async function lookAgain<State, Event>(
  { backend, content }: Opening<State, Event>,
  copy: HeadCopy | undefined,
  witness: Place | undefined,
  reading: LogReading<State, Event>,
): Promise<HeadJudgement> {
  return backend.locked(async () => {
    const claimed = storedHead(await backend.head(), content.vaultId);
    const head =
      claimed !== undefined && isKnownHead(reading, claimed, copy?.signers ?? []) ? claimed : undefined;
    const places = [copy?.seq, head?.seq, witness?.seq].filter((seq) => seq !== undefined);
    return judgeHead(head, copy, witness, await scanLog(backend, places));
  });
}

/** Threads for many lines: two at most, as the main thread has its part of the work. */
export function workersOf(parts: Pick<VaultParts<never, never>, 'workers'>): number {
  return parts.workers ?? Math.min(2, availableParallelism());
}

function emptyLog(): LatchkeyError {
  return new LatchkeyError('VAULT_CORRUPT', ['logEmpty'], {
    details: { line: 1 },
  });
}
