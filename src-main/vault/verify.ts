/** Checking a whole log once more, from its first line, as an opening without a checkpoint would. */
import { setImmediate as breath } from 'node:timers/promises';
import { LatchkeyError } from '../../shared/errors.ts';
import { Keyring } from './keyring.ts';
import { readHead } from './head.ts';
import { replayLines, startCursor } from './replay.ts';
import type { Session } from './session.ts';
import { isKnownHead } from './session.ts';
import type { VerifyProgress, VerifyReport } from './vault-api.ts';
import { VerifyKeys } from './sign.ts';
import { VoidLog } from './void-log.ts';

const linesPerReport = 500;

/** @throws LatchkeyError CANCELLED, VAULT_UNAVAILABLE; what is wrong with the log is part of the report */
export async function verifyLog<State, Event>(
  session: Session<State, Event>,
  workers: number,
  onProgress: (progress: VerifyProgress) => void,
  signal: AbortSignal | undefined,
): Promise<VerifyReport> {
  const { backend, content } = session;
  const jws = await backend.head();
  const head = jws === undefined ? undefined : readHead(jws, content.vaultId);
  const voids = new VoidLog();
  // The keys that the operator holds already: those of a granted again operator stand behind the lines they open.
  const keyring = Keyring.fromJSON(session.reader.keyring.toJSON());
  const reader = { ...session.reader, keyring, keys: new VerifyKeys() };
  let cursor = startCursor<State>(content.vaultId, content.genesis);
  let hashAtHead: string | undefined;
  const damage = await damageOf(async () => {
    for await (const step of replayLines(
      reader,
      cursor,
      backend.read({ seq: 0 }),
      workers,
      session.abort.signal,
    )) {
      if (signal?.aborted === true) throw cancelled();
      ({ cursor } = step);
      if (step.outcome.kind === 'void') voids.addVoid(step.outcome.line);
      if (cursor.seq - 1 === head?.seq) hashAtHead = cursor.hash ?? undefined;
      if (cursor.seq % linesPerReport !== 0) continue;
      onProgress({ done: cursor.seq, total: Math.max(session.cursor.seq, cursor.seq) });
      await breath();
    }
    onProgress({ done: cursor.seq, total: cursor.seq });
    if (cursor.seq < session.cursor.seq) {
      const line = cursor.seq + 1;
      throw new LatchkeyError('VAULT_CORRUPT', ['lineMissing', line], { details: { line } });
    }
  });
  keyring.clear();
  const headState = (): VerifyReport['head'] => {
    if (jws === undefined) return 'missing';
    if (head === undefined || hashAtHead !== head.hash || !isKnownHead({ cursor, reader }, head, []))
      return 'wrong';
    return head.seq === cursor.seq - 1 ? 'anchored' : 'behind';
  };
  return {
    lines: cursor.seq,
    voidLines: voids.lines,
    head: headState(),
    ...(damage === undefined ? {} : { damage }),
  };
}

async function damageOf(work: () => Promise<void>): Promise<VerifyReport['damage'] | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof LatchkeyError) || error.code !== 'VAULT_CORRUPT') throw error;
    return { line: error.details.line ?? 1, why: error.message };
  }
}

function cancelled(): LatchkeyError {
  return new LatchkeyError('CANCELLED', ['checkCancelled']);
}
