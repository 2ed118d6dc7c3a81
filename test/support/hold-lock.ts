/** A process that holds the lock of a log until it is killed: `node hold-lock.ts DIR`. Says `held` when it has it. */
import { openFileBackend } from '../../src-main/vault/file-backend.ts';

const [dir = ''] = process.argv.slice(2);
await openFileBackend(dir).locked(async () => {
  process.stdout.write('held');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
