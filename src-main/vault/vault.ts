/**
 * Opening a vault: a signed, encrypted, hash-chained log of transactions, and the keys to it. Invariant: a vault opens only
 * as a whole: key slot, log, and the first line that the slot names belong together, every line is in its place, what the
 * state is made of was written by somebody who might, and it is the log that this computer has read, or a longer one.
 */
import { acceptLoss } from './accept-restored.ts';
import { Alarms } from './alarms.ts';
import { CheckpointWriter } from './checkpoint-writer.ts';
import { readHead } from './head.ts';
import type { UnlockBy } from './open-keys.ts';
import { openKeys } from './open-keys.ts';
import type { OpenedSession } from './open-session.ts';
import { openSession } from './open-session.ts';
import { OpenedVault } from './opened-vault.ts';
import { lastOf } from './read-log.ts';
import { isAccepted, rolledBack } from './rollback.ts';
import type { Session } from './session.ts';
import { isKnownHead, noteHead, ownHead } from './session.ts';
import type { SlotContent } from './slots.ts';
import type { AcceptRestored, OpenReport, VaultParts } from './vault-api.ts';
import type { KeySlot } from './vault-file.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Amount } from './follow.ts';

/** After so long a replay, waiting for the checkpoint is little; a short command would never write one. */
const isLong = ({ lines, chars }: Amount): boolean => lines >= 10_000 || chars >= 10 * 1024 * 1024;

/**
 * Opens a vault.
 * @param acceptRestored opens a log that lost lines too, after the operator confirmed that; says so in the log, unless an
 * admin has done so already
 * @throws LatchkeyError VAULT_NOT_FOUND, VAULT_WRONG_PASSPHRASE, VAULT_KEYCHAIN_REFUSED, VAULT_KDF_OUT_OF_BOUNDS,
 * VAULT_CORRUPT, VAULT_ROLLED_BACK, VAULT_KEY_MISSING, VAULT_NEEDS_NEWER_VERSION, VAULT_UNAVAILABLE
 */
export async function openVault<State, Event>(
  parts: VaultParts<State, Event>,
  by: UnlockBy,
  acceptRestored?: AcceptRestored<State, Event>,
): Promise<{ readonly vault: OpenedVault<State, Event>; readonly report: OpenReport }> {
  const { slot, content, restoredKeyFile, warnings } = await openKeys(parts, by);
  const alarms = new Alarms();
  for (const why of warnings) alarms.raise({ kind: 'key-file', why });
  const { vault, report } = await openWithKeys(parts, slot, content, alarms, acceptRestored);
  // The power may have gone between line 1 and taking the mark away.
  await parts.keyStore.finish();
  return { vault, report: restoredKeyFile ? { ...report, restoredKeyFile } : report };
}

/** The same with open keys. */
export async function openWithKeys<State, Event>(
  parts: VaultParts<State, Event>,
  slot: KeySlot,
  content: SlotContent,
  alarms: Alarms,
  acceptRestored?: AcceptRestored<State, Event>,
): Promise<{ readonly vault: OpenedVault<State, Event>; readonly report: OpenReport }> {
  const backend = parts.openBackend(slot.operatorId);
  const abort = new AbortController();
  try {
    const opened = await openSession({ parts, backend, alarms, slot, content, abort });
    const { session, reading } = opened;
    await settleHead(opened, acceptRestored);
    const replayedLines = reading.cursor.seq - reading.from;
    const replayed = { lines: replayedLines, chars: reading.chars };
    const checkpoints = new CheckpointWriter(session, replayed);
    const vault = new OpenedVault(session, checkpoints);
    if (reading.fromHash !== null) vault.checkBehind(reading.fromHash);
    const written = checkpoints.writeIfDue();
    if (isLong(replayed)) await written;
    return { vault, report: { usedCheckpoint: reading.from > 0, replayedLines } };
  } catch (error) {
    abort.abort();
    await backend.close();
    throw error;
  }
}

/** Sees to it that head, copy and log agree before the vault is handed out. */
async function settleHead<State, Event>(
  { session, reading, judgement, head, copy }: OpenedSession<State, Event>,
  acceptRestored: AcceptRestored<State, Event> | undefined,
): Promise<void> {
  if (!judgement.ok) {
    const { seen, found } = judgement;
    if (acceptRestored === undefined) throw rolledBack(seen, found);
    const inLog = isAccepted(reading.restored, seen, copy);
    await acceptLoss(session, seen, found, copy, inLog ? undefined : acceptRestored);
    return;
  }
  if (judgement.head === 'anchored' && head !== undefined) await noteHead(session, head);
  else await repairHead(session);
}

/** Gives the last lines the head that a crash left them without. */
async function repairHead<State, Event>(session: Session<State, Event>): Promise<void> {
  const { backend, cursor, alarms } = session;
  const last = lastOf(cursor);
  if (last === undefined) return;
  try {
    await backend.locked(async () => {
      const stored = await backend.head();
      const again = stored === undefined ? undefined : readHead(stored, cursor.vaultId);
      // Whoever appended was between the two writes.
      if (again !== undefined && again.hash === last.hash && isKnownHead(session, again, [])) {
        await noteHead(session, again);
        return;
      }
      const jws = ownHead(session);
      await backend.writeHead(cursor.seq, jws);
      await noteHead(session, { ...last, jws });
      alarms.raise({ kind: 'head-repaired' });
    });
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    // Somebody is appending, and writes the head then; or the disk refuses, and the next append tries again.
    if (error.code !== 'VAULT_CONFLICT' && error.code !== 'VAULT_BUSY')
      alarms.raise({ kind: 'not-anchored', seq: last.seq });
  }
}
