/**
 * Vaults in memory, for tests of what stands on them: the organization's own fold and rights, and no keys, disk or KDF.
 * `MemoryDoor` is what stays when a vault is locked.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import { operatorId } from '../../shared/model/ids.ts';
import { ListenerSet } from '../../src-main/base/listener-set.ts';
import { organizationDomain } from '../../src-main/organization/domain.ts';
import type { DomainEvent } from '../../src-main/organization/events.ts';
import type { OrganizationState } from '../../src-main/organization/state.ts';
import type { OrganizationVault } from '../../src-main/services/organization-vault.ts';
import type { Unlock, VaultDoor } from '../../src-main/services/vault-door.ts';
import type {
  Change,
  Committed,
  Entry,
  SecretPlace,
  VaultAlarm,
  VerifyProgress,
  VerifyReport,
  VoidLine,
} from '../../src-main/vault/vault-api.ts';
import type { PublicPlace } from '../../src-main/vault/chain-place.ts';
import type { PublicWatchEvents } from '../../src-main/vault/watch-public.ts';

const vaultId = 'AAAAAAAAAAAAAAAAAAAAAA';
const signer = operatorId.parse('ada');
const x = `${'A'.repeat(42)}E`;

type Line = { readonly atMs: number; readonly events: readonly DomainEvent[] };

/** The disk and the keys of a computer. */
export class MemoryDoor implements VaultDoor {
  readonly #now: () => number;
  lines: Line[] = [];
  passphrase: string | undefined;
  keychainSecret: string | undefined;
  operatorName = '';
  /** What sealed texts hold. Those that are not here do not open. */
  /** Keys of request logs by their sealed text. */
  readonly logKeys = new Map<string, Uint8Array>();
  readonly secrets = new Map<string, { readonly text: string; readonly place: SecretPlace }>();
  format = { declared: 1, supported: 1 };
  opened = 0;
  /** Alarms that a vault has as soon as it is open. */
  alarms: VaultAlarm[] = [];
  voidLines: VoidLine[] = [];
  /** Fails the next append, before or after the line is kept. */
  failNext: 'before' | 'unanchored' | undefined;
  /** Says that the log was restored from an older backup, until somebody accepts that. */
  isRolledBack = false;
  vault: MemoryVault | undefined;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** What is told to whoever follows the locked vault. */
  publicWatch: { readonly from: PublicPlace; readonly events: PublicWatchEvents } | undefined;
  followPublic: VaultDoor['followPublic'] = (from, events) => {
    this.publicWatch = { from, events };
    return async () => {
      this.publicWatch = undefined;
    };
  };

  exists = (): 'none' | 'present' => (this.lines.length === 0 ? 'none' : 'present');

