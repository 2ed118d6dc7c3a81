/** Kills writers of a request log at random moments, and looks at what they left. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { keyOfSeed, publicX } from '../../src-main/base/seed-key.ts';
import { folderSource } from '../../src-main/request-log/folder-source.ts';
import { takeIn } from '../../src-main/request-log/keep-log.ts';
import { readSegment } from '../../src-main/request-log/read-segment.ts';
import { listSegments } from '../../src-main/request-log/segment-files.ts';
import { openStoreThread } from '../../src-main/request-log/store/open-store-thread.ts';
import { verifyLog } from '../../src-main/request-log/verify-log.ts';
import { identity, newAdmin, openKey } from './log-rows.ts';

const script = fileURLToPath(new URL('./request-log-writer.ts', import.meta.url));

/** Starts one and kills it after it said so many words. @returns what it said: run and rows acknowledged */
function killAfter(
  dir: string,
  recipient: string,
  words: number,
  maxBytes: number,
): Promise<[number, number]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, dir, recipient, String(maxBytes)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.split('\n').length > words) child.kill('SIGKILL');
    });
    child.once('error', reject);
    child.once('close', () => {
      const last = said.split('\n').slice(0, -1).at(-1) ?? '';
      const [run = 0, rows = 0] = last.split(' ').map(Number);
      resolve([run, rows]);
    });
  });
}

/** @param at as many writers at a time, in one folder */
export async function killRequestLogs(dir: string, kills: number, at: number): Promise<void> {
  const ada = await newAdmin();
  const recipient = JSON.stringify(ada.recipient);
  const acknowledged = new Map<number, number>();
  let left = kills;
  const crowd = Array.from({ length: at }, async () => {
    while (left > 0) {
      left -= 1;
      const words = 1 + Math.floor(Math.random() * 40);
      // Small segments: the end of one and the beginning of the next are among the moments.
      // oxlint-disable-next-line no-await-in-loop
      const [run, rows] = await killAfter(dir, recipient, words, 20_000);
      acknowledged.set(run, rows);
    }
  });
  await Promise.all(crowd);
  const found = new Map<number, number>();
  for (const { path, run } of await listSegments(dir))
    for await (const { rows } of readSegment(path))
      for (const { filename } of rows) {
        // In order, and none twice.
        expect(filename).toBe(`${run}-${found.get(run) ?? 0}`);
        found.set(run, (found.get(run) ?? 0) + 1);
      }
  for (const [run, rows] of acknowledged) expect(found.get(run) ?? 0).toBeGreaterThanOrEqual(rows);
  expect([...acknowledged.values()].reduce((sum, rows) => sum + rows, 0)).toBeGreaterThan(0);
  const findings = await verifyLog(folderSource(dir), {
    gatewayKey: () => publicX(keyOfSeed(identity.seed)),
    openMacKey: (segment, file) => openKey('mac', segment, ada, file),
  });
  const wrong = findings.filter(({ state }) => state !== 'whole' && state !== 'not-closed');
  expect(wrong).toEqual([]); // What is kept of them is all of it, packed.
  const store = openStoreThread(dir);
  try {
    expect(await takeIn(dir, store)).toBe(true);
    const sum = [...found.values()].reduce((total, rows) => total + rows, 0);
    expect(await store.sizes()).toMatchObject({ rows: sum });
    expect((await listSegments(dir)).filter(({ isPacked }) => !isPacked)).toEqual([]);
  } finally {
    store.close();
  }
}
