import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BadFiles } from '../../../src-main/gateway/conda/bad-files.ts';
import type { IndexRequest } from '../../../src-main/gateway/conda/conda-index.ts';
import { fetchFolderIndex } from '../../../src-main/gateway/conda/folder-index.ts';
import { FormBudget } from '../../../src-main/gateway/documents/policy-forms.ts';
import { DocumentError } from '../../../src-main/gateway/documents/read-document.ts';
import { UpstreamError } from '../../../src-main/gateway/types.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

/** A folder with a `channeldata.json`, whose readings are counted; what begins with `bad` is no index. */
function folderScene() {
  const folder = tempDir();
  const path = join(folder, 'channeldata.json');
  const scene = { reads: 0, aheadMs: 0 };
  const bad = new BadFiles(() => Date.now() + scene.aheadMs);
  const read = async ({ body }: { body: AsyncIterable<Buffer> }) => {
    scene.reads += 1;
    let text = '';
    for await (const chunk of body) text += chunk.toString();
    if (text.startsWith('bad')) throw new DocumentError('not-an-index', undefined);
    if (text.startsWith('busy')) throw new UpstreamError(503, 'come back');
    return { document: { weightBytes: 1 }, result: { stamped: 0, dropped: {} } };
  };
  const asked = {
    documents: { read, forms: new FormBudget(1) },
    channel: { id: 'id', upstream: { type: 'folder', path: folder } },
    segments: ['channeldata.json'],
    validators: {},
  } as unknown as IndexRequest;
  return {
    scene,
    write: (text: string) => writeFileSync(path, text),
    fetch: async () => await fetchFolderIndex(asked, bad),
  };
}

describe('an index of a folder that is none', () => {
  it('is read once, until another file stands there', async () => {
    const { scene, write, fetch } = folderScene();
    write('bad');
    scene.aheadMs = 60_000;
    for (let time = 0; time < 5; time += 1) {
      await expect(fetch()).rejects.toMatchObject({ status: 502, reason: /not valid JSON/ });
      scene.aheadMs += 3_600_000;
    }
    expect(scene.reads).toBe(1);
    write('{"good":1}');
    expect(await fetch()).toMatchObject({ type: 'value' });
    write('bad again');
    await expect(fetch()).rejects.toThrow();
    expect(scene.reads).toBe(3);
  });

  it('is read again after some seconds when it was just written', async () => {
    const { scene, write, fetch } = folderScene();
    write('bad');
    await expect(fetch()).rejects.toThrow();
    await expect(fetch()).rejects.toThrow();
    expect(scene.reads).toBe(1);
    scene.aheadMs = 60_000;
    await expect(fetch()).rejects.toThrow();
    await expect(fetch()).rejects.toThrow();
    expect(scene.reads).toBe(2);
  });

  it('is not what could not be read for another reason', async () => {
    const { scene, write, fetch } = folderScene();
    write('busy');
    scene.aheadMs = 60_000;
    await expect(fetch()).rejects.toThrow('come back');
    await expect(fetch()).rejects.toThrow('come back');
    expect(scene.reads).toBe(2);
  });
});
