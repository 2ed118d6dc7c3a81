/** Upstreams that want to hold the gateway, or to have one thing taken for another. */
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { constants, createZstdCompress, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayScene, channelOf } from './gateway-scene.ts';

const scene = new GatewayScene();
const sockets = new Set<Socket>();
let seen: string[] = [];
let answer: (request: string, socket: Socket) => void = () => undefined;
const upstream = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    const request = data.toString('latin1');
    seen.push(request.split(' ')[1] ?? '');
    answer(request, socket);
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
let documents = 0;
let index = '';
beforeEach(() => {
  seen = [];
  documents += 1;
  index = `/conda/remote/linux-${documents}/repodata.json`;
});
afterAll(async () => {
  await scene.close();
  for (const socket of sockets) socket.destroy();
  upstream.close();
});

const file = '/conda/remote/noarch/tool-1.0-0.conda';
const ok = (headers: string, body: string | Uint8Array) => (_request: string, socket: Socket) => {
  socket.write(
    `HTTP/1.1 200 OK\r\n${headers}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
    'latin1',
  );
  socket.end(body);
};
const repodata = JSON.stringify({ info: { subdir: 'noarch' }, packages: {} });

/** As much as the other side takes, until it hangs up. */
const flood = (start: string, more: string) => (_request: string, socket: Socket) => {
  socket.write(start);
  const go = () => {
    while (socket.writable && socket.write(more));
  };
  socket.on('drain', go);
  go();
};

describe('an answer that does not begin', () => {
  it('is given up after some interim ones, however many would come', async () => {
    answer = flood('', 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(100));
    for (const path of [file, index, '/pypi/index/simple/hints/']) {
      expect(await scene.get(path)).toMatchObject({
        status: 502,
        reason: 'Upstream sent only interim answers',
      });
    }
  });

  it('may have some interim ones before it', async () => {
    answer = (_request, socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(3));
      ok('', 'bytes')('', socket);
    };
    expect(await scene.get(file)).toMatchObject({ status: 200, body: 'bytes' });
  });

  it('is given up where its headers do not end', async () => {
    answer = flood('HTTP/1.1 200 OK\r\n', `X: ${'y'.repeat(1000)}\r\n`);
    expect(await scene.get(file)).toMatchObject({
      status: 502,
      reason: 'Upstream unreachable (UND_ERR_HEADERS_OVERFLOW)',
    });
  });
});

describe('codings', () => {
  it('of the transfer that are none of chunked are refused, as the bytes are not the file’s', async () => {
    answer = (_request, socket) =>
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\nbytes');
    expect(await scene.get(file)).toMatchObject({
      status: 502,
      reason: 'Upstream sent an unknown transfer coding',
    });
  });

  it.each([
    'Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n',
    'Content-Encoding: identity\r\nContent-Encoding: gzip\r\n',
    'Content-Encoding: gzip, gzip\r\n',
    'Content-Encoding: snappy\r\n',
  ])('of the content that are mixed or unknown are refused: %j', async (headers) => {
    answer = ok(headers, gzipSync(gzipSync('bytes')));
    expect(await scene.get(file)).toMatchObject({
      status: 502,
      reason: 'Upstream sent a file in an unknown content coding',
    });
    expect(await scene.get(index)).toMatchObject({
      status: 502,
      reason: 'The upstream sent no package index',
    });
  });

  it('with a window larger than the coding allows are not unpacked: the plain index is asked for', async () => {
    const wide = await packed(repodata, 27);
    answer = (request, socket) =>
      request.includes('.zst ') ? ok('', wide)('', socket) : ok('', repodata)('', socket);
    expect(await scene.get(index)).toMatchObject({ status: 200, body: repodata });
    expect(seen).toEqual([`${index}.zst`, index].map((path) => path.slice('/conda/remote'.length)));
    const page = '<!doctype html><a href="wide-1.0.tar.gz">wide-1.0.tar.gz</a>';
    for (const [windowLog, status] of [
      [27, 502],
      [23, 200],
    ] as const) {
      answer = ok('Content-Encoding: zstd\r\nContent-Type: text/html\r\n', await packed(page, windowLog));
      expect((await scene.get('/pypi/index/simple/wide/')).status).toBe(status);
    }
    // What conda's own servers send.
    const usual = await packed(repodata, 23);
    answer = (request, socket) => ok('', request.includes('.zst ') ? usual : 'none')('', socket);
    documents += 1;
    expect(await scene.get(`/conda/remote/osx-${documents}/repodata.json`)).toMatchObject({ body: repodata });
  });
});

describe('the small form of an index', () => {
  const status =
    (code: number, headers = '') =>
    (socket: Socket) =>
      socket.end(`HTTP/1.1 ${code} No\r\n${headers}Content-Length: 0\r\nConnection: close\r\n\r\n`);
  const twice = async (refuse: (socket: Socket) => void) => {
    answer = (request, socket) => (request.includes('.zst ') ? refuse(socket) : ok('', repodata)('', socket));
    const statuses = [(await scene.get(index)).status];
    scene.nowMs += 31_000;
    // The answer that was at hand counts for a quarter of a second by the clock of the computer.
    await new Promise((resolve) => setTimeout(resolve, 260));
    statuses.push((await scene.get(index)).status);
    return [statuses, seen.filter((path) => path.endsWith('.zst')).length];
  };

  it('that is not there is not asked for each time', async () => {
    expect(await twice(status(404))).toEqual([[200, 200], 1]);
  });

  it('that failed is asked for again', async () => {
    expect(await twice(status(500))).toEqual([[200, 200], 2]);
  });

  it('of a busy upstream is no reason to ask it for the large one', async () => {
    answer = (_request, socket) => status(503, 'Retry-After: 7\r\n')(socket);
    const got = await scene.get(index);
    expect([got.status, got.headers['retry-after'], seen.length]).toEqual([503, '7', 1]);
  });
});

async function packed(text: string, windowLog: number): Promise<Buffer> {
  const encoder = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: windowLog } });
  // In two writes, so that the window is the one that was asked for and not the text's length.
  encoder.write(text.slice(0, 10));
  encoder.flush();
  encoder.end(text.slice(10));
  const pieces: Buffer[] = [];
  for await (const piece of encoder as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}
