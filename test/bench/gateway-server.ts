/** The gateway in its own process, with a listener as the app has one; tells its port, and its memory when asked. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ChannelId, EnvironmentId, TeamId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { keepBuffersApart } from '../../src-main/base/clean-memory.ts';
import { boundHeapGrowth } from '../../src-main/base/heap-growth.ts';
import { createGateway } from '../../src-main/gateway/gateway.ts';
import type { GatewaySetup } from './gateway-bundle.ts';
import { bundleOf } from './gateway-bundle.ts';

// As gateway-main.ts.
keepBuffersApart();
boundHeapGrowth();
const setup = JSON.parse(process.argv[2] ?? '') as GatewaySetup;
const gateway = createGateway({ host: '127.0.0.1', port: 0, now: Date.now });
let bytes = 0;
gateway.onRequest((event) => (bytes += event.bytes));
gateway.setFacts(setup.facts);
await gateway.load(bundleOf(setup));
const { port } = await gateway.start();
const loop = monitorEventLoopDelay({ resolution: 2 });
loop.enable();
let peakRss = 0;
const sampling = setInterval(() => (peakRss = Math.max(peakRss, process.memoryUsage.rss())), 20);
sampling.unref();
type Explain = { readonly channelId: ChannelId; readonly names: readonly string[] };

/** One after the other, as the app asks. */
async function explain({ channelId, names }: Explain): Promise<{ timesMs: number[]; versions: number }> {
  const timesMs: number[] = [];
  let versions = 0;
  const scopes = [{ teamId: 'team' as TeamId, environmentId: 'env' as EnvironmentId }];
  for (const name of names) {
    const startedAt = performance.now();
    // oxlint-disable-next-line no-await-in-loop
    const answer = await gateway.explain({ ecosystem: 'conda', channelIds: [channelId], name, scopes });
    timesMs.push(performance.now() - startedAt);
    versions += answer.versions.length;
  }
  return { timesMs, versions };
}

process.on('message', (message) => {
  if (typeof message === 'object' && message !== null && 'policies' in message)
    void gateway.load(bundleOf(setup, message.policies as readonly Policy[])).then(() => process.send?.({}));
  if (typeof message === 'object' && message !== null && 'explain' in message)
    void explain(message.explain as Explain).then((answer) => process.send?.(answer));
  if (message === 'memory') process.send?.({ rss: process.memoryUsage.rss(), bytes });
  if (message === 'reset') {
    loop.reset();
    peakRss = 0;
    process.send?.({});
  }
  if (message === 'loop') process.send?.({ loopP99Ms: loop.percentile(99) / 1e6, peakRss });
});
process.send?.({ port });
