import type { Handlers } from '../../shared/contract/types.ts';
import type { GatewayView } from '../../shared/contract/views.ts';
import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';
import type { ChannelSources } from './channel-sources.ts';
import type { Context } from './context.ts';
import { BundleFeed } from './gateway-feed.ts';
import { GatewayMeter } from './gateway-meter.ts';
import { GatewayRunner } from './gateway-runner.ts';
import type { UsageStore } from './usage.ts';

export type GatewayService = {
  readonly handlers: Handlers['gateway'];
  /** Brings it what the vault says: `follow` after an unlock, `unfollow` before the lock. */
  readonly feed: BundleFeed;
  /** Address that clients use, also while the gateway is down (from the settings then). */
  readonly baseUrl: () => string;
  readonly startIfWanted: () => Promise<void>;
  /** Writes the usage of tokens to disk now. */
  readonly flushUsage: () => void;
  readonly onRequest: (listener: (event: GatewayRequestEvent) => void) => () => void;
  readonly close: () => Promise<void>;
};

/** The gateway of this process (the app, or `latchkey gateway`): fed, run and metered. */
export function gatewayService(
  context: Pick<Context, 'settings' | 'now' | 'emit'>,
  parts: {
    readonly sources: Pick<ChannelSources, 'of' | 'onChange'>;
    readonly usage: UsageStore;
    readonly log?: ((line: string) => void) | undefined;
  },
): GatewayService {
  const configured = () => context.settings.read().gateway;
  const view = (): GatewayView => {
    const wanted = configured();
    const bound = runner.address();
    const startedAtMs = runner.startedAtMs();
    const problem = runner.problem() ?? feed.problem();
    return {
      running: bound !== undefined,
      host: bound?.host ?? wanted.host,
      port: bound?.port ?? wanted.port,
      baseUrl: runner.baseUrl(),
      ...(startedAtMs === undefined ? {} : { startedAtMs }),
      ...(problem === undefined ? {} : { problem }),
      ...meter.counts(),
      ...meter.requests(),
    };
  };
  const meter = new GatewayMeter({
    now: context.now,
    usage: parts.usage,
    notify: () => context.emit('gateway.changed', view()),
  });
  const feed = new BundleFeed({
    now: context.now,
    sources: parts.sources,
    onProblem: () => meter.touch(),
  });
  const runner = new GatewayRunner({
    settings: configured,
    now: context.now,
    feed,
    onRequest: (event) => meter.record(event),
    onChange: () => meter.touch(),
    log: parts.log,
  });
  const start = async () => {
    if (runner.address() === undefined) meter.startOver();
    await runner.start();
    return view();
  };
  const stop = async () => {
    await runner.stop();
    meter.flush();
    return view();
  };

  return {
    handlers: { status: async () => view(), start, stop },
    feed,
    baseUrl: () => runner.baseUrl(),
    startIfWanted: () => runner.startIfWanted(),
    flushUsage: () => meter.flush(),
    onRequest: (listener) => meter.onRequest(listener),
    close: async () => {
      await feed.unfollow();
      await runner.stop();
      meter.close();
    },
  };
}
