/**
 * The state at one line, sealed under the operator's own key, so that opening need not replay what was replayed before.
 * Invariant: it is worth only what its place says: it is used when the log still has that very line there, and never
 * otherwise; a part is authenticated with its checkpoint, its number and whether it is the last.
 */
import { setImmediate as breath } from 'node:timers/promises';
import { Map as PersistentMap } from 'immutable';
import type { OkpPublicKey } from '../../shared/model/domain.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import type { AuthorityState, OperatorAuthority } from './authority-state.ts';
import { decodeCanonical, decodeUtf8 } from './compact.ts';
import type { Domain } from './domain.ts';
import { Keyring } from './keyring.ts';
import type { StoredMarks } from './marks.ts';
import { Marks } from './marks.ts';
import type { ReplayCursor } from './replay.ts';
import type { Binding, Random } from './seal.ts';
import { openTextNow, sealTextNow } from './seal.ts';
import type { StoredVoidLog } from './void-log.ts';
import { VoidLog } from './void-log.ts';

/** The form of the first part; the domain's parts have a version of their own. */
const layout = 1;
/** Made and sealed in a few milliseconds. */
const partChars = 128 * 1024;

export type Checkpoint<State> = {
  readonly cursor: ReplayCursor<State>;
  readonly keyring: Keyring;
  readonly voids: VoidLog;
  readonly marks: Marks;
};

/** Whose checkpoint, and under which key. */
export type CheckpointOwner = {
  readonly key: Uint8Array;
  readonly vaultId: string;
  readonly operatorId: OperatorId;
};

type FirstPart = {
  readonly cursor: Omit<ReplayCursor<never>, 'state' | 'authority'>;
  readonly authority: StoredAuthority;
  readonly keys: Readonly<Record<string, string>>;
  readonly voids: StoredVoidLog;
  readonly marks: StoredMarks;
};
type StoredAuthority = {
  readonly operators: readonly (readonly [OperatorId, OperatorAuthority])[];
  readonly keys: readonly (readonly [string, string])[];
  readonly voidSigners: readonly (readonly [string, OkpPublicKey])[];
  readonly format: number;
  readonly logTimeMs: number;
};

const bindingOf = (
  owner: CheckpointOwner,
  schema: number,
  id: string,
  part: number,
  isLast: boolean,
): Binding => ({
  use: 'checkpoint',
  vault: owner.vaultId,
  operator: owner.operatorId,
  layout,
  schema,
  id,
  part,
  last: isLast ? 1 : 0,
});

/** The lines of a checkpoint, made one by one with the event loop free between them. */
export async function* sealCheckpoint<State>(
  owner: CheckpointOwner,
  domain: Pick<Domain<State, never>, 'checkpointSchema' | 'toChunks'>,
  { cursor, keyring, voids, marks }: Checkpoint<State>,
  random: Random,
): AsyncGenerator<string> {
  const { state, authority, ...place } = cursor;
  if (state === undefined || authority === undefined) throw new Error('an empty log has no checkpoint');
  const id = Buffer.from(random(12)).toString('base64url');
  const first: FirstPart = {
    cursor: place,
    authority: storedAuthority(authority),
    keys: keyring.toJSON(),
    voids: voids.toJSON(),
    marks: marks.toJSON(),
  };
  let waiting = JSON.stringify(first);
  let part = 0;
  const seal = (text: string, isLast: boolean) =>
    sealTextNow(owner.key, text, bindingOf(owner, domain.checkpointSchema, id, part, isLast), random);
  for (const text of grouped(domain.toChunks(state))) {
    yield seal(waiting, false);
    part += 1;
    waiting = text;
    await breath();
  }
  yield seal(waiting, true);
}

/** Chunks as JSON arrays of some size. */
function* grouped(chunks: Iterable<unknown>): Generator<string> {
  let texts: string[] = [];
  let chars = 0;
  for (const chunk of chunks) {
    const text = JSON.stringify(chunk);
    texts.push(text);
    chars += text.length;
    if (chars < partChars) continue;
    yield `[${texts.join(',')}]`;
    texts = [];
    chars = 0;
  }
  if (texts.length > 0) yield `[${texts.join(',')}]`;
}

export type OpenedCheckpoint<State> =
  | { readonly found: 'usable'; readonly checkpoint: Checkpoint<State> }
  /** Made by a newer program. */
  | { readonly found: 'newer'; readonly schema: number }
  | { readonly found: 'none' };

/** Opens a checkpoint. Whatever is wrong with it, the log alone is the truth. */
export function openCheckpoint<State>(
  owner: CheckpointOwner,
  domain: Pick<Domain<State, never>, 'checkpointSchema' | 'fromChunks'>,
  lines: Iterable<string>,
): OpenedCheckpoint<State> {
  try {
    const parts = openParts(owner, domain.checkpointSchema, lines);
    const head = parts.next();
    if (head.done === true) return { found: 'none' };
    if ('newer' in head.value) return { found: 'newer', schema: head.value.newer };
    const first = JSON.parse(head.value.text) as FirstPart;
    const state = domain.fromChunks(chunksOf(parts));
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
    yield { text: openTextNow(owner.key, line, bindingOf(owner, schema, id, part, isEnded)) };
    part += 1;
  }
  if (!isEnded) throw new Error('the last part is missing');
}

function* chunksOf(parts: Generator<Part>): Generator<unknown> {
  for (let next = parts.next(); next.done !== true; next = parts.next()) {
    if ('text' in next.value) yield* JSON.parse(next.value.text) as unknown[];
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

function storedAuthority(authority: AuthorityState): StoredAuthority {
  return {
    operators: [...authority.operators],
    keys: [...authority.keys],
    voidSigners: [...authority.voidSigners],
    format: authority.format,
    logTimeMs: authority.logTimeMs,
  };
}

function loadedAuthority(stored: StoredAuthority): AuthorityState {
  return {
    operators: new Map(stored.operators),
    keys: new Map(stored.keys),
    voidSigners: PersistentMap(stored.voidSigners.map(([kid, key]): [string, OkpPublicKey] => [kid, key])),
    adminQuorum: 1,
    format: stored.format,
    logTimeMs: stored.logTimeMs,
  };
}
