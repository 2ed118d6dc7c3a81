import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dayMs } from '../../../shared/model/time.ts';
import type { Furnished } from '../../support/furnish.ts';
import { furnish } from '../../support/furnish.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';

let app: MemoryApp;
let ids: Furnished;
beforeEach(async () => {
  app = await openUnlockedMemoryApp();
  ids = await furnish(app);
});
afterEach(() => app.close());

const issue = async (more: object = {}) => {
  const { token } = await app.client.tokens.issue({
    holder: { kind: 'person', name: 'Grace' },
    teamId: ids.team,
    environmentId: ids.dev,
    channelIds: [ids.channel],
    ttlDays: 30,
    ...more,
  });
  return token;
};
const seq = () => app.app.session.vault().seq();
const limit = (rule: { maxTtlDays?: number; networksRequired?: boolean }) =>
  app.client.policies.save({
    name: 'limits',
    mode: 'enforce',
    style: 'hide',
    teams: 'all',
    environments: 'all',
    rules: [{ type: 'tokens', networksRequired: false, ...rule }],
  });

describe('the holder of a new token', () => {
  it('is made with it, in one transaction, and found the next time', async () => {
    const before = seq();
    const first = await issue();
    expect(seq()).toBe(before + 1);
    const second = await issue();
    expect(second.holder).toEqual(first.holder);
    const service = await issue({ holder: { kind: 'service', name: 'Grace' } });
    expect(service.holder.id).not.toBe(first.holder.id);
    expect(
      (await app.client.holders.list()).rows
        // Holders of one name are in the order of their random ids.
        .toSorted((a, b) => a.kind.localeCompare(b.kind))
        .map((row) => [row.name, row.kind, row.activeTokens]),
    ).toEqual([
      ['Grace', 'person', 2],
      ['Grace', 'service', 1],
    ]);
  });

  it('can be one that there is, by its id, and no other', async () => {
    const { holder } = await issue();
    expect((await issue({ holder: { id: holder.id } })).holder).toEqual(holder);
    await expect(issue({ holder: { id: 'nobody' } })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is not made when the token is refused', async () => {
    await limit({ maxTtlDays: 1 });
    await expect(issue({ holder: { kind: 'person', name: 'Ada' } })).rejects.toMatchObject({
      code: 'POLICY_DENIED',
    });
    expect((await app.client.holders.list({ search: 'ada' })).rows).toEqual([]);
  });
});

describe('a new token', () => {
  it('may be used from anywhere unless networks are named', async () => {
    expect((await issue()).networks).toBe('anywhere');
    expect((await issue({ networks: ['10.1.2.3', '10.1.2.3/32'] })).networks).toEqual(['10.1.2.3/32']);
  });

  it('is refused with every reason, typed', async () => {
    await limit({ maxTtlDays: 7, networksRequired: true });
    await expect(issue()).rejects.toMatchObject({
      code: 'POLICY_DENIED',
      details: {
        reasons: [
          { rule: 'tokens.lifetime', evidence: { ttlDays: 30, maxTtlDays: 7 } },
          { rule: 'tokens.networks', evidence: {} },
        ],
      },
    });
  });

  it('never has the secret of another one, not even of a revoked one', async () => {
    const old = await issue();
    await app.client.tokens.revoke({ ids: [old.id], reason: 'lost' });
    const vault = app.app.session.vault();
    const { digest, holderId } = vault.state().tokens.get(old.id)!;
    const token = {
      id: 'ZZZZZZZZ' as typeof old.id,
      digest,
      holderId,
      teamId: ids.team,
      environmentId: ids.dev,
      channelIds: [ids.channel],
      permission: 'install' as const,
      expiresAtMs: app.clock.nowMs + dayMs,
      networks: 'anywhere' as const,
      note: '',
    };
    await expect(
      vault.commit(() => ({ events: [{ type: 'token.issued', token }], result: undefined })),
    ).rejects.toThrow('this secret was issued before');
  });
});

describe('changing a token', () => {
  it('narrows whatever the policies say by now', async () => {
    const token = await issue({ ttlDays: 90 });
    await limit({ maxTtlDays: 1, networksRequired: true });
    const changed = await app.client.tokens.change({
      id: token.id,
      expiresAtMs: token.expiresAtMs - dayMs,
      note: 'leaves soon',
    });
    expect(changed).toMatchObject({ expiresAtMs: token.expiresAtMs - dayMs, note: 'leaves soon' });
    const bound = await app.client.tokens.change({ id: token.id, networks: ['10.0.0.0/8'] });
    expect(bound.networks).toEqual(['10.0.0.0/8']);
    const narrower = await app.client.tokens.change({ id: token.id, networks: ['10.1.0.0/16'] });
    expect(narrower.networks).toEqual(['10.1.0.0/16']);
  });

  it('ends no later than a new token could', async () => {
    const token = await issue({ ttlDays: 3650 });
    await expect(
      app.client.tokens.change({ id: token.id, expiresAtMs: token.expiresAtMs + 1 }),
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('3650 days') as string,
    });
  });

  it('is judged like an issue where it gives more', async () => {
    const token = await issue({ ttlDays: 5, networks: ['10.0.0.0/8'] });
    await limit({ maxTtlDays: 7, networksRequired: true });
    const end = app.clock.nowMs + 7 * dayMs;
    expect((await app.client.tokens.change({ id: token.id, expiresAtMs: end })).expiresAtMs).toBe(end);
    await expect(app.client.tokens.change({ id: token.id, expiresAtMs: end + 1 })).rejects.toMatchObject({
      code: 'POLICY_DENIED',
      details: { reasons: [{ rule: 'tokens.lifetime', evidence: { ttlDays: 7.1, maxTtlDays: 7 } }] },
    });
    // From the issue on: tomorrow it may not end a day later than today.
    app.clock.nowMs += dayMs;
    await expect(app.client.tokens.change({ id: token.id, expiresAtMs: end + dayMs })).rejects.toMatchObject({
      details: { reasons: [{ evidence: { ttlDays: 8, maxTtlDays: 7 } }] },
    });
    await expect(app.client.tokens.change({ id: token.id, networks: 'anywhere' })).rejects.toMatchObject({
      code: 'POLICY_DENIED',
      details: { reasons: [{ rule: 'tokens.networks' }] },
    });
  });

  it('reaches no channel that is not open to its environment', async () => {
    const token = await issue();
    const other = await app.client.channels.create({
      name: 'other',
      kind: 'conda',
      upstream: { type: 'folder', label: 'other' },
      environmentIds: [ids.prod],
    });
    await expect(
      app.client.tokens.change({ id: token.id, channelIds: [ids.channel, other.id] }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { channel: 'other', environment: 'dev' } });
  });

  it('gives it another holder, found or made', async () => {
    const token = await issue();
    const changed = await app.client.tokens.change({
      id: token.id,
      holder: { kind: 'agent', name: 'release-bot' },
    });
    expect(changed.holder).toMatchObject({ kind: 'agent', name: 'release-bot' });
  });

  it('never revives a dead one, nor lengthens one that was rotated', async () => {
    const { client, clock } = app;
    const revoked = await issue();
    await client.tokens.revoke({ ids: [revoked.id], reason: 'lost' });
    await expect(client.tokens.change({ id: revoked.id, note: 'x' })).rejects.toMatchObject({
      code: 'TOKEN_REVOKED',
    });
    const rotated = await issue();
    await client.tokens.rotate({ id: rotated.id, overlapHours: 24, ttlDays: 30 });
    await expect(
      client.tokens.change({ id: rotated.id, expiresAtMs: rotated.expiresAtMs }),
    ).rejects.toMatchObject({ code: 'OPERATION_NOT_ALLOWED' });
    const expired = await issue({ ttlDays: 1 });
    clock.nowMs = expired.expiresAtMs;
    await expect(
      client.tokens.change({ id: expired.id, expiresAtMs: clock.nowMs + dayMs }),
    ).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
  });

  it('refuses an end before the beginning, and writes nothing where nothing changes', async () => {
    const token = await issue();
    await expect(
      app.client.tokens.change({ id: token.id, expiresAtMs: token.issuedAtMs }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const before = seq();
    await app.client.tokens.change({ id: token.id, note: token.note, networks: 'anywhere' });
    expect(seq()).toBe(before);
  });
});

describe('holders', () => {
  it('are renamed with their tokens, but not to a name that their kind has', async () => {
    const { holder, id } = await issue();
    await issue({ holder: { kind: 'person', name: 'Ada' } });
    await expect(app.client.holders.update({ id: holder.id, name: 'Ada', note: '' })).rejects.toMatchObject({
      code: 'NAME_TAKEN',
    });
    await app.client.holders.update({ id: holder.id, name: 'Grace Hopper', note: 'navy' });
    expect((await app.client.tokens.get({ id })).holder.name).toBe('Grace Hopper');
    const found = await app.client.tokens.list({ search: 'hopper' });
    expect(found.rows.map((row) => row.id)).toEqual([id]);
    expect((await app.client.holders.list({ search: 'navy' })).total).toBe(1);
  });
});
