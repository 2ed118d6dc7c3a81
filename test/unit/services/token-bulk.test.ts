/** Acts on several tokens: what is told before, and what is done. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BulkAct, BulkQuestion, TokenSelection } from '../../../shared/contract/bulk-views.ts';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import type { TokenId } from '../../../shared/model/ids.ts';
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

const issue = async (name: string, more: object = {}): Promise<TokenView> => {
  const { token } = await app.client.tokens.issue({
    holder: { kind: 'service', name },
    teamId: ids.team,
    environmentId: ids.dev,
    channelIds: [ids.channel],
    ttlDays: 30,
    ...more,
  });
  return token;
};
const several = async (count: number): Promise<readonly TokenView[]> => {
  const made: TokenView[] = [];
  // oxlint-disable-next-line no-await-in-loop
  for (let at = 0; at < count; at += 1) made.push(await issue(`job-${at}`));
  return made;
};
const seq = () => app.app.session.vault().seq();
const all: TokenSelection = { by: 'filter' };
const picked = (...tokens: readonly TokenView[]): TokenSelection => ({
  by: 'ids',
  ids: tokens.map(({ id }) => id),
});
const plan = (selection: TokenSelection, act: BulkQuestion) => app.client.tokens.planBulk({ selection, act });
const apply = async (selection: TokenSelection, act: BulkAct) =>
  app.client.tokens.applyBulk({ selection, act, plan: (await plan(selection, act)).plan });
const get = (id: TokenId) => app.client.tokens.get({ id });
const revoke: BulkAct = { type: 'revoke', reason: 'left' };

describe('the preview', () => {
  it('counts only what changes, and says why the rest stays', async () => {
    const [a, b, c, d] = await several(4);
    await app.client.tokens.revoke({ ids: [a!.id], reason: 'lost' });
    await app.client.tokens.rotate({ id: b!.id, overlapHours: 1, ttlDays: 10 });
    await app.client.tokens.change({ id: c!.id, note: 'x' });
    const told = await plan(picked(a!, b!, c!, d!), { type: 'note', note: 'x' });
    expect(told).toMatchObject({ selected: 4, changes: 2 });
    expect(told.skipped.toSorted((x, y) => x.why.localeCompare(y.why))).toEqual([
      { why: 'revoked', count: 1 },
      { why: 'same', count: 1 },
    ]);
    expect(told.sample.map(({ id }) => id)).toEqual([b!.id, d!.id]);
    const rotation = await plan(all, { type: 'rotate', overlapHours: 1, ttlDays: 10 });
    expect(rotation).toMatchObject({ selected: 5, changes: 3 });
    expect(rotation.skipped).toContainEqual({ why: 'replaced', count: 1 });
  });

  it('counts an id twice once, and names what is gone', async () => {
    const [a] = await several(1);
    const told = await plan({ by: 'ids', ids: [a!.id, a!.id, 'zzzzzzzz'] }, { type: 'revoke' });
    expect(told).toMatchObject({ selected: 2, changes: 1, skipped: [{ why: 'gone', count: 1 }] });
  });

  it('leaves out what a policy would refuse', async () => {
    await several(2);
    await app.client.policies.save({
      name: 'short',
      mode: 'enforce',
      style: 'hide',
      teams: 'all',
      environments: 'all',
      rules: [{ type: 'tokens', maxTtlDays: 7, networksRequired: false }],
    });
    const act = { type: 'rotate', overlapHours: 1 } as const;
    expect(await plan(all, { ...act, ttlDays: 8 })).toMatchObject({
      changes: 0,
      skipped: [{ why: 'policy', count: 2 }],
    });
    expect(await plan(all, { ...act, ttlDays: 7 })).toMatchObject({ changes: 2 });
  });
});

describe('an act on several tokens', () => {
  it('is one line of the log, for all that match but some', async () => {
    const [a, b, c] = await several(3);
    await issue('elsewhere', { environmentId: ids.staging });
    const before = seq();
    const selection: TokenSelection = {
      by: 'filter',
      filter: { environmentIds: [ids.dev] },
      except: [b!.id],
    };
    expect(await apply(selection, revoke)).toEqual({ changed: 2, issued: [] });
    expect(seq()).toBe(before + 1);
    expect((await get(a!.id)).revoked?.reason).toBe('left');
    expect((await get(b!.id)).state).toBe('active');
    expect((await get(c!.id)).state).toBe('revoked');
    expect((await app.client.tokens.list({ states: ['active'] })).total).toBe(2);
  });

  it('does nothing when other tokens would change than were shown', async () => {
    const [a] = await several(2);
    const told = await plan(all, { type: 'revoke' });
    await app.client.tokens.revoke({ ids: [a!.id], reason: 'lost' });
    const before = seq();
    await expect(
      app.client.tokens.applyBulk({ selection: all, act: revoke, plan: told.plan }),
    ).rejects.toMatchObject({ code: 'VAULT_CONFLICT' });
    await issue('one more');
    await expect(
      app.client.tokens.applyBulk({ selection: all, act: revoke, plan: told.plan }),
    ).rejects.toMatchObject({ code: 'VAULT_CONFLICT' });
    expect(seq()).toBe(before + 1);
  });

  it('does nothing when nothing would change', async () => {
    const [a] = await several(1);
    await apply(all, revoke);
    const before = seq();
    await expect(apply(picked(a!), revoke)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(seq()).toBe(before);
  });

  it('rotates: each gets a successor whose secret comes once', async () => {
    const [a, b] = await several(2);
    const before = seq();
    const { changed, issued } = await apply(all, { type: 'rotate', overlapHours: 24, ttlDays: 20 });
    expect(changed).toBe(2);
    expect(seq()).toBe(before + 1);
    expect(issued.map(({ replaces }) => replaces).toSorted()).toEqual([a!.id, b!.id].toSorted());
    for (const { token, secret, replaces } of issued) {
      expect(secret.startsWith(`lk-${token.id}-`)).toBe(true);
      expect(token.rotatedFrom).toBe(replaces);
      expect(token.expiresAtMs).toBe(app.clock.nowMs + 20 * dayMs);
    }
    expect((await get(a!.id)).rotatedTo).toBe(issued.find(({ replaces }) => replaces === a!.id)?.token.id);
  });

  it('sets a note', async () => {
    const [a] = await several(1);
    await apply(all, { type: 'note', note: 'moved to the new cluster' });
    expect((await get(a!.id)).note).toBe('moved to the new cluster');
  });
});

describe('narrowing several', () => {
  const second = async () =>
    (
      await app.client.channels.create({
        name: 'second',
        kind: 'pypi',
        upstream: { type: 'url', url: 'https://second.example.com/simple/' },
        environmentIds: [ids.dev],
      })
    ).id;

  it('takes a channel away, and leaves alone what would have none', async () => {
    const other = await second();
    const both = await issue('both', { channelIds: [ids.channel, other] });
    const only = await issue('only', { channelIds: [other] });
    const none = await issue('none');
    const act: BulkAct = { type: 'narrow', removeChannelIds: [other] };
    expect(await plan(all, act)).toMatchObject({ selected: 3, changes: 1 });
    await apply(all, act);
    expect((await get(both.id)).channelIds).toEqual([ids.channel]);
    expect((await get(only.id)).channelIds).toEqual([other]);
    expect((await get(none.id)).channelIds).toEqual([ids.channel]);
  });

  it.each<[string, 'anywhere' | string[], string[] | 'same' | 'no-network-left']>([
    ['a token from anywhere', 'anywhere', ['10.0.0.0/8', '192.0.2.0/24']],
    ['a wider one', ['0.0.0.0/0'], ['10.0.0.0/8', '192.0.2.0/24']],
    ['a narrower one', ['10.1.0.0/16'], 'same'],
    ['one that overlaps', ['10.1.0.0/16', '172.16.0.0/12'], ['10.1.0.0/16']],
    ['one with nothing in common', ['172.16.0.0/12'], 'no-network-left'],
  ])('never gives an address more to %s', async (_what, networks, expected) => {
    const token = await issue('job', { networks });
    const act: BulkAct = { type: 'narrow', networks: ['10.0.0.0/8', '192.0.2.0/24'] };
    if (typeof expected === 'string') {
      expect(await plan(all, act)).toMatchObject({ changes: 0, skipped: [{ why: expected, count: 1 }] });
    } else {
      await apply(all, act);
      expect((await get(token.id)).networks).toEqual(expected);
    }
  });

  it('ends earlier, never later', async () => {
    const long = await issue('long', { ttlDays: 90 });
    const short = await issue('short', { ttlDays: 5 });
    const expiresAtMs = app.clock.nowMs + 10 * dayMs;
    const act: BulkAct = { type: 'narrow', expiresAtMs };
    expect(await plan(all, act)).toMatchObject({ changes: 1, skipped: [{ why: 'same', count: 1 }] });
    await apply(all, act);
    expect((await get(long.id)).expiresAtMs).toBe(expiresAtMs);
    expect((await get(short.id)).expiresAtMs).toBe(short.expiresAtMs);
    expect(await plan(all, { type: 'narrow', expiresAtMs: long.issuedAtMs })).toMatchObject({ changes: 0 });
  });

  it('refuses what is no network', async () => {
    await several(1);
    await expect(plan(all, { type: 'narrow', networks: ['10.0.0.1/8'] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
