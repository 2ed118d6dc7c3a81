/** A process that lets go of secrets that are old enough for V8's old space, and cleans its memory when it is told to. */
import { once } from 'node:events';
import { cleanMemory, keepBuffersApart } from '../../src-main/base/clean-memory.ts';

keepBuffersApart();
// Cleaning alone keeps no process alive.
setInterval(() => undefined, 1_000);
let held: string[] | undefined = [];
// The marker never stands in the program's text: it comes in small pieces.
const marker = Buffer.from(process.argv[2] ?? '', 'hex');
for (let index = 0; index < 200; index += 1) {
  held.push(Buffer.concat([marker, Buffer.from(`-${'k'.repeat(20 + (index % 90))}`)]).toString('latin1'));
  for (let other = 0; other < 50; other += 1) held.push(marker.toString('hex').slice(0, 3).repeat(other));
}
for (let round = 0; round < 6; round += 1) Array.from({ length: 400_000 }, (_, index) => [index]);
marker.fill(0);
process.send?.(held.length);
await once(process, 'message');
held = undefined;
await cleanMemory();
process.send?.('clean');
