/**
 * A process that appends to a log: `node log-writer.ts DIR NAME COUNT ACKS`. Each line names its writer, its place and
 * the hash of the line before, as a vault's does. What was acknowledged is noted in the file ACKS, which a kill leaves.
 */
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { openFileBackend } from '../../src-main/vault/file-backend.ts';
import { chainedLine } from './chained-line.ts';

const [dir = '', name = '', count = '1', acks = ''] = process.argv.slice(2);
const backend = openFileBackend(dir);
await backend.recover();
let seq = 0;
let last: string | null = null;
process.stdout.write('ready');

for (let index = 0; index < Number(count);) {
  // oxlint-disable-next-line no-await-in-loop
  for await (const stored of backend.read({ seq })) {
    seq = stored.seq + 1;
    last = stored.line;
  }
  const line = chainedLine({ writer: name, index, seq, prev: last === null ? null : hashOf(last) });
  try {
    // oxlint-disable-next-line no-await-in-loop
    await backend.append(seq, [line], `head.${seq + 1}`);
  } catch (error) {
    if (!['VAULT_CONFLICT', 'VAULT_BUSY'].includes((error as { code: string }).code)) throw error;
    continue;
  }
  appendFileSync(acks, `${seq} ${hashOf(line)}\n`);
  seq += 1;
  last = line;
  index += 1;
}

function hashOf(line: string): string {
  return createHash('sha256').update(line).digest('base64url');
}
