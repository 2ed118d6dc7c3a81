/** Heads, this computer's copy of them, and what happens when a log is not the one that was read. */
import { describe, expect, it } from 'vitest';
import { LatchkeyError } from '../../../shared/errors.ts';
import type { HeadCopyStore } from '../../../src-main/vault/head-copy.ts';
import { readHead } from '../../../src-main/vault/head.ts';
import type { AcceptRestored } from '../../../src-main/vault/vault-api.ts';
import { appendBy, payloadOf, putEvent, signRaw } from './line-tools.ts';
import type { TinyEvent, TinyState } from './tiny-domain.ts';
import { cleanVaults, commit, MemoryHeadCopies, notesOf, put, Scene } from './vault-scene.ts';

cleanVaults();

/** Five lines: `a`, `b` and `c` are put, then `b` is dropped; every line anchored and noted. */
async function fiveLines() {
  const scene = new Scene();
  const vault = await scene.create();
  for (const id of ['a', 'b', 'c']) await put(vault, id);
  await commit(vault, { type: 'drop', id: 'b' });
  await vault.lock();
  return { scene, ada: await scene.ada() };
}

const accept: AcceptRestored<TinyState, TinyEvent> = {
  restored: (lost) => ({ type: 'restored', ...lost }),
  denyAgain: (state, denials) =>
    denials
      .flatMap(({ tokens = [] }) => tokens)
      .filter((id) => state.notes.has(id))
      .map((id): TinyEvent => ({ type: 'drop', id })),
};

const kinds = (vault: { alarms(): readonly { kind: string }[] }) => vault.alarms().map(({ kind }) => kind);

describe('the head', () => {
  it('names the last line, is signed by who appended, and copied when it was read', async () => {
    const { scene, ada } = await fiveLines();
    const head = readHead(scene.log.head ?? '', ada.content.vaultId);
    expect(head).toMatchObject({ seq: 4, kid: `${ada.slot.operatorId}.1` });
    expect(scene.headCopies.copy).toMatchObject({ seq: 4, hash: head?.hash, head: scene.log.head });
    expect(scene.headCopies.copy?.signers).toMatchObject([{ kid: head?.kid, role: 'admin', removed: false }]);
    expect(scene.headCopies.denials).toEqual([{ seq: 4, denies: { tokens: ['b'] } }]);
    expect(readHead(scene.log.head ?? '', 'BBBBBBBBBBBBBBBBBBBBBB')).toBeUndefined();
  });

  it('is written at the next opening when a crash came between line and head', async () => {
    const { scene } = await fiveLines();
    const { vault } = await scene.open();
    const before = scene.log.head;
    await put(vault, 'd');
    await vault.lock();
    scene.log.head = before;
    scene.headCopies.copy = undefined;
    const { vault: again } = await scene.open();
    expect(notesOf(again)).toContain('d');
    expect(kinds(again)).toEqual(['head-repaired']);
    expect(readHead(scene.log.head ?? '', again.vaultId)?.seq).toBe(5);
    expect(scene.headCopies.copy).toMatchObject({ seq: 5 });
  });

  it('that cannot be replaced makes a change "made, but not anchored", and it is noted later', async () => {
    const { scene } = await fiveLines();
    const { vault } = await scene.open();
    scene.log.takesHeads = false;
    expect(await commit(vault, { type: 'drop', id: 'a' })).toMatchObject({ seq: 6, anchored: false });
    expect(kinds(vault)).toEqual(['not-anchored']);
    expect(scene.headCopies.copy).toMatchObject({ seq: 4 });
    scene.log.takesHeads = true;
    expect(await put(vault, 'd')).toMatchObject({ seq: 7, anchored: true });
    expect(scene.headCopies.copy).toMatchObject({ seq: 6 });
    expect(scene.headCopies.denials.map(({ seq }) => seq)).toEqual([4, 5]);
  });

  it('of somebody unknown, or in another form, is none', async () => {
    const { scene, ada } = await fiveLines();
    const good = scene.log.head ?? '';
    const [header = '', payload = ''] = good
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString());
    for (const head of [
      'hello',
      good.slice(0, -6),
      `${good.slice(0, -40)}${good.slice(-40).toUpperCase()}`,
      signRaw(ada, header.replace(ada.slot.operatorId, 'nobody'), payload),
      signRaw(ada, header.replace('lk-head', 'lk-line'), payload),
      signRaw(ada, header, payload.replace('{', '{"more":1,')),
      signRaw(ada, header, payload.replace(',', ', ')),
    ]) {
      scene.log.head = head;
      scene.checkpoints.files.clear();
      await expect(scene.open()).rejects.toMatchObject({ code: 'VAULT_ROLLED_BACK' });
      // A computer that never read the log has nothing to hold against it.
      const { vault } = await scene.open({ headCopies: new MemoryHeadCopies() });
      expect(kinds(vault)).toEqual(['head-repaired']);
      await vault.lock();
    }
  });
});

