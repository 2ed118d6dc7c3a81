/** Following a log with public keys alone. */
import { describe, expect, it } from 'vitest';
import type { StoredLine } from '../../../src-main/vault/backend.ts';
import type { PublicLine } from '../../../src-main/vault/follow-public.ts';
import { followPublic, startPlace } from '../../../src-main/vault/follow-public.ts';
import type { ChainPlace } from '../../../src-main/vault/chain-place.ts';
import { appendBy, putEvent } from './line-tools.ts';
import { tinyDomain } from './tiny-domain.ts';
import { cleanVaults, commit, operatorEvent, put, Scene } from './vault-scene.ts';

cleanVaults();

async function* stored(lines: readonly string[], from = 0): AsyncGenerator<StoredLine> {
  for (const [seq, line] of lines.entries()) if (seq >= from) yield { seq, line, bookmark: '' };
}

async function follow(from: ChainPlace, lines: readonly string[]): Promise<PublicLine[]> {
  const found: PublicLine[] = [];
  for await (const line of followPublic(from, stored(lines, from.seq), { supportedFormat: 1 }))
    found.push(line);
  return found;
}

const scenery = async () => {
  const scene = new Scene();
  const vault = await scene.create();
  const lea = await scene.add(vault, 'lea', 'lead');
  await put(vault, 'a', 'b');
  const ada = await scene.ada();
  return { scene, vault, ada, lea, start: startPlace(ada.content.vaultId, ada.content.genesis) };
};

describe('a reader without keys', () => {
  it('knows the signers and the denials, and goes on where it stood', async () => {
    const { scene, vault, lea, start } = await scenery();
    const [, , last] = await follow(start, scene.lines);
    expect([...(last?.place.authority?.operators ?? [])].map(([id, { role }]) => [id, role])).toEqual([
      [vault.operator.id, 'admin'],
      ['lea', 'lead'],
    ]);
    await commit(vault, { type: 'drop', id: 'a' }, { type: 'freeze', environment: 'prod' });
    const { vault: lead } = await scene.openAs(lea);
    await commit(lead, { type: 'drop', id: 'b' });
    const lines = await follow(last?.place ?? start, scene.lines);
    expect(lines.map(({ denies, signer }) => [signer, denies])).toEqual([
      [vault.operator.id, { tokens: ['a'], environments: ['prod'] }],
      ['lea', { tokens: ['b'] }],
    ]);
  });

  it('draws the same line between void and effective by what is in clear', async () => {
    const { scene, vault, ada, lea, start } = await scenery();
    await appendBy(scene, lea, { payload: { clear: { denies: { environments: ['prod'] } } } });
    await appendBy(scene, ada, { payload: { clear: { denies: { tokens: ['x'] } }, more: 1 } });
    await appendBy(scene, ada, { payload: { clear: { denies: { tokens: ['y'] } } }, content: 'nonsense' });
    const lines = await follow(start, scene.lines);
    expect(lines.slice(3).map(({ isVoid, denies }) => [isVoid, denies])).toEqual([
      [true, undefined],
      [true, undefined],
      // Only its content voids it, so a reader without keys enforces it: denying is always safe.
      [false, { tokens: ['y'] }],
    ]);
    await vault.lock();
    const { vault: again } = await scene.openAs(ada);
    expect(again.voidLines().lines.map(({ seq }) => seq)).toEqual([3, 4, 5]);
    expect(lines.at(-1)?.place.authority?.operators).toEqual(
      (await follow(start, scene.lines.slice(0, 3))).at(-1)?.place.authority?.operators,
    );
  });

  it('agrees on a change of rights whose content says something else', async () => {
    const { scene, ada, lea, start } = await scenery();
    const event = operatorEvent(lea, 'auditor');
    if (event.type !== 'operator') throw new Error('it changes an operator');
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
    await appendBy(scene, ada, { payload: { clear: { authority } }, content: 'nonsense' });
    await appendBy(scene, lea, {
      events: [putEvent('c')],
      payload: { clear: { denies: { tokens: ['c'] } } },
    });
    const lines = await follow(start, scene.lines);
    expect(lines.slice(3).map(({ isVoid }) => isVoid)).toEqual([false, true]);
    const { vault } = await scene.openAs(ada);
    expect(vault.voidLines().lines.map(({ seq }) => seq)).toEqual([4]);
    expect(vault.state().operators.get('lea')?.role).toBe('auditor');
  });

  it('stops at what is not authentic, at another vault’s log, and at a newer format', async () => {
    const { scene, vault, start } = await scenery();
    const [one = '', two = '', three = ''] = scene.lines;
    for (const [lines, line] of [
      [[one, three], 2],
      [[one, two, `${three.slice(0, -8)}AAAAAAAA`], 3],
      [[two], 1],
    ] as const)
      await expect(follow(start, lines)).rejects.toMatchObject({ code: 'VAULT_CORRUPT', details: { line } });
    await expect(follow({ ...start, genesis: 'A'.repeat(43) }, scene.lines)).rejects.toMatchObject({
      code: 'VAULT_CORRUPT',
    });
    await vault.lock();
    const { vault: newer } = await scene.openAs(await scene.ada(), { domain: tinyDomain(2) });
    await commit(newer, { type: 'format', to: 2 });
    await expect(follow(start, scene.lines)).rejects.toMatchObject({ code: 'VAULT_NEEDS_NEWER_VERSION' });
  });
});
