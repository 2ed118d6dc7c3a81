/** Writing: one line a transaction, all of it or nothing, told to whoever listens, and kept when others write too. */
import { describe, expect, it } from 'vitest';
import { LatchkeyError } from '../../../shared/errors.ts';
import type { LogBackend } from '../../../src-main/vault/backend.ts';
import { hashLine } from '../../../src-main/vault/line.ts';
import type { Change, Entry } from '../../../src-main/vault/vault-api.ts';
import { appendBy, jcs, kidOfPerson, partsOf, payloadOf, plainHeader, putEvent } from './line-tools.ts';
import type { TinyEvent, TinyState } from './tiny-domain.ts';
import type { TinyVault } from './vault-scene.ts';
import { cleanVaults, commit, notesOf, put, Scene } from './vault-scene.ts';

cleanVaults();

const all = async (entries: AsyncIterable<Entry<TinyEvent>>) => {
  const found: Entry<TinyEvent>[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
};

/** A backend of which some methods are replaced. */
const changed = (backend: LogBackend, methods: Partial<LogBackend>): LogBackend =>
  new Proxy(backend, {
    get: (target, name) => {
      const value: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

describe('a commit', () => {
  it('is one line, spelled as the format says, whatever the number of events', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    const ids = Array.from({ length: 2_000 }, (_, index) => `n${index}`);
    const done = await vault.commit((state, at) => ({
      events: ids.map(putEvent),
      result: { size: state.notes.size, at },
    }));
    expect(done).toMatchObject({
      seq: 2,
      anchored: true,
      result: { size: 0, at: { signer: vault.operator.id } },
    });
    const line = scene.lines[1] ?? '';
    expect(payloadOf(line)).toMatchObject({
      v: 1,
      vault: vault.vaultId,
      seq: 1,
      prev: hashLine(scene.lines[0] ?? ''),
      epoch: 0,
      atMs: done.result.at.atMs,
      clear: {},
    });
    const { header, payload } = partsOf(line);
    expect(header).toBe(plainHeader(kidOfPerson(await scene.ada())));
    expect(payload).toBe(jcs(JSON.parse(payload)));
    expect(vault.state().notes.size).toBe(2_000);
  });

  it('without events writes nothing', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    expect(await vault.commit(() => ({ events: [], result: 'as it is' }))).toEqual({
      result: 'as it is',
      seq: 1,
      anchored: true,
    });
    expect(scene.lines).toHaveLength(1);
  });

  const unstorable: Record<string, TinyEvent[]> = {
    'does not fit': [{ type: 'drop', id: 'nobody' }],
    'has one event that does not fit': [putEvent('x'), { type: 'drop', id: 'nobody' }],
    'has a member that nobody knows': [{ ...putEvent('x'), more: 1 } as never],
    'has half a surrogate pair': [{ type: 'put', id: 'x', text: '\ud800' }],
    'has a number that is none': [{ type: 'format', to: Number.NaN }],
    'has too many events': Array.from({ length: 20_001 }, (_, index) => putEvent(`n${index}`)),
    'is longer than a line may be': [1, 2].map((at) => ({
      type: 'put',
      id: `x${at}`,
      text: 'x'.repeat(2e7),
    })),
    'must stand alone': [putEvent('x'), { type: 'format', to: 2 }],
  };
  it.each(Object.entries(unstorable))(
    'that %s is refused with the reason, and writes nothing',
    async (_what, events) => {
      const scene = new Scene();
      const vault = await scene.create();
      const before = vault.state();
      await expect(commit(vault, ...events)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(/^The change cannot be stored: .+/),
      });
      expect(scene.lines).toHaveLength(1);
      expect(vault.state()).toBe(before);
      await put(vault, 'later');
    },
  );

  it('that its signer may not make is refused as such', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    const lea = await scene.add(vault, 'lea', 'lead');
    const { vault: lead } = await scene.openAs(lea);
    for (const event of [
      { type: 'put', id: 'x', text: 'secret of admins' },
      { type: 'freeze', environment: 'prod' },
    ] as const) {
      await expect(commit(lead, event)).rejects.toMatchObject({ code: 'VAULT_UNAUTHORIZED_EVENT' });
    }
  });

  it('leaves an older state as it was', async () => {
    const vault = await new Scene().create();
    const before = vault.state();
    await put(vault, 'a');
    expect(before.notes.size).toBe(0);
  });

  it('passes on what decide throws', async () => {
    const vault = await new Scene().create();
    const why = new Error('no');
    await expect(
      vault.commit(() => {
        throw why;
      }),
    ).rejects.toBe(why);
    await put(vault, 'a');
  });
});

