import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WireError } from '../../../shared/errors.ts';
import { environmentId } from '../../../shared/model/ids.ts';
import { locked, noTokens, settle, startFakeHost, unlocked } from './fake-host.ts';

const host = startFakeHost();
const { followHost } = await import('../../../src-renderer/state/live.ts');
const { useChanges } = await import('../../../src-renderer/state/changes.ts');
const { useDirectory } = await import('../../../src-renderer/state/directory.ts');
const { useSession } = await import('../../../src-renderer/state/session.ts');
const { useTokens } = await import('../../../src-renderer/state/tokens.ts');

let end: () => void;
beforeEach(async () => {
  host.state.seq = 1;
  host.state.session = unlocked;
  host.go('#/tokens');
  end = followHost();
  useSession.getState().set(unlocked);
  await settle();
});
afterEach(async () => {
  useSession.getState().set(locked);
  end();
  await settle();
  host.calls.length = 0;
});

/** Whatever was asked before is not what the test is about. */
const begin = () => void host.takeCalls();

describe('what is read', () => {
  it('is, after an unlock, what the screen shows, once each', () => {
    expect(host.takeCalls()).toEqual([
      'channels.list',
      'environments.list',
      'teams.list',
      'tokens.list',
      'vault.info',
    ]);
  });

  it('is the list of tokens once, after one token was issued to a new holder', async () => {
    begin();
    host.emit('vault.changed', { seq: 2, topics: ['holders', 'tokens'] });
    await settle();
    expect(host.takeCalls()).toEqual(['tokens.list']);
  });

  it('is the summary alone where that is what the screen shows of a token', async () => {
    host.go('#/overview');
    await settle();
    begin();
    host.emit('vault.changed', { seq: 2, topics: ['tokens'] });
    await settle();
    expect(host.takeCalls()).toEqual(['tokens.list']);
    expect(host.calls).toEqual([]);
  });

  it('is nothing for what no part of the screen shows', async () => {
    host.go('#/settings');
    await settle();
    begin();
    host.emit('vault.changed', { seq: 2, topics: ['tokens', 'policies', 'channels'] });
    await settle();
    expect(host.takeCalls()).toEqual([]);
  });

  it('is read later, when it comes to be shown, and then once', async () => {
    host.go('#/teams');
    await settle();
    host.go('#/settings');
    begin();
    host.emit('vault.changed', { seq: 2, topics: ['tokens'] });
    host.emit('vault.changed', { seq: 3, topics: ['tokens'] });
    host.go('#/teams');
    await settle();
    expect(host.takeCalls()).toEqual(['teams.list']);
    host.go('#/overview');
    host.go('#/teams');
    await settle();
    expect(host.takeCalls()).toEqual(['tokens.list']);
  });

  it('is what requests are looked for by, policies too, wherever somebody comes from', async () => {
    begin();
    host.go('#/activity?view=requests');
    await settle();
    expect(host.takeCalls()).toEqual(['policies.list']);
    host.emit('vault.changed', { seq: 2, topics: ['channels'] });
    await settle();
    expect(host.takeCalls()).toEqual(['channels.list']);
  });

  it('is the numbers beside the names on their screens', async () => {
    host.go('#/environments');
    await settle();
    begin();
    host.emit('vault.changed', { seq: 2, topics: ['tokens'] });
    await settle();
    expect(host.takeCalls()).toEqual(['environments.list']);
  });

  it('is the channels again when this computer learns where a folder is', async () => {
    host.go('#/channels');
    await settle();
    begin();
    host.emit('folders.changed', {});
    await settle();
    expect(host.takeCalls()).toEqual(['channels.list']);
  });

  it('is the tokens with their new filter when a tile of the overview leads there', async () => {
    host.go('#/overview');
    await settle();
    begin();
    host.go('#/tokens?state=expired');
    await settle();
    expect(host.calls.filter(({ method }) => method === 'tokens.list')).toMatchObject([
      { input: { states: ['expired'], offset: 0 } },
    ]);
  });
});

describe('the list of tokens', () => {
  it('follows its address, and is not read again for the same rows', async () => {
    begin();
    host.go('#/tokens?search=ada&team=t1&team=t2&sort=holder');
    await settle();
    expect(host.calls.map(({ input }) => input)).toMatchObject([
      { search: 'ada', teamIds: ['t1', 't2'], sort: 'holder', descending: false, offset: 0 },
    ]);
    begin();
    host.go('#/tokens/AbCd1234?search=ada&team=t1&team=t2&sort=holder');
    await settle();
    expect(host.takeCalls()).toEqual([]);
  });

  it('keeps what is picked when only the order changes, and drops it with other rows', async () => {
    const { pick } = useTokens.getState();
    pick({ by: 'rows', ids: new Set(['AbCd1234']) });
    host.go('#/tokens?sort=holder');
    await settle();
    expect(useTokens.getState().picked).toEqual({ by: 'rows', ids: new Set(['AbCd1234']) });
    host.go('#/tokens?sort=holder&state=expired');
    await settle();
    expect(useTokens.getState().picked).toEqual({ by: 'rows', ids: new Set() });
  });

  it('shows what it had until the rows of another filter are here', async () => {
    host.answer('tokens.list', () => ({ ...noTokens, total: 7 }));
    host.emit('vault.changed', { seq: 2, topics: ['tokens'] });
    await settle();
    expect(useTokens.getState().total).toBe(7);
    let answer: (page: typeof noTokens) => void = () => undefined;
    host.answer('tokens.list', () => new Promise((resolve) => (answer = resolve)));
    host.go('#/tokens?search=x');
    await settle();
    expect(useTokens.getState()).toMatchObject({ total: 7, isStale: true });
    answer({ ...noTokens, total: 1 });
    await settle();
    expect(useTokens.getState()).toMatchObject({ total: 1, isStale: false });
    host.answer('tokens.list', () => noTokens);
  });
});

