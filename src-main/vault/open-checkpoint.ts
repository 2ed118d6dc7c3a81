/**
 * Opening a checkpoint. Invariant: all of its parts, in their order, up to the last, or nothing; whatever is wrong with it,
 * the log alone is the truth.
 */
import { setImmediate as breath } from 'node:timers/promises';
import { tableOf } from '../base/table.ts';
import type { AuthorityState } from './authority-state.ts';
import type { Checkpoint, CheckpointOwner, FirstPart, StoredAuthority } from './checkpoint.ts';
import { checkpointBinding, layout } from './checkpoint.ts';
import { decodeCanonical, decodeUtf8 } from '../base/compact.ts';
import type { Domain } from './domain.ts';
import { Keyring } from './keyring.ts';
import { Marks } from './marks.ts';
import { openTextNow } from '../base/seal-text.ts';
import { VoidLog } from './void-log.ts';

/** How long the event loop is held before others get their turn. */
const holdMs = 15;

export type OpenedCheckpoint<State> =
  | { readonly found: 'usable'; readonly checkpoint: Checkpoint<State> }
  /** Made by a newer program. */
  | { readonly found: 'newer'; readonly schema: number }
  | { readonly found: 'none' };

/** Opens a checkpoint. Whatever is wrong with it, the log alone is the truth. */
export async function openCheckpoint<State>(
  owner: CheckpointOwner,
  domain: Pick<Domain<State, never>, 'checkpointSchema' | 'fromChunks'>,
  lines: Iterable<string>,
): Promise<OpenedCheckpoint<State>> {
  try {
    const parts = openParts(owner, domain.checkpointSchema, lines);
    const head = parts.next();
    if (head.done === true) return { found: 'none' };
    if ('newer' in head.value) return { found: 'newer', schema: head.value.newer };
    const first = JSON.parse(head.value.text) as FirstPart;
    const state = await domain.fromChunks(chunksOf(parts));
    // A domain that stopped early would hide that the end is missing.
    if (parts.next().done !== true) return { found: 'none' };
    return {
      found: 'usable',
      checkpoint: {
        cursor: { ...first.cursor, authority: loadedAuthority(first.authority), state },
        keyring: Keyring.fromJSON(first.keys),
        voids: VoidLog.fromJSON(first.voids),
        marks: Marks.fromJSON(first.marks),
      },
    };
  } catch {
    // Damaged, cut, of another key, or not as the domain wants it: everything is replayed instead.
    return { found: 'none' };
  }
}

type Part = { readonly text: string } | { readonly newer: number };

/** The plaintexts in order. @throws Error unless all parts are there, up to the last */
function* openParts(owner: CheckpointOwner, schema: number, lines: Iterable<string>): Generator<Part> {
  let id: string | undefined;
  let part = 0;
  let isEnded = false;
  for (const line of lines) {
    if (isEnded) throw new Error('something follows the last part');
    const claims = claimsOf(line);
    if (part === 0 && (claims.layout > layout || (claims.layout === layout && claims.schema > schema))) {
      yield { newer: claims.schema };
      return;
    }
    id ??= claims.id;
    isEnded = claims.last === 1;
    yield { text: openTextNow(owner.key, line, checkpointBinding(owner, schema, id, part, isEnded)) };
    part += 1;
  }
  if (!isEnded) throw new Error('the last part is missing');
}

/** The domain's chunks, with the event loop free now and then: there may be a hundred megabytes of them. */
async function* chunksOf(parts: Generator<Part>): AsyncGenerator<unknown> {
  let heldSinceMs = performance.now();
  for (let next = parts.next(); next.done !== true; next = parts.next()) {
    if ('text' in next.value) yield* JSON.parse(next.value.text) as unknown[];
    if (performance.now() - heldSinceMs < holdMs) continue;
    await breath();
    heldSinceMs = performance.now();
  }
}

/** What a part says of itself; believed only to say "newer", and to compute the header that must be there. */
function claimsOf(line: string): { id: string; layout: number; schema: number; last: number } {
  const header = decodeCanonical(line.slice(0, line.indexOf('.')));
  if (header === undefined) throw new Error('not a ciphertext');
  const { lk } = JSON.parse(decodeUtf8(header)) as { lk: Record<string, unknown> };
  return {
    id: String(lk['id']),
    layout: Number(lk['layout']),
    schema: Number(lk['schema']),
    last: Number(lk['last']),
  };
}

function loadedAuthority(stored: StoredAuthority): AuthorityState {
  return {
    operators: new Map(stored.operators),
    keys: new Map(stored.keys),
    voidSigners: tableOf(stored.voidSigners),
    adminQuorum: 1,
    format: stored.format,
    logTimeMs: stored.logTimeMs,
  };
}