describe('listeners', () => {
  it('get number, entries and state after every change, own and foreign, and no void lines', async () => {
    const scene = new Scene();
    const one = await scene.create();
    const { vault: two } = await scene.openAs(await scene.ada());
    const changes: Change<TinyState, TinyEvent>[] = [];
    const stop = two.onCommit((change) => changes.push(change));
    await put(one, 'a', 'b');
    await expect.poll(() => changes.length).toBe(1);
    await commit(two, { type: 'drop', id: 'a' });
    expect(changes).toMatchObject([
      {
        seq: 2,
        entries: [
          { seq: 1, event: putEvent('a') },
          { seq: 1, event: putEvent('b') },
        ],
      },
      { seq: 3, entries: [{ seq: 2, signer: one.operator.id, event: { type: 'drop', id: 'a' } }] },
    ]);
    expect(changes.map(({ state }) => state.notes.size)).toEqual([2, 1]);
    stop();
    await put(two, 'c');
    expect(changes).toHaveLength(2);
  });

  it('that fail do not make a change look undone', async () => {
    const vault = await new Scene().create();
    const thrown: unknown[] = [];
    const keep = (error: unknown) => thrown.push(error);
    const before = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', keep);
    vault.onCommit(() => {
      throw new Error('a bug of a listener');
    });
    await put(vault, 'a');
    await expect.poll(() => thrown).toMatchObject([{ message: 'a bug of a listener' }]);
    process.off('uncaughtException', keep);
    for (const listener of before) process.on('uncaughtException', listener);
    expect(notesOf(vault)).toEqual(['a']);
  });
});

describe('entries', () => {
  it('are read back by range, with time and signer, the same as they were told', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    const told: Entry<TinyEvent>[] = [];
    vault.onCommit(({ entries }) => told.push(...entries));
    for (let index = 0; index < 30; index += 1) await put(vault, `a${index}`, `b${index}`);
    expect(await all(vault.entries(1))).toEqual(told);
    expect(await all(vault.entries(10, 12))).toEqual(told.filter(({ seq }) => seq === 10 || seq === 11));
    expect(await all(vault.entries(31))).toEqual([]);
    expect(await all(vault.entries(12, 12))).toEqual([]);
    expect((await all(vault.entries(0, 1))).map(({ event }) => event.type)).toEqual(['began']);
    expect(await all(vault.entries(-5, 1e9))).toHaveLength(61);
  });

  it('are not handed out when the line was changed meanwhile, nor after a lock', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    await put(vault, 'a');
    await put(vault, 'b');
    const { lines } = scene;
    const [one = '', two = '', three = ''] = lines;
    for (const damaged of [
      [one, `${two.slice(0, -8)}AAAAAAAA`, three],
      [one, three, two],
      [one, '', three],
    ]) {
      scene.lines = damaged;
      await expect(all(vault.entries(0))).rejects.toMatchObject({
        code: 'VAULT_CORRUPT',
        details: { line: 2 },
      });
    }
    scene.lines = lines;
    const iterator = vault.entries(0)[Symbol.asyncIterator]();
    await iterator.next();
    await vault.lock();
    await expect(iterator.next()).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
    expect(() => vault.state()).toThrow(expect.objectContaining({ code: 'VAULT_LOCKED' }) as Error);
    await expect(put(vault, 'c')).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
  });
});

describe.each([false, true])('two processes on one log (in a folder: %s)', (onDisk) => {
  const two = async () => {
    const scene = new Scene(onDisk);
    const one = await scene.create();
    const { vault: other } = await scene.openAs(await scene.ada());
    return { scene, one, other };
  };

  it('both keep what they write at once, and see each other’s', async () => {
    const { scene, one, other } = await two();
    const ids = Array.from({ length: 12 }, (_, index) => `n${index}`);
    await Promise.all(ids.map((id, index) => put(index % 2 === 0 ? one : other, id)));
    await expect.poll(() => [notesOf(one), notesOf(other)]).toEqual([ids.toSorted(), ids.toSorted()]);
    expect(scene.lines).toHaveLength(13);
    expect(await one.verify()).toMatchObject({ lines: 13, voidLines: { count: 0 }, head: 'anchored' });
  });

  it('decide again on the newest state, and never write half', async () => {
    const { one, other } = await two();
    const onlyOnce = (vault: TinyVault) =>
      vault.commit((state) => ({
        events: state.notes.has('x') ? [] : [putEvent('x'), putEvent('y')],
        result: state.notes.size,
      }));
    const results = await Promise.all([onlyOnce(one), onlyOnce(other), onlyOnce(one), onlyOnce(other)]);
    expect(results.map(({ result }) => result).toSorted((a, b) => a - b)).toEqual([0, 2, 2, 2]);
    await expect.poll(() => [one.seq(), other.seq()]).toEqual([2, 2]);
  });
});

