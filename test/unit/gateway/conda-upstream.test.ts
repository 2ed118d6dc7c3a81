import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { get } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UpstreamCredentials } from '../../../shared/model/domain.ts';
import { GatewayScene, channelOf, headerOf } from './gateway-scene.ts';

const scene = new GatewayScene();
type Seen = {
  url: string;
  authorization: string | undefined;
  cookie: string | undefined;
  headers: IncomingMessage['headers'];
};
let seen: Seen[] = [];
let elsewhereSeen: Seen[] = [];
let answer: (req: IncomingMessage, res: ServerResponse) => void = () => undefined;
let base = '';
let elsewhere = '';

const note = (req: IncomingMessage): Seen => ({
  url: req.url ?? '',
  authorization: req.headers.authorization,
  cookie: headerOf(req, 'cookie'),
  headers: req.headers,
});

beforeAll(async () => {
  base = await scene.upstream((req, res) => {
    seen.push(note(req));
    answer(req, res);
  });
  elsewhere = await scene.upstream((req, res) => {
    elsewhereSeen.push(note(req));
    res.end('from elsewhere');
  });
  await scene.open();
  const remote = (name: string, credentials?: UpstreamCredentials) =>
    scene.addChannel(
      channelOf(name, {
        type: 'url',
        url: `${base}/channels/main/`,
        // Both are on this computer: no channel reaches that unless it says so.
        privateHosts: [new URL(base).host, new URL(elsewhere).host],
        ...(credentials === undefined ? {} : { credentials }),
      }),
    );
  remote('remote');
  remote('basic', { type: 'basic', username: 'up', password: 'stream-pw' });
  remote('bearer', { type: 'bearer', token: 'upstream-bearer' });
  remote('conda-token', { type: 'conda-token', token: 'up-token' });
  scene.addChannel(
    channelOf('down', { type: 'url', url: 'http://127.0.0.1:1/', privateHosts: ['127.0.0.1:1'] }),
  );
});
beforeEach(() => {
  seen = [];
  elsewhereSeen = [];
});
afterAll(() => scene.close());

const file = 'noarch/tool-1.0-0.conda';

