import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileStamp } from '../../../src-main/gateway/file-stamp.ts';
import { openStamped } from '../../../src-main/gateway/open-stamped.ts';
import { isOpenedAt } from '../../../src-main/gateway/opened-path.ts';
import { promisedMetadata } from '../../../src-main/gateway/pypi/folder-index.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';
import { GatewayScene } from './gateway-scene.ts';

cleanTempDirs();

/** A folder with a file, and one outside whose file has the same name. */
function twoFolders(name: string, outside = 'TOP SECRET') {
  const dir = tempDir();
  const [inside, elsewhere] = [join(dir, 'channel', 'noarch'), join(dir, 'elsewhere')];
  for (const folder of [inside, elsewhere]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(inside, name), 'ours');
  writeFileSync(join(elsewhere, name), outside);
  const path = join(inside, name);
  return {
    path,
    /** The folder becomes a link to the other one. */
    swap: () => {
      renameSync(inside, `${inside}-aside`);
      symlinkSync(elsewhere, inside);
    },
    swapBack: () => {
      rmSync(inside);
      renameSync(`${inside}-aside`, inside);
    },
  };
}

describe('a folder that was swapped for a link after a path was looked up', () => {
  it('gives no file, even where the file behind the link was taken for it', async () => {
    const { path, swap } = twoFolders('tool-1.0-0.conda');
    swap();
    // What a look sees that comes just after the swap.
    expect(await openStamped(path, fileStamp(statSync(path)))).toBeUndefined();
  });

  it('gives no metadata of a wheel either', () => {
    const { path, swap } = twoFolders('acme-1-py3-none-any.whl');
    swap();
    const file = { location: path, coreMetadata: true, stamp: fileStamp(statSync(path)) };
    expect(promisedMetadata('acme-1-py3-none-any.whl', file)).toBeUndefined();
  });

  it.each([true, false])(
    'is told by the descriptor, whether the kernel names it (%s)',
    async (asksKernel) => {
      // Where it does not, the folders on the way are looked at.
      if (asksKernel && process.platform !== 'linux') return;
      const { path, swap, swapBack } = twoFolders('tool-1.0-0.conda');
      const ours = await open(path);
      swap();
      const outside = await open(path);
      try {
        expect(isOpenedAt(outside.fd, path, asksKernel)).toBe(false);
        swapBack();
        expect(isOpenedAt(ours.fd, path, asksKernel)).toBe(true);
        expect(isOpenedAt(outside.fd, path, asksKernel)).toBe(false);
        writeFileSync(`${path}.new`, 'another');
        renameSync(`${path}.new`, path);
        expect(isOpenedAt(ours.fd, path, asksKernel)).toBe(false);
      } finally {
        await Promise.all([ours.close(), outside.close()]);
      }
    },
  );
});

describe('a folder that is swapped for a link and back, over and over', () => {
  const scene = new GatewayScene();
  const inside = join(scene.folder, 'linux-64');
  const elsewhere = join(scene.dir, 'elsewhere');
  const swaps = new Int32Array(new SharedArrayBuffer(8));
  let swapper: Worker;
  beforeAll(async () => {
    await scene.open();
    for (const folder of [inside, elsewhere]) mkdirSync(folder);
    writeFileSync(join(inside, 'tool-1.0-0.conda'), 'ours');
    writeFileSync(join(elsewhere, 'tool-1.0-0.conda'), 'TOP SECRET');
    swapper = new Worker(
      `const { renameSync, symlinkSync, rmSync } = require('node:fs');
       const { inside, elsewhere, swaps } = require('node:worker_threads').workerData;
       const still = new Int32Array(new SharedArrayBuffer(4));
       while (Atomics.load(swaps, 1) === 0) {
         renameSync(inside, inside + '-aside');
         symlinkSync(elsewhere, inside);
         rmSync(inside);
         renameSync(inside + '-aside', inside);
         // Long enough that whoever asks meets it at its place too, on a slow machine as well.
         Atomics.wait(still, 0, 0, 1);
         Atomics.add(swaps, 0, 1);
       }`,
      { eval: true, workerData: { inside, elsewhere, swaps } },
    );
  });
  afterAll(async () => {
    Atomics.store(swaps, 1, 1);
    await swapper.terminate();
    await scene.close();
  });

  it('never gives what is behind the link, and goes on giving what is not', async () => {
    let ours = 0;
    for (let asked = 0; asked < 20_000 && (ours < 50 || Atomics.load(swaps, 0) < 500); asked += 20) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => scene.get('/conda/internal/linux-64/tool-1.0-0.conda')),
      );
      for (const { status, body } of answers) {
        expect(body).not.toContain('SECRET');
        expect([200, 404, 503]).toContain(status);
        if (status === 200) {
          expect(body).toBe('ours');
          ours += 1;
        }
      }
    }
    expect(ours).toBeGreaterThanOrEqual(50);
    expect(Atomics.load(swaps, 0)).toBeGreaterThanOrEqual(500);
  });
});
