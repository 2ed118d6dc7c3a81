/**
 * One measurement of a generated vault, in a process of its own: `measure.ts <what> <dir>`. Prints one JSON document.
 * CPU is `process.cpuUsage`; the KDF is timed apart and taken off.
 */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '../../../shared/contract/client.ts';
import { boundHeapGrowth } from '../../../src-main/base/heap-growth.ts';
import { callMethod } from '../../../src-main/ipc/call-method.ts';
import { forkGateway } from '../../../src-main/hosts/fork-gateway.ts';
import { createApp } from '../../../src-main/services/app.ts';
import { passphrase } from './generate.ts';

const [, , what = '', dir = ''] = process.argv;
boundHeapGrowth();
const app = createApp({
  dataDir: dir,
  version: 'bench',
  host: { kind: 'browser', saveDialog: 'path', clipboard: 'page' },
  launchGateway: forkGateway,
  autoStartGateway: what === 'use',
  warmUp: true,
  usageInstance: 'bench',
});
const client = createClient((name, input) => callMethod(app, name, input));

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const mib = (bytes: number): number => Math.round(bytes / 1024 / 1024);
const timed = async (work: () => Promise<unknown>): Promise<{ wallMs: number; cpuMs: number }> => {
  const [wall, cpu] = [performance.now(), cpuMs()];
  await work();
  return { wallMs: round(performance.now() - wall), cpuMs: round(cpuMs() - cpu) };
};
const round = (value: number): number => Math.round(value * 10) / 10;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** The KDF's own cost here: what a wrong passphrase takes is that and a little. */
async function kdfMs(): Promise<number> {
  const runs: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    runs.push(
      (await timed(() => client.session.unlock({ passphrase: 'not the passphrase' }).catch(() => undefined)))
        .wallMs,
    );
  }
  return median(runs);
}

async function memory(): Promise<{ steadyMiB: number; peakMiB: number }> {
  for (let round_ = 0; round_ < 3; round_ += 1) {
    (globalThis as { gc?: () => void }).gc?.();
    await wait(100);
  }
  return { steadyMiB: mib(process.memoryUsage.rss()), peakMiB: mib(process.resourceUsage().maxRSS * 1024) };
}

/**
 * The longest turn of the event loop by its own work: the processor's time of this thread between two looks, which another
 * program on the processors does not make longer.
 */
function watchTurns(): { readonly longestMs: () => number; readonly stop: () => void } {
  let longestMs = 0;
  let before = process.threadCpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    longestMs = Math.max(longestMs, (user + system) / 1000);
    before = process.threadCpuUsage();
  }, 2);
  return { longestMs: () => round(longestMs), stop: () => clearInterval(timer) };
}

/** Unlocks, waits until a checkpoint is written, locks. */
async function open(): Promise<object> {
  const kdf = await kdfMs();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const unlock = await timed(() => client.session.unlock({ passphrase }));
  const duringUnlockMs = round(delay.max / 1e6);
  delay.reset();
  const turns = watchTurns();
  await wait(Number(process.env['BENCH_SETTLE_MS'] ?? '20000'));
  turns.stop();
  const duringBackgroundMs = round(delay.max / 1e6);
  const used = await memory();
  const lock = await timed(() => client.session.lock());
  return {
    kdfMs: kdf,
    unlockAfterKdfMs: round(unlock.wallMs - kdf),
    longestPauseUnlockMs: duringUnlockMs,
    longestPauseBackgroundMs: duringBackgroundMs,
    longestTurnBackgroundMs: turns.longestMs(),
    lockMs: lock.wallMs,
    ...used,
  };
}

/** Lists, searches, sorts and issues as the app does, with the gateway running. */
async function use(): Promise<object> {
  await client.session.unlock({ passphrase });
  const list: Record<string, number> = { first: (await timed(() => client.tokens.list({}))).cpuMs };
  for (const sort of ['holder', 'team', 'environment', 'state', 'issued', 'expires', 'last-used'] as const) {
    const runs: number[] = [];
    for (let run = 0; run < 5; run += 1)
      runs.push((await timed(() => client.tokens.list({ sort, descending: run % 2 === 0 }))).cpuMs);
    list[`sort by ${sort}`] = median(runs);
  }
  for (const search of ['ci-000042', 'team-3 prod', 'no such token anywhere']) {
    const runs: number[] = [];
    for (let run = 0; run < 5; run += 1) runs.push((await timed(() => client.tokens.list({ search }))).cpuMs);
    list[`search "${search}"`] = median(runs);
  }
  list['channels.list'] = (await timed(() => client.channels.list())).cpuMs;
  list['teams.list'] = (await timed(() => client.teams.list())).cpuMs;
  const [teams, environments, channels] = await Promise.all([
    client.teams.list(),
    client.environments.list(),
    client.channels.list(),
  ]);
  const issues: { wallMs: number; cpuMs: number }[] = [];
  for (let index = 0; index < 21; index += 1) {
    issues.push(
      await timed(() =>
        client.tokens.issue({
          holder: { kind: 'service', name: `new-${index}-${Date.now()}` },
          teamId: teams[0]!.id,
          environmentId: environments[0]!.id,
          channelIds: [channels[0]!.id],
          ttlDays: 30,
        }),
      ),
    );
  }
  const used = await memory();
  await client.session.lock();
  return {
    listCpuMs: list,
    issueCpuMs: median(issues.map((run) => run.cpuMs)),
    issueWallMs: median(issues.map((run) => run.wallMs)),
    ...used,
  };
}

const results = { open, use };
const run = results[what as keyof typeof results];
process.stdout.write(`${JSON.stringify(await run())}\n`);
await app.close();
process.exit(0);
