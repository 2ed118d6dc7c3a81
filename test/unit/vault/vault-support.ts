import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterEach } from 'vitest';
import { environmentId, teamId } from '../../../shared/model/ids.ts';
import type { DomainEvent } from '../../../shared/model/events.ts';
import { openFileBackend } from '../../../src-main/vault/old-file-backend.ts';
import { openKeyStore } from '../../../src-main/vault/key-store.ts';
import type { VaultDeps } from '../../../src-main/vault/types.ts';
import type { Vault } from '../../../src-main/vault/vault.ts';
import { createVault, openVault } from '../../../src-main/vault/vault.ts';

export const passphrase = 'a passphrase for tests only';
/** The lowest costs that the bounds allow. */
export const cheapKdf = { memoryKiB: 19_456, passes: 2, parallelism: 1 };

const dirs: string[] = [];
const open: Vault[] = [];
afterEach(async () => {
  for (const vault of open.splice(0)) await vault.lock();
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

export function freshDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'latchkey-vault-'));
  dirs.push(dir);
  return dir;
}

/** Dependencies on a folder, as a new process would have them. */
export function depsOn(dir: string): VaultDeps {
  return {
    now: Date.now,
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    keyStore: openKeyStore(dir),
    backend: openFileBackend(dir),
    kdf: cheapKdf,
  };
}

export async function create(dir: string): Promise<Vault> {
  const vault = await createVault(depsOn(dir), { organizationName: 'Org', operatorName: 'Ada', passphrase });
  open.push(vault);
  return vault;
}

export async function reopen(dir: string, by: string = passphrase) {
  const result = await openVault(depsOn(dir), { passphrase: by });
  open.push(result.vault);
  return result;
}

export const teamCreatedId = (name: string) => teamId.parse(`team-${name}`);
export const teamCreated = (name: string): DomainEvent => ({
  type: 'team.created',
  atMs: 1,
  team: { id: teamCreatedId(name), name, description: '', createdAtMs: 1 },
});

export const environmentCreated = (name: string): DomainEvent => ({
  type: 'environment.created',
  atMs: 1,
  environment: { id: environmentId.parse(`env-${name}`), name, rank: 1, isProtected: false, createdAtMs: 1 },
});

export const write = (vault: Vault, ...events: DomainEvent[]) =>
  vault.transact(() => ({ events, result: undefined }));

export const logLines = (dir: string): string[] =>
  readFileSync(join(dir, 'vault.log'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
export const writeLog = (dir: string, lines: readonly string[], tail = '') =>
  writeFileSync(join(dir, 'vault.log'), lines.map((line) => `${line}\n`).join('') + tail);

/** Takes the checkpoint out of vault.json and its copy: a full replay follows. */
export function dropCheckpoint(dir: string): void {
  for (const name of ['vault.json', 'vault.backup.json']) {
    const path = join(dir, name);
    const { checkpoint: _checkpoint, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as Record<
      string,
      unknown
    >;
    writeFileSync(path, JSON.stringify(rest));
  }
}
