/** Vaults of the tiny domain, on a log in memory or in a folder, with several operators. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { OperatorRole } from '../../../shared/model/domain.ts';
import { operatorId } from '../../../shared/model/ids.ts';
import { Alarms } from '../../../src-main/vault/alarms.ts';
import { openCheckpoints } from '../../../src-main/vault/checkpoint-files.ts';
import type { CheckpointStore } from '../../../src-main/vault/checkpoint-store.ts';
import { createVault } from '../../../src-main/vault/create-vault.ts';
import { openFileBackend } from '../../../src-main/vault/file-backend.ts';
import type { HeadCopy, HeadCopyStore, LineDenials } from '../../../src-main/vault/head-copy.ts';
import { openKeyStore } from '../../../src-main/vault/key-store.ts';
import { openKeys } from '../../../src-main/vault/open-keys.ts';
import { newKeyPair } from '../../../src-main/vault/seal.ts';
import type { SlotContent } from '../../../src-main/vault/slots.ts';
import type { AcceptRestored, Vault, VaultParts } from '../../../src-main/vault/vault-api.ts';
import type { KdfParameters, KeySlot } from '../../../src-main/vault/vault-file.ts';
import { openVault, openWithKeys } from '../../../src-main/vault/vault.ts';
import { MemoryLog } from '../../support/memory-backend.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';
import type { TinyEvent, TinyState } from './tiny-domain.ts';
import { tinyDomain } from './tiny-domain.ts';

export const passphrase = 'a passphrase for tests only';
export type TinyVault = Vault<TinyState, TinyEvent>;
export type TinyParts = VaultParts<TinyState, TinyEvent>;

/** A key derivation that costs nothing. */
export const quickDeriveKey = async (text: string, salt: Uint8Array, costs: KdfParameters) =>
  new Uint8Array(
    createHash('sha256')
      .update(text)
      .update(salt)
      .update(JSON.stringify([costs.memoryKiB, costs.passes, costs.parallelism]))
      .digest(),
  );

/** What one user of one computer remembers. */
export class MemoryHeadCopies implements HeadCopyStore {
  copy: HeadCopy | undefined;
  denials: LineDenials[] = [];

  read = async (): Promise<HeadCopy | undefined> => this.copy;

  note = async (_vaultId: string, copy: HeadCopy, denials: readonly LineDenials[]): Promise<void> => {
    this.denials.push(...denials);
    if (this.copy === undefined || copy.seq > this.copy.seq) this.copy = copy;
  };

  denialsFrom = async (_vaultId: string, seq: number): Promise<readonly LineDenials[]> =>
    this.denials.filter((one) => one.seq >= seq);

  lower = async (_vaultId: string, copy: HeadCopy, from: number): Promise<void> => {
    this.copy = copy;
    this.denials = this.denials.filter((one) => one.seq < from);
  };
}

export class MemoryCheckpoints implements CheckpointStore {
  readonly files = new Map<string, readonly string[]>();
  writes = 0;

  read = async (id: string): Promise<Iterable<string> | undefined> => this.files.get(id);

  write = async (id: string, lines: AsyncIterable<string>, signal: AbortSignal): Promise<void> => {
    const kept: string[] = [];
    for await (const line of lines) {
      signal.throwIfAborted();
      kept.push(line);
    }
    this.files.set(id, kept);
    this.writes += 1;
  };

  remove = async (id: string): Promise<void> => {
    this.files.delete(id);
  };
}

const opened: { lock(): Promise<void> }[] = [];
export function cleanVaults(): void {
  cleanTempDirs();
  afterEach(async () => {
    for (const vault of opened.splice(0)) await vault.lock();
  });
}

export type Person = { readonly slot: KeySlot; readonly content: SlotContent };

/** One log that several people open on several computers. */
export class Scene {
  readonly log = new MemoryLog();
  readonly dir: string;
  readonly headCopies = new MemoryHeadCopies();
  readonly checkpoints = new MemoryCheckpoints();
  #ada: Person | undefined;
  nowMs = 1_000_000;
  domain = tinyDomain();
  /** In a folder instead of the memory. */
  readonly onDisk: boolean;

  constructor(onDisk = false) {
    this.dir = tempDir();
    this.onDisk = onDisk;
  }

