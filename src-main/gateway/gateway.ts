/**
 * The gateway: one HTTP server that enforces a bundle. Invariant: a bundle or delta counts for the next request, with
 * nothing in between that remembers an old decision; without a bundle nothing is served.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Bundle, BundleAnswer, BundleDelta, BundleDenials } from '../../shared/model/bundle.ts';
import type { ChannelHealth } from '../../shared/model/channel-health.ts';
import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';
import type { ChannelId } from '../../shared/model/ids.ts';
import { failureText } from '../base/failure-text.ts';
import { ListenerSet } from '../base/listener-set.ts';
import type { NetworkConfig } from '../network/network-config.ts';
import { directNetwork } from '../network/network-config.ts';
import { createCondaHandler } from './conda/handler.ts';
import { Documents } from './documents/documents.ts';
import { EntityTags, tagSecretOf } from './documents/entity-tags.ts';
import type { FactsFile } from '../curation/knowledge-data.ts';
import { Connections } from './connections.ts';
import type { PackageDecision } from './decision-memory.ts';
import { DecisionMemory } from './decision-memory.ts';
import { PolicyScopes } from './policy-scope.ts';
import type { ExplainAnswer, ExplainQuestion } from './explain.ts';
import { explainPackage } from './explain.ts';
import { endWith, inTurn } from './in-turn.ts';
import type { HiddenAnswer, HiddenQuestion } from './hidden-packages.ts';
import { joined } from './hidden-packages.ts';
import { logLine } from './log-line.ts';
import { NearestAllowed } from './nearest-allowed.ts';
import type { GatewayIdentity } from './probe.ts';
import { answerProbe, probePath } from './probe.ts';
import { readPublicUrl } from './public-url.ts';
import { maxHeadBytes } from './request-head.ts';
import { RequestPipeline } from './request-pipeline.ts';
import { createPypiHandler } from './pypi/handler.ts';
import type { Releases } from './spoken-book.ts';
import { BundleTables } from './tables.ts';
import { UnreadableRequests } from './unreadable.ts';
import type { AgentsOptions } from './upstream-agents.ts';
import { createUpstreamClient } from './upstream-client.ts';
import type { After } from './wrong-tokens.ts';
import { afterTimeout } from './wrong-tokens.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.requests;

export type GatewayOptions = {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** As clients see it, when a proxy stands before the gateway. */
  readonly publicUrl?: string;
  readonly now: () => number;
  /** One line per request, without any secret. */
  readonly log?: (line: string) => void;
  /** One line about what went wrong inside, without any secret. */
  readonly say?: (line: string) => void;
  /** CIDR blocks whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  /** The gateway's own folder, for what is kept for good: when a file was first seen. Without it, until it stops. */
  readonly dataDir?: string;
  /** Whether a download goes on when its token is revoked. */
  readonly finishDownloads?: boolean;
  /** Proves that this is our gateway. */
  readonly identity?: GatewayIdentity;
  /** How long a head may take; tests make it short. */
  readonly headTimeoutMs?: number;
  /** Of clients at a time; tests have less. */
  readonly maxConnections?: number;
  /** Waits before wrong tokens are answered; tests do not. */
  readonly after?: After;
  /** How upstreams are reached. */
  readonly network?: NetworkConfig;
  /** Further ports of Latchkey on this computer: no upstream is one of them. */
  readonly ownPorts?: readonly number[];
  /** A test's resolver, and its way to an address. */
  readonly upstreams?: Pick<AgentsOptions, 'lookup' | 'dial'>;
};

/** What may change while it runs. */
export type LiveGatewayOptions = Pick<
  GatewayOptions,
  'publicUrl' | 'trustedProxies' | 'finishDownloads' | 'network'
>;

export type GatewayAddress = { readonly host: string; readonly port: number; readonly baseUrl: string };

export interface Gateway {
  /** @throws LatchkeyError GATEWAY_PORT_IN_USE, or GATEWAY_NOT_RUNNING when the address cannot be listened on */
  start(): Promise<GatewayAddress>;
  /**
   * Takes no more requests, lets answers under way go on for so long, then breaks them off. Resolves when the port is free.
   * @param graceMs 0: at once
   */
  stop(graceMs?: number): Promise<void>;
  configure(options: LiveGatewayOptions): void;
  /** Facts that packages are judged by from the next request on; undefined: there are none. */
  setFacts(facts: FactsFile | undefined): void;
  /** What channels have of a package, and what policies say to it. */
  explain(question: ExplainQuestion): Promise<ExplainAnswer>;
  /** What a channel has that is denied for a team in an environment; of PyPI, of projects that were asked for lately. */
  hidden(question: HiddenQuestion): Promise<HiddenAnswer>;
  /** What is denied for a time, and what was. @param limit of each list */
  releases(limit: number): Releases;
  /** A decision about a package that was made lately, by its id. */
  decision(id: string): PackageDecision | undefined;
  /** Forgets texts of requests that it remembers to be quick, secrets among them. */
  forget(): void;
  /** Enforces this bundle from the next request on, in the place of all before. @returns the number acknowledged */
  load(bundle: Bundle): Promise<BundleAnswer>;
  /** Changes what is enforced; refused when it is not for the number that is enforced. */
  apply(delta: BundleDelta): BundleAnswer;
  /** Takes away beside the bundle, from the next request on and from answers under way. */
  deny(denials: readonly BundleDenials[]): BundleAnswer;
  /** @returns takes the listener away. Health checks and answered probes are not reported. */
  onRequest(listener: (event: GatewayRequestEvent) => void): () => void;
  /** undefined while it does not listen. */
  address(): GatewayAddress | undefined;
  /** Of clients, now. */
  connections(): number;
  /** What was found out about the channels' upstreams, of those that were asked. */
  health(): readonly ChannelHealth[];
}

