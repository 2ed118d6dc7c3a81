/** Checkpoints: a file per operator, worth only what its place says; and the lines before them, checked behind one's back. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { operatorId } from '../../../shared/model/ids.ts';
import { sealCheckpoint } from '../../../src-main/vault/checkpoint.ts';
import { openCheckpoint } from '../../../src-main/vault/open-checkpoint.ts';
import { openCheckpoints } from '../../../src-main/vault/checkpoint-files.ts';
import { Keyring } from '../../../src-main/vault/keyring.ts';
import { Marks } from '../../../src-main/vault/marks.ts';
import { VoidLog } from '../../../src-main/vault/void-log.ts';
import { appendBy, putEvent, random } from './line-tools.ts';
import { tinyDomain } from './tiny-domain.ts';
import type { Person } from './vault-scene.ts';
import {
  cleanVaults,
  commit,
  MemoryCheckpoints,
  notesOf,
  newPerson,
  operatorEvent,
  put,
  Scene,
} from './vault-scene.ts';

cleanVaults();

/** More than a checkpoint waits for. */
const long = 'x'.repeat(1_100_000);

type Made = { readonly scene: Scene; readonly lines: readonly string[]; readonly file: readonly string[] };
let made: Made & { readonly ada: Person };
beforeAll(async () => {
  const scene = new Scene();
  const vault = await scene.create();
  const lea = await scene.add(vault, 'lea', 'lead');
  await appendBy(scene, lea, { content: 'nonsense' });
  await put(vault, 'a');
  // Someone whom only a void line names signs too: the background check must know such signers.
  const mole = await newPerson('mole', await scene.ada());
  await appendBy(scene, lea, {
    events: [operatorEvent(mole, 'admin')],
    payload: {
      clear: {
        authority: authorityOf(mole),
      },
    },
  });
  await appendBy(scene, mole, { events: [putEvent('m')] });
  for (const id of ['b', 'c']) await put(vault, id);
  await commit(vault, { type: 'put', id: 'long', text: long });
  await vi.waitUntil(() => scene.checkpoints.writes === 1);
  await put(vault, 'd');
  await vault.lock();
  const ada = await scene.ada();
  const file = scene.checkpoints.files.get(ada.slot.operatorId) ?? [];
  made = { scene, ada, lines: scene.lines, file };
});

const authorityOf = ({ slot, content }: Person) => ({
  signer: slot.operatorId,
  kind: 'operator',
  keyNo: 1,
  signKey: { kty: 'OKP', crv: 'Ed25519', x: content.signKey.x },
  receiveKey: { kty: 'OKP', crv: 'X25519', x: content.receiveKey.x },
  role: 'admin',
  teamIds: [],
  removed: false,
  adminQuorum: 1,
});

const withCheckpoint = async (change: (file: readonly string[]) => readonly string[] = (file) => file) => {
  const scene = await made.scene.copy();
  const checkpoints = new MemoryCheckpoints();
  checkpoints.files.set(made.ada.slot.operatorId, change(made.file));
  return { scene, checkpoints, open: () => scene.openAs(made.ada, { checkpoints }) };
};

