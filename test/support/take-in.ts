/** A process that takes segments into a store until it is killed or done: `node take-in.ts DIR COUNT`. */
import { openRowStore } from '../../src-main/request-log/store/log-store.ts';
import { SmallSegments } from './small-segments.ts';

const [dir = '', count = ''] = process.argv.slice(2);
const store = openRowStore({ dir, source: new SmallSegments(Number(count)) });
process.stdout.write('ready');
await store.index();
store.close();
