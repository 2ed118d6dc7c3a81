import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayScene, rawRequest, someToken } from './gateway-scene.ts';

/** Requests as bytes on a socket: what proxies and attackers send, and clients never do. */
const scene = new GatewayScene();
beforeAll(() => scene.open({ headTimeoutMs: 150 }));
afterAll(() => scene.close());
beforeEach(() => {
  scene.lines.length = 0;
  scene.events.length = 0;
});

const index = '/conda/internal/noarch/repodata.json';
const host = 'Host: x\r\n';
const auth = () => `Authorization: ${scene.basic()}\r\n`;

describe('a refused request', () => {
  it.each<[name: string, text: string, status: number, reason: string, cause: string]>([
    ['nonsense', 'nonsense\r\n\r\n', 400, 'Bad request', 'request.unreadable'],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'Bad request', 'request.unreadable'],
    ['an unknown method', `FOO / HTTP/1.1\r\n${host}\r\n`, 400, 'Bad request', 'request.unreadable'],
    ['a lower-case method', `get / HTTP/1.1\r\n${host}\r\n`, 400, 'Bad request', 'request.unreadable'],
    ['bare line feeds', 'GET / HTTP/1.1\nHost: x\n\n', 400, 'Only HTTP/1.1 and HTTP/1.0', 'request.version'],
    ['HTTP/0.9', 'GET /\r\n\r\n', 400, 'Only HTTP/1.1 and HTTP/1.0', 'request.version'],
    ['HTTP/0.9 by name', 'GET / HTTP/0.9\r\n\r\n', 400, 'Only HTTP/1.1 and HTTP/1.0', 'request.version'],
    ['HTTP/1.2', `GET / HTTP/1.2\r\n${host}\r\n`, 400, 'Only HTTP/1.1 and HTTP/1.0', 'request.version'],
    [
      'HTTP/2.0 by name',
      `GET / HTTP/2.0\r\n${host}\r\n`,
      400,
      'Only HTTP/1.1 and HTTP/1.0',
      'request.version',
    ],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'Only HTTP/1.1 and HTTP/1.0', 'request.version'],
    [
      'HTTP/3.0 by name',
      `GET / HTTP/3.0\r\n${host}\r\n`,
      400,
      'Only HTTP/1.1 and HTTP/1.0',
      'request.version',
    ],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400, 'Host header required', 'request.host'],
    ['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n', 400, 'Malformed Host header', 'request.host'],
    ['two Hosts', `GET / HTTP/1.1\r\n${host}${host}\r\n`, 400, 'Two Host headers', 'request.host'],
    ...[
      'a b',
      'a/b',
      'a@b',
      'http://a',
      'a:b',
      'a:123456',
      '[::1',
      '[fe80::1%eth0]',
      'a,b',
      '"a"',
      `${'a'.repeat(300)}`,
    ].map((bad): [string, string, number, string, string] => [
      `the Host ${bad.slice(0, 20)}`,
      `GET / HTTP/1.1\r\nHost: ${bad}\r\n\r\n`,
      400,
      'Malformed Host header',
      'request.host',
    ]),
    [
      'a folded header',
      `GET / HTTP/1.1\r\n${host}X: 1\r\n 2\r\n\r\n`,
      400,
      'Bad request',
      'request.unreadable',
    ],
    [
      'a blank before the colon',
      'GET / HTTP/1.1\r\nHost : x\r\n\r\n',
      400,
      'Bad request',
      'request.unreadable',
    ],
    ['a NUL in a header', `GET / HTTP/1.1\r\n${host}X: \0\r\n\r\n`, 400, 'Bad request', 'request.unreadable'],
    [
      'a bare CR in a header',
      'GET / HTTP/1.1\r\nHost: x\rY: z\r\n\r\n',
      400,
      'Bad request',
      'request.unreadable',
    ],
    [
      'non-ASCII in the path',
      `GET /\xc3\xa9 HTTP/1.1\r\n${host}\r\n`,
      400,
      'Bad request',
      'request.unreadable',
    ],
    [
      'two kinds of length',
      `GET / HTTP/1.1\r\n${host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'Bad request',
      'request.unreadable',
    ],
    [
      'two kinds of length, the other way round',
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n`,
      400,
      'Bad request',
      'request.unreadable',
    ],
    [
      'two lengths',
      `GET / HTTP/1.1\r\n${host}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
      400,
      'Bad request',
      'request.unreadable',
    ],
    [
      'content',
      `GET / HTTP/1.1\r\n${host}Content-Length: 3\r\n\r\nabc`,
      400,
      'A request with content is not accepted',
      'request.content',
    ],
    [
      'chunked content with a bad chunk',
      `GET / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
      400,
      'A request with content is not accepted',
      'request.content',
    ],
    [
      'content that hides a request',
      `GET / HTTP/1.1\r\n${host}Content-Length: 40\r\n\r\nGET /conda/internal HTTP/1.1\r\nHost: x\r\n\r\n`,
      400,
      'A request with content is not accepted',
      'request.content',
    ],
    [
      'a large header',
      `GET / HTTP/1.1\r\n${host}X: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
      'Request headers too large',
      'request.too-large',
    ],
    [
      'a large request line',
      `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`,
      431,
      'Request headers too large',
      'request.too-large',
    ],
    [
      'a long path',
      `GET /${'a'.repeat(5_000)} HTTP/1.1\r\n${host}\r\n`,
      414,
      'Request path too long',
      'request.too-large',
    ],
    [
      'many headers',
      `GET / HTTP/1.1\r\n${host}${'A: b\r\n'.repeat(120)}\r\n`,
      431,
      'Too many or too long request headers',
      'request.too-large',
    ],
    [
      'a long header name',
      `GET / HTTP/1.1\r\n${host}${'N'.repeat(300)}: b\r\n\r\n`,
      431,
      'Too many or too long request headers',
      'request.too-large',
    ],
    [
      'a head that never ends',
      `GET / HTTP/1.1\r\n${host}X: `,
      408,
      'The request did not arrive in time',
      'request.timeout',
    ],
    ['a tunnel', `CONNECT internal:443 HTTP/1.1\r\n${host}\r\n`, 405, 'Only GET and HEAD', 'request.method'],
    ['another method', `POST / HTTP/1.1\r\n${host}\r\n`, 405, 'Only GET and HEAD', 'request.method'],
    ['the server itself', `OPTIONS * HTTP/1.1\r\n${host}\r\n`, 405, 'Only GET and HEAD', 'request.method'],
    [
      'an expectation',
      `GET / HTTP/1.1\r\n${host}Expect: cake\r\n\r\n`,
      417,
      'Expectation Failed: only 100-continue',
      'request.expectation',
    ],
    [
      'an absolute target',
      `GET http://x/conda/internal HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
      400,
      'Bad request path',
      'request.path',
    ],
    [
      'no token',
      `GET ${index} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
      401,
      'Token required',
      'access.credential-missing',
    ],
  ])('for %s is answered, logged and counted once, in one form', async (_, text, status, reason, cause) => {
    const answer = await rawRequest(scene.port, text);
    expect([answer.status, answer.reason]).toEqual([status, reason]);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'private',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    });
    expect(answer.headers['vary']).toMatch(/^Authorization/);
    expect(JSON.parse(answer.body)).toMatchObject({ status, detail: reason });
    expect(scene.events).toMatchObject([{ status, reason, cause, address: '127.0.0.1' }]);
    expect(scene.events[0]?.bytes).toBe(answer.body.length);
    expect(scene.lines).toEqual([
      expect.stringMatching(
        new RegExp(
          `^\\S+ 127\\.0\\.0\\.1 - "[A-Z?]+ \\S+" ${status} ${answer.body.length}B \\d+ms "[^"]*" "`,
        ),
      ),
    ]);
  });

  it('of a client that went away in the middle of a head is nobody’s', async () => {
    await new Promise<void>((resolve, reject) => {
      const socket = connect(scene.port, '127.0.0.1', () =>
        socket.write('GET / HT', () => socket.resetAndDestroy()),
      );
      socket.on('error', reject);
      socket.on('close', () => resolve());
    });
    expect((await scene.get(index)).status).toBe(200);
  });
});

describe('a request in another form', () => {
  it.each([
    ['HTTP/1.0 without Host', `GET ${index} HTTP/1.0\r\n`, ''],
    ['an Expect: 100-continue', `GET ${index} HTTP/1.1\r\n${host}Expect: 100-continue\r\n`, ''],
    ['an Upgrade', `GET ${index} HTTP/1.1\r\n${host}Upgrade: websocket\r\n`, ', Upgrade'],
    ['a length of 0', `GET ${index} HTTP/1.1\r\n${host}Content-Length: 0\r\n`, ''],
    ['a container’s name as Host', `GET ${index} HTTP/1.1\r\nHost: my_gateway:8700\r\n`, ''],
    ['blanks around a length of 0', `GET ${index} HTTP/1.1\r\n${host}Content-Length:  0 \r\n`, ''],
    ['empty lines before it', `\r\n\r\nGET ${index} HTTP/1.1\r\n${host}`, ''],
  ])('is served: %s', async (_, head, more) => {
    const answer = await rawRequest(scene.port, `${head}${auth()}Connection: close${more}\r\n\r\n`);
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('"subdir":"noarch"')]);
  });
});

describe('a question whose gateway this is', () => {
  const probe = '/.latchkey/probe?nonce=abcdefghijklmnopqrstuv';
  it('is judged by its form like every other request, and counted where it is refused', async () => {
    expect((await rawRequest(scene.port, `GET ${probe} HTTP/1.1\r\n\r\n`)).reason).toBe(
      'Host header required',
    );
    const withContent = `GET ${probe} HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\nGE`;
    expect((await rawRequest(scene.port, withContent)).status).toBe(400);
    // No identity in this scene: nobody can say whose it is.
    for (const path of [probe, '/.latchkey/probe', '/.latchkey/probe?nonce=short']) {
      expect(await scene.raw(path)).toMatchObject({
        status: 404,
        reason: 'No such path on this gateway',
        headers: { 'content-type': 'application/problem+json', 'cache-control': 'private' },
      });
    }
    expect(scene.events.map(({ outcome, cause }) => [outcome, cause])).toEqual([
      ['error', 'request.host'],
      ['error', 'request.content'],
      ...[1, 2, 3].map(() => ['error', 'access.path-unknown']),
    ]);
    // Of what only begins like it, a token is asked.
    for (const path of ['/.latchkey/probes', '/.latchkey/probe/x', '/.latchkey'])
      expect((await scene.raw(path)).status).toBe(401);
  });
});

describe('notices without a token', () => {
  it.each(['/conda/internal/notices.json', '/conda/nowhere/notices.json', '/conda/python/notices.json'])(
    'are an empty list: %s',
    async (path) => {
      for (const headers of [[], [`Authorization: Basic ${Buffer.from('me:hunter2').toString('base64')}`]]) {
        const answer = await scene.raw(path, { headers });
        expect([answer.status, answer.body]).toEqual([200, '{"notices":[]}\n']);
      }
      const head = await scene.raw(path, { method: 'HEAD' });
      expect([head.status, head.headers['content-length'], head.body]).toEqual([200, '15', '']);
      expect(scene.events.map((event) => [event.outcome, event.cause, event.channel])).toEqual(
        Array.from({ length: 3 }, () => ['allow', undefined, undefined]),
      );
    },
  );

  it('are refused to a wrong token, and of a PyPI channel to everybody without one', async () => {
    const wrong = [`Authorization: Bearer ${someToken().text}`];
    expect((await scene.raw('/conda/internal/notices.json', { headers: wrong })).status).toBe(401);
    expect((await scene.raw('/pypi/python/notices.json')).status).toBe(401);
    expect((await scene.raw('/conda/internal/noarch/notices.json')).status).toBe(401);
  });
});