describe('a checkpoint', () => {
  it('lets an opening begin at its line, with all that was known there', async () => {
    const { open } = await withCheckpoint();
    const { vault, report } = await open();
    expect(report).toEqual({ usedCheckpoint: true, replayedLines: 1 });
    const { vault: whole } = await (await made.scene.copy()).openAs(made.ada);
    expect(vault.seq()).toBe(whole.seq());
    expect(notesOf(vault)).toEqual(notesOf(whole));
    expect(vault.voidLines()).toEqual(whole.voidLines());
    expect(vault.voidLines().count).toBe(3);
    expect(vault.operator).toEqual(whole.operator);
    const place = { subject: 's', origin: 'o' };
    expect(await whole.unsealSecret(await vault.sealSecret('x', place), place)).toBe('x');
    const seqs = new Set<number>();
    for await (const { seq } of vault.entries(0)) seqs.add(seq);
    expect([...seqs]).toEqual([0, 1, 3, 6, 7, 8, 9]);
    await put(vault, 'e');
    expect((await vault.verify()).damage).toBeUndefined();
  });

  const unusable: Record<string, (file: readonly string[]) => readonly string[]> = {
    'is empty': () => [],
    'lacks its last part': (file) => file.slice(0, -1),
    'lacks its first part': (file) => file.slice(1),
    'has its parts in another order': (file) => file.toReversed(),
    'has a part twice': (file) => [...file, file.at(-1) ?? ''],
    'was changed': (file) => file.map((part, at) => (at === 1 ? `${part.slice(0, -6)}AAAAAA` : part)),
    'is no ciphertext': () => ['hello', 'world'],
  };
  it.each(Object.entries(unusable))('that %s costs time and nothing else', async (_what, change) => {
    const { open } = await withCheckpoint(change);
    const { vault, report } = await open();
    expect(report).toMatchObject({ usedCheckpoint: false, replayedLines: 10 });
    expect(vault.alarms().filter(({ kind }) => kind !== 'void-line')).toEqual([]);
  });

  it('of somebody else, of another vault, or under another key, is none', async () => {
    const owner = {
      key: new Uint8Array(Buffer.from(made.ada.content.checkpointKey, 'base64url')),
      vaultId: made.ada.content.vaultId,
      operatorId: made.ada.slot.operatorId,
    };
    expect((await openCheckpoint(owner, tinyDomain(), made.file)).found).toBe('usable');
    for (const change of [
      { key: random(32) },
      { vaultId: 'BBBBBBBBBBBBBBBBBBBBBB' },
      { operatorId: operatorId.parse('lea') },
    ])
      expect(await openCheckpoint({ ...owner, ...change }, tinyDomain(), made.file)).toEqual({
        found: 'none',
      });
  });

  it('of a newer program is ignored, and said; an older one is ignored', async () => {
    const { scene, checkpoints } = await withCheckpoint();
    const { vault: newer } = await scene.openAs(made.ada, { checkpoints, domain: tinyDomain(1, 2) });
    expect(newer.alarms().map(({ kind }) => kind)).not.toContain('checkpoint-newer');
    await newer.lock();
    const written = new MemoryCheckpoints();
    const { vault } = await scene.openAs(made.ada, { checkpoints: written, domain: tinyDomain(1, 2) });
    await commit(vault, { type: 'put', id: 'long2', text: long });
    await expect.poll(() => written.writes).toBe(1);
    await vault.lock();
    const { vault: older, report } = await scene.openAs(made.ada, { checkpoints: written });
    expect(report.usedCheckpoint).toBe(false);
    expect(older.alarms()).toContainEqual({ kind: 'checkpoint-newer', schema: 2 });
  });

  it('that does not fit the log is no way around the chain: damage is found with its line', async () => {
    const { scene, open } = await withCheckpoint();
    scene.lines = scene.lines.map((line, seq) => (seq === 8 ? `${line.slice(0, -8)}AAAAAAAA` : line));
    await expect(open()).rejects.toMatchObject({ code: 'VAULT_CORRUPT', details: { line: 9 } });
  });

  it('is written by size, not at lock, and not twice within half a minute', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    for (let index = 0; index < 20; index += 1) await put(vault, `n${index}`);
    expect(scene.checkpoints.writes).toBe(0);
    await commit(vault, { type: 'put', id: 'long', text: long });
    await expect.poll(() => scene.checkpoints.writes).toBe(1);
    await commit(vault, { type: 'put', id: 'long2', text: long });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(scene.checkpoints.writes).toBe(1);
    await vault.lock();
    expect(scene.checkpoints.writes).toBe(1);
  });

  it('is written after half a minute when there was enough', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    await commit(vault, { type: 'put', id: 'long', text: long });
    await expect.poll(() => scene.checkpoints.writes).toBe(1);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await commit(vault, { type: 'put', id: 'long2', text: long });
      expect(scene.checkpoints.writes).toBe(1);
      scene.nowMs += 31_000;
      vi.advanceTimersByTime(31_000);
    } finally {
      vi.useRealTimers();
    }
    await expect.poll(() => scene.checkpoints.writes).toBe(2);
  });

  it('that cannot be written is told, and harms nothing', async () => {
    const scene = new Scene(true);
    const vault = await scene.create();
    writeFileSync(join(scene.dir, 'checkpoints'), 'a file where the folder should be');
    await commit(vault, { type: 'put', id: 'long', text: long });
    await expect.poll(() => vault.alarms().map(({ kind }) => kind)).toEqual(['checkpoint-failed']);
    await put(vault, 'a');
    await vault.lock();
    const again = await scene.open();
    expect(again.report.usedCheckpoint).toBe(false);
    // It tries once more.
    await again.vault.lock();
  });

  it('is written by the opening that replayed few lines, but long ones', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    const gone = { ...scene.checkpoints, write: async () => undefined };
    await vault.lock();
    const { vault: silent } = await scene.open({ checkpoints: gone });
    await commit(silent, { type: 'put', id: 'long', text: long });
    await silent.lock();
    const before = scene.checkpoints.writes;
    await scene.open();
    await expect.poll(() => scene.checkpoints.writes).toBe(before + 1);
  });

  it('stands in a file of its own, for its owner only, and shows nothing', async () => {
    const scene = new Scene(true);
    const vault = await scene.create();
    await commit(vault, { type: 'put', id: 'visible-name', text: 'visible-text'.repeat(100_000) });
    const dir = join(scene.dir, 'checkpoints');
    const { id } = vault.operator;
    const path = join(dir, id);
    await expect.poll(() => existsSync(path)).toBe(true);
    await vault.lock();
    expect(readdirSync(dir)).toEqual([id]);
    expect(statSync(path).mode & 0o077).toBe(0);
    const text = readFileSync(path, 'utf8');
    const decoded = text
      .split(/[\n.]/)
      .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
      .join('');
    expect(text + decoded).not.toMatch(/visible/);
    expect((await scene.open()).report.usedCheckpoint).toBe(true);
  });

  it('under way at a lock is given up, and the one before stays', async () => {
    const scene = new Scene(true);
    const vault = await scene.create();
    await commit(vault, { type: 'put', id: 'long', text: long });
    const path = join(scene.dir, 'checkpoints', vault.operator.id);
    await expect.poll(() => existsSync(path)).toBe(true);
    const before = readFileSync(path);
    const store = openCheckpoints(scene.dir);
    const abort = new AbortController();
    const endless = async function* () {
      for (;;) {
        yield 'part';
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    const writing = store.write(vault.operator.id, endless(), abort.signal);
    abort.abort();
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(join(scene.dir, 'checkpoints'))).toEqual([vault.operator.id]);
  });

  it('is made in slices: the event loop is free between them', async () => {
    const scene = new Scene(true);
    const vault = await scene.create();
    for (let round = 0; round < 5; round += 1)
      await commit(
        vault,
        ...Array.from({ length: 10_000 }, (_, at) => ({
          type: 'put' as const,
          id: `n${round}-${at}`,
          text: 'x'.repeat(100),
        })),
      );
    const path = join(scene.dir, 'checkpoints', vault.operator.id);
    await expect.poll(() => existsSync(path), { timeout: 20_000 }).toBe(true);
    // Not timed: counted. Every part is a turn of its own.
    let turns = 0;
    const count = setInterval(() => (turns += 1), 0);
    const owner = {
      key: random(32),
      vaultId: vault.vaultId,
      operatorId: vault.operator.id,
    };
    const authority = { operators: [], keys: [], voidSigners: [], format: 1, logTimeMs: 0 };
    const checkpoint = {
      cursor: { state: vault.state(), authority } as never,
      keyring: new Keyring(),
      voids: new VoidLog(),
      marks: new Marks(),
    };
    let parts = 0;
    for await (const _part of sealCheckpoint(owner, tinyDomain(), checkpoint, random)) parts += 1;
    clearInterval(count);
    expect(parts).toBeGreaterThan(30);
    expect(turns).toBeGreaterThan(5);
  });
});

