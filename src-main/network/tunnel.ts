/** A way through an HTTP proxy (RFC 9110, 9.3.6): what is sent through it, the proxy only passes on. */
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { ConnectError } from './connect-error.ts';
import type { ProxyConfig } from './network-config.ts';
import type { Target } from './reach.ts';
import { tlsProblem } from './tls-problem.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.network.proxy;

/** @throws ConnectError; whatever `signal` was aborted with */
export function openTunnel(
  proxy: ProxyConfig,
  { hostname, port }: Target,
  secureContext: SecureContext | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  const url = new URL(proxy.url);
  const name = `${url.hostname}:${url.port === '' ? defaultPort(url) : url.port}`;
  const authority = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
  const authorization = proxyAuthorization(proxy);
  return new Promise((resolve, reject) => {
    const ask = url.protocol === 'https:' ? requestTls : request;
    const asked = ask({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? defaultPort(url) : Number(url.port),
      method: 'CONNECT',
      path: authority,
      headers: {
        host: authority,
        ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
      },
      agent: false,
      signal,
      ...(secureContext === undefined ? {} : { secureContext }),
    });
    asked.once('connect', ({ statusCode = 0 }, socket: Socket) => {
      if (statusCode >= 200 && statusCode < 300) return resolve(socket);
      socket.on('error', () => undefined).destroy();
      reject(proxyRefusal(name, statusCode));
    });
    // A proxy that knows no CONNECT answers like a web server.
    asked.once('response', (response) => {
      response.destroy();
      reject(proxyRefusal(name, response.statusCode ?? 0));
    });
    asked.once('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const reason = words.unreachable(name, error.code ?? 'unknown');
      const hint = words.unreachableHint(reason);
      reject(
        tlsProblem(error, name, undefined) ??
          new ConnectError('CONNECT_PROXY', reason, hint, { cause: error }),
      );
    });
    asked.end();
  });
}

const defaultPort = (url: URL): number => (url.protocol === 'https:' ? 443 : 80);

/** The header that signs in at the proxy. */
export function proxyAuthorization({ username, password }: ProxyConfig): string | undefined {
  if (username === undefined || username === '') return undefined;
  return `Basic ${Buffer.from(`${username}:${password ?? ''}`, 'utf8').toString('base64')}`;
}

/** @param name of the proxy, without credentials */
export function proxyRefusal(name: string, status: number): ConnectError {
  const reason = words.refuses(name, status);
  const hint = status === 407 ? words.needsUser : words.askForAccess;
  return new ConnectError('CONNECT_PROXY', reason, `${reason}. ${hint}`);
}
