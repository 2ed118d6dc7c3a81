/** The gateway in its own process, with a listener as the app has one; tells its port, and its memory when asked. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Policy } from '../../shared/model/policy.ts';
import { createGateway } from '../../src-main/gateway/gateway.ts';
import type { GatewaySetup } from './gateway-bundle.ts';
import { bundleOf } from './gateway-bundle.ts';

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
process.on('message', (message) => {
  if (typeof message === 'object' && message !== null && 'policies' in message)
    void gateway.load(bundleOf(setup, message.policies as readonly Policy[])).then(() => process.send?.({}));
  if (message === 'memory') process.send?.({ rss: process.memoryUsage.rss(), bytes });
  if (message === 'reset') {
    loop.reset();
    peakRss = 0;
    process.send?.({});
  }
  if (message === 'loop') process.send?.({ loopP99Ms: loop.percentile(99) / 1e6, peakRss });
});
process.send?.({ port });