describe('a disk that fails', () => {
  const failing = (details: Record<string, unknown>) =>
    new LatchkeyError('VAULT_UNAVAILABLE', 'The disk refuses.', { details: details as never });

  it('and says that nothing was written: nothing changes', async () => {
    const scene = new Scene();
    await (await scene.create()).lock();
    const { vault } = await scene.openAs(await scene.ada(), {
      openBackend: () =>
        changed(scene.log.open(), {
          append: () =>
            Promise.reject(failing({ path: 'vault.log', reason: 'ENOSPC', outcome: 'unchanged' })),
        }),
    });
    await expect(put(vault, 'a')).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    expect(vault.seq()).toBe(1);
    expect(notesOf(vault)).toEqual([]);
  });

  it('and does not know: the log is read to see, and the answer is the truth', async () => {
    for (const isThere of [true, false]) {
      const scene = new Scene();
      await (await scene.create()).lock();
      const { vault } = await scene.openAs(await scene.ada(), {
        openBackend: () => {
          const backend = scene.log.open();
          return changed(backend, {
            append: async (_seq, lines) => {
              if (isThere) scene.log.lines.push(...lines);
              throw failing({ path: 'vault.log', reason: 'EIO', outcome: 'unknown' });
            },
          });
        },
      });
      const told: number[] = [];
      vault.onCommit(({ entries }) => told.push(entries.length));
      const done = put(vault, 'a');
      if (isThere) expect(await done).toMatchObject({ seq: 2, anchored: false });
      else await expect(done).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
      expect(notesOf(vault)).toEqual(isThere ? ['a'] : []);
      expect(told).toEqual(isThere ? [1] : []);
    }
  });
});

describe('an open vault', () => {
  const alarmsOf = (vault: TinyVault) => vault.alarms().map(({ kind }) => kind);

  it('tells of lines that were cut off while it is open, and writes no more', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    await put(vault, 'a');
    await put(vault, 'b');
    const heard: string[] = [];
    vault.onAlarm(({ kind }) => heard.push(kind));
    scene.log.lose('shorter', scene.lines.slice(0, 2));
    await expect.poll(() => alarmsOf(vault)).toEqual(['lost-lines', 'log-lost']);
    expect(heard).toEqual(['lost-lines', 'log-lost']);
    expect(vault.alarms()).toMatchObject([{ seenSeq: 2, foundSeq: 1 }, { how: 'shorter' }]);
    await expect(put(vault, 'c')).rejects.toMatchObject({ code: 'VAULT_WRITES_STOPPED' });
    expect(notesOf(vault)).toEqual(['a', 'b']);
  });

  it('tells that another log stands there, and writes no more', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    await put(vault, 'a');
    const other = scene.lines.slice(0, 1);
    await put(vault, 'b');
    scene.log.lose('replaced', [...other, ...other, ...other]);
    await expect.poll(() => alarmsOf(vault)).toEqual(['log-lost']);
    await expect(put(vault, 'c')).rejects.toMatchObject({ code: 'VAULT_WRITES_STOPPED' });
  });

  it('does not believe a hint that turns out wrong', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    await put(vault, 'a');
    scene.log.lose('shorter');
    await put(vault, 'b');
    await put(vault, 'c');
    expect(alarmsOf(vault)).toEqual([]);
  });

  it('tells that the log was moved away, and goes on when it is back', async () => {
    const scene = new Scene(true);
    const vault = await scene.create();
    await put(vault, 'a');
    const { rename } = await import('node:fs/promises');
    await rename(`${scene.dir}/vault.log`, `${scene.dir}/away`);
    await expect.poll(() => alarmsOf(vault), { timeout: 10_000 }).toEqual(['log-lost']);
    expect(vault.alarms()).toMatchObject([{ how: 'gone' }]);
    await expect(put(vault, 'b')).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    const heard: string[] = [];
    vault.onAlarm(({ kind }) => heard.push(kind));
    await rename(`${scene.dir}/away`, `${scene.dir}/vault.log`);
    await expect.poll(() => alarmsOf(vault), { timeout: 10_000 }).toEqual([]);
    expect(heard).toEqual(['log-found']);
    await put(vault, 'b');
    expect(notesOf(vault)).toEqual(['a', 'b']);
  });

  it('tells of a void line that somebody appended, and goes on', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    const lea = await scene.add(vault, 'lea', 'lead');
    await appendBy(scene, lea, { content: 'nonsense' });
    scene.log.comeBack();
    await expect.poll(() => alarmsOf(vault)).toEqual(['void-line']);
    expect(vault.seq()).toBe(3);
    await put(vault, 'a');
  });

  it('stops at a line that is not authentic, with its number, and writes no more', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    await put(vault, 'a');
    scene.log.comeBack([...scene.lines, 'e30.e30.e30']);
    await expect.poll(() => alarmsOf(vault)).toEqual(['damaged-line']);
    expect(vault.alarms()).toMatchObject([{ line: 3 }]);
    await expect(put(vault, 'b')).rejects.toMatchObject({ code: 'VAULT_WRITES_STOPPED' });
  });
});
