/**
 * A process that opens or makes a vault and changes it until it is killed: `node vault-writer.ts DIR NAME ACKS`. What
 * was acknowledged is noted in the file ACKS, which a kill leaves; `made` first, when the vault is there.
 */
import { appendFileSync } from 'node:fs';
import { openOrCreate } from './tiny-vault-files.ts';

const [dir = '', name = '', acks = ''] = process.argv.slice(2);
process.stdout.write('ready');
const { vault } = await openOrCreate(dir);
appendFileSync(acks, 'made\n');
for (let index = 0; ; index += 1) {
  const id = `${name}-${index}`;
  const text = 'x'.repeat((index % 5) * 3_000);
  // oxlint-disable-next-line no-await-in-loop
  await vault.commit(() => ({ events: [{ type: 'put', id, text }], result: undefined }));
  appendFileSync(acks, `${id}\n`);
}
