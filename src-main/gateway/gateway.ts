/**
 * The gateway: one HTTP server that enforces a bundle. Invariant: a bundle or delta counts for the next request, with
 * nothing in between that remembers an old decision; without a bundle nothing is served.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bundle, BundleAnswer, BundleDelta, BundleDenials } from '../../shared/model/bundle.ts';
import type { ChannelHealth } from '../../shared/model/channel-health.ts';
import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';
import type { ChannelId } from '../../shared/model/ids.ts';
import { failureText } from '../base/failure-text.ts';
import { ListenerSet } from '../base/listener-set.ts';
import { directNetwork } from '../network/network-config.ts';
import { PackageCache } from '../package-cache/package-cache.ts';
import { deniedOfCache } from './denied-of-cache.ts';
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
import type { GatewayOptions, LiveGatewayOptions } from './gateway-options.ts';
import type { HiddenAnswer, HiddenQuestion } from './hidden-packages.ts';
import { joined } from './hidden-packages.ts';
import type { NamesAnswer, NamesQuestion } from './names-like.ts';
import { drain, listen, reachableAddress, serverOptions } from './listen.ts';
import { logLine } from './log-line.ts';
import { NearestAllowed } from './nearest-allowed.ts';
import { answerProbe, probePath } from './probe.ts';
import { readPublicUrl } from './public-url.ts';
import type { LogHealth } from '../request-log/request-log.ts';
import { RequestPipeline } from './request-pipeline.ts';
import { openRequestLogging } from './request-logging.ts';
import { createPypiHandler } from './pypi/handler.ts';
import type { Releases } from './spoken-book.ts';
import { BundleTables } from './tables.ts';
import { UnreadableRequests } from './unreadable.ts';
import { createUpstreamClient } from './upstream-client.ts';
import { afterTimeout } from './wrong-tokens.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.requests;

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
  /** Names that have a text in them, in indexes that are in memory. */
  names(question: NamesQuestion): Promise<NamesAnswer>;
  /** What is denied for a time, and what was. @param limit of each list */
  releases(limit: number): Releases;
  /** Files of the package cache that policies deny to everybody, by their hashes. */
  cacheDenied(): Promise<readonly string[]>;
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
  /** Of the request log; undefined where there is none. */
  logHealth(): LogHealth | undefined;
}

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
  const packageCache =
    options.packageCache &&
    new PackageCache({
      ...options.packageCache,
      now: options.now,
      say: (event) => options.say?.(texts.refusals.cache[event.type](event)),
      deniedOf: () => deniedOfCache({ tables, documents, now: options.now }),
    });
  const documents: Documents = new Documents({
    now: options.now,
    dataDir: options.dataDir,
    packages: packageCache,
    keepsDocuments: options.identity !== undefined,
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
  const logging = openRequestLogging(options);
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
    record: logging?.record ?? (() => undefined),
    isClosing: (req) => endWith(req.socket),
    after: options.after ?? afterTimeout,
    scopeOf: (token) => scopes.of(token),
    decisionOf: (id) => decisions.get(id),
    onFailure: (error) => options.say?.(`a request failed inside: ${failureText(error)}`),
  });
  const changed = (): void => {
    logging?.follow(tables.logKeeping);
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
      const made = createServer(serverOptions(options.headTimeoutMs), (req, res) =>
        inTurn(req, res, answer, refuseMany),
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
      packageCache?.start();
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
      await Promise.all([logging?.stop(), pypi.close(), packageCache?.close(), documents.close()]);
      upstreams.close();
    },
    configure: (next) => {
      live = { ...live, ...next };
      publicUrl = readPublicUrl(live.publicUrl);
      if (next.network !== undefined) upstreams.configure(next.network);
      if (next.cacheMaxBytes !== undefined) packageCache?.configure(next.cacheMaxBytes);
      changed();
    },
    setFacts: (next) => {
      facts = next;
      changed();
    },
    explain: (question) =>
      explainPackage(
        {
          tables,
          documents,
          lookups: { conda: conda.look, pypi: pypi.look },
          now: options.now,
          needs: (channel, asked, name) =>
            conda.needs(
              channel,
              {
                get scope() {
                  return scopes.of(asked);
                },
              },
              name,
            ),
        },
        question,
      ),
    decision: (id) => decisions.get(id),
    releases: (limit) => documents.book.releases(limit),
    names: async ({ channelIds, wanted, limit }) =>
      await Promise.all(
        channelIds.map(async (channelId) => {
          const channel = tables.channel(channelId);
          if (channel === undefined || channel.problem !== undefined) return { channelId, names: [] };
          const names =
            channel.kind === 'pypi'
              ? await pypi.namesLike(channel, wanted.pypi, limit)
              : await documents.namesLike(channelId, wanted.conda, limit);
          return { channelId, names };
        }),
      ),
    cacheDenied: async () => {
      const denied: string[] = [];
      for await (const { sha256 } of packageCache?.list({ type: 'denied' }) ?? []) denied.push(sha256);
      return denied;
    },
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
    logHealth: () => logging?.health(),
  };
}
