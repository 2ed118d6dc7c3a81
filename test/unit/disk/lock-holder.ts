/** A program that holds a lock until its standard input ends: `node lock-holder.ts <path> [<giveUpAfterMs>]`. */
import { withFileLock } from '../../../src-main/disk/file-lock.ts';

const [path = '', giveUpAfterMs] = process.argv.slice(2);
const options = giveUpAfterMs === undefined ? {} : { giveUpAfterMs: Number(giveUpAfterMs) };
try {
  await withFileLock(path, options, async () => {
    process.stdout.write('held\n');
    await new Promise((resolve) => process.stdin.once('end', resolve).resume());
  });
  process.stdout.write('released\n');
} catch (error) {
  process.stdout.write(`${(error as { code?: string }).code ?? String(error)}\n`);
}
