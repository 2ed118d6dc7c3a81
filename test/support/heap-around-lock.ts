/**
 * A process of its own: opens a vault, uses it, and writes a heap snapshot before and after the lock.
 * Arguments: data folder, state folder, where the snapshots go. Prints the secrets to look for, as JSON.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeHeapSnapshot } from 'node:v8';
import { join } from 'node:path';
import { teamId } from '../../shared/model/ids.ts';
import type { DomainEvent } from '../../src-main/organization/events.ts';
import { organizationDomain } from '../../src-main/organization/domain.ts';
import type { OrganizationState } from '../../src-main/organization/state.ts';
import { openCheckpoints } from '../../src-main/vault/checkpoint-files.ts';
import { createVault } from '../../src-main/vault/create-vault.ts';
import { openFileBackend } from '../../src-main/vault/file-backend.ts';
import { openHeadCopies } from '../../src-main/vault/head-copy-file.ts';
import { openKeyStore } from '../../src-main/vault/key-store.ts';
import { Keyring } from '../../src-main/vault/keyring.ts';
import type { LinePayload } from '../../src-main/vault/line.ts';
import { openKeys } from '../../src-main/vault/open-keys.ts';
import type { Vault } from '../../src-main/vault/vault-api.ts';
import { openVault } from '../../src-main/vault/vault.ts';

const [dataDir = '', stateDir = '', outDir = ''] = process.argv.slice(2);
const passphrase = 'a passphrase for tests only';
const nextPassphrase = 'another passphrase for tests';
const parts = {
  domain: organizationDomain,
  now: Date.now,
  randomBytes: (count: number) => new Uint8Array(randomBytes(count)),
  keyStore: openKeyStore(dataDir),
  openBackend: () => openFileBackend(dataDir),
  headCopies: openHeadCopies(stateDir),
  checkpoints: openCheckpoints(dataDir),
  kdf: { memoryKiB: 19_456, passes: 2, parallelism: 1 },
  deriveKey: async (text: string, salt: Uint8Array) =>
    new Uint8Array(createHash('sha256').update(text).update(salt).digest()),
};

/** Whatever holds on to the vault holds on to no more than it may. */
const held: { vault?: Vault<OrganizationState, DomainEvent>; unfinished: unknown[] } = { unfinished: [] };

const rename = (name: string) => () => ({
  events: [{ type: 'organization.renamed', name } as DomainEvent],
  result: undefined,
});
const manyTeams = () => ({
  events: Array.from({ length: 2_000 }, (_, index): DomainEvent => ({
    type: 'team.created',
    team: {
      id: teamId.parse(`t${index}`),
      name: `t${index}`,
      description: 'x'.repeat(400),
    },
  })),
  result: undefined,
});
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function use(): Promise<void> {
  const made = await createVault(parts, {
    operatorName: 'Ada',
    passphrase,
    firstEvent: (operator): DomainEvent => ({ type: 'organization.created', name: 'Org', operator }),
  });
  await made.vault.commit(rename('x'));
  // Enough for a checkpoint, so that the next opening begins there and checks the lines before it.
  await made.vault.commit(manyTeams);
  while (!existsSync(join(dataDir, 'checkpoints', made.vault.operator.id))) await wait(20);
  await made.vault.lock();
  const { vault } = await openVault(parts, { passphrase });
  held.vault = vault;
  vault.onCommit(() => undefined);
  vault.onAlarm(() => undefined);
  await vault.commit(rename('again'));
  const place = { subject: 'channel', origin: 'https://example.org' };
  await vault.unsealSecret(await vault.sealSecret('hunter2', place), place);
  await vault.setKeychainSlot(parts.randomBytes(32));
  await vault.changePassphrase(passphrase, nextPassphrase);
  await vault.verifyPassphrase(nextPassphrase);
  // Things that are under way when the lock comes.
  const entries = vault.entries(0)[Symbol.asyncIterator]();
  await entries.next();
  held.unfinished.push(entries);
  await vault.verify();
}

async function secrets(): Promise<Record<string, string>> {
  const { slot, content } = await openKeys(parts, { passphrase: nextPassphrase });
  const [firstLine = ''] = readFileSync(join(dataDir, 'vault.log'), 'utf8').split('\n');
  const payload = JSON.parse(
    Buffer.from(firstLine.split('.')[1] ?? '', 'base64url').toString(),
  ) as LinePayload;
  const ring = new Keyring();
  await ring.take(content.vaultId, slot.operatorId, content.receiveKey, payload.keys ?? []);
  return {
    signKey: content.signKey.d,
    receiveKey: content.receiveKey.d,
    checkpointKey: content.checkpointKey,
    ...ring.toJSON(),
  };
}

const collect = async (): Promise<void> => {
  for (let round = 0; round < 5; round += 1) {
    (globalThis as { gc?: () => void }).gc?.();
    await wait(20);
  }
};

await use();
writeHeapSnapshot(join(outDir, 'before.heapsnapshot'));
await held.vault?.lock();
await collect();
writeHeapSnapshot(join(outDir, 'after.heapsnapshot'));
// Only now, so that the look-up leaves nothing in the snapshots.
process.stdout.write(JSON.stringify(await secrets()));