describe('a package from an upstream', () => {
  it('passes with its validators and nothing else of the upstream', async () => {
    answer = (_req, res) => {
      res.writeHead(200, {
        ETag: '"up"',
        'Content-Length': '4',
        'Set-Cookie': 'session=secret',
        Server: 'nginx',
        'X-Internal': '1',
        'Cache-Control': 'public',
        Link: '<x>',
        'WWW-Authenticate': 'Basic',
      });
      res.end('pack');
    };
    const got = await scene.get(
      `/conda/remote/${file}`,
      'Cookie: a=b',
      'X-Mine: 1',
      'User-Agent: pixi/0.50 (linux)',
    );
    expect([got.status, got.body, got.headers['etag'], got.headers['content-length']]).toEqual([
      200,
      'pack',
      '"up"',
      '4',
    ]);
    expect(Object.keys(got.headers).toSorted()).toEqual([
      'cache-control',
      'connection',
      'content-length',
      'content-type',
      'date',
      'etag',
      'vary',
      'x-content-type-options',
    ]);
    expect(got.headers['cache-control']).toBe('private');
    expect(seen).toMatchObject([
      { url: `/channels/main/${file}`, authorization: undefined, cookie: undefined },
    ]);
    expect(seen[0]?.headers['user-agent']).toMatch(/^latchkey\/\d+\.\d+\.\d+ \(pixi\/0\.50\)$/);
    expect(seen[0]?.headers['x-mine']).toBeUndefined();
  });

  it('passes ranges and conditions on', async () => {
    answer = (req, res) => {
      if (req.headers['if-none-match'] !== undefined) res.writeHead(304, { ETag: '"up"' }).end();
      else if (req.headers.range === 'bytes=9-') res.writeHead(416, { 'Content-Range': 'bytes */4' }).end();
      else res.writeHead(206, { 'Content-Range': 'bytes 0-1/4', 'Content-Length': '2' }).end('pa');
    };
    expect(await scene.get(`/conda/remote/${file}`, 'Range: bytes=0-1')).toMatchObject({
      status: 206,
      body: 'pa',
    });
    expect(await scene.get(`/conda/remote/${file}`, 'Range: bytes=9-')).toMatchObject({ status: 416 });
    expect(await scene.get(`/conda/remote/${file}`, 'If-None-Match: "up"')).toMatchObject({
      status: 304,
      body: '',
    });
    expect(seen[0]?.headers.range).toBe('bytes=0-1');
  });

  it.each([
    ['basic', `/channels/main/${file}`, `Basic ${Buffer.from('up:stream-pw').toString('base64')}`],
    ['bearer', `/channels/main/${file}`, 'Bearer upstream-bearer'],
    ['conda-token', `/t/up-token/channels/main/${file}`, undefined],
  ])('is asked for with credentials of type %s', async (channel, url, authorization) => {
    answer = (_req, res) => res.end('ok');
    expect((await scene.get(`/conda/${channel}/${file}`)).status).toBe(200);
    expect(seen).toMatchObject([{ url, authorization }]);
  });

  it.each(['basic', 'bearer', 'conda-token'])(
    'is fetched from elsewhere without the %s credentials',
    async (channel) => {
      answer = (_req, res) => res.writeHead(302, { Location: `${elsewhere}/blob` }).end('moved');
      const got = await scene.get(`/conda/${channel}/${file}`);
      expect([got.status, got.body, got.headers['location']]).toEqual([200, 'from elsewhere', undefined]);
      expect(elsewhereSeen).toMatchObject([{ url: '/blob', authorization: undefined }]);
      expect(JSON.stringify(elsewhereSeen)).not.toMatch(/up-token|upstream-bearer|stream-pw/);
    },
  );

  it('keeps the credentials on a redirect within the same origin', async () => {
    answer = (req, res) =>
      req.url?.endsWith('moved') === true ? res.end('ok') : res.writeHead(301, { Location: '/moved' }).end();
    expect((await scene.get(`/conda/bearer/${file}`)).body).toBe('ok');
    expect(seen.map((request) => request.authorization)).toEqual([
      'Bearer upstream-bearer',
      'Bearer upstream-bearer',
    ]);
  });

  it('gives up on a loop of redirects, and on one to something else than HTTP', async () => {
    answer = (_req, res) => res.writeHead(302, { Location: '/again' }).end();
    expect(await scene.get(`/conda/remote/${file}`)).toMatchObject({
      status: 502,
      reason: 'Upstream redirects too often',
    });
    expect(seen).toHaveLength(6);
    answer = (_req, res) => res.writeHead(302, { Location: 'file:///etc/passwd' }).end();
    expect(await scene.get(`/conda/remote/${file}`)).toMatchObject({
      status: 502,
      reason: 'Upstream URL is not HTTP',
    });
  });

  it.each([
    [401, 502, 'Upstream refused the gateway (HTTP 401)'],
    [403, 502, 'Upstream refused the gateway (HTTP 403)'],
    [404, 404, 'Not found'],
    [429, 503, 'Upstream is busy (HTTP 429)'],
    [500, 502, 'Upstream failed (HTTP 500)'],
  ])('that the upstream answers with %i becomes %i', async (status, mapped, reason) => {
    answer = (_req, res) =>
      res.writeHead(status, { 'WWW-Authenticate': 'Basic realm="theirs"' }).end('internal details');
    const got = await scene.get(`/conda/basic/${file}`);
    expect([got.status, got.reason, got.headers['www-authenticate']]).toEqual([mapped, reason, undefined]);
    expect(got.body).not.toContain('internal details');
  });

  it('says that the upstream is down', async () => {
    expect(await scene.get(`/conda/down/${file}`)).toMatchObject({
      status: 502,
      reason: 'Upstream unreachable (ECONNREFUSED)',
    });
  });

  it('that breaks off breaks off at the client too', async () => {
    answer = (_req, res) => {
      res.writeHead(200, { 'Content-Length': '1000' });
      res.write('half', () => res.destroy());
    };
    await expect(
      fetch(`http://127.0.0.1:${scene.port}/conda/remote/${file}`, {
        headers: { authorization: scene.basic() },
      }).then((got) => got.text()),
    ).rejects.toThrow();
  });

  it('is given up at the upstream when the client goes away', async () => {
    const closed = new Promise<void>((resolve) => {
      answer = (_req, res) => {
        res.writeHead(200, { 'Content-Length': '1000000' });
        res.write('start');
        res.on('close', resolve);
      };
    });
    const request = get(
      `http://127.0.0.1:${scene.port}/conda/remote/${file}`,
      { headers: { authorization: scene.basic() } },
      (got) => {
        got.once('data', () => request.destroy());
      },
    );
    request.on('error', () => undefined);
    await expect(closed).resolves.toBeUndefined();
  });
});