/** Slow senders of headers are cut off: they would hold a connection for nothing. */
const headersTimeoutMs = 20_000;
/** A head is all there is to a request; Node wants this at least as long. */
const requestTimeoutMs = 30_000;
/** How often Node looks for such senders; its default of 30 s would add that much to the time above. */
const checkConnectionsEveryMs = 5_000;
/** Longer than the idle time of common load balancers' connections (60 s), so that these close first. */
const keepAliveTimeoutMs = 65_000;

/** Makes a gateway that does not listen yet and allows nothing until `load`. */
export function createGateway(options: GatewayOptions): Gateway {
  const { log } = options;
  const tables = new BundleTables();
  let server: Server | undefined;
  let bound: GatewayAddress | undefined;
  let startedAtMs = 0;
  let live: LiveGatewayOptions = options;
  let isDraining = false;
  const connections = new Connections(options.maxConnections);
  const listeners = new ListenerSet<[GatewayRequestEvent]>();
  let publicUrl = readPublicUrl(options.publicUrl);
  const documents = new Documents({
    now: options.now,
    dataDir: options.dataDir,
    tags: new EntityTags(tagSecretOf(options.identity), () => publicUrl?.href ?? ''),
  });
  const upstreams = createUpstreamClient({
    ...options.upstreams,
    network: options.network ?? directNetwork,
    ownPorts: () => [...(bound === undefined ? [] : [bound.port]), ...(options.ownPorts ?? [])],
  });
  const openUpstream = upstreams.open;
  const decisions = new DecisionMemory();
  let facts: FactsFile | undefined;
  const scopes = new PolicyScopes(
    () => tables.policies,
    () => String(documents.threads.knowledgeVersion),
    () => facts?.sha256 ?? '',
  );
  /** What documents are judged by follows what is enforced. */
  let known = '';
  const knowledgeFollows = (): void => {
    // With its place: the same facts may have been written anew, because their file was damaged.
    const version = `${tables.policies?.curationVersion ?? 0} ${facts?.sha256 ?? ''} ${facts?.path ?? ''}`;
    if (version === known || tables.policies === undefined) return;
    known = version;
    documents.threads.know({ curation: tables.policies.toBundle().curation, facts });
  };
  const nearest = new NearestAllowed(documents, options.now);
  const packages = { openUpstream, documents, decisions, nearest, now: options.now };
  const conda = createCondaHandler(packages);
  const pypi = createPypiHandler(packages);

  const report = (event: GatewayRequestEvent): void => {
    if (log !== undefined) log(logLine(event));
    if ((event.path === '/healthz' || event.path === probePath) && event.status === 200) return;
    listeners.tell(event);
  };
  const unreadable = new UnreadableRequests({ now: options.now, report });
  const pipeline = new RequestPipeline({
    now: options.now,
    handlers: { conda, pypi },
    tables,
    trustedProxies: () => live.trustedProxies ?? [],
    publicUrl: () => publicUrl,
    localUrl: () => bound?.baseUrl ?? '',
    answerProbe: (url, asked) =>
      options.identity &&
      answerProbe(
        options.identity,
        url,
        {
          bound: asked,
          publicUrl: live.publicUrl ?? '',
          number: tables.number ?? 0,
          seq: tables.seq ?? 0,
          startedAtMs,
        },
        options.now(),
      ),
    report,
    isClosing: (req) => endWith(req.socket),
    after: options.after ?? afterTimeout,
    scopeOf: (token) => scopes.of(token),
    decisionOf: (id) => decisions.get(id),
    onFailure: (error) => options.say?.(`a request failed inside: ${failureText(error)}`),
  });
  const changed = (): void => {
    knowledgeFollows();
    pipeline.forget();
    if (live.finishDownloads !== true) pipeline.endDenied();
  };
  const upstreamOf = (id: ChannelId): string => JSON.stringify(tables.channel(id)?.upstream) ?? '';
  /** @returns to be called after a change: of a channel that is gone or has another upstream, nothing is said any more */
  const healthFollows = (): (() => void) => {
    const before = documents.health.ids().map((id) => [id, upstreamOf(id)] as const);
    return () => {
      for (const [id, upstream] of before) if (upstreamOf(id) !== upstream) documents.health.forget(id);
    };
  };
  const answer = (req: IncomingMessage, res: ServerResponse): void => {
    // On a connection that is still busy with an earlier one.
    if (isDraining) pipeline.refuse(req, res, 503, words.stopping, 'gateway.busy');
    else pipeline.handle(req, res);
  };
  /** Node ends the connection with a final answer to one that waits for an interim one. */
  const answerExpecting = (req: IncomingMessage, res: ServerResponse): void => {
    endWith(req.socket);
    answer(req, res);
  };
  const refuseExpectation = (req: IncomingMessage, res: ServerResponse): void =>
    pipeline.refuse(req, res, 417, words.expectation, 'request.expectation');
  const refuseMany = (req: IncomingMessage, res: ServerResponse): void =>
    pipeline.refuse(req, res, 503, words.pipelined, 'request.pipelined');

  return {
    start: async () => {
      if (bound !== undefined) return bound;
      // Missing and doubled Host headers are answered by us, in the same form as every other refusal.
      const made = createServer(
        {
          requireHostHeader: false,
          keepAliveTimeout: keepAliveTimeoutMs,
          maxHeaderSize: maxHeadBytes,
          headersTimeout: options.headTimeoutMs ?? headersTimeoutMs,
          requestTimeout: options.headTimeoutMs ?? requestTimeoutMs,
          connectionsCheckingInterval: Math.min(checkConnectionsEveryMs, options.headTimeoutMs ?? Infinity),
        },
        (req, res) => inTurn(req, res, answer, refuseMany),
      );
      // All are seen and counted: Node would drop what is over its limit in silence.
      made.maxHeadersCount = 0;
      made.on('clientError', (error, socket) => unreadable.refuse(error, socket));
      made.on('connect', (_req, socket) => unreadable.refuseTunnel(socket));
      // No request has content to wait for: its answer is sent at once, without an interim one.
      made.on('checkContinue', (req, res) => inTurn(req, res, answerExpecting, refuseMany));
      made.on('checkExpectation', (req, res) => inTurn(req, res, refuseExpectation, refuseMany));
      made.on('connection', (socket) => connections.add(socket));
      await listen(made, options.host, options.port);
      server = made;
      const { address, port } = made.address() as AddressInfo;
      startedAtMs = options.now();
      bound = { host: address, port, baseUrl: `http://${reachableAddress(address)}:${port}` };
      return bound;
    },
    stop: async (graceMs = 0) => {
      const running = server;
      server = undefined;
      bound = undefined;
      isDraining = true;
      if (running !== undefined) await drain(running, connections, graceMs);
      isDraining = false;
      await pypi.close();
      documents.close();
      upstreams.close();
    },
    configure: (next) => {
      live = { ...live, ...next };
      publicUrl = readPublicUrl(live.publicUrl);
      if (next.network !== undefined) upstreams.configure(next.network);
      changed();
    },
    setFacts: (next) => {
      facts = next;
      changed();
    },
    explain: (question) =>
      explainPackage(
        { tables, documents, lookups: { conda: conda.look, pypi: pypi.look }, now: options.now },
        question,
      ),
    decision: (id) => decisions.get(id),
    releases: (limit) => documents.book.releases(limit),
    hidden: async (question) => {
      const channel = tables.channel(question.channelId);
      if (channel === undefined || channel.problem !== undefined) return { versions: [], total: 0 };
      const request = {
        get scope() {
          return scopes.of(question);
        },
      };
      if (channel.kind === 'pypi') return await pypi.denied(channel, request, question);
      return joined(await conda.denied(channel, request, question), question.limit);
    },
    forget: () => pipeline.forget(),
    load: async (bundle) => {
      const follow = healthFollows();
      const answer = await tables.load(bundle);
      changed();
      follow();
      return answer;
    },
    apply: (delta) => {
      const follow = healthFollows();
      const answer = tables.apply(delta);
      changed();
      follow();
      return answer;
    },
    deny: (denials) => {
      const answer = tables.deny(denials);
      changed();
      return answer;
    },
    onRequest: (listener) => listeners.add(listener),
    address: () => bound,
    connections: () => connections.count,
    health: () => documents.health.all(),
  };
}

/** Idle connections are closed at once, the others when their answer is sent or the time is up. */
async function drain(server: Server, connections: Connections, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  if (graceMs > 0) {
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    server.closeIdleConnections();
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([closed, new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)))]);
    clearTimeout(timer);
    clearInterval(idle);
  }
  for (const socket of connections.all()) socket.destroy();
  await closed;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new LatchkeyError('GATEWAY_PORT_IN_USE', ['gatewayPortInUse', host, port], {
              details: { host, port },
              cause: error,
            })
          : new LatchkeyError(
              'GATEWAY_NOT_RUNNING',
              ['gatewayCannotListen', host, port, error.code ?? 'unknown'],
              { details: { host, port }, cause: error },
            ),
      );
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

/** Nobody can connect to "every address": its loopback name stands for it. */
function reachableAddress(address: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return address.includes(':') ? `[${address}]` : address;
}
