/**
 * Following a log with public keys alone: chain, signatures, who might write, and what is denied in clear. Invariant:
 * needs no secret, learns no content, and agrees with a reader of the content on signers and format. It may enforce a
 * denial that only the content voids: denying never needs content, allowing always does.
 */
import type { OperatorId } from '../../shared/model/ids.ts';
import type { StoredLine } from './backend.ts';
import { checkLines } from './check-lines.ts';
import type { CheckedItem } from './check-lines.ts';
import type { ClearDenials } from './domain.ts';
import type { ChainPlace } from './chain-place.ts';
import type { JudgedLine } from './judge-line.ts';
import { judgeLine, requireFormat } from './judge-line.ts';
import type { BroughtKey } from './line.ts';
import { VerifyKeys } from './sign.ts';

/** What one line says to a reader without keys. */
export type PublicLine = {
  readonly seq: number;
  readonly signer: OperatorId;
  readonly isVoid: boolean;
  readonly denies?: ClearDenials;
  readonly keys?: readonly BroughtKey[];
  /** Behind the line: go on from here. */
  readonly place: ChainPlace;
};

/** Before the first line of a vault. `genesis` is the hash of that line. */
export const startPlace = (vaultId: string, genesis: string): ChainPlace => ({
  vaultId,
  genesis,
  seq: 0,
  hash: null,
  authority: undefined,
});

/**
 * Checks lines from a place on.
 * @throws LatchkeyError VAULT_CORRUPT with the line's number, VAULT_NEEDS_NEWER_VERSION
 */
export async function* followPublic(
  from: ChainPlace,
  lines: AsyncIterable<StoredLine>,
  options: {
    readonly supportedFormat: number;
    readonly workers?: number;
    readonly keys?: VerifyKeys;
    readonly signal?: AbortSignal;
  },
): AsyncGenerator<PublicLine> {
  const keys = options.keys ?? new VerifyKeys();
  let place = from;
  const batches = checkLines(lines, {
    keys,
    authority: () => place.authority,
    orgKey: () => undefined,
    workers: options.workers ?? 0,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  for await (const batch of batches) {
    for (const item of batch) {
      const line = publicLine(place, item, keys, options.supportedFormat);
      place = line.place;
      yield line;
    }
  }
}

function publicLine(
  place: ChainPlace,
  { stored, checked }: CheckedItem,
  keys: VerifyKeys,
  supportedFormat: number,
): PublicLine {
  const judged = judgeLine(place, stored, checked, keys);
  requireFormat(judged.authority, supportedFormat);
  return {
    seq: place.seq,
    signer: judged.claims.signer,
    isVoid: judged.isVoid,
    ...(judged.isVoid ? {} : effectOf(judged)),
    place: { ...place, seq: place.seq + 1, hash: judged.claims.hash, authority: judged.authority },
  };
}

function effectOf({ payload }: Extract<JudgedLine, { isVoid: false }>): Pick<PublicLine, 'denies' | 'keys'> {
  const denies = 'denies' in payload.clear ? payload.clear.denies : undefined;
  return {
    ...(denies === undefined ? {} : { denies }),
    ...(payload.keys === undefined ? {} : { keys: payload.keys }),
  };
}
