import { describe, expect, it } from 'vitest';
import type { Bundle, BundleDelta } from '../../../shared/model/bundle.ts';
import type { ChannelId, TeamId, TokenId } from '../../../shared/model/ids.ts';
import { BundleTables } from '../../../src-main/gateway/tables.ts';
import { bundleOf, channelOf, nowMs, tokenOf } from './gateway-scene.ts';

const folder = { type: 'folder', path: '/srv/a' } as const;
const one = channelOf('one', folder);
const two = channelOf('two', folder);
const token = tokenOf('AAAAAAAA' as TokenId, [one, two]);
const whole = (number: number): Bundle => ({
  ...bundleOf(number, [one, two], [['lk-a', token]]),
  curation: { labels: [], assessments: [], names: [], licenses: [] },
});
const delta = (from: number, more: Partial<BundleDelta> = {}): BundleDelta => ({
  from,
  number: from + 1,
  seq: from + 1,
  madeAtMs: nowMs + 1,
  ...more,
});
const tablesAt = async (number: number): Promise<BundleTables> => {
  const tables = new BundleTables();
  expect(await tables.load(whole(number))).toEqual({ ok: true, number });
  return tables;
};

describe("the gateway's tables", () => {
  it('acknowledge a bundle and the delta that follows by their numbers', async () => {
    const tables = await tablesAt(7);
    expect(tables.apply(delta(7, { organizationName: 'New' }))).toEqual({ ok: true, number: 8 });
    expect(tables.toBundle()).toEqual({
      ...whole(7),
      number: 8,
      seq: 8,
      madeAtMs: nowMs + 1,
      organizationName: 'New',
    });
  });

  it.each([6, 8])('refuse a delta for another number (%i) and stay as they are', async (from) => {
    const tables = await tablesAt(7);
    expect(tables.apply(delta(from, { removedChannelIds: [one.id] }))).toEqual({
      ok: false,
      why: 'gap',
      number: 7,
    });
    expect(tables.toBundle()).toEqual(whole(7));
  });

  it('refuse a delta before the first bundle, and an older bundle', async () => {
    expect(new BundleTables().apply(delta(0))).toEqual({ ok: false, why: 'gap', number: undefined });
    await expect((await tablesAt(7)).load(whole(6))).resolves.toEqual({ ok: false, why: 'older', number: 7 });
  });

  it('find a channel under its new name only, also when two exchange theirs', async () => {
    const tables = await tablesAt(1);
    tables.apply(
      delta(1, {
        channels: [
          { ...one, name: 'two' },
          { ...two, name: 'one' },
        ],
      }),
    );
    expect(tables.channelNamed('two')?.id).toBe(one.id);
    expect(tables.channelNamed('one')?.id).toBe(two.id);
    tables.apply(delta(2, { channels: [{ ...one, name: 'three' }] }));
    expect(tables.channelNamed('two')).toBeUndefined();
    expect(tables.channelNamed('three')?.id).toBe(one.id);
  });

  it('forget what is removed, and let its name be used again in the same delta', async () => {
    const tables = await tablesAt(1);
    const next = { ...two, id: 'id-next' as ChannelId };
    tables.apply(
      delta(1, { removedChannelIds: [two.id], channels: [next], removedTeamIds: ['science' as TeamId] }),
    );
    expect(tables.channelNamed('two')).toEqual(next);
    expect(tables.channel(two.id)).toBeUndefined();
    expect(tables.toBundle()?.teams).toEqual([]);
  });

  it('replace a token by its id', async () => {
    const tables = await tablesAt(1);
    const digest = whole(1).tokens[0]?.digest ?? '';
    const revoked = { ...token, digest, revoked: { atMs: nowMs, reason: 'lost' } };
    tables.apply(delta(1, { tokens: [revoked] }));
    expect(tables.tokenOf(digest)).toEqual(revoked);
    expect(tables.toBundle()?.tokens).toHaveLength(1);
  });

  it('enforce the old until all of a large bundle is there', async () => {
    const tables = await tablesAt(1);
    const many = Array.from({ length: 12_000 }, (_, index) => {
      const id = `Z${index}`.padStart(8, 'Z') as TokenId;
      return { ...token, id, digest: String(index) };
    });
    const loading = tables.load({ ...whole(2), tokens: many });
    expect([tables.number, tables.toBundle()?.tokens.length]).toEqual([1, 1]);
    expect(tables.apply(delta(1))).toMatchObject({ ok: true });
    await expect(loading).resolves.toEqual({ ok: true, number: 2 });
    expect(tables.toBundle()?.tokens).toHaveLength(12_000);
  });
});
