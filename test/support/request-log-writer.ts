/**
 * A gateway's request log in a process of its own, to be killed: writes rows as fast as they are taken, and tells on
 * stdout how many were acknowledged, each after it was.
 */
import { writeSync } from 'node:fs';
import type { LogRecipient } from '../../shared/model/bundle.ts';
import { LogThread } from '../../src-main/request-log/log-thread.ts';
import { liveRuns, runsDir, takeRunLock } from '../../src-main/request-log/run-lock.ts';
import { makeFolder } from '../../src-main/disk/make-folder.ts';
import { identity, row, textsOf } from './log-rows.ts';

const [dir = '', recipient = '', maxBytes = ''] = process.argv.slice(2);
const rowsPerBatch = 20;

await makeFolder(runsDir(dir));
const lock = await takeRunLock(dir, identity.gatewayId, Date.now());
const live = await liveRuns(dir);
let taken = 0;
const thread = new LogThread({
  dir,
  gateway: identity.gatewayId,
  seed: identity.seed,
  run: lock.run,
  live,
  now: Date.now,
  maxBytes: Number(maxBytes),
  post: (message) => {
    if (message.type === 'written') taken += rowsPerBatch;
  },
});
await thread.take({ type: 'recipients', recipients: [JSON.parse(recipient) as LogRecipient] });
for (;;) {
  const first = taken;
  const rows = Array.from({ length: rowsPerBatch }, (_, index) =>
    row({ filename: `${lock.run}-${first + index}` }),
  );
  // One after the other is the point.
  // oxlint-disable-next-line no-await-in-loop
  await thread.take({ type: 'batch', batch: textsOf(rows) });
  writeSync(1, `${lock.run} ${taken}\n`);
}
