import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { killAfterTouches, randomCount } from './kill-after-touches.ts';
import { openOrCreate } from './tiny-vault-files.ts';

const script = join(import.meta.dirname, 'vault-writer.ts');
/** What a kill may leave, and the next opening mends. */
const harmless = ['torn-tail', 'completed-last-line', 'head-repaired'];

/** Lets a process work on a vault and kills it. @returns what it had been told to be done */
async function killOne(dir: string, name: string, touches: number): Promise<readonly string[]> {
  const acks = join(dir, `${name}.acks`);
  const child = spawn(process.execPath, [script, dir, name, acks], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), ended]);
  await killAfterTouches(child, dir, touches, ended);
  expect(await ended).toEqual([null, 'SIGKILL']);
  return existsSync(acks)
    ? readFileSync(acks, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

/** The vault opens, all that was acknowledged is in it, it is sound from the first line on, and can be changed. */
async function mustBeSound(dir: string, acknowledged: readonly string[], round: string): Promise<void> {
  const { vault, isNew } = await openOrCreate(dir);
  try {
    if (acknowledged.length > 0) expect(isNew).toBe(false);
    const missing = acknowledged.filter((id) => id !== 'made' && !vault.state().notes.has(id));
    expect(missing).toEqual([]);
    expect(vault.alarms().filter(({ kind }) => !harmless.includes(kind))).toEqual([]);
    const { head, damage } = await vault.verify();
    expect({ head, damage }).toEqual({ head: 'anchored', damage: undefined });
    await vault.commit(() => ({
      events: [{ type: 'put', id: `after ${round}`, text: '' }],
      result: undefined,
    }));
  } finally {
    await vault.lock();
  }
}

/** Kills whoever works on one vault, again and again. @returns how many changes were acknowledged in all */
export async function killVaultWriters(dir: string, kills: number): Promise<number> {
  const acknowledged: string[] = [];
  for (let round = 0; round < kills; round += 1) {
    // oxlint-disable-next-line no-await-in-loop
    acknowledged.push(...(await killOne(dir, `k${round}`, randomCount(80))));
    // oxlint-disable-next-line no-await-in-loop
    await mustBeSound(dir, acknowledged, String(round));
  }
  return acknowledged.length;
}

/** Kills whoever makes a vault, each in a folder of its own. */
export async function killVaultMakers(dir: string, kills: number): Promise<void> {
  for (let round = 0; round < kills; round += 1) {
    const own = mkdtempSync(join(dir, 'made-'));
    // oxlint-disable-next-line no-await-in-loop
    const acknowledged = await killOne(own, 'maker', randomCount(30));
    // oxlint-disable-next-line no-await-in-loop
    await mustBeSound(own, acknowledged, String(round));
    rmSync(own, { recursive: true });
  }
}
