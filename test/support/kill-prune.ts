/** Kills who packs and retires a log at random moments, and looks at what is left. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { dayMs } from '../../shared/model/time.ts';
import { keyOfSeed, publicX } from '../../src-main/base/seed-key.ts';
import { folderSource } from '../../src-main/request-log/folder-source.ts';
import { runsDir } from '../../src-main/request-log/run-lock.ts';
import { segmentsDir } from '../../src-main/request-log/segment-files.ts';
import { verifyLog } from '../../src-main/request-log/verify-log.ts';
import { killAfterTouches, randomCount } from './kill-after-touches.ts';
import { atMs, identity, newAdmin, newWriter, openKey, row, textsOf } from './log-rows.ts';

const script = join(import.meta.dirname, 'prune-log.ts');
const segments = 30;
const kept = 10;

/** @returns how many kills hit */
export async function killPrune(newDir: () => string, kills: number): Promise<number> {
  const ada = await newAdmin();
  let [hits, dir] = [0, ''];
  const recipients = [ada.recipient];
  // The last ones are younger than rows are kept.
  const nowMs = atMs + (segments - kept + 90) * dayMs;
  for (let kill = 0; kill < kills; kill += 1) {
    if (dir === '' || left(dir) === kept) {
      dir = newDir();
      mkdirSync(runsDir(dir));
      let clockMs = atMs;
      const writer = newWriter(dir, recipients, { now: () => clockMs });
      for (let n = 0; n < segments; n += 1, clockMs += dayMs) {
        writer.write(textsOf([row()], { atMs: clockMs }));
        writer.end();
      }
    }
    const child = spawn(process.execPath, [script, dir, String(nowMs)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    // oxlint-disable-next-line no-await-in-loop
    await Promise.race([once(child.stdout, 'data'), ended]);
    // oxlint-disable-next-line no-await-in-loop
    await killAfterTouches(child, segmentsDir(dir), randomCount(120), ended);
    // oxlint-disable-next-line no-await-in-loop
    if ((await ended)[1] === 'SIGKILL') hits += 1;
    // oxlint-disable-next-line no-await-in-loop
    const found = await verifyLog(folderSource(dir), {
      gatewayKey: () => publicX(keyOfSeed(identity.seed)),
      openMacKey: (segment, file) => openKey('mac', segment, ada, file),
      retired: { nowMs, keptFromMs: nowMs - 90 * dayMs, anchors: [] },
    });
    const states = found.map(({ state, problems }) => (problems.length > 0 ? problems : state));
    expect(new Set(states.filter((state) => state !== 'retired'))).toEqual(new Set(['whole']));
    expect(found).toHaveLength(segments);
  }
  return hits;
}

const left = (dir: string): number =>
  new Set(readdirSync(segmentsDir(dir)).map((file) => file.split('.', 3).join('.'))).size;
