/**
 * A process that takes in segments on a disk that is too small for them, then fewer: `node fill-store.ts DIR`. Prints what
 * it was told, and whether what was taken in is whole.
 */
import type { LatchkeyError } from '../../shared/errors.ts';
import { openRowStore, openScanStore } from '../../src-main/request-log/store/log-store.ts';
import { SmallSegments } from './small-segments.ts';

const [dir = ''] = process.argv.slice(2);
const source = new SmallSegments(200);
const store = openRowStore({ dir, source });
let told: LatchkeyError<'FILE_NOT_WRITABLE'> | undefined;
try {
  await store.index();
} catch (error) {
  told = error as LatchkeyError<'FILE_NOT_WRITABLE'>;
}
// What is not in it is read beside.
const mine = await store.tokenUses();
const theirs = await openScanStore({ dir, source }).tokenUses();
store.close();
const isWhole = JSON.stringify(mine) === JSON.stringify(theirs);
process.stdout.write(JSON.stringify({ code: told?.code, reason: told?.details.reason, isWhole }));
