import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { BundleDelta } from '../../../shared/model/bundle.ts';
import { operatorId } from '../../../shared/model/ids.ts';
import {
  FeedScene,
  RecordingSink,
  changedChannel,
  channel,
  environment,
  granted,
  ids,
  issued,
  revoked,
  team,
  tokenFields,
} from './feed-scene.ts';

let scene: FeedScene;
beforeEach(async () => {
  scene = await new FeedScene().open();
});
const lastDelta = (): BundleDelta | undefined => scene.sink.deltas.at(-1);
const digest = (id: string) => tokenFields(id).digest;

describe('the feed of the gateway', () => {
  it('sends a whole bundle after the unlock, made of the lines so far', () => {
    expect(scene.sink.loads).toHaveLength(1);
    expect(scene.sink.tables.seq).toBe(scene.vault.seq());
    expect(scene.sink.tables.channelNamed('main')).toMatchObject({
      kind: 'conda',
      environmentIds: ['dev'],
      upstream: { type: 'url', url: 'https://conda.example/main' },
    });
  });

  it('names the admins, to whom the request log is sealed, and those that come', async () => {
    const ada = { operatorId: 'ada', keyNo: 1, x: expect.any(String) as string };
    const recipients = () => scene.sink.tables.logKeeping?.recipients;
    expect(recipients()).toEqual([ada]);
    const key = (crv: 'Ed25519' | 'X25519') => ({ kty: 'OKP' as const, crv, x: 'B'.repeat(43) });
    const keys = { signKey: key('Ed25519'), receiveKey: key('X25519') };
    const operator = { id: operatorId.parse('bob'), name: 'Bob', teamIds: [], ...keys };
    await scene.commit({ type: 'operator.added', operator: { ...operator, role: 'lead' } });
    expect(recipients()).toEqual([ada]);
    const { id, name, teamIds } = operator;
    await scene.commit({ type: 'operator.changed', operatorId: id, name, role: 'admin', teamIds });
    expect(lastDelta()?.logKeeping?.recipients).toEqual([
      ada,
      { operatorId: 'bob', keyNo: 1, x: 'B'.repeat(43) },
    ]);
    await scene.commit(issued('AAAAAAA1'));
    expect(lastDelta()).not.toHaveProperty('logKeeping');
    expect(recipients()).toHaveLength(2);
  });

  it('sends only the tokens that a change touched', async () => {
    await scene.commit(issued('AAAAAAA1'), issued('AAAAAAA2'));
    await scene.commit(issued('AAAAAAA3'));
    expect(lastDelta()?.tokens?.map((token) => token.id)).toEqual(['AAAAAAA3']);
    await scene.commit(revoked('AAAAAAA1'));
    expect(lastDelta()).toEqual({
      from: 3,
      number: 4,
      seq: scene.vault.seq(),
      madeAtMs: 5_000,
      tokens: [
        expect.objectContaining({ id: 'AAAAAAA1', revoked: { atMs: scene.vault.nowMs, reason: 'lost' } }),
      ],
    });
    expect(scene.sink.loads).toHaveLength(1);
  });

  it('lets no token begin before its issue, whatever time its line was given', async () => {
    // A limit counts from the issue: dated a year ahead, a token of one day would otherwise live a year and a day.
    scene.vault.nowMs += 365 * 86_400_000;
    const expiresAtMs = scene.vault.nowMs + 86_400_000;
    await scene.commit(
      issued('AAAAAAA1', { expiresAtMs }),
      issued('AAAAAAA2', { expiresAtMs, notBeforeMs: expiresAtMs - 1 }),
    );
    const issuedAtMs = scene.vault.state().tokens.get(ids.tokenId.parse('AAAAAAA1'))?.issuedAtMs;
    expect(issuedAtMs).toBeGreaterThan(365 * 86_400_000);
    expect(lastDelta()?.tokens?.map((token) => token.notBeforeMs)).toEqual([issuedAtMs, expiresAtMs - 1]);
  });

  it('sends both sides of a rotation', async () => {
    await scene.commit(issued('AAAAAAA1'));
    await scene.commit({
      type: 'token.rotated',
      predecessorId: ids.tokenId.parse('AAAAAAA1'),
      predecessorExpiresAtMs: 2_000,
      successor: tokenFields('AAAAAAA2'),
    });
    expect(scene.sink.tables.tokenOf(digest('AAAAAAA1'))).toMatchObject({
      expiresAtMs: 2_000,
      rotatedTo: 'AAAAAAA2',
    });
    expect(scene.sink.tables.tokenOf(digest('AAAAAAA2'))).toMatchObject({ id: 'AAAAAAA2' });
  });

  it('renames a team and an environment without touching their tokens', async () => {
    await scene.commit(issued('AAAAAAA1'), issued('AAAAAAA2'));
    await scene.commit({ type: 'team.changed', team: { ...team('core').team, name: 'kernel' } });
    expect(lastDelta()).toMatchObject({ teams: [{ id: 'core', name: 'kernel' }] });
    expect(lastDelta()?.tokens).toBeUndefined();
    await scene.commit({
      type: 'environment.changed',
      environment: { ...environment('dev').environment, name: 'develop' },
    });
    expect(lastDelta()).toMatchObject({ environments: [{ id: 'dev', name: 'develop' }] });
    expect(lastDelta()?.tokens).toBeUndefined();
  });

  it('takes a renamed channel from its old name, and a removed one away', async () => {
    await scene.commit(channel('extra'));
    await scene.commit(changedChannel('extra', { name: 'renamed' }));
    expect(scene.sink.tables.channelNamed('extra')).toBeUndefined();
    expect(scene.sink.tables.channelNamed('renamed')?.id).toBe('extra');
    await scene.commit({ type: 'channel.removed', channelId: ids.channelId.parse('extra') });
    expect(scene.sink.tables.channelNamed('renamed')).toBeUndefined();
  });

  it('acknowledges a line without effect and one that the gateway has no use for', async () => {
    expect(scene.vault.commit(issued('AAAAAAA1', { teamId: ids.teamId.parse('nobody') }))).toBe(false);
    await scene.settle();
    expect(scene.sink.tables.seq).toBe(scene.vault.seq());
  });

  it('answers a refused delta with a whole bundle', async () => {
    scene.sink.tables.apply({ from: 1, number: 1.5, seq: 0, madeAtMs: 0 });
    await scene.commit(issued('AAAAAAA1'));
    expect(scene.sink.loads).toHaveLength(2);
    expect(scene.sink.tables.tokenOf(digest('AAAAAAA1'))).toBeDefined();
  });
});

