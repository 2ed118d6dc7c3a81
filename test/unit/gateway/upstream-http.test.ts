import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createRawServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayScene, channelOf } from './gateway-scene.ts';

const scene = new GatewayScene();
let seen: string[] = [];
let answer: (req: IncomingMessage, res: ServerResponse) => void = () => undefined;
let base = '';
/** Sockets that an upstream holds, to be closed behind the gateway's back. */
const sockets: Socket[] = [];
const raw = createRawServer((socket) => {
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    const isDead = seen.length > 0 && sockets.indexOf(socket) === 0;
    seen.push(String(data).split('\r\n')[0] ?? '');
    if (isDead) socket.destroy();
    else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok');
  });
});

beforeAll(async () => {
  base = await scene.upstream((req, res) => {
    seen.push(`${req.method} ${req.url}`);
    answer(req, res);
  });
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  const rawPort = (raw.address() as AddressInfo).port;
  await scene.open();
  const privateHosts = ['127.0.0.0/8'];
  scene.addChannel(channelOf('remote', { type: 'url', url: `${base}/main`, privateHosts }));
  scene.addChannel(
    channelOf('index', { type: 'url', url: `${base}/simple/`, privateHosts }, { kind: 'pypi' }),
  );
  scene.addChannel(channelOf('keeps', { type: 'url', url: `http://127.0.0.1:${rawPort}/`, privateHosts }));
  scene.addChannel(
    channelOf('self', { type: 'url', url: `http://127.0.0.1:${scene.port}/conda/self`, privateHosts }),
  );
});
beforeEach(() => {
  seen = [];
});
afterAll(async () => {
  raw.close();
  for (const socket of sockets) socket.destroy();
  await scene.close();
});

const file = '/conda/remote/noarch/tool-1.0-0.conda';

describe('HEAD', () => {
  it.each([403, 405, 501])(
    'that an upstream refuses with %i is asked with GET, and only looked at',
    async (status) => {
      answer = (req, res) =>
        req.method === 'HEAD'
          ? res.writeHead(status).end()
          : res.writeHead(200, { 'Content-Length': '1000000', ETag: '"g"' }).write('start');
      const got = await scene.head(file);
      expect([got.status, got.headers['content-length'], got.headers['etag'], got.body]).toEqual([
        200,
        '1000000',
        '"g"',
        '',
      ]);
      expect(seen).toEqual(['HEAD /main/noarch/tool-1.0-0.conda', 'GET /main/noarch/tool-1.0-0.conda']);
    },
  );

  it('that a store refuses behind a redirect is asked again from the start, as its URL is signed for GET', async () => {
    answer = (req, res) => {
      if (req.url?.startsWith('/main') === true) {
        res.writeHead(302, { Location: `${base}/signed-for-${req.method}` }).end();
      } else if (req.method === 'GET' && req.url === '/signed-for-GET') {
        res.writeHead(200, { 'Content-Length': '5' }).end('bytes');
      } else res.writeHead(403).end();
    };
    expect(await scene.head(file)).toMatchObject({ status: 200 });
    expect(seen.slice(2)).toEqual(['GET /main/noarch/tool-1.0-0.conda', 'GET /signed-for-GET']);
  });

  it('that is refused to both stays a refusal', async () => {
    answer = (_req, res) => res.writeHead(403).end();
    expect(await scene.head(file)).toMatchObject({ status: 502 });
    expect(seen).toHaveLength(2);
  });
});

it('a kept connection that died is no failure: the request is sent once more', async () => {
  const path = '/conda/keeps/noarch/tool-1.0-0.conda';
  expect(await scene.get(path)).toMatchObject({ status: 200, body: 'ok' });
  expect(await scene.get(path)).toMatchObject({ status: 200, body: 'ok' });
  expect(seen).toHaveLength(3);
});

it('a channel whose upstream is the gateway itself does not go round in circles', async () => {
  expect(await scene.get('/conda/self/noarch/tool-1.0-0.conda')).toMatchObject({
    status: 502,
    reason: `Upstream 127.0.0.1:${scene.port} is this gateway itself`,
  });
});

describe.each([429, 503])('a busy upstream (%i)', (status) => {
  it.each([
    ['conda package', file],
    ['conda index', '/conda/remote/noarch/repodata.json'],
    ['project page', '/pypi/index/simple/busy/'],
  ])('keeps its Retry-After: %s', async (_kind, path) => {
    for (const [said, kept] of [
      ['120', '120'],
      ['Wed, 25 Nov 2026 12:00:00 GMT', 'Wed, 25 Nov 2026 12:00:00 GMT'],
      ['soon', undefined],
    ] as const) {
      answer = (_req, res) => res.writeHead(status, { 'Retry-After': said }).end();
      const got = await scene.get(path);
      expect([got.status, got.headers['retry-after']]).toEqual([503, kept]);
    }
  });
});
