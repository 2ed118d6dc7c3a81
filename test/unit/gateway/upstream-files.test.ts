/** Files as hostile, old or broken upstreams send them, byte by byte. */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { strToU8, zipSync } from 'fflate';
import { GatewayScene, channelOf } from './gateway-scene.ts';

const scene = new GatewayScene();
const sockets = new Set<Socket>();
let seen: string[] = [];
/** What is written to a request, and then the connection is closed. */
let answer: (request: string) => readonly (string | Uint8Array)[] = () => [];
const upstream = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    const request = data.toString('latin1');
    seen.push(request.split('\r\n')[0] ?? '');
    for (const part of answer(request)) socket.write(part, 'latin1');
    socket.end();
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/`;
  await scene.open();
  const privateHosts = ['127.0.0.0/8'];
  scene.addChannel(channelOf('remote', { type: 'url', url, privateHosts }));
  scene.addChannel(channelOf('index', { type: 'url', url, privateHosts }, { kind: 'pypi' }));
});
beforeEach(() => {
  seen = [];
});
afterAll(async () => {
  await scene.close();
  for (const socket of sockets) socket.destroy();
  upstream.close();
});

/** How the connection ended, and what came before. */
function download(
  path: string,
  version = '1.1',
): Promise<{ end: 'closed' | 'reset'; body: Buffer; head: string }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const done = (end: 'closed' | 'reset') => {
      const all = Buffer.concat(chunks);
      const at = all.indexOf('\r\n\r\n');
      resolve({ end, head: all.subarray(0, at).toString('latin1'), body: all.subarray(at + 4) });
    };
    const socket = connect(scene.port, '127.0.0.1', () =>
      socket.write(
        `GET ${path} HTTP/${version}\r\nHost: 127.0.0.1:${scene.port}\r\nAuthorization: ${scene.basic()}\r\nConnection: close\r\n\r\n`,
      ),
    );
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => done('reset'));
    socket.on('end', () => done('closed'));
  });
}

const file = (extension: string) => `/conda/remote/noarch/tool-1.0-0${extension}`;
const zip = Buffer.from(zipSync({ 'info.json': strToU8('{"name":"tool"}'.repeat(2000)) }, { level: 0 }));
/** `tool ` 50,000 times, by bzip2. */
const bzip2 = Buffer.from(
  'QlpoOTFBWSZTWT13hsYB6EeRgEAAAASEACAAUGaaBSgwJKC0ElBcElBcElBeLuSKcKEgeu8NjA==',
  'base64',
);
/** The same by xz. */
const xz = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj49CPAG5dADob7Nggt8EfuPADqRSlln25FKoNr49zmeOp6NUwnXujbeKaGtFNL8eLunqHYtY3DYD+mOImJzOcxw+rxZJroRNRAD+i677uYtpWUyRvWs3uNlStnPA0XDpMe39Pt0cM0ZERqq1gHbrOsNUanP0AAAAAjHvsNaAKwyEAAYoBkKEPAO8AfKOxxGf7AgAAAAAEWVo=',
  'base64',
);
const noLength = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n';
const page = (project: string, filename: string) =>
  JSON.stringify({
    meta: { 'api-version': '1.0' },
    name: project,
    files: [{ filename, url: `/f/${filename}`, hashes: {} }],
  });
const withPage = (filename: string, project: string, body: Uint8Array) => (request: string) =>
  request.startsWith('GET /f/')
    ? [noLength, body]
    : [
        `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n`,
        page(project, filename),
      ];

describe('a file of which only the end of the connection says where it ends', () => {
  it.each([
    ['.conda', zip],
    ['.tar.bz2', bzip2],
  ])('comes whole, or with a reset: %s', async (extension, bytes) => {
    answer = () => [noLength, bytes];
    const whole = await download(file(extension));
    expect([whole.end, whole.body.includes(bytes.subarray(-40))]).toEqual(['closed', true]);
    for (const kept of [bytes.length - 1, bytes.length >> 1, 30, 0]) {
      answer = () => [noLength, bytes.subarray(0, kept)];
      expect([kept, (await download(file(extension))).end]).toEqual([kept, 'reset']);
    }
  });

  it.each([
    ['cut-1.0-py3-none-any.whl', 'cut', zip],
    ['cutz-1.0.tar.gz', 'cutz', gzipSync(Buffer.from('tool '.repeat(50_000)))],
    ['cutx-1.0.tar.xz', 'cutx', xz],
  ])('of a Python index as well: %s', async (filename, project, bytes) => {
    const path = `/pypi/index/files/${project}/${filename}`;
    answer = withPage(filename, project, bytes);
    expect((await download(path)).end).toBe('closed');
    for (const kept of [bytes.length - 1, bytes.length >> 1]) {
      answer = withPage(filename, project, bytes.subarray(0, kept));
      expect([kept, (await download(path)).end]).toEqual([kept, 'reset']);
    }
  });

  it.each(['no gzip at all '.repeat(20_000), 'corrupt'])(
    'is not waited for where it is no gzip: %#',
    async (text) => {
      const bytes = gzipSync(Buffer.from('tool '.repeat(50_000)));
      if (text === 'corrupt') bytes.fill(0xff, 40, 80);
      const path = '/pypi/index/files/bad/bad-1.0.tar.gz';
      answer = withPage('bad-1.0.tar.gz', 'bad', text === 'corrupt' ? bytes : Buffer.from(text));
      expect((await download(path)).end).toBe('reset');
    },
  );

  it('ends with a reset for a client of HTTP/1.0 too, which knows no other end', async () => {
    answer = () => ['HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nConnection: close\r\n\r\n', 'short'];
    expect(await download(file('.conda'), '1.0')).toMatchObject({ end: 'reset' });
  });
});

describe('a page in the place of a file', () => {
  const html = '\u00ef\u00bb\u00bf\r\n <!doctype html><form>Sign in</form>';
  it.each(['GET', 'HEAD'] as const)(
    'is refused to %s, and no package arrives as text/html',
    async (method) => {
      answer = () => [
        `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${html.length}\r\nConnection: close\r\n\r\n`,
        html,
      ];
      const got = await scene.raw(file('.conda'), { method, headers: [`Authorization: ${scene.basic()}`] });
      expect([got.status, got.reason]).toEqual([502, 'The upstream sent a web page instead of the file']);
      expect(got.headers['content-type']).toBe('application/problem+json');
    },
  );

  it.each(['GET', 'HEAD'] as const)(
    'is not seen where a package is only called one (%s): what it is, counts',
    async (method) => {
      answer = (request) => [
        `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${zip.length}\r\nConnection: close\r\n\r\n`,
        request.startsWith('HEAD') ? '' : zip,
      ];
      const got = await scene.raw(file('.conda'), { method, headers: [`Authorization: ${scene.basic()}`] });
      expect([
        got.status,
        got.headers['content-type'],
        got.headers['content-length'],
        got.body.length,
      ]).toEqual([200, 'application/octet-stream', String(zip.length), method === 'HEAD' ? 0 : zip.length]);
    },
  );
});

describe('a part of a file', () => {
  const part = (range: string, body: string, more = '') => [
    `HTTP/1.1 206 Partial Content\r\nContent-Range: ${range}\r\nContent-Length: ${body.length}\r\n${more}Connection: close\r\n\r\n`,
    body,
  ];
  const refused = [502, 'Upstream sent another part of the file than requested'];
  it.each([
    ['bytes=2-4', 'bytes 2-4/9', 'abc', 206],
    ['bytes=2-', 'bytes 2-8/9', 'abcdefg', 206],
    ['bytes=-3', 'bytes 6-8/9', 'abc', 206],
    ['bytes=-99', 'bytes 0-2/3', 'abc', 206],
    ['bytes=2-4', 'bytes 3-5/9', 'abc', 502],
    ['bytes=2-4', 'bytes 2-6/9', 'abcde', 502],
    ['bytes=2-', 'bytes 0-6/9', 'abcdefg', 502],
    ['bytes=-3', 'bytes 5-7/9', 'abc', 502],
    ['bytes=2-4', 'bytes 2-4/9', 'abcdef', 502],
    ['bytes=2-4', 'bytes 4-2/9', 'abc', 502],
    ['bytes=2-4', 'bytes 2-4/3', 'abc', 502],
    ['bytes=2-4', 'bytes */9', 'abc', 502],
    ['bytes=2-4', 'none', 'abc', 502],
  ])('asked for as %s and given as %s (%j) is %i', async (asked, given, body, status) => {
    answer = () => part(given, body);
    const got = await scene.get(file('.conda'), `Range: ${asked}`);
    expect(status === 206 ? [got.status, got.body] : [got.status, got.reason]).toEqual(
      status === 206 ? [206, body] : refused,
    );
  });

  it('that nobody asked for, and "not modified" without a condition, are no answers', async () => {
    answer = () => part('bytes 0-2/9', 'abc');
    expect(await scene.get(file('.conda'))).toMatchObject({
      status: 502,
      reason: 'Upstream failed (HTTP 206)',
    });
    answer = () => ['HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nConnection: close\r\n\r\n'];
    expect(await scene.get(file('.conda'))).toMatchObject({
      status: 502,
      reason: 'Upstream failed (HTTP 304)',
    });
  });

  it('in a content coding is refused', async () => {
    answer = () => part('bytes 2-4/9', 'abc', 'Content-Encoding: gzip\r\n');
    expect(await scene.get(file('.conda'), 'Range: bytes=2-4')).toMatchObject({
      status: 502,
      reason: 'Upstream sent a part of a file in a content coding',
    });
  });

  it('that ends early ends with a reset', async () => {
    answer = () => ['HTTP/1.1 206 OK\r\nContent-Range: bytes 0-8/9\r\nConnection: close\r\n\r\n', 'abc'];
    await expect(
      fetch(`http://127.0.0.1:${scene.port}${file('.conda')}`, {
        headers: { authorization: scene.basic(), range: 'bytes=0-8' },
      }).then((got) => got.text()),
    ).rejects.toThrow();
  });
});

