import { join } from 'node:path';
import type { Handlers } from '../../shared/contract/types.ts';
import type { FoundGateway, GatewayView } from '../../shared/contract/gateway-views.ts';
import type { ChannelHealth } from '../../shared/model/channel-health.ts';
import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';
import type { FactsFile } from '../curation/knowledge-data.ts';
import type { GatewayIdentity } from '../gateway/probe.ts';
import type { LaunchGateway } from '../gateway/protocol.ts';
import type { LogHealth } from '../request-log/request-log.ts';
import { texts } from '../../shared/texts/texts.ts';
import type { ChannelSources } from './channel-sources.ts';
import type { Context } from './context.ts';
import { BundleFeed } from './gateway-feed.ts';
import { GatewayMeter } from './gateway-meter.ts';
import type { GatewayPlace } from './gateway-place.ts';
import type { ProbeResult } from './gateway-probe.ts';
import { askGateway, probeGateway } from './gateway-probe.ts';
import { GatewayRunner } from './gateway-runner.ts';
import { networkConfigOf } from './network-config.ts';
import type { PackagesInUse } from './packages-in-use.ts';
import type { UsageStore } from './usage.ts';

export type GatewayService = {
  readonly handlers: Handlers['gateway'];
  /** Brings it what the vault says: `follow` after an unlock, `unfollow` before the lock. */
  readonly feed: BundleFeed;
  /** Address that clients use, also while the gateway is down (from the settings then). */
  readonly baseUrl: () => string;
  /** Ports on which it listens, or would: no channel's upstream is one of them. */
  readonly ownPorts: () => readonly number[];
  readonly startIfWanted: () => Promise<void>;
  /** Who answers at the base URL now. */
  readonly probe: () => Promise<ProbeResult>;
  /** Settings were changed. */
  readonly configure: () => void;
  readonly packages: GatewayRunner['packages'];
  /** Asks about packages, also while none runs. */
  readonly ask: GatewayRunner['ask'];
  /** Facts about packages that count from now on. */
  readonly setFacts: (facts: FactsFile | undefined) => void;
  /** The vault was locked: nothing of requests is kept that need not be. */
  readonly forget: () => void;
  /** Writes the usage of tokens to disk now. */
  readonly flushUsage: () => void;
  readonly onRequest: (listener: (event: GatewayRequestEvent) => void) => () => void;
  /** Lets running downloads go on for the grace time of the settings. */
  readonly close: () => Promise<void>;
};

