/** A process that reads a log and counts: `node count-lines.ts DIR`. Prints lines and the most memory it had, in MiB. */
import { openFileBackend } from '../../src-main/vault/file-backend.ts';

const [dir = ''] = process.argv.slice(2);
let lines = 0;
for await (const { line } of openFileBackend(dir).read({ seq: 0 })) if (line !== '') lines += 1;
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ lines, peakMiB }));