  parts(changes: Partial<TinyParts> = {}): TinyParts {
    return {
      domain: this.domain,
      now: () => (this.nowMs += 10),
      randomBytes: (count) => new Uint8Array(randomBytes(count)),
      keyStore: openKeyStore(this.dir),
      openBackend: this.onDisk ? () => openFileBackend(this.dir) : this.log.open,
      headCopies: this.headCopies,
      checkpoints: this.onDisk ? openCheckpoints(this.dir) : this.checkpoints,
      kdf: { memoryKiB: 19_456, passes: 2, parallelism: 1 },
      deriveKey: quickDeriveKey,
      workers: 0,
      ...changes,
    };
  }

  async create(changes: Partial<TinyParts> = {}): Promise<TinyVault> {
    const { vault } = await createVault(this.parts(changes), {
      operatorName: 'Ada',
      passphrase,
      firstEvent: (operator): TinyEvent => ({
        type: 'began',
        operator: { ...operator, role: 'admin', teamIds: [] },
      }),
    });
    opened.push(vault);
    return vault;
  }

  async open(changes: Partial<TinyParts> = {}, accept?: AcceptRestored<TinyState, TinyEvent>) {
    const result = await openVault(this.parts(changes), { passphrase }, accept);
    opened.push(result.vault);
    return result;
  }

  /** The first operator's keys. */
  async ada(): Promise<Person> {
    this.#ada ??= await openKeys(this.parts(), { passphrase });
    return this.#ada;
  }

  /** The same log, in memory, for a test of its own; its people open it without vault.json. */
  async copy(): Promise<Scene> {
    const copy = new Scene();
    copy.log.lines = [...this.lines];
    copy.log.head = this.log.head;
    copy.nowMs = this.nowMs;
    copy.#ada = await this.ada();
    return copy;
  }

  /** Opens as somebody else, or with other parts, without vault.json. */
  async openAs(
    person: Person,
    changes: Partial<TinyParts> = {},
    accept?: AcceptRestored<TinyState, TinyEvent>,
  ) {
    const result = await openWithKeys(
      this.parts({ headCopies: new MemoryHeadCopies(), checkpoints: new MemoryCheckpoints(), ...changes }),
      person.slot,
      // A lock wipes what it was given.
      structuredClone(person.content),
      new Alarms(),
      accept,
    );
    opened.push(result.vault);
    return result;
  }

  /** Adds an operator by the vault of an admin. */
  async add(admin: TinyVault, name: string, role: OperatorRole, teamIds: string[] = []): Promise<Person> {
    const person = await newPerson(name, await this.ada());
    await admin.commit(() => ({ events: [operatorEvent(person, role, teamIds)], result: undefined }));
    return person;
  }

  get lines(): string[] {
    return this.onDisk
      ? readFileSync(join(this.dir, 'vault.log'), 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      : this.log.lines;
  }

  set lines(lines: readonly string[]) {
    if (this.onDisk) writeFileSync(join(this.dir, 'vault.log'), lines.map((line) => `${line}\n`).join(''));
    else this.log.lines = [...lines];
  }
}

/** Keys of somebody new, for the vault of somebody known. */
export async function newPerson(name: string, known: Person): Promise<Person> {
  const [sign, receive] = await Promise.all([newKeyPair('Ed25519'), newKeyPair('X25519')]);
  return {
    slot: { ...known.slot, operatorId: operatorId.parse(name), operatorName: name },
    content: { ...known.content, signKey: sign.privateJwk, receiveKey: receive.privateJwk },
  };
}

const publicOf = <C extends 'Ed25519' | 'X25519'>(jwk: { readonly x: string }, crv: C) =>
  ({ kty: 'OKP', crv, x: jwk.x }) as const;

export function operatorEvent(person: Person, role: OperatorRole, teamIds: string[] = []): TinyEvent {
  return {
    type: 'operator',
    operator: {
      id: person.slot.operatorId,
      name: person.slot.operatorName,
      role,
      teamIds,
      signKey: publicOf(person.content.signKey, 'Ed25519'),
      receiveKey: publicOf(person.content.receiveKey, 'X25519'),
    },
  };
}

export const put = (vault: TinyVault, ...ids: string[]) =>
  vault.commit(() => ({
    events: ids.map((id): TinyEvent => ({ type: 'put', id, text: `text of ${id}` })),
    result: undefined,
  }));

export const commit = (vault: TinyVault, ...events: TinyEvent[]) =>
  vault.commit(() => ({ events, result: undefined }));

export const notesOf = (vault: TinyVault): string[] => [...vault.state().notes.keys()].toSorted();