  create: VaultDoor['create'] = async ({ organizationName, operatorName, passphrase }) => {
    if (this.lines.length > 0) throw new LatchkeyError('VAULT_EXISTS', 'There is one.');
    this.passphrase = passphrase;
    this.operatorName = operatorName;
    const first: DomainEvent = {
      type: 'organization.created',
      name: organizationName,
      operator: {
        id: signer,
        name: operatorName,
        signKey: { kty: 'OKP', crv: 'Ed25519', x },
        receiveKey: { kty: 'OKP', crv: 'X25519', x },
      },
    };
    this.lines.push({ atMs: this.#now(), events: [first] });
    return this.#open();
  };

  open = async (by: Unlock, acceptRestored: boolean) => {
    if ('passphrase' in by && by.passphrase !== this.passphrase) {
      throw new LatchkeyError('VAULT_WRONG_PASSPHRASE', 'Wrong.');
    }
    if ('keychainSecret' in by && Buffer.from(by.keychainSecret).toString('base64') !== this.keychainSecret) {
      throw new LatchkeyError('VAULT_KEYCHAIN_REFUSED', 'Refused.');
    }
    if (this.isRolledBack && !acceptRestored) {
      const details = { seenSeq: 9, seenHash: 'a', foundSeq: 3, foundHash: 'b' };
      throw new LatchkeyError('VAULT_ROLLED_BACK', 'Lines are lost.', { details });
    }
    return { vault: this.#open(), report: { usedCheckpoint: false, replayedLines: this.lines.length } };
  };

  #open(): MemoryVault {
    this.opened += 1;
    this.vault = new MemoryVault(this, this.#now);
    return this.vault;
  }
}

export class MemoryVault implements OrganizationVault {
  readonly vaultId = vaultId;
  readonly #door: MemoryDoor;
  readonly #now: () => number;
  readonly #commits = new ListenerSet<[Change<OrganizationState, DomainEvent>]>();
  readonly #alarmed = new ListenerSet<[VaultAlarm]>();
  #state: OrganizationState | undefined;
  #seq = 0;
  #isLocked = false;
  /** Between two steps of `verify`; tests hold it. */
  verifyStep: () => Promise<void> = async () => undefined;
  damage: VerifyReport['damage'];

  constructor(door: MemoryDoor, now: () => number) {
    this.#door = door;
    this.#now = now;
    for (const line of door.lines) this.#apply(line);
  }

  get operator() {
    return { id: signer, name: this.#door.operatorName, role: 'admin' as const, teamIds: [] };
  }

  state = (): OrganizationState => {
    this.#requireOpen();
    return this.#state as OrganizationState;
  };
  seq = (): number => this.#seq;
  format = () => this.#door.format;
  checked = () => ({ done: true, lines: this.#seq });

  commit: OrganizationVault['commit'] = async <T>(
    decide: (
      state: OrganizationState,
      at: { atMs: number; signer: OperatorId },
    ) => { events: readonly DomainEvent[]; result: T },
  ): Promise<Committed<T>> => {
    const atMs = this.#now();
    const { events, result } = decide(this.state(), { atMs, signer });
    if (events.length === 0) return { result, seq: this.#seq, anchored: true };
    const failure = this.#door.failNext;
    this.#door.failNext = undefined;
    if (failure === 'before') throw new LatchkeyError('VAULT_UNAVAILABLE', 'The disk is full.');
    this.write({ atMs, events });
    return { result, seq: this.#seq, anchored: failure !== 'unanchored' };
  };

  /** A line as another process could write it too. */
  write(line: Line): void {
    this.#apply(line);
    this.#door.lines.push(line);
    const entries = line.events.map((event) => ({ seq: this.#seq - 1, atMs: line.atMs, signer, event }));
    this.#commits.tell({ seq: this.#seq, entries, state: this.state() });
  }

  #apply(line: Line): void {
    const context = { vaultId, seq: this.#seq, atMs: line.atMs, logTimeMs: line.atMs, signer };
    const parsed = organizationDomain.parseEvents(JSON.parse(JSON.stringify({ events: line.events })));
    if (!parsed.ok) throw new LatchkeyError('INVALID_INPUT', parsed.why);
    const verdict = organizationDomain.applyLine(this.#state, parsed.events, context);
    if (!verdict.ok) throw new LatchkeyError('INVALID_INPUT', verdict.why);
    this.#state = verdict.state;
    this.#seq += 1;
  }

  async *entries(fromSeq: number, toSeq = this.#seq): AsyncGenerator<Entry<DomainEvent>> {
    for (const [seq, { atMs, events }] of [...this.#door.lines.entries()].slice(fromSeq, toSeq)) {
      for (const event of events) yield { seq, atMs, signer, event };
    }
  }

  place = (): PublicPlace => ({
    vaultId,
    genesis: '',
    seq: this.#seq,
    hash: '',
    authority: undefined,
    bookmark: undefined,
    lastLineAt: undefined,
  });
  voidLines = () => ({ count: this.#door.voidLines.length, lines: this.#door.voidLines });
  onCommit: OrganizationVault['onCommit'] = (listener) => this.#commits.add(listener);
  onAlarm: OrganizationVault['onAlarm'] = (listener) => this.#alarmed.add(listener);
  alarms = (): readonly VaultAlarm[] => this.#door.alarms;
  raise(alarm: VaultAlarm): void {
    this.#door.alarms.push(alarm);
    this.#alarmed.tell(alarm);
  }

  async verify(onProgress?: (progress: VerifyProgress) => void, signal?: AbortSignal): Promise<VerifyReport> {
    for (let done = 1; done <= this.#seq; done += 1) {
      await this.verifyStep();
      if (signal?.aborted === true) throw new LatchkeyError('CANCELLED', 'Cancelled.');
      onProgress?.({ done, total: this.#seq });
    }
    const report = { lines: this.#seq, voidLines: this.voidLines(), head: 'anchored' as const };
    return this.damage === undefined ? report : { ...report, damage: this.damage };
  }

  async sealSecret(text: string, place: SecretPlace): Promise<string> {
    const { subject, origin } = place;
    const lk = { epoch: 0, key: 'upstream', origin, subject, use: 'secret', vault: vaultId };
    const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', lk })).toString('base64url');
    const body = Buffer.from(`sealed ${this.#door.secrets.size}`).toString('base64url');
    const sealed = `${header}..${'A'.repeat(16)}.${body}.${'A'.repeat(22)}`;
    this.#door.secrets.set(sealed, { text, place });
    return sealed;
  }

  async unsealSecret(sealed: string, place: SecretPlace): Promise<string> {
    this.#requireOpen();
    const found = this.#door.secrets.get(sealed);
    if (found === undefined || found.place.subject !== place.subject || found.place.origin !== place.origin) {
      throw new LatchkeyError('VAULT_CORRUPT', 'It does not open here.');
    }
    return found.text;
  }

  async openLogKey(sealed: string): Promise<Uint8Array> {
    this.#requireOpen();
    const found = this.#door.logKeys.get(sealed);
    if (found === undefined) throw new LatchkeyError('VAULT_CORRUPT', 'It does not open here.');
    return found;
  }

  async verifyPassphrase(passphrase: string): Promise<void> {
    if (passphrase !== this.#door.passphrase) throw new LatchkeyError('VAULT_WRONG_PASSPHRASE', 'Wrong.');
  }

  async changePassphrase(current: string, next: string): Promise<void> {
    await this.verifyPassphrase(current);
    this.#door.passphrase = next;
  }

  async setKeychainSlot(secret: Uint8Array): Promise<void> {
    this.#door.keychainSecret = Buffer.from(secret).toString('base64');
  }

  async removeKeychainSlot(): Promise<void> {
    this.#door.keychainSecret = undefined;
  }

  hasKeychainSlot = (): boolean => this.#door.keychainSecret !== undefined;

  async lock(): Promise<void> {
    this.#isLocked = true;
    this.#state = undefined;
    if (this.#door.vault === this) this.#door.vault = undefined;
  }

  #requireOpen(): void {
    if (this.#isLocked) throw new LatchkeyError('VAULT_LOCKED', 'It is locked.');
  }
}
