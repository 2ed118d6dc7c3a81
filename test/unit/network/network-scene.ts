/** Servers on loopback that stand for others, and a resolver of our own: nothing is ever sent anywhere else. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Dial, Lookup } from '../../../src-main/network/connector.ts';

const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/tls/${name}`, import.meta.url)), 'utf8');
export const caPem = fixture('ca.pem');

export class NetworkScene {
  readonly #servers: Server[] = [];
  /** Name → what the resolver says, in turn; the last one stays. */
  readonly names = new Map<string, string[][]>();
  /** Addresses that were dialled. */
  readonly dialled: string[] = [];
  /** `address:port` that is not on this computer → the port that stands for it. */
  readonly elsewhere = new Map<string, number>();

  readonly lookup: Lookup = (name) => {
    const answers = this.names.get(name) ?? [];
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return answer === undefined
      ? Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
      : Promise.resolve(answer);
  };

  readonly dial: Dial = (addresses, { port }) => {
    const [address = ''] = addresses;
    this.dialled.push(`${address}:${port}`);
    const standIn = this.elsewhere.get(`${address}:${port}`);
    if (standIn === undefined && !address.startsWith('127.'))
      throw new Error(`would leave the computer: ${address}`);
    return connect({ host: '127.0.0.1', port: standIn ?? port });
  };

  async http(listener: RequestListener): Promise<number> {
    return await this.#listen(createServer(listener));
  }

  async https(listener: RequestListener, certificate: 'packages' | 'expired' = 'packages'): Promise<number> {
    const options = { cert: fixture(`${certificate}.pem`), key: fixture(`${certificate}-key.pem`) };
    return await this.#listen(createTlsServer(options, listener));
  }

  /** A proxy that knows who may use it, and passes everything on to one port. */
  async proxy(
    to: () => number,
    options: { user?: string; isTls?: boolean } = {},
  ): Promise<{ port: number; seen: string[] }> {
    const seen: string[] = [];
    const isAllowed = ({ headers }: IncomingMessage) =>
      options.user === undefined ||
      headers['proxy-authorization'] === `Basic ${Buffer.from(options.user).toString('base64')}`;
    const server =
      options.isTls === true
        ? createTlsServer({ cert: fixture('packages.pem'), key: fixture('packages-key.pem') })
        : createServer();
    server.on('request', (req: IncomingMessage, res) => {
      seen.push(`${req.method} ${req.url}`);
      if (!isAllowed(req)) return void res.writeHead(407).end();
      const { pathname } = new URL(req.url ?? '');
      const { 'proxy-authorization': _own, ...headers } = req.headers;
      req.pipe(
        request(
          { port: to(), host: '127.0.0.1', path: pathname, method: req.method ?? 'GET', headers },
          (answer) => {
            res.writeHead(answer.statusCode ?? 0, answer.headers);
            answer.pipe(res);
          },
        ),
      );
    });
    server.on('connect', (req: IncomingMessage, socket) => {
      seen.push(`CONNECT ${req.url}`);
      socket.on('error', () => undefined);
      if (!isAllowed(req))
        return socket.end(
          'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
        );
      const onward = connect(to(), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
      onward.on('error', () => socket.destroy());
    });
    return { port: await this.#listen(server), seen };
  }

  close(): void {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  async #listen(server: Server): Promise<number> {
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
}
