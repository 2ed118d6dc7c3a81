import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createVault } from '../../src-main/vault/create-vault.ts';
import type { Vault } from '../../src-main/vault/vault-api.ts';
import type { DomainEvent } from '../../src-main/organization/events.ts';
import type { OrganizationState } from '../../src-main/organization/state.ts';
import { created, partsIn, plainState, write } from '../support/organization-vault.ts';
import { readByPython as read } from '../support/format-reader.ts';
import { cleanTempDirs, tempDir } from '../support/temp-dir.ts';

const vector = fileURLToPath(new URL('../vectors/vault-v1/', import.meta.url));
const passphrase = 'correct horse battery staple';

const byPassphrase = ['--passphrase', passphrase] as const;

cleanTempDirs();
const opened: { lock(): Promise<void> }[] = [];
afterEach(async () => {
  for (const vault of opened.splice(0)) await vault.lock();
});

function copyOf(dir: string): string {
  const copy = tempDir();
  for (const name of ['vault.json', 'vault.log', 'vault.head'])
    copyFileSync(join(dir, name), join(copy, name));
  return copy;
}
describe('a reader that was written from docs/vault-format.md alone', () => {
  it('sees in the vector what the app sees in it', async () => {
    const expected = JSON.parse(readFileSync(join(vector, 'state.json'), 'utf8')) as Record<string, unknown>;
    const { keyless, ...full } = expected;
    expect(await read(vector, ...byPassphrase)).toMatchObject({ ...full, head: 'anchored' });
    expect(await read(vector, '--keychain', '2a'.repeat(32))).toMatchObject(full);
    expect(await read(vector, '--keyless')).toMatchObject(keyless as object);
  });

  it.each([
    ['lena', 'lena leads the core team'],
    ['aude', 'aude only looks at things'],
  ])('opens it for %s too, who holds no key of credentials', async (who, words) => {
    const dir = copyOf(vector);
    copyFileSync(join(vector, `${who}.vault.json`), join(dir, 'vault.json'));
    const { state } = JSON.parse(readFileSync(join(vector, 'state.json'), 'utf8')) as { state: unknown };
    expect(await read(dir, '--passphrase', words)).toMatchObject({ state, credentials: {} });
  });
});

describe('a vault that the app has just written', () => {
  async function freshVault() {
    const dir = tempDir();
    const { vault } = await createVault(partsIn(dir), {
      operatorName: 'Ada',
      passphrase,
      firstEvent: (operator) => created('Exämple 🗝', operator),
    });
    opened.push(vault);
    await fill(vault);
    return { dir, vault };
  }

  it('says the same to both', async () => {
    const { dir, vault } = await freshVault();
    const entries: unknown[] = [];
    for await (const { seq, atMs, signer, event } of vault.entries(0))
      entries.push({ seq, atMs, signer, event });
    expect(await read(dir, ...byPassphrase)).toMatchObject({
      lines: vault.seq(),
      void: [],
      unreadable: [],
      head: 'anchored',
      state: plainState(vault.state()),
      entries,
      credentials: { main: 'püssword' },
    });
  });

  it('shows a reader without keys who may sign and what is denied, and no word of its content', async () => {
    const { dir, vault } = await freshVault();
    const found = await read(dir, '--keyless');
    expect(found).toMatchObject({
      lines: vault.seq(),
      operators: [{ signer: vault.operator.id, role: 'admin', keyNo: 1 }],
      denials: [{ denies: { tokens: ['Tokenaa1'] } }, { denies: { ends: { Tokenaa2: endMs } } }],
    });
    expect(JSON.stringify(found)).not.toMatch(/mple|main|core|https?:/);
  });
});

const endMs = Date.UTC(2101, 0, 1);
async function fill(vault: Vault<OrganizationState, DomainEvent>): Promise<void> {
  const place = { subject: 'main', origin: 'http://localhost:8080' };
  const token = (id: string) => ({
    id,
    digest: Buffer.from(id).toString('hex').padEnd(64, 'f'),
    holderId: 'h',
    teamId: 'core',
    environmentId: 'dev',
    channelIds: ['main'],
    permission: 'install',
    expiresAtMs: Date.UTC(2102, 0, 1),
    networks: ['10.0.0.0/8', '2001:db8::/32'],
    note: '',
  });
  await write(
    vault,
    { type: 'team.created', team: { id: 'core', name: 'core', description: 'ünïcode \ud83d\udd11' } },
    { type: 'environment.created', environment: { id: 'dev', name: 'dev', rank: 1, isProtected: false } },
    {
      type: 'channel.created',
      channel: {
        id: 'main',
        name: 'main',
        kind: 'conda',
        upstream: { type: 'url', url: 'http://localhost:8080/conda/' },
        environmentIds: ['dev'],
        note: '',
        sealedCredentials: await vault.sealSecret('püssword', place),
      },
    },
    { type: 'holder.created', holder: { id: 'h', kind: 'agent', name: 'h', note: '' } },
  );
  await write(vault, ...['Tokenaa1', 'Tokenaa2'].map((id) => ({ type: 'token.issued', token: token(id) })));
  await write(vault, { type: 'token.revoked', tokenIds: ['Tokenaa1'], reason: 'r' });
  const { holderId, channelIds, networks, note } = token('');
  await write(vault, {
    type: 'token.changed',
    tokenId: 'Tokenaa2',
    holderId,
    channelIds,
    networks,
    note,
    expiresAtMs: endMs,
  });
}
