/**
 * The state at one line, sealed under the operator's own key, so that opening need not replay what was replayed before.
 * Invariant: it is worth only what its place says: it is used when the log still has that very line there, and never
 * otherwise; a part is authenticated with its checkpoint, its number and whether it is the last.
 */
import { setImmediate as breath } from 'node:timers/promises';
import type { OkpPublicKey } from '../../shared/model/domain.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import type { AuthorityState, OperatorAuthority } from './authority-state.ts';
import type { Domain } from './domain.ts';
import type { Keyring } from './keyring.ts';
import type { Marks, StoredMarks } from './marks.ts';
import type { ReplayCursor } from './replay.ts';
import type { Binding, Random } from '../base/seal-text.ts';
import { sealTextNow } from '../base/seal-text.ts';
import type { StoredVoidLog, VoidLog } from './void-log.ts';

/** The form of the first part; the domain's parts have a version of their own. */
export const layout = 1;
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

export type FirstPart = {
  readonly cursor: Omit<ReplayCursor<never>, 'state' | 'authority'>;
  readonly authority: StoredAuthority;
  readonly keys: Readonly<Record<string, string>>;
  readonly voids: StoredVoidLog;
  readonly marks: StoredMarks;
};
export type StoredAuthority = {
  readonly operators: readonly (readonly [OperatorId, OperatorAuthority])[];
  readonly keys: readonly (readonly [string, string])[];
  readonly voidSigners: readonly (readonly [string, OkpPublicKey])[];
  readonly format: number;
  readonly logTimeMs: number;
};

export const checkpointBinding = (
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
    sealTextNow(owner.key, text, checkpointBinding(owner, domain.checkpointSchema, id, part, isLast), random);
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

function storedAuthority(authority: AuthorityState): StoredAuthority {
  return {
    operators: [...authority.operators],
    keys: [...authority.keys],
    voidSigners: [...authority.voidSigners],
    format: authority.format,
    logTimeMs: authority.logTimeMs,
  };
}