describe('lines before a checkpoint', () => {
  it('are checked in the background, and said to be checked', async () => {
    const { open } = await withCheckpoint();
    const { vault } = await open();
    await expect.poll(() => vault.checked()).toEqual({ done: true, lines: 10 });
    expect(vault.alarms()).toEqual([]);
  });

  it('are judged by the lines before them: an operator may have been named by a void line, with another key', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    const lea = await scene.add(vault, 'lea', 'lead');
    const [first, second] = [
      await newPerson('nina', await scene.ada()),
      await newPerson('nina', await scene.ada()),
    ];
    await appendBy(scene, lea, { payload: { clear: { authority: authorityOf(first) } } });
    await appendBy(scene, first, { events: [putEvent('m')] });
    // Taken over before the next commit.
    await commit(vault, operatorEvent(second, 'lead'));
    await commit(vault, { type: 'put', id: 'long', text: long });
    await vi.waitUntil(() => scene.checkpoints.writes === 1);
    await vault.lock();
    const { vault: again, report } = await scene.openAs(await scene.ada(), {
      checkpoints: scene.checkpoints,
    });
    expect(report.usedCheckpoint).toBe(true);
    await expect.poll(() => again.checked().done).toBe(true);
    expect(again.alarms()).toEqual([]);
    await put(again, 'z');
  });

  it('that are damaged stop the writing and raise an alarm with the line', async () => {
    const damages: Record<number, (lines: string[]) => void> = {
      4: (lines) => void (lines[3] = `${lines[3]?.slice(0, -8)}AAAAAAAA`),
      2: (lines) => void (lines[1] = lines[2] ?? ''),
      1: (lines) => void (lines[0] = ''),
    };
    for (const [line, damage] of Object.entries(damages)) {
      const { scene, open } = await withCheckpoint();
      const lines = [...scene.lines];
      damage(lines);
      scene.lines = lines;
      const { vault, report } = await open();
      expect(report.usedCheckpoint).toBe(true);
      await expect
        .poll(() => vault.alarms())
        .toEqual([expect.objectContaining({ kind: 'damaged-line', line: Number(line) })]);
      await expect(put(vault, 'e')).rejects.toMatchObject({ code: 'VAULT_WRITES_STOPPED' });
      expect(await vault.verify()).toMatchObject({ damage: { line: Number(line) } });
      await vault.lock();
    }
  });
});

