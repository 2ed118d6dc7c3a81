/**
 * The organization's keys as one operator holds them, by name and epoch. Invariant: a key comes only from a grant on an
 * authentic line, wrapped to this operator for this vault.
 */
import type { OperatorId } from '../../shared/model/ids.ts';
import type { OkpPublicKey } from '../../shared/model/domain.ts';
import type { PrivateJwk } from './seal.ts';
import { unwrapKey, wrapKey } from './seal.ts';
import type { Grant, KeyName } from './types.ts';

const bindingOf = (vaultId: string, grant: Omit<Grant, 'jwe'>) => ({
  use: 'grant',
  vault: vaultId,
  key: grant.key,
  epoch: grant.epoch,
  operator: grant.operator,
});

/** Wraps a key to an operator, for a line's `grants`. */
export async function makeGrant(
  vaultId: string,
  to: { readonly id: OperatorId; readonly receiveKey: OkpPublicKey },
  key: KeyName,
  epoch: number,
  bytes: Uint8Array,
): Promise<Grant> {
  const open = { key, epoch, operator: to.id };
  return { ...open, jwe: await wrapKey(to.receiveKey, bytes, bindingOf(vaultId, open)) };
}

export class Keyring {
  readonly #keys = new Map<string, Uint8Array>();

  /** Takes the grants that are wrapped to this operator. @throws Error when one cannot be opened */
  async take(
    vaultId: string,
    operator: OperatorId,
    receiveKey: PrivateJwk,
    grants: readonly Grant[],
  ): Promise<void> {
    for (const grant of grants) {
      if (grant.operator !== operator) continue;
      const name = `${grant.key}/${grant.epoch}`;
      if (this.#keys.has(name)) throw new Error('a key of an epoch is granted once and never replaced');
      const bytes = await unwrapKey(receiveKey, grant.jwe, bindingOf(vaultId, grant));
      if (bytes.length !== 32) throw new Error('a key has 32 bytes');
      this.#keys.set(name, bytes);
    }
  }

  get(key: KeyName, epoch: number): Uint8Array | undefined {
    return this.#keys.get(`${key}/${epoch}`);
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
