/**
 * A thread that serves a store of small segments; reading one never ends while the folder holds a file `stuck`.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openRowStore } from '../../src-main/request-log/store/log-store.ts';
import { serveStore } from '../../src-main/request-log/store/serve-store.ts';
import { SmallSegments } from './small-segments.ts';

const { dir } = workerData as { readonly dir: string };

class StuckSegments extends SmallSegments {
  override segments(): ReturnType<SmallSegments['segments']> {
    while (existsSync(join(dir, 'stuck')));
    return super.segments();
  }
}

if (parentPort !== null) serveStore(parentPort, openRowStore({ dir, source: new StuckSegments(3) }));
