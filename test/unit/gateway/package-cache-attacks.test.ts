/** Upstreams and clients that mean no good, against files that are kept. */
import { readdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Policy } from '../../../shared/model/policy.ts';
import { cacheOf, fileOf, sha256Of } from '../../support/cache-scene.ts';
import { denyList, policyOf } from './policies/policies.ts';
import type { RawAnswer } from './gateway-scene.ts';
import { GatewayScene, channelOf, tokenOf } from './gateway-scene.ts';

const bytes = fileOf('tool', 300_000);
const later = fileOf('later', 290_000);
const file = '/conda/remote/noarch/tool-1.0-0.conda';
const text = (answered: RawAnswer) => Buffer.from(answered.body, 'latin1');

type Give = (req: IncomingMessage, res: ServerResponse) => void;

let shared: GatewayScene;
let scene: GatewayScene;
/** What the upstream does with a request for the file. */
let give: Give;
/** What its index says of it. */
let record: Record<string, unknown>;
let asked: number;
let indexAsked: number;

const recordOf = (content: Buffer) => ({
  name: 'tool',
  version: '1.0',
  build: '0',
  build_number: 0,
  depends: [],
  sha256: sha256Of(content),
  size: content.length,
});
const whole =
  (content: Buffer, headers: Record<string, string> = {}): Give =>
  (_req, res) =>
    void res.writeHead(200, { 'content-length': content.length, ...headers }).end(content);

function answer(req: IncomingMessage, res: ServerResponse): void {
  if (req.url?.endsWith('.conda') === true) {
    asked += 1;
    return give(req, res);
  }
  if (req.url !== '/noarch/repodata.json') return void res.writeHead(404).end();
  indexAsked += 1;
  const packages = { 'tool-1.0-0.conda': record };
  res.end(JSON.stringify({ info: { subdir: 'noarch' }, packages: {}, 'packages.conda': packages }));
}

/** A gateway with two channels of that upstream, under policies: rows say how long a file is. */
async function openScene(more: { readonly waitMs?: number } = {}): Promise<GatewayScene> {
  const opened = new GatewayScene();
  const base = await opened.upstream(answer);
  const upstream = { type: 'url', url: `${base}/`, privateHosts: [new URL(base).host] } as const;
  await opened.open({
    packageCache: { dir: join(opened.dir, 'package-cache'), maxBytes: 1024 ** 3, aloneMs: 0, ...more },
  });
  for (const name of ['remote', 'second']) opened.addChannel(channelOf(name, upstream));
  opened.policies = noRules;
  opened.update();
  return opened;
}
const noRules = [policyOf([denyList('conda', 'other')])];

// One for all: it starts threads.
beforeAll(async () => {
  shared = await openScene();
});
beforeEach(async () => {
  [asked, indexAsked] = [0, 0];
  record = recordOf(bytes);
  give = whole(bytes);
  scene = shared;
  scene.tokens[0] = [scene.token.text, tokenOf(scene.token.id, scene.channels)];
  // Indexes are asked for again.
  scene.nowMs += 60_000;
  setPolicies(noRules);
  await cacheOf(scene.dir).purge({ type: 'all' });
});
afterAll(() => shared.close());

