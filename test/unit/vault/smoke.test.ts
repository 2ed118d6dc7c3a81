import { describe, expect, it } from 'vitest';
import { cleanVaults, commit, notesOf, put, Scene } from './vault-scene.ts';

cleanVaults();
describe('smoke', () => {
  it.each([false, true])('works (on disk: %s)', async (onDisk) => {
    const scene = new Scene(onDisk);
    const vault = await scene.create();
    await put(vault, 'a', 'b');
    await commit(vault, { type: 'drop', id: 'a' });
    expect(vault.seq()).toBe(3);
    const lea = await scene.add(vault, 'lea', 'lead');
    await vault.lock();
    const again = (await scene.open()).vault;
    expect(notesOf(again)).toEqual(['b']);
    expect(again.alarms()).toEqual([]);
    const other = (await scene.openAs(lea)).vault;
    expect(notesOf(other)).toEqual(['b']);
    await put(other, 'c');
    const report = await again.verify();
    expect(report).toMatchObject({ lines: 5, head: 'anchored' });
  });
});
