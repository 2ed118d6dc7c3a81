/**
 * From lines to state. Invariant: a line counts only when it belongs to this vault, at this place, behind that line, is
 * signed by an operator of the state before it, decrypts for this place, and its signer was allowed to write its event.
 * Anything else stops the replay with the line's number; nothing is skipped.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { DomainEvent } from '../../shared/model/events.ts';
import { domainEvent } from '../../shared/model/events.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import { operatorId } from '../../shared/model/ids.ts';
import type { VaultState } from '../../shared/model/state.ts';
import { whyNotAuthorized } from './authorize.ts';
import { foldEvent, inPlace, UnfitEvent } from './fold.ts';
import type { Keyring } from './keyring.ts';
import type { LinePayload } from './line.ts';
import { hashLine, readPayload } from './line.ts';
import type { PrivateJwk } from './seal.ts';
import { claimedSigner, openText, verifyText } from './seal.ts';

/** Where a replay stands: how many lines were applied, the hash of the last, and what they amount to. */
export type Position = {
  readonly seq: number;
  readonly hash: string | null;
  readonly state: VaultState | undefined;
};

export type Reader = {
  readonly vaultId: string;
  readonly operatorId: OperatorId;
  readonly receiveKey: PrivateJwk;
  readonly keyring: Keyring;
};

/** What the ciphertext of a line is bound to. */
export const eventBinding = (vaultId: string, seq: number, epoch: number) => ({
  use: 'event',
  vault: vaultId,
  seq,
  epoch,
});

/**
 * Checks that lines form one unbroken chain, without any key: place, vault and the hash of the line before.
 * @returns the hash of the last line
 * @throws LatchkeyError VAULT_CORRUPT with the line's number
 */
export function checkChain(
  lines: readonly string[],
  vaultId: string,
  firstSeq: number,
  prev: string | null,
): string | null {
  let hash = prev;
  lines.forEach((line, index) => {
    chainedPayload(line, vaultId, firstSeq + index, hash);
    hash = hashLine(line);
  });
  return hash;
}

/**
 * Applies lines to a position.
 * @param ownsMaps whether the state's maps may be changed in place: true while nobody else has seen them
 * @throws LatchkeyError VAULT_CORRUPT, VAULT_UNAUTHORIZED_EVENT, each with the line's number
 */
export async function replay(
  reader: Reader,
  from: Position,
  lines: readonly string[],
  ownsMaps: boolean,
): Promise<Position> {
  let { seq, hash, state } = from;
  for (const line of lines) {
    const payload = chainedPayload(line, reader.vaultId, seq, hash);
    mustBringKeysOnlyFirst(payload, seq);
    const signer = await verifiedSigner(line, payload, state, seq);
    const event = await decrypted(reader, payload, seq);
    mustAgree(payload, event, seq);
    state = applied(state, event, signer, seq, ownsMaps);
    seq += 1;
    hash = hashLine(line);
  }
  return { seq, hash, state };
}

/** The state after an event, if its signer may write it and it fits; an own event is asked the same before. */
function applied(
  state: VaultState | undefined,
  event: DomainEvent,
  signer: OperatorId,
  seq: number,
  ownsMaps = false,
): VaultState {
  const objection = whyNotAuthorized(state, signer, event);
  if (objection !== undefined) {
    throw new LatchkeyError(
      'VAULT_UNAUTHORIZED_EVENT',
      `Line ${seq + 1} of the log was written without the right to (${event.type}: ${objection}).`,
      { details: { line: seq + 1, event: event.type } },
    );
  }
  try {
    return foldEvent(state, event, signer, ownsMaps ? inPlace : undefined);
  } catch (cause) {
    if (cause instanceof UnfitEvent) throw corrupt(seq, `${event.type}: ${cause.message}`, cause);
    throw cause;
  }
}

/** Whether a line's own signature holds for an operator of a state; tells a damaged line from a foreign one. */
export async function isSignedByOperator(line: string, state: VaultState): Promise<boolean> {
  try {
    const known = state.operators.get(operatorId.parse(claimedSigner(line)));
    return known !== undefined && (await verifyText(known.signKey, line)) !== '';
  } catch {
    return false;
  }
}

