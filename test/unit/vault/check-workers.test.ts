/** With threads and without: the same log, the same answers. */
import { beforeAll, describe, expect, it } from 'vitest';
import { CheckPool } from '../../../src-main/vault/check-pool.ts';
import { grantKey } from '../../../src-main/vault/keyring.ts';
import { contentBinding, hashLine } from '../../../src-main/vault/line.ts';
import { sealTextNow } from '../../../src-main/base/seal-text.ts';
import {
  jcs,
  kidOfPerson,
  nextLine,
  orgKeyOf,
  plainHeader,
  putEvent,
  random,
  signRaw,
} from './line-tools.ts';
import type { TinyEvent } from './tiny-domain.ts';
import type { Person } from './vault-scene.ts';
import { cleanVaults, newPerson, notesOf, operatorEvent, Scene } from './vault-scene.ts';

cleanVaults();

const lineCount = 1_600;
let scene: Scene;
let ada: Person;

/** A long log by hand: signers that come in the middle of a batch and write at once, void lines, a long line. */
beforeAll(async () => {
  scene = new Scene();
  await (await scene.create()).lock();
  ada = await scene.ada();
  const org = await orgKeyOf(scene);
  const lines = [...scene.lines];
  let prev = hashLine(lines[0] ?? '');
  const add = (person: Person, events: readonly TinyEvent[], more: Record<string, unknown> = {}) => {
    const seq = lines.length;
    const jwe = sealTextNow(org, jcs({ events }), contentBinding(ada.content.vaultId, seq, 0), random);
    const payload = {
      v: 1,
      vault: ada.content.vaultId,
      seq,
      prev,
      epoch: 0,
      atMs: seq,
      clear: {},
      jwe,
      ...more,
    };
    const line = signRaw(person, plainHeader(kidOfPerson(person)), jcs(payload));
    lines.push(line);
    prev = hashLine(line);
  };
  let lead: Person | undefined;
  while (lines.length < lineCount) {
    const seq = lines.length;
    if (seq % 397 === 0) {
      lead = await newPerson(`lead${seq}`, ada);
      const receiver = {
        id: lead.slot.operatorId,
        receiveKey: { kty: 'OKP', crv: 'X25519', x: lead.content.receiveKey.x } as const,
      };
      const [event] = [operatorEvent(lead, 'lead')];
      if (event.type !== 'operator') throw new Error('it adds an operator');
      const { id: signer, role, teamIds, signKey, receiveKey } = event.operator;
      const authority = {
        signer,
        kind: 'operator',
        keyNo: 1,
        signKey,
        receiveKey,
        role,
        teamIds,
        removed: false,
        adminQuorum: 1,
      };
      add(ada, [event], {
        clear: { authority },
        keys: [await grantKey(ada.content.vaultId, 'org', org, [receiver])],
      });
    } else if (seq % 101 === 0) add(lead ?? ada, [{ type: 'freeze', environment: 'prod' }]);
    else if (seq === 900) add(ada, [{ type: 'put', id: 'long', text: 'x'.repeat(5_000_000) }]);
    else add(lead ?? ada, [putEvent(`n${seq}`)]);
  }
  scene.lines = lines;
}, 60_000);

const opened = async (workers: number, of = scene) => {
  const { vault } = await of.openAs(ada, { workers });
  const found = { notes: notesOf(vault), void: vault.voidLines(), operators: vault.state().operators.size };
  await vault.lock();
  return found;
};

describe('a log of many lines', () => {
  it('amounts to the same with two threads, with one, and with none', async () => {
    const [none, one, two] = [await opened(0), await opened(1), await opened(2)];
    expect(none.void.count).toBeGreaterThan(10);
    expect(none.operators).toBe(5);
    expect(one).toEqual(none);
    expect(two).toEqual(none);
  });

  it('stops at the same line, whoever finds the damage', async () => {
    for (const [seq, damage] of [
      [520, (line: string) => `${line.slice(0, -8)}AAAAAAAA`],
      [1_100, () => ''],
      [1_590, () => scene.lines[3] ?? ''],
    ] as const) {
      const copy = await scene.copy();
      copy.lines = scene.lines.map((line, at) => (at === seq ? damage(line) : line));
      for (const workers of [0, 2])
        await expect(opened(workers, copy)).rejects.toMatchObject({
          code: 'VAULT_CORRUPT',
          details: { line: seq + 1 },
        });
    }
  });

  it('is checked by the main thread when the threads die', async () => {
    const pool = new CheckPool(1);
    const stored = scene.lines.slice(1, 4).map((line, at) => ({ line, seq: at + 1, bookmark: '' }));
    expect(await pool.check(stored, undefined, undefined)).toHaveLength(3);
    const answer = pool.check(stored, undefined, undefined);
    expect(await answer).toHaveLength(3);
    // What cannot be a request kills the thread.
    const dead = pool.check([{ line: undefined as never, seq: 0, bookmark: '' }], undefined, undefined);
    expect(await dead).toEqual([]);
    expect(await pool.check(stored, undefined, undefined)).toEqual([]);
    await pool.close();
  });

  it('is read back in ranges with one thread as without', async () => {
    const { vault } = await scene.openAs(ada, { workers: 1 });
    const seqs: number[] = [];
    for await (const { seq } of vault.entries(700, 1_500)) seqs.push(seq);
    const silent = new Set(vault.voidLines().lines.map(({ seq }) => seq));
    expect(seqs).toEqual(Array.from({ length: 800 }, (_, at) => 700 + at).filter((seq) => !silent.has(seq)));
    expect(await vault.verify()).toMatchObject({ lines: lineCount });
  });

  it('is let go of at a lock, by whoever was reading and stopped asking', async () => {
    const { vault } = await scene.openAs(ada, { workers: 2 });
    const forgotten = vault.entries(0)[Symbol.asyncIterator]();
    for (let count = 0; count < 700; count += 1) await forgotten.next();
    const verifying = vault.verify();
    await vault.lock();
    await expect(verifying).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
    await expect(forgotten.next()).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
  });

  it('is written on', async () => {
    const copy = await scene.copy();
    copy.lines = [...copy.lines, await nextLine(copy, ada, { events: [putEvent('last')] })];
    expect((await opened(2, copy)).notes).toContain('last');
  });
});