describe('verify', () => {
  it('checks all lines, lists the void ones, and tells how far it is', async () => {
    const { vault } = await (await made.scene.copy()).openAs(made.ada);
    const progress: number[] = [];
    const report = await vault.verify(({ done }) => progress.push(done));
    expect(report).toMatchObject({ lines: 10, head: 'anchored', voidLines: { count: 3 } });
    expect(report.voidLines.lines.map(({ seq }) => seq)).toEqual([2, 4, 5]);
    expect(progress.at(-1)).toBe(10);
  });

  it('says what is wrong with the head', async () => {
    const scene = await made.scene.copy();
    const { vault } = await scene.openAs(made.ada);
    const { head } = scene.log;
    scene.log.head = undefined;
    expect((await vault.verify()).head).toBe('missing');
    scene.log.head = 'nonsense';
    expect((await vault.verify()).head).toBe('wrong');
    scene.log.head = head;
    await appendBy(scene, made.ada, { events: [putEvent('z')] });
    expect((await vault.verify()).head).toBe('behind');
  });

  it('says that the log became shorter since it was opened', async () => {
    const scene = await made.scene.copy();
    const { vault } = await scene.openAs(made.ada);
    scene.lines = scene.lines.slice(0, 6);
    expect(await vault.verify()).toMatchObject({ lines: 6, damage: { line: 7 } });
  });

  it('can be cancelled', async () => {
    const { vault } = await (await made.scene.copy()).openAs(made.ada);
    await expect(vault.verify(undefined, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
