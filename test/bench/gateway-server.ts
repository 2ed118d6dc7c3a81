/** The gateway in its own process, with a listener as the app has one; tells its port, and its memory when asked. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { BundleChannel, BundleToken } from '../../shared/model/bundle.ts';
import type { ChannelId, EnvironmentId, TeamId, TokenId } from '../../shared/model/ids.ts';
import { createGateway } from '../../src-main/gateway/gateway.ts';
import { tokenDigest } from '../../src-main/tokens/format.ts';

export type GatewaySetup = {
  readonly token: string;
  readonly channels: readonly { name: string; kind: 'conda' | 'pypi'; folder?: string; url?: string }[];
};

const setup = JSON.parse(process.argv[2] ?? '') as GatewaySetup;
const environmentId = 'env' as EnvironmentId;
const channels = setup.channels.map(({ name, kind, folder, url }): BundleChannel => ({
  id: name as ChannelId,
  name,
  kind,
  environmentIds: [environmentId],
  upstream:
    folder === undefined
      ? { type: 'url', url: url ?? '', privateHosts: ['127.0.0.0/8'] }
      : { type: 'folder', path: folder },
}));
const token: BundleToken = {
  id: setup.token.slice(3, 11) as TokenId,
  digest: tokenDigest(setup.token),
  teamId: 'team' as TeamId,
  environmentId,
  channelIds: channels.map((channel) => channel.id),
  expiresAtMs: Date.now() + 86_400_000,
  networks: ['127.0.0.0/8'],
};
const gateway = createGateway({ host: '127.0.0.1', port: 0, now: Date.now });
let bytes = 0;
gateway.onRequest((event) => (bytes += event.bytes));
await gateway.load({
  number: 1,
  seq: 1,
  organizationName: 'bench',
  madeAtMs: Date.now(),
  teams: [],
  environments: [],
  channels,
  tokens: [token],
});
const { port } = await gateway.start();
const loop = monitorEventLoopDelay({ resolution: 2 });
loop.enable();
let peakRss = 0;
const sampling = setInterval(() => (peakRss = Math.max(peakRss, process.memoryUsage.rss())), 20);
sampling.unref();
process.on('message', (message) => {
  if (message === 'memory') process.send?.({ rss: process.memoryUsage.rss(), bytes });
  if (message === 'reset') {
    loop.reset();
    peakRss = 0;
    process.send?.({});
  }
  if (message === 'loop') process.send?.({ loopP99Ms: loop.percentile(99) / 1e6, peakRss });
});
process.send?.({ port });
