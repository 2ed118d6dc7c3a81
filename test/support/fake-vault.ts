/** An open vault in memory: the organization's own fold, and no log, keys or disk. */
import { LatchkeyError } from '../../shared/errors.ts';
import type { ChannelId } from '../../shared/model/ids.ts';
import { operatorId } from '../../shared/model/ids.ts';
import { organizationDomain } from '../../src-main/organization/domain.ts';
import type { DomainEvent } from '../../src-main/organization/events.ts';
import type { OrganizationState } from '../../src-main/organization/state.ts';
import type { SecretPlace } from '../../src-main/vault/vault-api.ts';
import type { OrganizationChange } from '../../src-main/services/gateway-bundle.ts';

const vaultId = 'AAAAAAAAAAAAAAAAAAAAAA';
const signer = operatorId.parse('ada');
const x = `${'A'.repeat(42)}E`;

export class FakeVault {
  readonly #listeners = new Set<(change: OrganizationChange) => void>();
  #state: OrganizationState | undefined;
  #seq = 0;
  isLocked = false;
  nowMs = 1_000;
  /** What sealed texts hold; those that are not here do not open. */
  readonly secrets = new Map<string, string>();
  unsealed = 0;
  /** Types of the events that took effect. */
  readonly effective = new Set<string>();

  constructor() {
    this.commit({
      type: 'organization.created',
      name: 'Example',
      operator: {
        id: signer,
        name: 'Ada',
        signKey: { kty: 'OKP', crv: 'Ed25519', x },
        receiveKey: { kty: 'OKP', crv: 'X25519', x },
      },
    });
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  seq = (): number => this.#seq;

  state = (): OrganizationState => {
    if (this.isLocked || this.#state === undefined) throw new LatchkeyError('VAULT_LOCKED', 'Locked.');
    return this.#state;
  };

  onCommit = (listener: (change: OrganizationChange) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  unsealSecret = async (sealed: string, _place: SecretPlace): Promise<string> => {
    this.unsealed += 1;
    const text = this.secrets.get(sealed);
    if (text === undefined || this.isLocked) throw new LatchkeyError('VAULT_CORRUPT', 'It does not open.');
    return text;
  };

  /** One line. @returns whether it took effect; a void one has a number and no effect */
  commit(...events: readonly DomainEvent[]): boolean {
    const line = { vaultId, seq: this.#seq, atMs: this.nowMs, logTimeMs: this.nowMs, signer };
    const verdict = organizationDomain.applyLine(this.#state, events, line);
    this.#seq += 1;
    if (verdict.ok) this.#state = verdict.state;
    if (verdict.ok) for (const { type } of events) this.effective.add(type);
    const entries = verdict.ok ? events.map((event) => ({ ...line, event })) : [];
    for (const listener of this.#listeners) {
      listener({ seq: this.#seq, entries, state: this.#state as OrganizationState });
    }
    return verdict.ok;
  }

  /** A sealed text as the fold wants it, that opens to `secret` unless that is undefined. */
  seal(subject: ChannelId, origin: string, secret: unknown): string {
    const lk = { epoch: 0, key: 'upstream', origin, subject, use: 'secret', vault: vaultId };
    const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', lk })).toString('base64url');
    const body = Buffer.from(`${this.#seq}`).toString('base64url');
    const sealed = `${header}..${'A'.repeat(16)}.${body}.${'A'.repeat(22)}`;
    if (secret !== undefined) this.secrets.set(sealed, JSON.stringify(secret));
    return sealed;
  }
}