describe('a confirmation', () => {
  it('comes at once where no gateway runs, and when it goes', async () => {
    scene.feed.detach();
    await expect(scene.feed.confirmed(1_000)).resolves.toBeUndefined();
    await scene.feed.attach(new RecordingSink());
    const waiting = scene.feed.confirmed(1_000);
    scene.feed.detach();
    await expect(waiting).resolves.toBeUndefined();
  });

  it('comes when the gateway acknowledged, not before', async () => {
    let release = (): void => undefined;
    scene.sink.before = () => new Promise((resolve) => (release = resolve));
    scene.vault.commit(issued('AAAAAAA1'));
    let isConfirmed = false;
    const waiting = scene.settle().then(() => (isConfirmed = true));
    await vi.waitFor(() => expect(release).not.toBeUndefined());
    await new Promise((resolve) => setImmediate(resolve));
    expect(isConfirmed).toBe(false);
    release();
    await waiting;
    expect(scene.sink.tables.tokenOf(digest('AAAAAAA1'))).toBeDefined();
  });

  it('does not wait for a gateway that hangs when another takes its place', async () => {
    scene.sink.before = () => new Promise(() => undefined);
    scene.vault.commit(issued('AAAAAAA1'));
    await new Promise((resolve) => setImmediate(resolve));
    scene.feed.detach();
    const next = new RecordingSink();
    await scene.feed.attach(next);
    expect(next.tables.tokenOf(digest('AAAAAAA1'))).toBeDefined();
  });
});

describe('a locked vault', () => {
  it('leaves the gateway what it has, and gives it again to one that is started', async () => {
    scene.vault.commit(issued('AAAAAAA1'));
    await scene.feed.unfollow();
    scene.vault.isLocked = true;
    expect(scene.vault.listeners).toBe(0);
    expect(scene.sink.tables.tokenOf(digest('AAAAAAA1'))).toBeDefined();
    scene.feed.detach();
    const next = new RecordingSink();
    await scene.feed.attach(next);
    expect(next.tables.toBundle()).toEqual(scene.sink.tables.toBundle());
  });

  it('is followed again by a whole bundle after the unlock', async () => {
    await scene.feed.unfollow();
    scene.vault.commit(issued('AAAAAAA1'));
    await scene.feed.follow(scene.vault);
    expect(scene.sink.loads).toHaveLength(2);
    expect(scene.sink.tables.tokenOf(digest('AAAAAAA1'))).toBeDefined();
  });
});

