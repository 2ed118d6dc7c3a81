/**
 * Checking the lines before a checkpoint while the vault is open: chain and signatures, no content. Invariant: costs at
 * most half of one processor, and ends with the session; damage stops the writing and is told.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { LatchkeyError } from '../../shared/errors.ts';
import type { StoredLine } from './backend.ts';
import { followPublic, startPlace } from './follow-public.ts';
import { damagedLine } from './judge-line.ts';
import type { Session } from './session.ts';

/** Between two pieces of work the processor belongs to others for as long. */
const workMs = 50;

/**
 * Checks lines 0 to `end`, the last of which has `hash`. Each line is judged by the lines before it, as at an opening: who
 * is known at the end may have signed with another key while only a void line named him.
 * @returns when all is checked, damage was told, or the session ended
 */
export async function checkBehind<State, Event>(
  session: Session<State, Event>,
  end: number,
  hash: string,
): Promise<void> {
  const { abort, reader, alarms, content, backend } = session;
  let place = startPlace(content.vaultId, content.genesis);
  try {
    const lines = followPublic(place, untilLine(backend.read({ seq: 0 }), end), {
      supportedFormat: reader.domain.supportedFormat,
      keys: reader.keys,
      workers: 1,
      signal: abort.signal,
    });
    let startedMs = performance.now();
    for await (const line of lines) {
      ({ place } = line);
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

export async function* untilLine(lines: AsyncIterable<StoredLine>, end: number): AsyncGenerator<StoredLine> {
  if (end <= 0) return;
  for await (const stored of lines) {
    yield stored;
    if (stored.seq + 1 >= end) return;
  }
}
