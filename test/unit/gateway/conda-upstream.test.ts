import { gzipSync } from 'node:zlib';
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
        ...(credentials === undefined ? {} : { credentials }),
      }),
    );
  remote('remote');
  remote('basic', { type: 'basic', username: 'up', password: 'stream-pw' });
  remote('bearer', { type: 'bearer', token: 'upstream-bearer' });
  remote('conda-token', { type: 'conda-token', token: 'up-token' });
  scene.addChannel(channelOf('down', { type: 'url', url: 'http://127.0.0.1:1/' }));
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
    note: 'x'.repeat(100_000),
  });
  const index = '/conda/remote/noarch/repodata.json';

  it.each(['identity', 'gzip'])('has its links taken out when it comes as %s', async (coding) => {
    answer = (req, res) => {
      expect(req.headers['accept-encoding']).toBe('gzip');
      res.writeHead(200, coding === 'gzip' ? { 'Content-Encoding': 'gzip', ETag: '"i"' } : { ETag: '"i"' });
      res.end(coding === 'gzip' ? gzipSync(repodata) : repodata);
    };
    const got = await scene.get(index, 'Accept-Encoding: gzip, br', 'Range: bytes=0-1');
    expect([got.status, got.headers['etag'], got.headers['content-encoding']]).toEqual([
      200,
      '"i"',
      undefined,
    ]);
    expect(got.body).toBe(repodata.replace('base_url', 'dropped_base_url'));
    expect(seen[0]?.headers.range).toBeUndefined();
    const head = await scene.head(index);
    expect([head.status, head.headers['etag'], head.headers['content-type']]).toEqual([
      200,
      '"i"',
      'application/json',
    ]);
  });

  it('is refused in a coding that nobody asked for', async () => {
    answer = (_req, res) => res.writeHead(200, { 'Content-Encoding': 'br' }).end('xx');
    expect(await scene.get(index)).toMatchObject({
      status: 502,
      reason: 'Upstream sent an index in an unknown coding',
    });
  });

  it.each([
    'repodata.json.zst',
    'repodata.json.bz2',
    'repodata.json.gz',
    'repodata.jlap',
    'repodata_shards.msgpack.zst',
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