function chainedPayload(line: string, vaultId: string, seq: number, prev: string | null): LinePayload {
  let payload: LinePayload;
  try {
    payload = readPayload(line);
  } catch (cause) {
    throw corrupt(seq, 'it is not a line of a vault', cause);
  }
  if (payload.vault !== vaultId) throw corrupt(seq, 'it belongs to another vault');
  if (payload.seq !== seq)
    throw corrupt(seq, `it stood at place ${payload.seq + 1}: lines were removed or moved`);
  if (payload.prev !== prev) throw corrupt(seq, 'the line before it was changed');
  return payload;
}

async function verifiedSigner(
  line: string,
  payload: LinePayload,
  state: VaultState | undefined,
  seq: number,
): Promise<OperatorId> {
  let signer: OperatorId;
  try {
    signer = operatorId.parse(claimedSigner(line));
  } catch (cause) {
    throw corrupt(seq, 'it names no signer', cause);
  }
  // The first line brings its own signer; that it is the right one, the anchor in the slot says.
  const known =
    state === undefined
      ? payload.operators?.find((entry) => entry.id === signer)
      : state.operators.get(signer);
  if (known === undefined) {
    throw new LatchkeyError(
      'VAULT_UNAUTHORIZED_EVENT',
      `Line ${seq + 1} of the log is signed by nobody known.`,
      {
        details: { line: seq + 1 },
      },
    );
  }
  try {
    await verifyText(known.signKey, line);
  } catch (cause) {
    throw corrupt(seq, 'its signature does not hold', cause);
  }
  return signer;
}

async function decrypted(reader: Reader, payload: LinePayload, seq: number): Promise<DomainEvent> {
  try {
    if (payload.grants !== undefined) {
      await reader.keyring.take(reader.vaultId, reader.operatorId, reader.receiveKey, payload.grants);
    }
    const key = reader.keyring.get('org', payload.epoch);
    if (key === undefined) throw new Error('this operator has no key of that epoch');
    const text = await openText(key, payload.jwe, eventBinding(reader.vaultId, seq, payload.epoch));
    return domainEvent.parse(JSON.parse(text));
  } catch (cause) {
    throw corrupt(seq, 'its content cannot be opened', cause);
  }
}

/**
 * Only the first line brings keys, and those of epoch 0, once each, to its one operator. Any other line that did could
 * put a key of its signer's choice in the place of the organization's.
 */
function mustBringKeysOnlyFirst(payload: LinePayload, seq: number): void {
  if (payload.epoch !== 0)
    throw corrupt(seq, `it names epoch ${payload.epoch}, which no line before it began`);
  if (seq > 0) {
    if (payload.grants !== undefined || payload.operators !== undefined)
      throw corrupt(seq, 'it brings keys of its own');
    return;
  }
  const [operator] = payload.operators ?? [];
  const granted = (payload.grants ?? [])
    .map((grant) => `${grant.key}/${grant.epoch}/${grant.operator}`)
    .toSorted();
  const wanted = [`org/0/${operator?.id}`, `secrets/0/${operator?.id}`];
  if (payload.operators?.length !== 1 || granted.join() !== wanted.join()) {
    throw corrupt(seq, 'it does not bring one operator and the two keys of the organization');
  }
}

/** Operators in the clear must be those that the event brings: otherwise a signer could be smuggled in beside it. */
function mustAgree(payload: LinePayload, event: DomainEvent, seq: number): void {
  const inClear = payload.operators ?? [];
  const inEvent = event.type === 'organization.created' ? [event.operator] : [];
  const same =
    inClear.length === inEvent.length &&
    inEvent.every((operator, index) => {
      const open = inClear[index];
      return (
        open?.id === operator.id &&
        open.signKey.x === operator.signKey.x &&
        open.receiveKey.x === operator.receiveKey.x
      );
    });
  if (!same) throw corrupt(seq, 'its operators are not those of its content');
}

function corrupt(seq: number, what: string, cause?: unknown): LatchkeyError {
  return new LatchkeyError(
    'VAULT_CORRUPT',
    `Line ${seq + 1} of the log is damaged: ${what}. Nothing was changed. Restore vault.log from a backup.`,
    { details: { line: seq + 1 }, cause },
  );
}
