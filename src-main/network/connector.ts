/**
 * Opens connections. Invariant: the address that is connected to is one that was judged for this channel, at each
 * connection again, whatever a resolver says a moment later; TLS is always checked; a proxy is asked for nothing that is
 * certainly in the local network unless the channel lists it.
 */
import { lookup as systemLookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import { connect, isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import { connect as connectTls } from 'node:tls';
import { ConnectError } from './connect-error.ts';
import type { ProxyConfig } from './network-config.ts';
import { goesThroughProxy, isThisComputer } from './proxy-rule.ts';
import type { Reach, Target } from './reach.ts';
import { tlsProblem, watchCertificate } from './tls-problem.ts';
import { openTunnel } from './tunnel.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.network.connect;

/** All addresses of a name. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;
/** Connects to one of the addresses; a test puts a stub here, so that nothing leaves the computer. */
export type Dial = (addresses: readonly string[], target: Target) => Socket;

export type ConnectorOptions = {
  readonly reach: (target: Target, address: string) => Reach;
  readonly secureContext: SecureContext | undefined;
  readonly proxy?: ProxyConfig | undefined;
  readonly timeoutMs: number;
  readonly lookup?: Lookup;
  readonly dial?: Dial;
};

/** What undici hands to a connector. */
type Wanted = {
  readonly hostname: string;
  readonly protocol: string;
  readonly port: string;
  readonly servername?: string | null;
};
type Done = (...args: [error: null, socket: Socket] | [error: Error, socket: null]) => void;
export type Connector = (wanted: Wanted, done: Done) => void;

/** A connector for undici's Agent. */
export function createConnector(options: ConnectorOptions): Connector {
  return (wanted, done) => {
    const isTls = wanted.protocol === 'https:';
    const target: Target = {
      hostname: wanted.hostname.replace(/^\[|\]$/g, ''),
      port: wanted.port === '' ? (isTls ? 443 : 80) : Number(wanted.port),
    };
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const { hostname, port } = target;
      const reason = words.timedOut(hostname, port, options.timeoutMs / 1000);
      stop.abort(new ConnectError('CONNECT_TIMEOUT', reason, words.timedOutHint(reason)));
    }, options.timeoutMs);
    open(options, target, isTls, stop.signal)
      .finally(() => clearTimeout(timer))
      .then(
        (socket) => done(null, socket),
        (error: unknown) =>
          done(error instanceof Error ? error : new Error('no connection', { cause: error }), null),
      );
  };
}

async function open(
  options: ConnectorOptions,
  target: Target,
  isTls: boolean,
  signal: AbortSignal,
): Promise<Socket> {
  const { proxy, secureContext } = options;
  let socket: Socket;
  if (proxy !== undefined && goesThroughProxy(proxy, target)) {
    judgeUnresolved(options, target);
    socket = await openTunnel(proxy, target, secureContext, signal);
  } else {
    socket = await openDirect(options, target, signal);
  }
  return isTls ? await secure(socket, target, secureContext, signal) : socket;
}

/**
 * Throws for a target that is in the local network by its name alone: what a proxy makes of other names cannot be seen
 * from here.
 */
export function judgeUnresolved(options: Pick<ConnectorOptions, 'reach'>, target: Target): void {
  const { hostname } = target;
  if (isIP(hostname) !== 0) requireReach(options.reach(target, hostname), target, hostname);
}

async function openDirect(options: ConnectorOptions, target: Target, signal: AbortSignal): Promise<Socket> {
  const { reach, lookup = lookupByTheSystem, dial = dialByTheSystem } = options;
  const { hostname } = target;
  const found =
    isIP(hostname) !== 0
      ? [hostname]
      : isThisComputer(hostname)
        ? loopback
        : await raced(lookup(hostname), signal);
  const judged = found.map((address) => ({ address, verdict: reach(target, address) }));
  const passed = judged.flatMap(({ address, verdict }) => (verdict.ok ? [address] : []));
  const [first] = judged;
  if (passed.length === 0) {
    if (first === undefined)
      throw Object.assign(new Error(`no address of ${hostname}`), { code: 'ENOTFOUND' });
    requireReach(first.verdict, target, first.address);
  }
  const socket = dial(passed, target);
  await settled(socket, 'connect', signal);
  return socket;
}

/** The name "localhost" is this computer, whatever a resolver says (RFC 6761, 6.3). */
const loopback = ['127.0.0.1', '::1'];

function requireReach(verdict: Reach, { hostname, port }: Target, address: string): void {
  if (verdict.ok) return;
  const shown = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
  const at = address === hostname ? '' : words.now(address);
  switch (verdict.why) {
    case 'private':
      throw new ConnectError(
        'CONNECT_REFUSED',
        words.inLocalNetwork(shown),
        words.addPrivateHost(shown, at, shown),
      );
    case 'metadata':
      throw new ConnectError('CONNECT_REFUSED', words.metadata(shown), words.metadataHint(shown, at));
    case 'own-port':
      throw new ConnectError('CONNECT_REFUSED', words.itself(shown), words.itselfHint(shown, at));
    case 'unusable':
      throw new ConnectError('CONNECT_REFUSED', words.unusable(shown), words.unusableHint(shown, at));
  }
}

const lookupByTheSystem: Lookup = async (hostname) =>
  (await systemLookup(hostname, { all: true, verbatim: true })).map(({ address }) => address);

/** Hands the checked addresses to Node as if a resolver had said them, so that it can try one after the other. */
const dialByTheSystem: Dial = (addresses, { hostname, port }) => {
  const [only = ''] = addresses;
  const shared = { port, keepAlive: true, noDelay: true, highWaterMark: 64 * 1024 };
  if (addresses.length === 1) return connect({ ...shared, host: only });
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return connect({
    ...shared,
    host: hostname,
    lookup: (_name, { all: wantsAll }, answer) => {
      if (wantsAll === true)
        (answer as (error: null, all: { address: string; family: number }[]) => void)(null, all);
      else answer(null, only, isIP(only));
    },
  });
};

async function secure(
  socket: Socket,
  { hostname }: Target,
  secureContext: SecureContext | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  const secured = connectTls({
    socket,
    host: hostname,
    // An address is no name that a server could choose a certificate by (RFC 6066, 3).
    ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
    ALPNProtocols: ['http/1.1'],
    ...(secureContext === undefined ? {} : { secureContext }),
  });
  const certificate = watchCertificate(secured);
  try {
    await settled(secured, 'secureConnect', signal);
    return secured;
  } catch (error) {
    socket.destroy();
    throw tlsProblem(error, hostname, certificate()) ?? error;
  }
}

/** Waits for an event of a socket; destroys the socket when it ends otherwise. */
export function settled(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      finish();
      // Later errors of a socket that nobody waits for are of no interest.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error instanceof Error ? error : new Error('no connection', { cause: error }));
    };
    const onAbort = () => fail(signal.reason);
    const onError = (error: Error) => fail(error);
    const onClose = () => fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    const onReady = () => {
      finish();
      resolve();
    };
    const finish = () => {
      socket.off('error', onError).off('close', onClose).off(event, onReady);
      signal.removeEventListener('abort', onAbort);
    };
    socket.once('error', onError).once('close', onClose).once(event, onReady);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}

function raced<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