describe('a page of links of which only the end of the connection says where it ends', () => {
  const anchors = Array.from(
    { length: 50 },
    (_, at) => `<a href="half-${at}.0.tar.gz">half-${at}.0.tar.gz</a>`,
  );
  const html = `<!doctype html><html><body>${anchors.join('\n')}</body></html>\n`;
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n';

  it('is no index when it is cut, as half a project would be', async () => {
    answer = () => [head, html.slice(0, 1200)];
    expect(await scene.get('/pypi/index/simple/half/')).toMatchObject({
      status: 502,
      reason: 'Upstream broke off while sending its index',
    });
    answer = () => [head, html];
    const got = await scene.get('/pypi/index/simple/half/', 'Accept: application/vnd.pypi.simple.v1+json');
    expect([got.status, (JSON.parse(got.body) as { files: unknown[] }).files.length]).toEqual([200, 50]);
  });

  it('has metadata served only where the page says what it is', async () => {
    const filename = 'meta-1.0-py3-none-any.whl';
    answer = (request) =>
      request.includes('.metadata')
        ? [noLength, 'Metadata-Version: 2.1\nName: meta\nVersion: 1.0\n']
        : [
            'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n',
            JSON.stringify({
              meta: { 'api-version': '1.0' },
              name: 'meta',
              files: [{ filename, url: `/f/${filename}`, hashes: {}, 'core-metadata': true }],
            }),
          ];
    expect(await scene.get(`/pypi/index/files/meta/${filename}.metadata`)).toMatchObject({
      status: 502,
      reason: 'Upstream sent metadata without an end',
    });
  });
});
