/** The gateway's server while it begins and ends to listen, and how long it waits for whom. */
import type { Server, ServerOptions } from 'node:http';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Connections } from './connections.ts';
import { maxHeadBytes } from './request-head.ts';

/** Slow senders of headers are cut off: they would hold a connection for nothing. */
const headersTimeoutMs = 20_000;
/** A head is all there is to a request; Node wants this at least as long. */
const requestTimeoutMs = 30_000;
/** How often Node looks for such senders; its default of 30 s would add that much to the time above. */
const checkConnectionsEveryMs = 5_000;
/** Longer than the idle time of common load balancers' connections (60 s), so that these close first. */
const keepAliveTimeoutMs = 65_000;

/** @param headTimeoutMs how long a head may take, in the place of the usual */
export function serverOptions(headTimeoutMs: number | undefined): ServerOptions {
  return {
    // Missing and doubled Host headers are answered by us, in the same form as every other refusal.
    requireHostHeader: false,
    keepAliveTimeout: keepAliveTimeoutMs,
    maxHeaderSize: maxHeadBytes,
    headersTimeout: headTimeoutMs ?? headersTimeoutMs,
    requestTimeout: headTimeoutMs ?? requestTimeoutMs,
    connectionsCheckingInterval: Math.min(checkConnectionsEveryMs, headTimeoutMs ?? Infinity),
  };
}

/** Idle connections are closed at once, the others when their answer is sent or the time is up. */
export async function drain(server: Server, connections: Connections, graceMs: number): Promise<void> {
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

/** @throws LatchkeyError GATEWAY_PORT_IN_USE, or GATEWAY_NOT_RUNNING when the address cannot be listened on */
export function listen(server: Server, host: string, port: number): Promise<void> {
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
export function reachableAddress(address: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return address.includes(':') ? `[${address}]` : address;
}
