/**
 * Reading entries back by range. Invariant: what is handed out was signed by its signer and stands in its place; void
 * lines, and contents that count for nothing, bring no entries.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import { signerOf } from './authority.ts';
import { untilLine } from './background-check.ts';
import type { CheckedItem } from './check-lines.ts';
import { checkLines } from './check-lines.ts';
import { damagedLine } from './judge-line.ts';
import { openContent } from './line-check.ts';
import { requireOrgKey } from './replay.ts';
import type { Session } from './session.ts';
import { lockedError } from './locked-error.ts';
import { isSignedBy } from './sign.ts';
import type { Entry } from './vault-api.ts';

/** Entries of lines `from` ≤ seq < `to`. @throws LatchkeyError VAULT_CORRUPT, VAULT_LOCKED, VAULT_UNAVAILABLE */
export async function* readEntries<State, Event>(
  session: Session<State, Event>,
  from: number,
  to: number,
): AsyncGenerator<Entry<Event>> {
  const { backend, marks, reader, voids, abort } = session;
  const end = Math.min(to, session.cursor.seq);
  if (from >= end) return;
  const first = marks.before(from);
  const lines = skipTo(untilLine(backend.read(first), end), from);
  const { authority } = session.cursor;
  const batches = checkLines(lines, {
    keys: reader.keys,
    authority: () => authority,
    orgKey: () => reader.keyring.get('org'),
    workers: 1,
    signal: abort.signal,
  });
  let seq = from;
  for await (const batch of batches) {
    for (const item of batch) {
      if (abort.signal.aborted) throw lockedError();
      const isSilent = voids.isSilent(seq);
      const entries = isSilent ? [] : entriesOfLine(session, seq, item);
      seq += 1;
      yield* entries;
    }
  }
  if (seq < end) throw damagedLine(seq, 'it is missing');
}

function entriesOfLine<State, Event>(
  session: Session<State, Event>,
  seq: number,
  { stored, checked }: CheckedItem,
): readonly Entry<Event>[] {
  const { cursor, reader } = session;
  if (!checked.isLine || !checked.form.ok) throw damagedLine(seq, 'it was changed since it was read');
  if (checked.vault !== cursor.vaultId || checked.seq !== seq)
    throw damagedLine(seq, 'another line stands in its place');
  const signer = signerOf(cursor.authority, checked.kid, checked.signer);
  const holds =
    signer !== undefined &&
    (checked.tried?.x === signer.key.x
      ? checked.tried.holds
      : isSignedBy(reader.keys.get(signer.key), stored.line));
  if (!holds) throw damagedLine(seq, 'its signature does not hold');
  const { payload } = checked.form;
  const content = checked.content ?? openContent(payload, requireOrgKey(reader, seq));
  const parsed = content.ok ? reader.domain.parseEvents(JSON.parse(content.text)) : content;
  if (!parsed.ok || !('events' in parsed))
    throw new LatchkeyError('VAULT_CORRUPT', ['lineClosed', seq + 1], {
      details: { line: seq + 1 },
    });
  return parsed.events.map((event) => ({ seq, atMs: payload.atMs, signer: checked.signer, event }));
}

async function* skipTo<T extends { readonly seq: number }>(
  lines: AsyncIterable<T>,
  from: number,
): AsyncGenerator<T> {
  for await (const line of lines) if (line.seq >= from) yield line;
}
