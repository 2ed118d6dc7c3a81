/**
 * Makes a vault of a given size for measuring: one holder and one token per line, then two more events for each token
 * (a change, and for every tenth a revocation, else another change). Written by the vault's own code through a backend
 * that only collects, as a hundred thousand syncs would measure the disk.
 */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { DomainEvent } from '../../../src-main/organization/events.ts';
import { organizationDomain } from '../../../src-main/organization/domain.ts';
import type { LogBackend, StoredLine } from '../../../src-main/vault/backend.ts';
import { defaultKdf } from '../../../src-main/vault/kdf.ts';
import { openKeyStore } from '../../../src-main/vault/key-store.ts';
import { createVault } from '../../../src-main/vault/create-vault.ts';

export const passphrase = 'quiet-otter-lantern-83-brick';
const dayMs = 86_400_000;
/** A backend that hands every line on and keeps only the last head. */
function collectingBackend(write: (line: string) => void): LogBackend & { lastHead: () => string } {
  let seq = 0;
  let newest = '';
  const first: StoredLine[] = [];
  return {
    async *read({ seq: from }) {
      for (const line of first) if (line.seq >= from) yield line;
    },
    head: async () => (newest === '' ? undefined : newest),
    recover: async () => ({ tornTailBytes: 0, completedLastLine: false }),
    append: async (_expected, lines, head) => {
      for (const line of lines) {
        // Only the beginning is read back: by the open that follows the creation.
        if (seq === 0) first.push({ seq, line, bookmark: '' });
        write(line);
        seq += 1;
      }
      newest = head;
      return { anchored: true, bookmark: '' };
    },
    writeHead: async (_expected, head) => {
      newest = head;
    },
    locked: (work) => work(),
    watch: () => () => undefined,
    close: async () => undefined,
    lastHead: () => newest,
  };
}

const digestOf = (index: number) => createHash('sha256').update(`bench ${index}`).digest('hex');
export const tokenIdOf = (index: number) => index.toString(36).padStart(8, '0');
const pad = (index: number) => String(index).padStart(6, '0');

/** Writes a vault of `tokens` tokens, 3 × `tokens` lines and a few more, into a folder. */
export async function generateVault(dir: string, tokens: number): Promise<void> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const out = createWriteStream(join(dir, 'vault.log'), { mode: 0o600 });
  const backend = collectingBackend((line) => out.write(`${line}\n`));
  const { vault } = await createVault(
    {
      domain: organizationDomain,
      now: Date.now,
      randomBytes: (count) => new Uint8Array(randomBytes(count)),
      keyStore: openKeyStore(dir),
      openBackend: () => backend,
      headCopies: {
        read: async () => undefined,
        note: async () => undefined,
        denialsFrom: async () => [],
        lower: async () => undefined,
      },
      checkpoints: {
        read: async () => undefined,
        write: async () => undefined,
        remove: async () => undefined,
      },
      // As a vault has it: the memory of a cheaper one stays in malloc's hands, which would be counted.
      kdf: defaultKdf,
    },
    {
      operatorName: 'Ada',
      passphrase,
      firstEvent: (operator) => ({ type: 'organization.created' as const, name: 'Bench', operator }),
    },
  );
  const commit = async (...events: unknown[]): Promise<void> => {
    await vault.commit(() => ({ events: events as DomainEvent[], result: undefined }));
    if (out.writableNeedDrain) await once(out, 'drain');
  };
  for (let team = 0; team < 20; team += 1) {
    await commit({
      type: 'team.created',
      team: { id: `team${team}`, name: `team-${team}`, description: '' },
    });
  }
  for (const [index, name] of ['dev', 'staging', 'prod'].entries()) {
    await commit({
      type: 'environment.created',
      environment: { id: name, name, rank: (index + 1) * 10, isProtected: name === 'prod' },
    });
  }
  for (let channel = 0; channel < 10; channel += 1) {
    await commit({
      type: 'channel.created',
      channel: {
        id: `channel${channel}`,
        name: `channel-${channel}`,
        kind: channel % 2 === 0 ? 'conda' : 'pypi',
        upstream: { type: 'url', url: `http://127.0.0.1:9/${channel}` },
        environmentIds: ['dev', 'staging', 'prod'],
        note: '',
      },
    });
  }
  for (let index = 0; index < tokens; index += 1) {
    const id = tokenIdOf(index);
    const holderId = `h${index}`;
    const scope = {
      holderId,
      channelIds: [`channel${index % 10}`, `channel${(index + 1) % 10}`],
      expiresAtMs: Date.now() + (1 + (index % 300)) * dayMs,
      networks: index % 3 === 0 ? ['10.0.0.0/8'] : 'anywhere',
      note: `Pipeline ${index}`,
    };
    await commit(
      {
        type: 'holder.created',
        holder: { id: holderId, kind: 'service', name: `ci-${pad(index)}`, note: '' },
      },
      {
        type: 'token.issued',
        token: {
          id,
          digest: digestOf(index),
          teamId: `team${index % 20}`,
          environmentId: ['dev', 'staging', 'prod'][index % 3],
          permission: 'install',
          ...scope,
        },
      },
    );
    await commit({ type: 'token.changed', tokenId: id, ...scope, note: `Pipeline ${index}, moved` });
    await commit(
      index % 10 === 0
        ? { type: 'token.revoked', tokenIds: [id], reason: 'Bench' }
        : { type: 'token.changed', tokenId: id, ...scope },
    );
  }
  await vault.lock();
  out.end();
  await once(out, 'finish');
  writeFileSync(join(dir, 'vault.head'), backend.lastHead(), { mode: 0o600 });
}