describe('a gateway that hangs', () => {
  it('keeps nobody from locking and unlocking', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      scene.sink.before = () => new Promise(() => undefined);
      scene.vault.commit(issued('AAAAAAA1'));
      const locked = scene.feed.unfollow();
      await vi.advanceTimersByTimeAsync(5_000);
      await locked;
      const unlocked = scene.feed.follow(scene.vault);
      await vi.advanceTimersByTimeAsync(5_000);
      await unlocked;
      expect(scene.sink.tables.tokenOf(digest('AAAAAAA1'))).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('folders of this computer', () => {
  it('reach the gateway when they are mapped, without a line of the log', async () => {
    await scene.commit(channel('local', { upstream: { type: 'folder', label: 'wheels' } }));
    expect(scene.sink.tables.channelNamed('local')).toMatchObject({ problem: { code: 'folder-unmapped' } });
    scene.folders.map('wheels', '/srv/wheels');
    await vi.waitFor(() =>
      expect(scene.sink.tables.channelNamed('local')).toMatchObject({
        upstream: { type: 'folder', path: '/srv/wheels' },
      }),
    );
    expect(lastDelta()).toMatchObject({ seq: scene.vault.seq(), channels: [{ id: 'local' }] });
    expect(lastDelta()?.channels).toHaveLength(1);
    scene.folders.unmap('wheels');
    await vi.waitFor(() =>
      expect(scene.sink.tables.channelNamed('local')).toMatchObject({ problem: { code: 'folder-unmapped' } }),
    );
  });
});

describe('stored credentials', () => {
  const origin = 'https://conda.example';
  const bearer = { type: 'bearer', token: 'upstream-secret' };

  it('are opened once per sealed text', async () => {
    const sealedCredentials = scene.vault.seal(ids.channelId.parse('sealed'), origin, bearer);
    await scene.commit(channel('sealed', { sealedCredentials }));
    await scene.commit(changedChannel('sealed', { sealedCredentials, note: 'renamed' }));
    expect(scene.sink.tables.channelNamed('sealed')).toMatchObject({ upstream: { credentials: bearer } });
    expect(scene.vault.unsealed).toBe(1);
  });

  it.each([
    ['do not open', undefined],
    ['are no credentials', { type: 'magic' }],
  ])('that %s break their channel and nothing else', async (_what, secret) => {
    const sealedCredentials = scene.vault.seal(ids.channelId.parse('sealed'), origin, secret);
    await scene.commit(channel('sealed', { sealedCredentials }), issued('AAAAAAA1'));
    expect(scene.sink.tables.channelNamed('sealed')).toMatchObject({ problem: { code: 'credentials' } });
    expect(scene.sink.tables.channelNamed('sealed')).not.toHaveProperty('upstream');
    expect(scene.sink.tables.tokenOf(digest('AAAAAAA1'))).toBeDefined();
    expect(scene.feed.problem()).toBeUndefined();
  });

  it('break their channel when opening them fails in an unforeseen way', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    vi.spyOn(scene.sources, 'of').mockRejectedValue(new TypeError('upstream-secret'));
    await scene.commit(channel('sealed'), issued('AAAAAAA1'));
    expect(scene.sink.tables.channelNamed('sealed')).toMatchObject({ problem: { code: 'credentials' } });
    expect(scene.sink.tables.tokenOf(digest('AAAAAAA1'))).toBeDefined();
    expect(said.mock.calls.flat().join('')).toMatch(/channel sealed failed \(TypeError\)/);
    expect(said.mock.calls.flat().join('')).not.toContain('upstream-secret');
  });

  it('are tried again when a line brings keys', async () => {
    const sealedCredentials = scene.vault.seal(ids.channelId.parse('sealed'), origin, undefined);
    await scene.commit(channel('sealed', { sealedCredentials }));
    scene.vault.secrets.set(sealedCredentials, JSON.stringify(bearer));
    await scene.commit(granted);
    expect(scene.sink.tables.channelNamed('sealed')).toMatchObject({ upstream: { credentials: bearer } });
  });
});

describe('a feed that fails', () => {
  it('says so, ends nothing, and brings the gateway up to date with the next change', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    scene.sink.before = () => Promise.reject(new Error('gone wrong'));
    scene.vault.commit(issued('AAAAAAA1'));
    await vi.waitFor(() => expect(scene.feed.problem()).toMatch(/older state/));
    expect(said.mock.calls.flat().join('')).toMatch(/not brought up to date/);
    scene.sink.before = async () => undefined;
    await scene.commit(revoked('AAAAAAA1'));
    expect(scene.feed.problem()).toBeUndefined();
    expect(scene.sink.tables.tokenOf(digest('AAAAAAA1'))).toMatchObject({ revoked: { reason: 'lost' } });
  });
});
