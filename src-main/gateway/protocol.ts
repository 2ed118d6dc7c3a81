/**
 * What a gateway process and its parent say to each other. Plain data, for structured clones. Invariant: nothing that
 * opens a vault ever stands in it; what goes to the parent comes in bounded batches, each answered before the next, so
 * that neither side can fill the other's memory.
 */
import type { WireError } from '../../shared/errors.ts';
import type {
  Bundle,
  BundleAnswer,
  BundleDelta,
  BundleDenials,
  BundleToken,
} from '../../shared/model/bundle.ts';
import type { ChannelHealth } from '../../shared/model/channel-health.ts';
import type { CauseCount, GatewayRequestEvent, PackageUse, TokenUses } from '../../shared/model/gateway.ts';
import type { FactsFile } from '../curation/knowledge-data.ts';
import type { LogHealth } from '../request-log/request-log.ts';
import type { PackageDecision } from './decision-memory.ts';
import type { ExplainAnswer, ExplainQuestion } from './explain.ts';
import type { GatewayAddress } from './gateway.ts';
import type { GatewayOptions } from './gateway-options.ts';
import type { HiddenAnswer, HiddenQuestion } from './hidden-packages.ts';
import type { NamesAnswer, NamesQuestion } from './names-like.ts';
import type { Releases } from './spoken-book.ts';
import type { Trial, TrialOrder } from './try-channel.ts';

/** All that a gateway is started with. */
export type GatewayConfig = Omit<GatewayOptions, 'now' | 'log' | 'say' | 'after' | 'upstreams'> & {
  /** One line per request on stderr. */
  readonly accessLog: boolean;
  /** How long running downloads may go on when the process is told to end. */
  readonly drainMs: number;
};
export type LiveGatewayConfig = Partial<
  Pick<GatewayConfig, 'publicUrl' | 'trustedProxies' | 'finishDownloads' | 'network' | 'drainMs'>
> & { readonly cacheMaxBytes?: number };

/** Asked by the parent; each gets one answer of the same id. */
export type GatewayCall =
  /** Once, before all else. */
  | { readonly type: 'create'; readonly config: GatewayConfig }
  /** Opens the port. */
  | { readonly type: 'start' }
  /** A whole bundle begins; its tokens follow in parts, and count when `load-end` came. */
  | { readonly type: 'load-begin'; readonly bundle: Omit<Bundle, 'tokens'> }
  | { readonly type: 'load-tokens'; readonly tokens: readonly BundleToken[] }
  | { readonly type: 'load-end' }
  | { readonly type: 'apply'; readonly delta: BundleDelta }
  | { readonly type: 'deny'; readonly denials: readonly BundleDenials[] }
  | { readonly type: 'configure'; readonly config: LiveGatewayConfig }
  /** Facts about packages, compiled by the parent. */
  | { readonly type: 'facts'; readonly facts: FactsFile | undefined }
  /** What channels have of a package, and what policies say to it. */
  | { readonly type: 'explain'; readonly question: ExplainQuestion }
  /** A decision about a package that was made lately. */
  | { readonly type: 'decision'; readonly id: string }
  /** What is denied of a channel. */
  | { readonly type: 'hidden'; readonly question: HiddenQuestion }
  /** Names that have a text in them, in indexes that are in memory. */
  | { readonly type: 'names'; readonly question: NamesQuestion }
  /** What is denied for a time, and what was. */
  | { readonly type: 'releases'; readonly limit: number }
  /** Which files of the package cache nobody may have. */
  | { readonly type: 'cache-denied' }
  /** Asks a channel what a client would; alone, or beside a gateway. */
  | { readonly type: 'try'; readonly order: TrialOrder }
  /** The vault is locked: nothing of requests is kept that need not be. */
  | { readonly type: 'forget' }
  | { readonly type: 'ping' }
  /** Takes no more requests, gives running answers `graceMs`, then ends the process. */
  | { readonly type: 'stop'; readonly graceMs: number };

export type ToGateway =
  | { readonly id: number; readonly call: GatewayCall }
  /** The last batch was taken: the next may come. */
  | { readonly taken: true };

/** What came of a call. */
export type GatewayReply =
  | { readonly type: 'started'; readonly address: GatewayAddress }
  | { readonly type: 'enforced'; readonly answer: BundleAnswer }
  | { readonly type: 'explained'; readonly answer: ExplainAnswer }
  | { readonly type: 'decided'; readonly decision: PackageDecision | undefined }
  | { readonly type: 'hidden'; readonly answer: HiddenAnswer }
  | { readonly type: 'names'; readonly answer: NamesAnswer }
  | { readonly type: 'releases'; readonly answer: Releases }
  | { readonly type: 'cache-denied'; readonly sha256s: readonly string[] }
  | { readonly type: 'tried'; readonly trial: Trial }
  | { readonly type: 'done' };

/** Requests that were answered since the last batch. */
export type RequestBatch = {
  readonly events: readonly GatewayRequestEvent[];
  /** Those of which there were too many to tell one by one, and with which tokens they came. */
  readonly untold: RequestCounts;
  readonly untoldUses: readonly TokenUses[];
  /** Of all of them together. */
  readonly packages: readonly PackageUse[];
  readonly health: GatewayHealth;
};
export type RequestCounts = {
  readonly allowed: number;
  readonly denied: number;
  readonly errors: number;
  readonly bytes: number;
  readonly causes: readonly CauseCount[];
};
export type GatewayHealth = {
  /** Longest wait of the event loop since the last batch. */
  readonly loopDelayMs: number;
  readonly rssBytes: number;
  /** Lines of the log that nobody read in time. */
  readonly lostLogLines: number;
  /** Of the request log; absent where there is none. */
  readonly log?: LogHealth;
  /** What it found out about upstreams. */
  readonly channels: readonly ChannelHealth[];
};

export type FromGateway =
  | { readonly ready: true }
  | { readonly id: number; readonly reply: GatewayReply }
  | { readonly id: number; readonly error: WireError }
  | { readonly batch: RequestBatch };

/** One end of the channel, as the gateway process has it. */
export type ParentPort = {
  readonly post: (message: FromGateway) => void;
  readonly onMessage: (listener: (message: ToGateway) => void) => void;
};

/** The other end: a gateway process, as its parent has it. */
export type GatewayChild = {
  /** What is posted before the process listens is kept for it. */
  readonly post: (message: ToGateway) => void;
  readonly onMessage: (listener: (message: FromGateway) => void) => void;
  /** Told once, with how it ended (an exit code or a signal). */
  readonly onEnd: (listener: (how: string) => void) => void;
  /** Ends it at once. */
  readonly kill: () => void;
};

/** Starts a gateway process; how, is the host's. */
export type LaunchGateway = () => GatewayChild;

/** Tokens of a bundle in one message: a millisecond or two to copy. */
export const tokensPerMessage = 2_000;