function setPolicies(policies: readonly Policy[]): void {
  scene.policies = policies;
  scene.update();
}
const kept = () =>
  readdirSync(join(scene.dir, 'package-cache', 'files'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => /[0-9a-f]{64}$/.test(name),
  );
const incoming = () => readdirSync(join(scene.dir, 'package-cache', 'incoming'));
const health = () => scene.gateway.health().find(({ channelId }) => channelId === 'id-remote');

/** What a client got before it was broken off, if it was. */
async function got(target: string, ...headers: string[]): Promise<{ status: number; bytes: number }> {
  const answered = await scene.get(target, ...headers).catch(() => undefined);
  return answered === undefined
    ? { status: 0, bytes: 0 }
    : { status: answered.status, bytes: answered.body.length };
}

describe('an upstream that means no good', () => {
  const coded = gzipSync(bytes);
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  const wrong: Readonly<Record<string, Give>> = {
    'a shorter file': whole(bytes.subarray(1)),
    'a longer file': whole(Buffer.concat([bytes, bytes])),
    'less than it promised': (_req, res) => {
      res.writeHead(200, { 'content-length': bytes.length });
      res.write(bytes.subarray(0, 100_000), () => res.destroy());
    },
    'a body without an end': (_req, res) => {
      const timer = setInterval(() => res.write(Buffer.alloc(200_000)), 1);
      res.on('close', () => clearInterval(timer));
    },
    'a bomb': whole(bomb, { 'content-encoding': 'gzip' }),
    'a coding that nobody knows': whole(bytes, { 'content-encoding': 'rot13' }),
    'one coding upon another': whole(gzipSync(coded), { 'content-encoding': 'gzip, gzip' }),
    'a coding that it only claims': whole(bytes, { 'content-encoding': 'gzip' }),
    'a part that nobody wanted': (_req, res) =>
      void res.writeHead(206, { 'content-range': `bytes 0-9/${bytes.length}` }).end(bytes.subarray(0, 10)),
    'that the range is wrong': (_req, res) => void res.writeHead(416).end(),
    'that nothing changed': (_req, res) => void res.writeHead(304).end(),
    'nothing, and says that it is all': (_req, res) => void res.writeHead(204).end(),
    'itself as another place, for ever': (req, res) =>
      void res.writeHead(302, { location: req.url ?? '' }).end(),
    'a page': whole(Buffer.from('<!doctype html><html>sign in'), { 'content-type': 'text/html' }),
  };

  it.each(Object.entries(wrong))(
    'gives %s: nobody has it for the file, and nothing is kept',
    async (_what, wrongly) => {
      give = wrongly;
      const cuts = health()?.cuts?.count;
      const first = await got(file);
      expect(first.status === 200 ? first.bytes : 0).toBeLessThan(bytes.length);
      expect((await got(file, 'Range: bytes=0-9')).status).not.toBe(206);
      await expect.poll(() => [kept(), incoming()]).toEqual([[], []]);
      await expect.poll(() => health()?.problem !== undefined || health()?.cuts?.count !== cuts).toBe(true);
      // It is mended: nothing is remembered against it.
      give = whole(bytes);
      expect(text(await scene.get(file)).equals(bytes)).toBe(true);
    },
  );

  it('gives it in a coding, which is undone', async () => {
    give = whole(coded, { 'content-encoding': 'gzip' });
    expect(text(await scene.get(file)).equals(bytes)).toBe(true);
    expect(text(await scene.get(file)).equals(bytes)).toBe(true);
    expect(asked).toBe(1);
  });

  it('tells another length or tag each time: what is kept has ours', async () => {
    let times = 0;
    give = (req, res) => {
      times += 1;
      whole(bytes, { etag: `"${times}"`, 'last-modified': new Date(times * 1e9).toUTCString() })(req, res);
    };
    const tags = [await scene.get(file), await scene.get(file)].map(({ headers }) => headers['etag']);
    expect(tags).toEqual([`"${sha256Of(bytes)}"`, `"${sha256Of(bytes)}"`]);
    record = recordOf(later);
    give = whole(later.subarray(1));
    scene.nowMs += 60_000;
    expect((await scene.head(file)).status).toBe(502);
  });

  it('is not asked for its index again by each who gets the wrong file', async () => {
    give = whole(Buffer.alloc(bytes.length));
    await got(file);
    await expect.poll(() => health()?.problem).toBeDefined();
    const before = indexAsked;
    for (let turn = 0; turn < 10; turn += 1) await got(file);
    expect(indexAsked).toBe(before);
    scene.nowMs += 5000;
    await got(file);
    await expect.poll(() => indexAsked).toBe(before + 1);
  });

  it('drips: who wants a part gets all of it as it comes, and one of another channel does not wait for it', async () => {
    scene = await openScene({ waitMs: 30 });
    onTestFinished(() => scene.close());
    let goOn = (): void => undefined;
    give = (_req, res) => {
      res.writeHead(200, { 'content-length': bytes.length });
      res.write(bytes.subarray(0, 200_000));
      goOn = () => res.end(bytes.subarray(200_000));
    };
    const socket = connect(scene.port, '127.0.0.1');
    const head = [`GET ${file} HTTP/1.1`, 'Host: a', `Authorization: ${scene.basic()}`, 'Range: bytes=0-9'];
    socket.write(`${head.join('\r\n')}\r\nConnection: close\r\n\r\n`);
    let received = '';
    socket.setEncoding('latin1').on('data', (part) => (received += String(part)));
    // Though the upstream gives no more.
    await expect.poll(() => received.length).toBeGreaterThan(100_000);
    expect(received).toMatch(/^HTTP\/1\.1 200 /);
    const before = goOn;
    give = whole(bytes);
    expect(text(await scene.get(file.replace('remote', 'second'))).equals(bytes)).toBe(true);
    before();
    await expect.poll(() => received.length).toBeGreaterThan(bytes.length);
    socket.destroy();
  });
});

describe('a client that means no good', () => {
  const ranges: readonly (readonly [range: string, status: number, from?: number, to?: number])[] = [
    ['bytes=0-0', 206, 0, 1],
    ['bytes=-1', 206, -1],
    ['bytes=-999999999999999', 206, 0],
    ['bytes=299999-', 206, 299_999],
    ['bytes=0-999999999999999', 206, 0],
    ['bytes=300000-', 416],
    ['bytes=-0', 416],
    ['bytes=5-2', 200],
    ['bytes=-', 200],
    ['bytes=0-1,2-3', 200],
    ['bytes=0-100,50-150,-1', 200],
    [`bytes=${Array.from({ length: 500 }, (_, no) => `${no}-${no}`).join(',')}`, 200],
    ['bytes=0-9999999999999999999', 200],
    ['lines=0-1', 200],
    ['bytes=0x0-0x9', 200],
  ];

  it.each(['before it is kept', 'when it is kept'])('asks for odd parts, %s', async (when) => {
    if (when === 'when it is kept') await scene.get(file);
    for (const [range, status, from = 0, to] of ranges) {
      const answered = await scene.get(file, `Range: ${range}`);
      expect([range.slice(0, 40), answered.status]).toEqual([range.slice(0, 40), status]);
      if (status === 206) expect(text(answered).equals(bytes.subarray(from, to))).toBe(true);
      if (status === 200) expect(text(answered).equals(bytes)).toBe(true);
    }
    expect(asked).toBe(1);
    expect((await scene.head(file, 'Range: bytes=0-9')).status).toBe(200);
  });

  it('names another file in If-Range, and gets all of this one', async () => {
    for (const tag of ['"other"', `W/"${sha256Of(bytes)}"`, 'Thu, 26 Nov 2026 00:00:00 GMT', '*'])
      expect((await scene.get(file, 'Range: bytes=0-9', `If-Range: ${tag}`)).status).toBe(200);
    const same = await scene.get(file, 'Range: bytes=0-9', `If-Range: "${sha256Of(bytes)}"`);
    expect([same.status, same.body.length]).toEqual([206, 10]);
    expect(asked).toBe(1);
  });

  it('takes nothing: the file is kept all the same, and others have it', async () => {
    let goOn = (): void => undefined;
    give = (_req, res) => {
      res.writeHead(200, { 'content-length': bytes.length });
      res.write(bytes.subarray(0, 280_000));
      goOn = () => res.end(bytes.subarray(280_000));
    };
    const socket = connect(scene.port, '127.0.0.1');
    socket.pause();
    socket.write(`GET ${file} HTTP/1.1\r\nHost: a\r\nAuthorization: ${scene.basic()}\r\n\r\n`);
    await expect.poll(() => asked).toBe(1);
    goOn();
    await expect.poll(kept).toHaveLength(1);
    expect(text(await scene.get(file)).equals(bytes)).toBe(true);
    expect(asked).toBe(1);
    socket.destroy();
  });

  it('leaves while it comes: nobody fetches on what nobody reads', async () => {
    let isLeft = false;
    give = (req, res) => {
      res.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, 100_000));
      req.socket.once('close', () => (isLeft = true));
    };
    const socket = connect(scene.port, '127.0.0.1');
    socket.write(`GET ${file} HTTP/1.1\r\nHost: a\r\nAuthorization: ${scene.basic()}\r\n\r\n`);
    await expect.poll(() => asked).toBe(1);
    await expect.poll(() => socket.bytesRead).toBeGreaterThan(0);
    socket.destroy();
    await expect.poll(() => isLeft).toBe(true);
    await expect.poll(incoming).toEqual([]);
  });
});

