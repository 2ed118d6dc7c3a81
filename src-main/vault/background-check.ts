/**
 * Checking the lines before a checkpoint while the vault is open: chain and signatures, no content. Invariant: costs at
 * most half of one processor, and ends with the session; damage stops the writing and is told.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { LatchkeyError } from '../../shared/errors.ts';
import type { StoredLine } from './backend.ts';
import type { CheckedItem } from './check-lines.ts';
import { checkLines } from './check-lines.ts';
import { signerOf } from './authority.ts';
import { damagedLine } from './judge-line.ts';
import { isSignedBy } from './sign.ts';
import type { Session } from './session.ts';

/** Between two pieces of work the processor belongs to others for as long. */
const workMs = 50;

/**
 * Checks lines 0 to `end`, the last of which has `hash`.
 * @returns when all is checked, damage was told, or the session ended
 */
export async function checkBehind<State, Event>(
  session: Session<State, Event>,
  end: number,
  hash: string,
): Promise<void> {
  const { abort, reader, alarms } = session;
  const authority = session.cursor.authority;
  let place = { seq: 0, hash: null as string | null };
  try {
    const batches = checkLines(untilLine(session.backend.read({ seq: 0 }), end), {
      keys: reader.keys,
      authority: () => authority,
      orgKey: () => undefined,
      workers: 1,
      signal: abort.signal,
    });
    let startedMs = performance.now();
    for await (const batch of batches) {
      for (const item of batch) place = nextPlace(session, place, item);
      session.checkedBehind = place.seq;
      const tookMs = performance.now() - startedMs;
      if (tookMs < workMs) continue;
      await wait(tookMs, undefined, { signal: abort.signal, ref: false });
      startedMs = performance.now();
    }
    if (place.seq !== end) throw damagedLine(place.seq, 'it is missing');
    if (place.hash !== hash) throw damagedLine(end - 1, 'it is another line');
  } catch (error) {
    if (abort.signal.aborted) return;
    if (!(error instanceof LatchkeyError)) throw error;
    if (error.code !== 'VAULT_CORRUPT') {
      // A disk that is away is told by the watch; the check begins again with the next unlock.
      return;
    }
    const line = error.details.line ?? place.seq + 1;
    session.stopped ??= `line ${line} of the log is damaged`;
    alarms.raise({ kind: 'damaged-line', line, why: error.message });
  }
}

function nextPlace<State, Event>(
  { cursor, reader }: Session<State, Event>,
  place: { readonly seq: number; readonly hash: string | null },
  { stored, checked }: CheckedItem,
): { seq: number; hash: string | null } {
  const { seq } = place;
  if (!checked.isLine) throw damagedLine(seq, checked.why);
  if (checked.vault !== cursor.vaultId || checked.seq !== seq || checked.prev !== place.hash)
    throw damagedLine(seq, 'it is not the line of this place');
  // Whoever ever signed is known at the end: keys are only added.
  const signer = signerOf(cursor.authority, checked.kid, checked.signer);
  if (signer === undefined) throw damagedLine(seq, 'no line names its signer');
  const holds =
    checked.tried?.x === signer.key.x
      ? checked.tried.holds
      : isSignedBy(reader.keys.get(signer.key), stored.line);
  if (!holds) throw damagedLine(seq, 'its signature does not hold');
  return { seq: seq + 1, hash: checked.hash };
}

export async function* untilLine(lines: AsyncIterable<StoredLine>, end: number): AsyncGenerator<StoredLine> {
  if (end <= 0) return;
  for await (const stored of lines) {
    yield stored;
    if (stored.seq + 1 >= end) return;
  }
}
