/** How long the gateway takes to explain a package of a known index under policies, as the app asks it. */
import type { ChildProcess } from 'node:child_process';
import { answerOf } from '../children.ts';
import { print } from '../print.ts';
import { nameOf, namesIn } from './policies.ts';

const names = 200;
const goalMs = 5;

/** @param child the gateway (gateway-server.ts), which has the index */
export async function explained(child: ChildProcess, records: number): Promise<void> {
  const all = namesIn(records);
  const some = Array.from({ length: names }, (_, index) => nameOf(Math.floor((index * all) / names)));
  for (const [what, list] of [
    ['explain a package, for the first time', some],
    ['the same names again', some],
  ] as const) {
    child.send({ explain: { channelId: 'remote', names: list } });
    // oxlint-disable-next-line no-await-in-loop
    const { timesMs, versions } = await answerOf<{ timesMs: readonly number[]; versions: number }>(child);
    if (versions < names) throw new Error('Some names have no versions.');
    const sorted = timesMs.toSorted((a, b) => a - b);
    const at = (share: number): string => `${(sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1)} ms`;
    print(what, at(0.5), `<= ${goalMs} ms`, '', '', `95 of 100: ${at(0.95)}`);
  }
}
