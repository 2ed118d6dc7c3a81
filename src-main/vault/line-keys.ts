/** The keys that a line of ours brings: exactly to those whom its clear part or `key.granted` names, by their role. */
import { LatchkeyError } from '../../shared/errors.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import type { AuthorityState } from './authority-state.ts';
import type { Clear } from './domain.ts';
import { holdsKey, keyNames, keysDue } from './key-rules.ts';
import type { Keyring, Receiver } from './keyring.ts';
import { firstEpoch, grantKey } from './keyring.ts';
import type { BroughtKey, KeyName } from './line.ts';

export type KeyHolder = Pick<Keyring, 'get'>;

/** What the keys depend on. */
export type LinePlace = {
  readonly vaultId: string;
  readonly seq: number;
  readonly authority: AuthorityState | undefined;
};

/**
 * The keys that a line must bring: with a new right, or because `key.granted` asks for them.
 * @throws LatchkeyError VAULT_KEY_MISSING when the writer does not hold one of them
 */
export async function keysFor(
  keyring: KeyHolder,
  { vaultId, authority, seq }: LinePlace,
  clear: Clear,
  grantsTo: readonly OperatorId[] | undefined,
): Promise<readonly BroughtKey[] | undefined> {
  const brought: BroughtKey[] = [];
  const bring = async (name: KeyName, receivers: readonly Receiver[]) => {
    if (receivers.length > 0)
      brought.push(await grantKey(vaultId, name, heldKey(keyring, name, seq), receivers));
  };
  if (clear.authority !== undefined) {
    const { signer: id, receiveKey } = clear.authority;
    for (const name of keysDue(authority, clear.authority)) await bring(name, [{ id, receiveKey }]);
  }
  if (grantsTo !== undefined) {
    for (const name of keyNames) await bring(name, entitled(authority, grantsTo, name));
  }
  return brought.length === 0 ? undefined : brought;
}

function entitled(
  authority: AuthorityState | undefined,
  ids: readonly OperatorId[],
  name: KeyName,
): readonly Receiver[] {
  return ids.flatMap((id) => {
    const operator = authority?.operators.get(id);
    if (operator === undefined || operator.removed || !holdsKey(operator.role, name)) return [];
    return [{ id, receiveKey: operator.receiveKey }];
  });
}

/** @throws LatchkeyError VAULT_KEY_MISSING */
export function heldKey(keyring: KeyHolder, name: KeyName, seq: number): Uint8Array {
  const key = keyring.get(name);
  if (key !== undefined) return key;
  throw new LatchkeyError('VAULT_KEY_MISSING', ['keyNotHeld', name], {
    details: { key: name, epoch: firstEpoch, line: seq + 1 },
  });
}