describe('while a client waits for a part', () => {
  /** A request that waits until the upstream goes on. */
  async function waiting(
    content: Buffer,
  ): Promise<{ readonly part: Promise<RawAnswer>; readonly goOn: () => void }> {
    let goOn = (): void => undefined;
    give = (_req, res) => {
      res.writeHead(200, { 'content-length': content.length });
      goOn = () => res.end(content);
    };
    const part = scene.get(file, 'Range: bytes=0-9');
    await expect.poll(() => asked).toBe(1);
    return { part, goOn: () => goOn() };
  }

  it('its package is denied: it gets nothing', async () => {
    const { part, goOn } = await waiting(bytes);
    setPolicies([policyOf([denyList('conda', 'tool')])]);
    goOn();
    expect((await part).status).toBe(403);
  });

  it('its token is revoked: it gets nothing', async () => {
    const { part, goOn } = await waiting(bytes);
    const [text_, token] = scene.tokens[0] ?? [];
    if (text_ === undefined || token === undefined) throw new Error('No token.');
    scene.tokens[0] = [text_, { ...token, revoked: { atMs: scene.nowMs } } as typeof token];
    scene.update();
    goOn();
    expect(
      await part.then(
        ({ body }) => body,
        () => '',
      ),
    ).toBe('');
  });

  it('another file takes its name, and policies change: it gets what was judged last', async () => {
    const { part, goOn } = await waiting(bytes);
    const before = goOn;
    record = recordOf(later);
    give = whole(later);
    scene.nowMs += 60_000;
    setPolicies([policyOf([denyList('conda', 'another')])]);
    before();
    expect(text(await part).equals(later.subarray(0, 10))).toBe(true);
    expect(asked).toBe(2);
  });
});

describe('two indexes that name one file by two hashes', () => {
  it('each get what theirs names, or nothing', async () => {
    expect(text(await scene.get(file)).equals(bytes)).toBe(true);
    record = recordOf(later);
    const second = file.replace('remote', 'second');
    expect((await got(second)).status).not.toBe(200);
    give = whole(later);
    expect(text(await scene.get(second)).equals(later)).toBe(true);
    expect(text(await scene.get(file)).equals(bytes)).toBe(true);
  });
});
