/** What a session that the keychain unlocked may do, and where it asks for the passphrase. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BulkAct } from '../../../shared/contract/bulk-views.ts';
import type { Settings } from '../../../shared/contract/settings-views.ts';
import type { KeychainRecord } from '../../../src-main/services/keychain-port.ts';
import { stepUpCheck } from '../../../src-main/services/step-up-acts.ts';
import { createStepUpAuth } from '../../../src-main/services/step-up-auth.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';
import { testPassphrase } from '../../support/temp-app.ts';

const asked = { code: 'PASSPHRASE_REQUIRED' };
let record: KeychainRecord | undefined;
let opens: boolean;
let app: MemoryApp;
let scope: { teamId: string; environmentId: string; channelIds: string[] };

beforeEach(async () => {
  record = undefined;
  opens = true;
  app = await openUnlockedMemoryApp({
    host: {
      kind: 'electron',
      saveDialog: 'native',
      clipboard: 'host',
      chooseSavePath: async () => join(app.dataDir, 'exported'),
      keychain: {
        store: {
          status: async () => ({ usable: true, backend: 'fake' }),
          seal: async (text) => Buffer.from(text),
          open: async (sealed) => {
            if (!opens) throw new Error('another user');
            return { text: sealed.toString() };
          },
        },
        file: { read: () => record, write: (next) => (record = next), remove: () => (record = undefined) },
      },
    },
  });
  const { client } = app;
  const [dev] = await client.environments.list();
  const team = await client.teams.create({ name: 'science' });
  const channel = await client.channels.create({
    name: 'main',
    kind: 'conda',
    upstream: { type: 'url', url: 'https://conda.example/main' },
    environmentIds: [dev!.id],
    credentials: { action: 'set', credentials: { type: 'bearer', token: 'secret' } },
  });
  scope = { teamId: team.id, environmentId: dev!.id, channelIds: [channel.id] };
  await client.keychain.enable({ passphrase: testPassphrase });
});
afterEach(() => app.close());

const issue = (name: string) =>
  app.client.tokens.issue({ holder: { kind: 'service', name }, ...scope, ttlDays: 30 });
const revoke = (id: string) => app.client.tokens.revoke({ ids: [id], reason: 'x' });
const confirm = () => app.client.session.confirm({ passphrase: testPassphrase });
async function byKeychain(): Promise<void> {
  await app.client.session.lock();
  await app.client.keychain.unlock();
}

describe('a session that the keychain unlocked', () => {
  it('asks before many tokens are revoked, also one by one', async () => {
    const ids: string[] = [];
    // oxlint-disable-next-line no-await-in-loop
    for (let at = 0; at < 11; at += 1) ids.push((await issue(`job-${at}`)).token.id);
    await byKeychain();
    // oxlint-disable-next-line no-await-in-loop
    for (const id of ids.slice(0, 9)) await revoke(id);
    await expect(revoke(ids[9]!)).rejects.toMatchObject(asked);
    // Asking the keychain again is no passphrase.
    await app.client.keychain.unlock();
    await expect(revoke(ids[9]!)).rejects.toMatchObject(asked);
    await confirm();
    await revoke(ids[9]!);
    await revoke(ids[10]!);
  });

  it('asks before more than a few tokens are issued or rotated', async () => {
    await byKeychain();
    const { token } = await issue('first');
    // oxlint-disable-next-line no-await-in-loop
    for (let at = 0; at < 8; at += 1) await issue(`job-${at}`);
    await expect(issue('one too many')).rejects.toMatchObject(asked);
    await expect(
      app.client.tokens.rotate({ id: token.id, overlapHours: 1, ttlDays: 30 }),
    ).rejects.toMatchObject(asked);
    await confirm();
    await issue('one more');
  });

  it('asks before many tokens at once are revoked, narrowed or rotated, not for a note', async () => {
    // oxlint-disable-next-line no-await-in-loop
    for (let at = 0; at < 12; at += 1) await issue(`job-${at}`);
    await byKeychain();
    const selection = { by: 'filter' } as const;
    const bulk = async (act: BulkAct) => {
      const { plan } = await app.client.tokens.planBulk({ selection, act });
      return app.client.tokens.applyBulk({ selection, act, plan });
    };
    await bulk({ type: 'note', note: 'looked at' });
    const soon = Date.UTC(2026, 0, 2);
    await expect(bulk({ type: 'revoke', reason: 'x' })).rejects.toMatchObject(asked);
    await expect(bulk({ type: 'narrow', expiresAtMs: soon })).rejects.toMatchObject(asked);
    await expect(bulk({ type: 'rotate', overlapHours: 1, ttlDays: 9 })).rejects.toMatchObject(asked);
    await confirm();
    expect(await bulk({ type: 'narrow', expiresAtMs: soon })).toMatchObject({ changed: 12 });
  });

  it('counts an earlier end as a revocation', async () => {
    const ids: string[] = [];
    // oxlint-disable-next-line no-await-in-loop
    for (let at = 0; at < 10; at += 1) ids.push((await issue(`job-${at}`)).token.id);
    await byKeychain();
    const end = (id: string) => app.client.tokens.change({ id, expiresAtMs: Date.UTC(2026, 0, 2) });
    // oxlint-disable-next-line no-await-in-loop
    for (const id of ids.slice(0, 9)) await end(id);
    await app.client.tokens.change({ id: ids[9]!, note: 'nothing is taken away' });
    await expect(end(ids[9]!)).rejects.toMatchObject(asked);
  });

  it('asks before the secrets of several tokens go into a file', async () => {
    const { token, secret } = await issue('job');
    await byKeychain();
    const source = { of: 'secrets' as const, issued: [{ tokenId: token.id, secret }] };
    await expect(
      app.client.exports.saveTable({ name: 'tokens', format: 'csv', source }),
    ).rejects.toMatchObject(asked);
  });

  it('asks before stored credentials go another way', async () => {
    await byKeychain();
    const draft = {
      name: 'main',
      kind: 'conda' as const,
      environmentIds: [scope.environmentId],
      id: scope.channelIds[0]!,
    };
    const elsewhere = { type: 'url' as const, url: 'https://conda.example/other' };
    await app.client.channels.update({
      ...draft,
      note: 'same place',
      upstream: { type: 'url', url: 'https://conda.example/main' },
    });
    await expect(app.client.channels.update({ ...draft, upstream: elsewhere })).rejects.toMatchObject(asked);
    await expect(app.client.channels.testConnection({ ...draft, upstream: elsewhere })).rejects.toMatchObject(
      asked,
    );
    await confirm();
    await app.client.channels.update({ ...draft, upstream: elsewhere });
  });

  it('counts a token that is cut short as revoked, and one that reaches further as issued', async () => {
    const tokens: { readonly id: string; readonly expiresAtMs: number }[] = [];
    // oxlint-disable-next-line no-await-in-loop
    for (let at = 0; at < 10; at += 1) tokens.push((await issue(`job-${at}`)).token);
    await byKeychain();
    const change = (at: number, what: object) => app.client.tokens.change({ id: tokens[at]!.id, ...what });
    for (let at = 0; at < 9; at += 1)
      // oxlint-disable-next-line no-await-in-loop
      await change(at, at % 2 === 0 ? { networks: ['192.0.2.0/24'] } : { expiresAtMs: app.clock.nowMs + 1 });
    await expect(change(9, { expiresAtMs: app.clock.nowMs + 1 })).rejects.toMatchObject(asked);
    await expect(revoke(tokens[9]!.id)).rejects.toMatchObject(asked);
    // What neither takes nor gives is free.
    await change(9, { note: 'of the night shift' });
    for (let at = 0; at < 8; at += 2)
      // oxlint-disable-next-line no-await-in-loop
      await change(at, { networks: 'anywhere' });
    // oxlint-disable-next-line no-await-in-loop
    for (let at = 0; at < 5; at += 1) await issue(`more-${at}`);
    const later = { expiresAtMs: tokens[9]!.expiresAtMs + 86_400_000 };
    await expect(change(9, later)).rejects.toMatchObject(asked);
    await expect(issue('one too many')).rejects.toMatchObject(asked);
    await confirm();
    await change(9, later);
  });

  it('shows a config with the secret that its caller has, and none with another', async () => {
    const { token, secret } = await issue('job');
    await app.client.gateway.start();
    await byKeychain();
    const render = (given: { secret?: string }) =>
      app.client.exports.render({ format: 'condarc', tokenId: token.id, ...given });
    const textOf = ({ files }: { files: readonly { content: string }[] }) =>
      files.map(({ content }) => content).join('\n');
    expect(textOf(await render({ secret }))).toContain(secret);
    // Nobody else has one: it is not kept, so it cannot be had by asking.
    expect(textOf(await render({}))).not.toContain(secret);
    const other = await issue('other');
    await expect(render({ secret: other.secret })).rejects.toMatchObject({ code: 'TOKEN_MALFORMED' });
  });

  it('asks before a secret is written into a file, not before a file without one', async () => {
    const { token, secret } = await issue('job');
    await app.client.gateway.start();
    await byKeychain();
    const request = { format: 'conda-netrc' as const, tokenId: token.id };
    const [file] = (await app.client.exports.render(request)).files;
    const save = (more: object) =>
      app.client.exports.save({
        ...request,
        fileName: file!.name,
        overwrite: true,
        ...more,
      });
    await save({});
    await expect(save({ secret })).rejects.toMatchObject(asked);
    await confirm();
    await save({ secret });
  });

  it.each<[what: string, change: (now: Settings) => Partial<Settings>]>([
    ['the gateway’s host', ({ gateway }) => ({ gateway: { ...gateway, host: '0.0.0.0' } })],
    ['its port', ({ gateway }) => ({ gateway: { ...gateway, port: 9_999 } })],
    ['its public URL', ({ gateway }) => ({ gateway: { ...gateway, publicUrl: 'https://pkgs.example' } })],
    ['its trusted proxies', ({ gateway }) => ({ gateway: { ...gateway, trustedProxies: ['192.0.2.1/32'] } })],
    [
      'the network’s proxy',
      ({ network }) => ({ network: { ...network, proxyUrl: 'http://proxy.example:1' } }),
    ],
    ['the update feed', ({ updates }) => ({ updates: { ...updates, feedUrl: 'https://updates.example/' } })],
    ['the update channel', ({ updates }) => ({ updates: { ...updates, channel: 'beta' } })],
  ])('asks before %s is changed, each time until it is typed', async (_, change) => {
    await byKeychain();
    const now = await app.client.settings.get();
    for (let tries = 0; tries < 2; tries += 1)
      // oxlint-disable-next-line no-await-in-loop
      await expect(app.client.settings.set({ ...now, ...change(now) })).rejects.toMatchObject(asked);
    expect(await app.client.settings.get()).toEqual(now);
    await confirm();
    expect(await app.client.settings.set({ ...now, ...change(now) })).toMatchObject(change(now));
  });

  it('does not ask before other settings are changed', async () => {
    await byKeychain();
    const now = await app.client.settings.get();
    const next = {
      ...now,
      idleLockMinutes: 20,
      gateway: { ...now.gateway, finishDownloads: true, autoStart: false },
    };
    expect(await app.client.settings.set(next)).toEqual(next);
  });

  it('asks again when the passphrase was typed five minutes ago', async () => {
    await byKeychain();
    const now = await app.client.settings.get();
    const set = (port: number) => app.client.settings.set({ ...now, gateway: { ...now.gateway, port } });
    await confirm();
    app.clock.nowMs += 5 * 60_000 - 1;
    await set(9_998);
    app.clock.nowMs += 1;
    await expect(set(9_999)).rejects.toMatchObject(asked);
  });

  it('is locked when its time is over, though passphrases were tried', async () => {
    await byKeychain();
    const { idleLockMinutes } = await app.client.settings.get();
    app.clock.nowMs += idleLockMinutes * 60_000;
    await expect(app.client.session.unlock({ passphrase: 'wrong' })).rejects.toThrow();
    await expect(app.client.session.confirm({ passphrase: 'wrong' })).rejects.toThrow();
    await expect
      .poll(async () => (await app.client.session.status()).vault, { timeout: 20_000 })
      .toBe('locked');
  });

  it('is not made one of a passphrase, nor longer, by an unlock that fails', async () => {
    await byKeychain();
    const before = record;
    await expect(app.client.session.unlock({ passphrase: 'wrong' })).rejects.toMatchObject({
      code: 'VAULT_WRONG_PASSPHRASE',
    });
    expect(record).toBe(before);
    opens = false;
    await expect(app.client.keychain.unlock()).rejects.toThrow();
    const now = await app.client.settings.get();
    await expect(
      app.client.settings.set({ ...now, gateway: { ...now.gateway, port: 9_999 } }),
    ).rejects.toMatchObject(asked);
  });
});

describe('a session by passphrase', () => {
  it('is not asked, and a wrong passphrase typed into it puts nothing off', async () => {
    const before = record;
    app.clock.nowMs += 60_000;
    await expect(app.client.session.unlock({ passphrase: 'wrong' })).rejects.toMatchObject({
      code: 'VAULT_WRONG_PASSPHRASE',
    });
    expect(record).toBe(before);
    for (let at = 0; at < 12; at += 1)
      // oxlint-disable-next-line no-await-in-loop
      await issue(`job-${at}`);
  });
});

it('plans no bulk act for a session that is not asked anyway', () => {
  let planned = 0;
  const auth = createStepUpAuth(() => 0);
  const check = stepUpCheck({
    stepUpAuth: auth,
    settings: () => {
      throw new Error('not asked for');
    },
    state: () => {
      throw new Error('not asked for');
    },
    plannedChanges: () => (planned += 1),
  });
  const input = { selection: { by: 'ids', ids: [] }, act: { type: 'revoke', reason: 'x' }, plan: 'p' };
  check('many-tokens-changed', input);
  check('rights-changed', { id: 'x' });
  expect(planned).toBe(0);
  auth.noteUnattended();
  check('many-tokens-changed', input);
  expect(planned).toBe(1);
});