describe('an index from an upstream', () => {
  const repodata = JSON.stringify({
    info: { subdir: 'noarch', base_url: '../../elsewhere' },
    packages: {},
    removed: Array.from({ length: 10_000 }, (_, at) => `x-${at}-0.conda`),
  });
  const filtered = repodata.replace('base_url', 'dropped_base_url');
  let documents = 0;
  /** Each test has a document of its own: what was fetched is known for a while. */
  let index = '';
  const fetched = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${scene.port}${path}`, {
      headers: { authorization: scene.basic(), 'accept-encoding': 'identity', ...headers },
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  beforeEach(() => {
    documents += 1;
    index = `/conda/remote/linux-${documents}/repodata.json`;
  });

  it.each([
    ['identity', (text: string) => Buffer.from(text)],
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ])('has its links taken out when it comes as %s', async (coding, pack) => {
    answer = (req, res) => {
      if (req.url?.endsWith('.zst') === true) return void res.writeHead(404).end();
      res.writeHead(200, coding === 'identity' ? {} : { 'Content-Encoding': coding }).end(pack(repodata));
    };
    const got = await scene.get(index, 'Range: bytes=0-1');
    expect([got.status, got.body]).toEqual([200, filtered]);
    expect(seen.map(({ url, headers }) => [url, headers.range, headers['accept-encoding']])).toEqual([
      [`/channels/main/linux-${documents}/repodata.json.zst`, undefined, 'identity'],
      [`/channels/main/linux-${documents}/repodata.json`, undefined, 'zstd, gzip'],
    ]);
    const head = await scene.head(index);
    expect({ ...head.headers, date: '' }).toEqual({ ...got.headers, date: '' });
    expect(seen).toHaveLength(2);
  });

  it('comes from its .zst where there is one, filtered, and goes out in the coding that is wanted', async () => {
    answer = (req, res) =>
      req.url?.endsWith('.zst') === true
        ? res.writeHead(200, { ETag: '"z"' }).end(zstdCompressSync(repodata))
        : res.writeHead(500).end();
    const [plain, gzip, zstd, named] = await Promise.all([
      fetched(index),
      fetched(index, { 'accept-encoding': 'gzip, deflate' }),
      fetched(index, { 'accept-encoding': 'gzip, zstd' }),
      fetch(`http://127.0.0.1:${scene.port}${index}.zst`, { headers: { authorization: scene.basic() } }),
    ]);
    expect([plain.body, gzip.body, zstd.body]).toEqual([filtered, filtered, filtered]);
    expect([plain, gzip, zstd].map(({ headers }) => headers.get('content-encoding'))).toEqual([
      null,
      'gzip',
      'zstd',
    ]);
    const packed = Buffer.from(await named.arrayBuffer());
    expect(zstdDecompressSync(packed).toString()).toBe(filtered);
    expect([named.headers.get('content-type'), named.headers.get('content-encoding')]).toEqual([
      'application/zstd',
      null,
    ]);
    const tags = [plain.headers, gzip.headers, zstd.headers, named.headers].map((headers) =>
      headers.get('etag'),
    );
    expect(new Set(tags).size).toBe(4);
    // However many asked, in whatever form: once.
    expect(seen).toHaveLength(1);
  });

  it('is confirmed by its validator, and the last good one is served while the upstream is away', async () => {
    answer = (req, res) => {
      if (req.url?.endsWith('.zst') === true) res.writeHead(404).end();
      else if (req.headers['if-none-match'] === '"v1"') res.writeHead(304).end();
      else res.writeHead(200, { ETag: '"v1"' }).end(repodata);
    };
    const first = await fetched(index);
    expect((await fetched(index, { 'if-none-match': first.headers.get('etag') ?? '' })).status).toBe(304);
    scene.nowMs += 31_000;
    // The answer that was at hand counts for a quarter of a second by the clock of the computer.
    await new Promise((resolve) => setTimeout(resolve, 260));
    expect((await fetched(index)).headers.get('warning')).toBeNull();
    expect(seen.at(-1)?.headers['if-none-match']).toBe('"v1"');
    answer = (_req, res) => res.writeHead(503).end();
    scene.nowMs += 31_000;
    await new Promise((resolve) => setTimeout(resolve, 260));
    const stale = await fetched(index);
    expect([stale.status, stale.body, stale.headers.get('warning')]).toEqual([
      200,
      filtered,
      '110 latchkey "Response is Stale"',
    ]);
    expect(scene.gateway.health().find(({ channelId }) => channelId === 'id-remote')).toMatchObject({
      staleSinceMs: scene.nowMs,
      problem: { reason: 'Upstream is busy (HTTP 503)', path: index.slice('/conda/remote/'.length) },
    });
    const asked = seen.length;
    await fetched(index);
    expect(seen).toHaveLength(asked);
  });

  it.each([
    ['a sign-in page', { 'Content-Type': 'text/html' }, '<html><form><input name=user></form></html>'],
    ['a page as JSON', { 'Content-Type': 'application/json' }, '<html></html>'],
    ['a message', { 'Content-Type': 'application/json' }, '{"error":"sign in"}'],
    ['a list', {}, '[{"packages":{}}]'],
    ['half of it', {}, repodata.slice(0, 5000)],
    ['more than it', {}, `${repodata}{}`],
    ['nothing', {}, ''],
    ['a bad gzip', { 'Content-Encoding': 'gzip' }, 'no gzip at all'],
    ['half a gzip', { 'Content-Encoding': 'gzip' }, gzipSync(repodata).subarray(0, 60)],
    ['an unknown coding', { 'Content-Encoding': 'snappy' }, repodata],
  ])('that is %s is none', async (_what, headers, body) => {
    answer = (_req, res) => res.writeHead(200, headers).end(body);
    expect(await scene.get(index)).toMatchObject({
      status: 502,
      reason: 'The upstream sent no package index',
    });
    expect((await scene.get(`${index}.zst`)).status).toBe(502);
  });

  it('that breaks off is a 502', async () => {
    answer = (_req, res) => {
      res.writeHead(200, { 'Content-Length': '100000' });
      res.write(repodata.slice(0, 1000), () => res.destroy());
    };
    expect(await scene.get(index)).toMatchObject({
      status: 502,
      reason: 'Upstream broke off while sending its index',
    });
  });

  it.each([
    'repodata.json.bz2',
    'repodata.json.gz',
    'repodata.jlap',
    'repodata_shards.msgpack',
    'patch_instructions.json',
  ])('is not offered as %s, which cannot be checked on the way', async (name) => {
    answer = (_req, res) => res.end('unchecked');
    const [got, head] = [
      await scene.get(`/conda/remote/noarch/${name}`),
      await scene.head(`/conda/remote/noarch/${name}`),
    ];
    expect([got.status, head.status, seen.length]).toEqual([404, 404, 0]);
  });
});