/** The gateway of this app (or of `latchkey gateway`), in a process of its own: fed, run and metered. */
export function gatewayService(
  context: Pick<Context, 'dataDir' | 'settings' | 'now' | 'emit'>,
  parts: {
    readonly sources: Pick<ChannelSources, 'of' | 'onChange'>;
    readonly usage: UsageStore;
    /** Told which packages are asked for. */
    readonly packages?: PackagesInUse | undefined;
    /** Ports of the host itself. */
    readonly ownPorts?: (() => readonly number[]) | undefined;
    /** How the host starts a gateway process. */
    readonly launch: LaunchGateway;
    /** How many lines the log has. */
    readonly lines?: () => Promise<number | undefined>;
    /** Whether it writes a line per request. */
    readonly accessLog?: boolean | undefined;
    /** Pinned in the data folder; without one, probes are not answered. */
    readonly identity?: {
      /** For a gateway that is started: made when it is missing. */
      readonly own: () => GatewayIdentity | undefined;
      /** Of whatever gateway this folder has. */
      readonly pinned: () => GatewayIdentity | undefined;
    };
    /** Where it is written down, when its settings name no port. */
    readonly place?: Pick<GatewayPlace, 'read' | 'keep'>;
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
      needsRestart: runner.needsRestart(),
      host: bound?.host ?? wanted.host,
      port: bound?.port ?? wanted.port,
      baseUrl: runner.baseUrl(),
      ...(startedAtMs === undefined ? {} : { startedAtMs }),
      ...(problem === undefined ? {} : { problem }),
      isPortTaken: runner.isPortTaken(),
      ...meter.counts(),
      ...meter.requests(),
      ...(log === undefined || bound === undefined ? {} : { log: logView(log) }),
      channels: feed.isFollowing() && bound !== undefined ? [...health] : [],
    };
  };
  let health: readonly ChannelHealth[] = [];
  let log: LogHealth | undefined;
  const meter = new GatewayMeter({
    now: context.now,
    usage: parts.usage,
    packages: parts.packages,
    notify: () => context.emit('gateway.changed', view()),
  });
  const feed = new BundleFeed({
    now: context.now,
    sources: parts.sources,
    onProblem: () => meter.touch(),
  });
  const runner = new GatewayRunner({
    settings: configured,
    network: () => networkConfigOf(context.settings.read().network),
    ownPorts: parts.ownPorts ?? (() => []),
    now: context.now,
    feed,
    launch: parts.launch,
    dataDir: join(context.dataDir, 'gateway'),
    requestLogDir: join(context.dataDir, 'request-log'),
    cacheDir: join(context.dataDir, 'package-cache'),
    onBatch: (batch) => {
      health = batch.health.channels;
      log = batch.health.log;
      meter.take(batch);
    },
    onChange: () => {
      const isOpen = configured().port === 0 && runner.address() !== undefined;
      parts.place?.keep(isOpen ? runner.localUrl() : undefined);
      meter.touch();
    },
    accessLog: parts.accessLog ?? false,
    identity: parts.identity?.own ?? (() => undefined),
  });
  const start = async () => {
    if (runner.address() === undefined) {
      meter.startOver();
      health = [];
      log = undefined;
    }
    await runner.start();
    return view();
  };
  const stop = async () => {
    await runner.stop();
    meter.flush();
    return view();
  };

  const find = async (): Promise<FoundGateway> => {
    const known = runner.localUrl();
    const url = known ?? parts.place?.read();
    const lines = await parts.lines?.();
    const facts = lines === undefined ? {} : { lines };
    // Without a port nobody knows where it is.
    if (url === undefined) return { who: 'nothing', ...facts };
    const identity = parts.identity?.pinned();
    const { who, claim } = await askGateway({ baseUrl: url, isPublic: false, identity, now: context.now });
    if (claim === undefined) {
      // Left over: nobody said that this port is the gateway's.
      return known === undefined ? { who: 'nothing', ...facts } : { who, url, ...facts };
    }
    const { publicUrl, startedAtMs, seq } = claim;
    return { who, url, publicUrl, startedAtMs, enforced: seq, ...facts };
  };

  return {
    handlers: { status: async () => view(), find, start, stop },
    feed,
    baseUrl: () => runner.baseUrl(),
    ownPorts: () => [runner.address()?.port ?? configured().port, ...(parts.ownPorts?.() ?? [])],
    probe: async () => {
      const bound = runner.address();
      const isEvery = bound?.host === '0.0.0.0' || bound?.host === '::';
      // Our own socket on exactly that address: nobody else can be there. A program that binds one address of "every"
      // takes its connections on some systems.
      if (bound !== undefined && !isEvery && configured().publicUrl === '') return 'ours';
      return probeGateway({
        baseUrl: runner.baseUrl(),
        isPublic: configured().publicUrl !== '',
        identity: parts.identity?.pinned(),
        now: context.now,
      });
    },
    startIfWanted: () => runner.startIfWanted(),
    configure: () => {
      runner.configure();
      meter.touch();
    },
    ask: (question) => runner.ask(question),
    packages: () => runner.packages(),
    setFacts: (facts) => runner.setFacts(facts),
    forget: () => runner.forget(),
    flushUsage: () => meter.flush(),
    onRequest: (listener) => meter.onRequest(listener),
    close: async () => {
      await feed.unfollow();
      await runner.stop(configured().drainSeconds * 1000);
      meter.close();
    },
  };
}

function logView({ waitingRows, droppedRows, problem, keeping }: LogHealth): GatewayView['log'] {
  const { noAdmins, writing, clockDoubted, goneForRoom } = texts.requestLog;
  const { doubted, roomToMs } = keeping ?? {};
  const kept = [
    ...(doubted === undefined ? [] : [clockDoubted(doubted.clockMs, doubted.daysLeft)]),
    ...(roomToMs === undefined ? [] : [goneForRoom(roomToMs)]),
  ];
  return {
    waitingRows,
    droppedRows,
    ...(problem === undefined ? {} : { problem: problem === 'no-admins' ? noAdmins : writing(problem) }),
    ...(kept.length === 0 ? {} : { keeping: kept.join(' ') }),
  };
}