describe('a line of the log', () => {
  it('is taken in once, however often it is told', async () => {
    begin();
    host.emit('vault.changed', { seq: 2, topics: ['tokens'] });
    host.emit('vault.changed', { seq: 2, topics: ['tokens'] });
    await settle();
    host.emit('vault.changed', { seq: 2, topics: ['tokens'] });
    host.emit('vault.changed', { seq: 1, topics: ['tokens'] });
    await settle();
    expect(host.takeCalls()).toEqual(['tokens.list']);
  });

  it('that was there at the unlock is taken in by what is read then', async () => {
    begin();
    host.emit('vault.changed', { seq: 1, topics: ['tokens', 'teams'] });
    await settle();
    expect(host.takeCalls()).toEqual([]);
  });

  it('that comes while a list is read makes one more reading, a hundred of them too', async () => {
    begin();
    const waiting: ((value: unknown) => void)[] = [];
    host.answer('tokens.list', () => new Promise((resolve) => waiting.push(resolve)));
    for (let seq = 2; seq <= 101; seq += 1) host.emit('vault.changed', { seq, topics: ['tokens'] });
    await settle();
    expect(host.calls).toHaveLength(1);
    host.answer('tokens.list', () => noTokens);
    waiting[0]?.(noTokens);
    await settle();
    expect(host.takeCalls()).toEqual(['tokens.list', 'tokens.list']);
    expect(useChanges.getState().seq).toBe(101);
  });
});

describe('a connection that comes back', () => {
  it('asks how far the vault is, and reads nothing when it stands where it stood', async () => {
    begin();
    host.connect();
    await settle();
    expect(host.takeCalls()).toEqual(['gateway.status', 'session.status', 'vault.info']);
  });

  it('reads what is shown when the vault went on, and does not take its late events in again', async () => {
    begin();
    host.state.seq = 7;
    host.connect();
    await settle();
    expect(host.takeCalls()).toEqual([
      'channels.list',
      'environments.list',
      'gateway.status',
      'session.status',
      'teams.list',
      'tokens.list',
      'vault.info',
    ]);
    host.emit('vault.changed', { seq: 7, topics: ['tokens'] });
    await settle();
    expect(host.takeCalls()).toEqual([]);
  });

  it('forgets everything when the vault was locked meanwhile', async () => {
    host.answer('teams.list', () => [{ id: 't', name: 'science' }]);
    host.emit('vault.changed', { seq: 2, topics: ['teams'] });
    await settle();
    expect(useDirectory.getState().teams).toHaveLength(1);
    host.state.session = locked;
    host.connect();
    await settle();
    expect(useDirectory.getState().teams).toEqual([]);
    expect(useTokens.getState().total).toBeUndefined();
    host.answer('teams.list', () => []);
  });
});

describe('after a lock', () => {
  it('neither a late answer nor a late event brings anything back', async () => {
    let late: ((value: unknown) => void) | undefined;
    host.answer('environments.list', () => new Promise((resolve) => (late = resolve)));
    host.emit('vault.changed', { seq: 2, topics: ['environments'] });
    await settle();
    useSession.getState().set(locked);
    begin();
    late?.([{ id: environmentId.parse('prod'), name: 'prod', rank: 30 }]);
    host.emit('vault.changed', { seq: 3, topics: ['environments'] });
    await settle();
    expect(useDirectory.getState().environments).toEqual([]);
    expect(host.takeCalls()).toEqual([]);
    host.answer('environments.list', () => []);
  });
});

describe('use of tokens', () => {
  it('is read at most once in five seconds, however often the gateway speaks', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const gateway = {
        running: true,
        isPortTaken: false,
        needsRestart: false,
        host: '',
        port: 1,
        baseUrl: '',
        errors: 0,
        bytes: 0,
        denied: 0,
      };
      begin();
      for (let allowed = 0; allowed < 20; allowed += 1) {
        host.emit('gateway.changed', {
          ...gateway,
          allowed,
          causes: [],
          policies: [],
          recent: [],
          history: [],
          channels: [],
        });
      }
      await settle();
      expect(host.takeCalls()).toEqual([]);
      vi.advanceTimersByTime(5000);
      await settle();
      expect(host.takeCalls()).toEqual(['tokens.list']);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a lock while the host is gone', () => {
  it('takes everything away at once, and is made up for when the host is back', async () => {
    const gone: WireError = { code: 'INTERNAL', says: 'Gone.', details: { connection: 'lost' } };
    host.refuse('session.lock', gone);
    await useSession.getState().lock();
    expect(useSession.getState()).toMatchObject({ session: undefined, lockWaits: true });
    expect(useTokens.getState().total).toBeUndefined();
    expect(useDirectory.getState().loaded).toEqual({});
    host.answer('session.lock', () => locked);
    begin();
    host.connect();
    await settle();
    expect(host.takeCalls()).toEqual(['session.lock']);
    expect(useSession.getState()).toMatchObject({ session: locked, lockWaits: false });
  });

  it('fails as before where the host itself refuses', async () => {
    host.refuse('session.lock', { code: 'INTERNAL', says: 'A bug.', details: {} });
    await expect(useSession.getState().lock()).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(useSession.getState()).toMatchObject({ session: unlocked, lockWaits: false });
  });
});