describe('a log that is not the one that was read', () => {
  const cases: Record<string, { change: (scene: Scene) => void; seen: number; found: number }> = {
    'lost its last lines': {
      change: (scene) => void (scene.lines = scene.lines.slice(0, 3)),
      seen: 4,
      found: 2,
    },
    'lost its last lines, with an older head': {
      change: (scene) => {
        scene.lines = scene.lines.slice(0, 3);
        scene.log.head = undefined;
      },
      seen: 4,
      found: 2,
    },
    'lost its head alone': { change: (scene) => void (scene.log.head = undefined), seen: 4, found: 4 },
  };
  it.each(Object.entries(cases))('is not opened when it %s', async (_what, { change, seen, found }) => {
    const { scene } = await fiveLines();
    change(scene);
    await expect(scene.open()).rejects.toMatchObject({
      code: 'VAULT_ROLLED_BACK',
      details: { seenSeq: seen, foundSeq: found },
    });
  });

  it('is not opened when only the head says so: on a computer that never read it', async () => {
    const { scene } = await fiveLines();
    scene.lines = scene.lines.slice(0, 3);
    await expect(scene.open({ headCopies: new MemoryHeadCopies() })).rejects.toMatchObject({
      code: 'VAULT_ROLLED_BACK',
      details: { seenSeq: 4, foundSeq: 2 },
    });
  });

  it('is not opened when only the checkpoint says so', async () => {
    const { scene } = await fiveLines();
    const headCopies = new MemoryHeadCopies();
    const { vault } = await scene.open({ headCopies });
    for (let index = 0; index < 20; index += 1)
      await commit(vault, ...Array.from({ length: 50 }, (_, at) => putEvent(`n${index}-${at}`)));
    await commit(vault, { type: 'put', id: 'long', text: 'x'.repeat(1_200_000) });
    await expect.poll(() => scene.checkpoints.writes).toBe(1);
    await vault.lock();
    scene.lines = scene.lines.slice(0, 10);
    scene.log.head = undefined;
    await expect(scene.open({ headCopies: new MemoryHeadCopies() })).rejects.toMatchObject({
      code: 'VAULT_ROLLED_BACK',
      details: { seenSeq: 25, foundSeq: 9 },
    });
  });

  it('is not opened when it goes another way from a line on', async () => {
    const { scene, ada } = await fiveLines();
    const head = scene.log.head;
    scene.lines = scene.lines.slice(0, 2);
    for (const id of ['x', 'y', 'z', 'w']) await appendBy(scene, ada, { events: [putEvent(id)] });
    scene.log.head = undefined;
    await expect(scene.open()).rejects.toMatchObject({
      code: 'VAULT_ROLLED_BACK',
      details: { seenSeq: 4, foundSeq: 4 },
    });
    scene.log.head = head;
    await expect(scene.open()).rejects.toMatchObject({ code: 'VAULT_ROLLED_BACK' });
  });

  it('is opened when it is longer and passes through what was seen', async () => {
    const { scene } = await fiveLines();
    const { vault } = await scene.open({ headCopies: new MemoryHeadCopies() });
    await put(vault, 'd', 'e');
    await vault.lock();
    const { vault: again } = await scene.open();
    expect(notesOf(again)).toEqual(['a', 'c', 'd', 'e']);
    expect(scene.headCopies.copy).toMatchObject({ seq: 5 });
  });

  it('is looked at again before it is called lost: a reader between two writes sees no loss', async () => {
    const { scene } = await fiveLines();
    const { lines } = scene;
    let reads = 0;
    const backend = scene.log.open();
    // The first reading comes in the middle of somebody's restore.
    const parts = scene.parts({
      openBackend: () =>
        new Proxy(backend, {
          get: (target, name) => {
            if (name === 'read') {
              reads += 1;
              scene.lines = reads === 1 ? lines.slice(0, 3) : lines;
            }
            const value: unknown = Reflect.get(target, name);
            return typeof value === 'function' ? value.bind(target) : value;
          },
        }),
    });
    const { vault } = await scene.open(parts);
    expect(notesOf(vault)).toEqual(['a', 'c']);
    expect(reads).toBeGreaterThan(1);
  });

  it('is accepted by an admin: the log says so, lost denials are denied again, the copy is lowered', async () => {
    const { scene } = await fiveLines();
    scene.lines = scene.lines.slice(0, 3);
    const { vault } = await scene.open({}, accept);
    expect(kinds(vault)).toEqual(['lost-lines']);
    // `c` is lost; `b` came back, and was denied again.
    expect(notesOf(vault)).toEqual(['a']);
    expect(payloadOf(scene.lines[3] ?? '').clear).toEqual({ denies: { tokens: ['b'] } });
    const restored = payloadOf(scene.lines[4] ?? '').clear;
    expect(restored).toMatchObject({ restored: { fromSeq: 3, lostSeq: 4 } });
    expect(scene.headCopies.copy).toMatchObject({ seq: 4, head: scene.log.head });
    expect(await scene.headCopies.denialsFrom('', 0)).toEqual([{ seq: 4, denies: { tokens: ['b'] } }]);
    await vault.lock();
    const { vault: again } = await scene.open();
    expect(kinds(again)).toEqual([]);
    expect(notesOf(again)).toEqual(['a']);
  });

  it('is not accepted without its denials, wherever a crash comes between', async () => {
    for (const appends of [0, 1, 2]) {
      const { scene } = await fiveLines();
      scene.lines = scene.lines.slice(0, 3);
      const dying = () => {
        const backend = scene.log.open();
        const append = backend.append.bind(backend);
        let left = appends;
        return Object.assign(backend, {
          append: async (...given: Parameters<typeof append>) => {
            left -= 1;
            if (left >= 0) return append(...given);
            throw new LatchkeyError('VAULT_UNAVAILABLE', 'Full.', {
              details: { path: 'vault.log', outcome: 'unchanged' },
            });
          },
        });
      };
      const lower = () =>
        Promise.reject(new LatchkeyError('VAULT_UNAVAILABLE', 'Full.', { details: { path: '' } }));
      const headCopies = Object.assign(Object.create(scene.headCopies) as HeadCopyStore, { lower });
      const first = scene.open({ openBackend: dying, headCopies }, accept);
      await expect(first).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
      const { vault } = await scene.open({}, accept);
      expect(notesOf(vault)).toEqual(['a']);
      expect(vault.voidLines().count).toBe(0);
    }
  });

  it('is accepted by an admin when another log stands there, or no head', async () => {
    for (const noHead of [true, false]) {
      const { scene, ada } = await fiveLines();
      if (noHead) scene.log.head = undefined;
      else {
        scene.lines = scene.lines.slice(0, 2);
        for (const id of ['x', 'y', 'z', 'w']) await appendBy(scene, ada, { events: [putEvent(id)] });
      }
      const { vault } = await scene.open({}, accept);
      await put(vault, 'later');
      await vault.lock();
      const { vault: again } = await scene.open();
      expect(notesOf(again)).toContain('later');
      expect(again.voidLines().count).toBe(0);
    }
  });

  it('is not accepted by a lead, but a loss that an admin accepted in the log is', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    const lea = await scene.add(vault, 'lea', 'lead');
    await put(vault, 'a');
    await put(vault, 'b');
    const leas = new MemoryHeadCopies();
    await (await scene.openAs(lea, { headCopies: leas })).vault.lock();
    expect(leas.copy).toMatchObject({ seq: 3 });
    await vault.lock();
    scene.lines = scene.lines.slice(0, 3);
    await expect(scene.openAs(lea, { headCopies: leas }, accept)).rejects.toMatchObject({
      code: 'OPERATION_NOT_ALLOWED',
    });
    const { vault: admins } = await scene.open({}, accept);
    await put(admins, 'c');
    await admins.lock();
    await expect(scene.openAs(lea, { headCopies: leas })).rejects.toMatchObject({
      code: 'VAULT_ROLLED_BACK',
    });
    const lines = scene.lines.length;
    const { vault: again } = await scene.openAs(lea, { headCopies: leas }, accept);
    expect(notesOf(again)).toEqual(['a', 'c']);
    expect(scene.lines).toHaveLength(lines);
    expect(leas.copy).toMatchObject({ seq: lines - 1 });
  });

  it('is not accepted by whom this computer knows as no admin (any more)', async () => {
    const { scene } = await fiveLines();
    const { copy } = scene.headCopies;
    const demoted = copy?.signers.map((signer) => ({ ...signer, removed: true })) ?? [];
    scene.lines = scene.lines.slice(0, 3);
    const { vault } = await scene.open({ headCopies: new MemoryHeadCopies() }, accept);
    await vault.lock();
    scene.headCopies.copy = { ...copy!, signers: demoted };
    scene.checkpoints.files.clear();
    // The line that accepts is there, but signed by one who had no right any more; and another one does not help.
    await expect(scene.open()).rejects.toMatchObject({ code: 'VAULT_ROLLED_BACK' });
    await expect(scene.open({}, accept)).rejects.toMatchObject({ code: 'OPERATION_NOT_ALLOWED' });
  });
});
