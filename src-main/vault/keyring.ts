/**
 * The organization's keys as one operator holds them, by name and epoch. Invariant: a key comes only from a grant on an
 * effective line, wrapped to this operator for this vault, and matches the commitment that the log states; once held it
 * is never replaced.
 */
import type { OperatorId } from '../../shared/model/ids.ts';
import type { OkpPublicKey } from '../../shared/model/domain.ts';
import { commitmentOf } from './commitment.ts';
import type { BroughtKey, KeyName } from './line.ts';
import type { Binding } from '../base/seal-text.ts';
import type { PrivateJwk } from './seal.ts';
import { unwrapKey, wrapKey } from './seal.ts';

/** The first and, until somebody can be removed, only epoch. */
export const firstEpoch = 0;

const bindingOf = (vaultId: string, key: KeyName, epoch: number, operator: OperatorId): Binding => ({
  use: 'grant',
  vault: vaultId,
  key,
  epoch,
  operator,
});

export type Receiver = { readonly id: OperatorId; readonly receiveKey: OkpPublicKey };

/** A key as a line brings it: what it is, and a ciphertext for each receiver. */
export async function grantKey(
  vaultId: string,
  name: KeyName,
  bytes: Uint8Array,
  receivers: readonly Receiver[],
): Promise<BroughtKey> {
  const epoch = firstEpoch;
  const grants = [];
  for (const { id, receiveKey } of receivers) {
    const jwe = await wrapKey(receiveKey, bytes, bindingOf(vaultId, name, epoch, id));
    grants.push({ operator: id, jwe });
  }
  return { name, epoch, commitment: commitmentOf(bytes, vaultId, name, epoch), grants };
}

export class Keyring {
  readonly #keys = new Map<string, Uint8Array>();

  /** Takes what a line grants to this operator; a grant that does not open or does not match is none. */
  async take(
    vaultId: string,
    operator: OperatorId,
    receiveKey: PrivateJwk,
    brought: readonly BroughtKey[],
  ): Promise<void> {
    for (const { name, epoch, commitment, grants } of brought) {
      const grant = grants.find((one) => one.operator === operator);
      if (grant === undefined || this.#keys.has(`${name}/${epoch}`)) continue;
      const bytes = await opened(receiveKey, grant.jwe, bindingOf(vaultId, name, epoch, operator));
      if (bytes?.length !== 32 || commitmentOf(bytes, vaultId, name, epoch) !== commitment) continue;
      this.#keys.set(`${name}/${epoch}`, bytes);
    }
  }

  get(name: KeyName, epoch: number = firstEpoch): Uint8Array | undefined {
    return this.#keys.get(`${name}/${epoch}`);
  }

  /** For the checkpoint. */
  toJSON(): Record<string, string> {
    return Object.fromEntries(
      [...this.#keys].map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64url')]),
    );
  }

  static fromJSON(stored: Readonly<Record<string, string>>): Keyring {
    const ring = new Keyring();
    for (const [name, bytes] of Object.entries(stored)) {
      ring.#keys.set(name, new Uint8Array(Buffer.from(bytes, 'base64url')));
    }
    return ring;
  }

  /** Overwrites what can be overwritten. */
  clear(): void {
    for (const bytes of this.#keys.values()) bytes.fill(0);
    this.#keys.clear();
  }
}

async function opened(
  receiveKey: PrivateJwk,
  jwe: string,
  binding: Binding,
): Promise<Uint8Array | undefined> {
  try {
    return await unwrapKey(receiveKey, jwe, binding);
  } catch {
    // Whatever is wrong with it, it brings no key; an admin can grant the key again.
    return undefined;
  }
}
