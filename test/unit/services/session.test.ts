import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import type { Topic } from '../../../shared/contract/contract.ts';
import { furnish } from '../../support/furnish.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openMemoryApp, openUnlockedMemoryApp } from '../../support/memory-app.ts';
import { testPassphrase } from '../../support/temp-app.ts';

let app: MemoryApp | undefined;
afterEach(() => app?.close());
const first = { organizationName: 'Acme', operatorName: 'Ada', passphrase: testPassphrase };
const unlock = { passphrase: testPassphrase };

describe('an organization that was half made', () => {
  it('is completed by the next init with the same passphrase', async () => {
    app = openMemoryApp();
    await app.door.create({ organizationName: 'Typo', operatorName: 'Ada', passphrase: testPassphrase });
    await app.door.vault?.lock();
    const made = await app.client.session.create(first);
    expect(made).toMatchObject({ vault: 'unlocked', organizationName: 'Acme' });
    expect((await app.client.environments.list()).map(({ name }) => name)).toEqual([
      'dev',
      'staging',
      'prod',
    ]);
  });

  it('is completed by an unlock as well', async () => {
    app = openMemoryApp();
    await app.door.create(first);
    await app.door.vault?.lock();
    await app.client.session.unlock(unlock);
    expect(await app.client.environments.list()).toHaveLength(3);
  });

  it('is left locked when the disk is still full, and tried again', async () => {
    app = openMemoryApp();
    app.door.failNext = 'before';
    await expect(app.client.session.create(first)).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    expect((await app.client.session.status()).vault).toBe('locked');
    expect(app.door.vault).toBeUndefined();
    expect(await app.client.session.create(first)).toMatchObject({ vault: 'unlocked' });
    expect(await app.client.environments.list()).toHaveLength(3);
  });

  it('is not one that is complete, whoever asks', async () => {
    app = await openUnlockedMemoryApp();
    await app.client.session.lock();
    for (const passphrase of [testPassphrase, 'another passphrase for this']) {
      await expect(app.client.session.create({ ...first, passphrase })).rejects.toMatchObject({
        code: 'VAULT_EXISTS',
      });
    }
    expect(app.door.vault).toBeUndefined();
  });
});

describe('a session', () => {
  it('shows what is wrong with the vault as long as it is, and tells at once', async () => {
    app = await openUnlockedMemoryApp();
    const told: string[][] = [];
    app.app.on('session.changed', ({ alarms }) => told.push(alarms.map(({ code }) => code)));
    app.door.vault?.raise({ kind: 'log-lost', how: 'shorter' });
    app.door.vault?.raise({ kind: 'log-lost', how: 'shorter' });
    const { alarms } = await app.client.session.status();
    expect(alarms).toMatchObject([{ code: 'lines-lost', stopsWrites: true }]);
    expect(told).toEqual([['lines-lost'], ['lines-lost']]);
  });

  it('takes the banner of a change without its mark away once a later one has it', async () => {
    app = await openUnlockedMemoryApp();
    app.door.failNext = 'unanchored';
    await app.client.teams.create({ name: 'web' });
    app.door.vault?.raise({ kind: 'not-anchored', seq: 2 });
    expect((await app.client.session.status()).alarms).toMatchObject([{ code: 'not-anchored' }]);
    await app.client.teams.create({ name: 'science' });
    expect((await app.client.session.status()).alarms).toEqual([]);
  });

  it('opens a log that lost lines only when an admin accepts that', async () => {
    app = await openUnlockedMemoryApp();
    await app.client.session.lock();
    app.door.isRolledBack = true;
    await expect(app.client.session.unlock(unlock)).rejects.toMatchObject({ code: 'VAULT_ROLLED_BACK' });
    const view = await app.client.session.unlock({ ...unlock, acceptRestored: true });
    expect(view.vault).toBe('unlocked');
  });

  it('says which topics a change touched, its own or another process’s', async () => {
    app = await openUnlockedMemoryApp();
    const seen: { seq: number; topics: Topic[] }[] = [];
    app.app.on('vault.changed', (event) => seen.push(event));
    const ids = await furnish(app);
    await app.client.tokens.issue({
      holder: { kind: 'person', name: 'Grace' },
      teamId: ids.team,
      environmentId: ids.dev,
      channelIds: [ids.channel],
      ttlDays: 1,
    });
    const vault = app.door.vault!;
    const event = { type: 'organization.renamed', name: 'Other' } as const;
    vault.write({ atMs: app.clock.nowMs, events: [event] });
    expect(seen).toEqual([
      { seq: 3, topics: ['teams'] },
      { seq: 4, topics: ['channels'] },
      { seq: 5, topics: ['holders', 'tokens'] },
      { seq: 6, topics: ['organization'] },
    ]);
  });

  it('lets go of the vault and all that was made of it when it is locked', async () => {
    app = await openUnlockedMemoryApp({ warmUp: true });
    const { client } = app;
    const ids = await furnish(app);
    await client.channels.create({
      name: 'private',
      kind: 'conda',
      upstream: { type: 'url', url: 'https://conda.example.com' },
      environmentIds: [ids.dev],
      credentials: { action: 'set', credentials: { type: 'bearer', token: 'secret' } },
    });
    await client.channels.list();
    await client.tokens.list();
    await client.holders.list();
    await client.vault.verify();
    const vault = new WeakRef(app.door.vault!);
    await client.session.lock();
    expect(app.door.vault).toBeUndefined();
    // A reference that a finished call still has on the stack is none of the session's.
    await new Promise((resolve) => setTimeout(resolve, 0));
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    expect(vault.deref()).toBeUndefined();
  });
});
