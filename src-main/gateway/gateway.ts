/**
 * The gateway: one HTTP server that enforces a bundle. Invariant: a bundle or delta counts for the next request, with
 * nothing in between that remembers an old decision; without a bundle nothing is served.
 */
import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Bundle, BundleAnswer, BundleDelta } from '../../shared/model/bundle.ts';
import type { ChannelHealth } from '../../shared/model/channel-health.ts';
import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';
import { ListenerSet } from '../base/listener-set.ts';
import { withoutTrailingSlashes } from '../base/trailing-slashes.ts';
import { createCondaHandler } from './conda/handler.ts';
import { Documents } from './documents/documents.ts';
import { RequestPipeline } from './request-pipeline.ts';
import { logLine } from './log-line.ts';
import { createPypiHandler } from './pypi/handler.ts';
import { problemDocument } from './reason.ts';
import { BundleTables } from './tables.ts';
import { openUpstream } from './upstream-client.ts';

export type GatewayOptions = {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** As clients see it, when a proxy stands before the gateway. */
  readonly publicUrl?: string;
  readonly now: () => number;
  /** One line per request, without any secret. */
  readonly log?: (line: string) => void;
  /** CIDR blocks whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  /** The gateway's own folder, for what is kept for good: when a file was first seen. Without it, until it stops. */
  readonly dataDir?: string;
};

export type GatewayAddress = { readonly host: string; readonly port: number; readonly baseUrl: string };

export interface Gateway {
  /** @throws LatchkeyError GATEWAY_PORT_IN_USE, or GATEWAY_NOT_RUNNING when the address cannot be listened on */
  start(): Promise<GatewayAddress>;
  /** Breaks off what is still being sent. Resolves when the port is free. */
  stop(): Promise<void>;
  /** Enforces this bundle from the next request on, in the place of all before. @returns the number acknowledged */
  load(bundle: Bundle): Promise<BundleAnswer>;
  /** Changes what is enforced; refused when it is not for the number that is enforced. */
  apply(delta: BundleDelta): BundleAnswer;
  /** @returns takes the listener away. Health checks are not reported. */
  onRequest(listener: (event: GatewayRequestEvent) => void): () => void;
  /** undefined while it does not listen. */
  address(): GatewayAddress | undefined;
  /** What was found out about the channels' upstreams, of those that were asked. */
  health(): readonly ChannelHealth[];
}

/** Slow senders of headers are cut off: they would hold a connection for nothing. */
const headersTimeoutMs = 20_000;
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
  const sockets = new Set<Socket>();
  const listeners = new ListenerSet<[GatewayRequestEvent]>();
  const documents = new Documents({ now: options.now, dataDir: options.dataDir });
  const conda = createCondaHandler({ openUpstream, documents, now: options.now });
  const pypi = createPypiHandler({ openUpstream, documents, now: options.now });

  const report = (event: GatewayRequestEvent): void => {
    if (log !== undefined) log(logLine(event));
    if (event.path === '/healthz' && event.status === 200) return;
    listeners.tell(event);
  };
  const pipeline = new RequestPipeline({
    now: options.now,
    handlers: { conda, pypi },
    tables,
    trustedProxies: options.trustedProxies ?? [],
    publicUrl: options.publicUrl === undefined ? undefined : withoutTrailingSlashes(options.publicUrl),
    localUrl: () => bound?.baseUrl ?? '',
    report,
  });

  return {
    start: async () => {
      if (bound !== undefined) return bound;
      // Missing and doubled Host headers are answered by us, in the same form as every other refusal.
      const made = createServer(
        {
          requireHostHeader: false,
          keepAliveTimeout: keepAliveTimeoutMs,
          connectionsCheckingInterval: checkConnectionsEveryMs,
        },
        (req, res) => pipeline.handle(req, res),
      );
      made.headersTimeout = headersTimeoutMs;
      made.on('clientError', answerUnreadable);
      made.on('connection', (socket) => {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
      });
      await listen(made, options.host, options.port);
      server = made;
      const { address, port } = made.address() as AddressInfo;
      bound = { host: address, port, baseUrl: `http://${reachableAddress(address)}:${port}` };
      return bound;
    },
    stop: async () => {
      const running = server;
      server = undefined;
      bound = undefined;
      if (running !== undefined) {
        const closed = new Promise<void>((resolve) => running.close(() => resolve()));
        for (const socket of sockets) socket.destroy();
        await closed;
      }
      await pypi.close();
      documents.close();
    },
    load: async (bundle) => {
      const answer = await tables.load(bundle);
      pipeline.forget();
      return answer;
    },
    apply: (delta) => {
      pipeline.forget();
      return tables.apply(delta);
    },
    onRequest: (listener) => listeners.add(listener),
    address: () => bound,
    health: () => documents.health.all(),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new LatchkeyError(
              'GATEWAY_PORT_IN_USE',
              `Port ${port} on ${host} is used by another program. Choose another port in the settings, or 0 for a free one.`,
              { details: { host, port }, cause: error },
            )
          : new LatchkeyError(
              'GATEWAY_NOT_RUNNING',
              `The gateway cannot listen on ${host}:${port} (${error.code ?? 'unknown'}). Check the address in the settings.`,
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

/** A request that node's parser refuses never reaches the pipeline; it gets the same kind of answer. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  const inProgress = (socket as Duplex & { _httpMessage?: ServerResponse })._httpMessage;
  if (!socket.writable || error.code === 'ECONNRESET' || inProgress?.headersSent === true) {
    socket.destroy();
    return;
  }
  const [status, reason] =
    error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'Request headers too large'] : [400, 'Bad request'];
  const body = problemDocument(status, reason);
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\n` +
      `Cache-Control: private\r\nVary: Authorization\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n` +
      Buffer.from(body).toString('latin1'),
  );
}

/** Nobody can connect to "every address": its loopback name stands for it. */
function reachableAddress(address: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return address.includes(':') ? `[${address}]` : address;
}
