import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChannelId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { HealthBook } from '../../../src-main/gateway/documents/health-book.ts';
import type { ChannelResponse } from '../../../src-main/gateway/types.ts';
import { BusyError, UpstreamError } from '../../../src-main/gateway/types.ts';
import { GatewayScene, channelOf } from './gateway-scene.ts';

const id = 'ch1' as ChannelId;
const away = (reason: string) => new UpstreamError(502, reason);
const bad = (reason: string) => new UpstreamError(502, reason, { isOfPath: true });
const healthText = texts.upstreams.health;
const hourMs = 3_600_000;

describe('the book of health', () => {
  let nowMs = 0;
  const book = () => {
    nowMs = 1000;
    return new HealthBook(() => nowMs);
  };

  it('keeps the problem of a path until that path is answered well', () => {
    const health = book();
    health.bad(id, 'simple/a/', bad('no index'));
    nowMs = 2000;
    health.good(id, 'simple/b/');
    expect(health.of(id)).toEqual({
      channelId: id,
      checkedAtMs: 2000,
      problem: { reason: 'no index', path: 'simple/a/', sinceMs: 1000 },
      problems: 1,
      dropped: {},
    });
    health.good(id, 'simple/a/');
    expect(health.of(id)).toMatchObject({ problems: 0 });
    expect(health.of(id)).not.toHaveProperty('problem');
  });

  it('shows no secret that stood in the path', () => {
    const health = book();
    const secret = 'lk-AbCdEfGh-0123456789abcdefghijABCDEFGHIJ012345';
    health.bad(id, `noarch/${secret}.conda`, bad('refused'));
    expect(JSON.stringify(health.all())).not.toContain(secret.slice(12));
    health.good(id, `noarch/${secret}.conda`);
    expect(health.of(id)).toMatchObject({ problems: 0 });
  });

  it('takes any answer as a sign that the upstream is back', () => {
    const health = book();
    health.bad(id, 'simple/a/', away('unreachable'), true);
    expect(health.of(id)).toMatchObject({ problems: 1, staleSinceMs: 1000 });
    health.good(id, 'simple/b/');
    expect(health.of(id)).toMatchObject({ problems: 0 });
    expect(health.of(id)).not.toHaveProperty('staleSinceMs');
  });

  it('says since when, with the latest first, and forgets what nobody asked for in a day', () => {
    const health = book();
    health.bad(id, 'simple/a/', bad('one'));
    nowMs = 5000;
    health.bad(id, 'simple/b/', bad('two'));
    nowMs = 6000;
    health.bad(id, 'simple/a/', bad('one again'));
    expect(health.of(id)).toMatchObject({
      problem: { reason: 'one again', path: 'simple/a/', sinceMs: 1000 },
      problems: 2,
    });
    nowMs += 24 * hourMs - 500;
    expect(health.of(id)).toMatchObject({ problems: 1 });
    nowMs += hourMs;
    expect(health.of(id)).toMatchObject({ problems: 0 });
  });

  it('is bounded, whatever is asked for and however long the texts are', () => {
    const health = book();
    for (let at = 0; at < 10_000; at += 1) health.bad(id, `simple/${at}/`, bad('x'.repeat(100_000)));
    const known = health.of(id);
    expect(known?.problems).toBe(50);
    expect(JSON.stringify(known).length).toBeLessThan(2000);
    health.dropped('ch2' as ChannelId, 'doc', { host: 1 });
    health.dropped('ch2' as ChannelId, 'doc', {});
    expect(health.of('ch2' as ChannelId)).toBeUndefined();
  });

  it('holds nothing against an upstream that the gateway was too busy to ask', () => {
    const health = book();
    health.bad(id, 'simple/a/', new BusyError());
    expect(health.of(id)).toBeUndefined();
  });

  it('counts downloads that break off, the latest with its path, and forgets them after a day', async () => {
    const health = book();
    const stream = { status: 200, headers: {}, body: { type: 'stream', stream: Readable.from([]) } } as const;
    /** @returns breaks it off */
    const download = async (path: string) => {
      const { body } = await health.watchDownload<ChannelResponse>(id, path, () => Promise.resolve(stream));
      return () => (body.type === 'stream' ? body.onCut?.() : undefined);
    };
    const cutFirst = await download('noarch/a-1-0.conda');
    expect(health.of(id)).not.toHaveProperty('cuts');
    cutFirst();
    nowMs = 2000;
    (await download('noarch/lk-AbCdEfGh-0123456789abcdefghijABCDEFGHIJ012345.conda'))();
    expect(health.of(id)).toMatchObject({ problems: 0, cuts: { count: 2, lastMs: 2000 } });
    expect(JSON.stringify(health.of(id))).not.toContain('0123456789abcdef');
    cutFirst();
    const known = health.of(id);
    expect(known === undefined ? '' : healthText(known)).toBe(
      '3 downloads were broken off by the upstream, the latest of noarch/a-1-0.conda.',
    );
    nowMs += 24 * hourMs + 1;
    expect(health.of(id)).not.toHaveProperty('cuts');
  });

  it('reads as sentences', () => {
    const health = book();
    health.bad(id, 'simple/a/', new UpstreamError(502, 'It is refused', { isAway: false, hint: 'List it.' }));
    health.bad(id, 'simple/b/', away('It is away'), true);
    health.dropped(id, 'doc', { insecure: 2, project: 9 });
    const known = health.of(id);
    expect(known === undefined ? '' : healthText(known)).toBe(
      'It is away (simple/b/, and 1 more). The last good index is served. 11 links are not served: 9 of another project, 2 http on an https page.',
    );
    health.good(id, 'simple/b/');
    const after = health.of(id);
    expect(after === undefined ? '' : healthText(after)).toBe(
      'It is refused (simple/a/). List it. 11 links are not served: 9 of another project, 2 http on an https page.',
    );
  });
});

describe('the health of a channel', () => {
  const scene = new GatewayScene();
  let answer: (req: IncomingMessage, res: ServerResponse) => void = () => undefined;
  const privateHosts = ['127.0.0.0/8'];
  let base = '';
  const healthOf = (name: string) =>
    scene.gateway.health().find(({ channelId }) => channelId === `id-${name}`);
  beforeAll(async () => {
    base = await scene.upstream((req, res) => answer(req, res));
    await scene.open();
    scene.addChannel(channelOf('remote', { type: 'url', url: `${base}/main`, privateHosts }));
    scene.addChannel(
      channelOf('index', { type: 'url', url: `${base}/simple/`, privateHosts }, { kind: 'pypi' }),
    );
  });
  afterAll(() => scene.close());

  it('names what is no index, for conda and PyPI alike', async () => {
    answer = (_req, res) => res.writeHead(200, { 'Content-Type': 'text/html' }).end('<form>Sign in</form>');
    const reason = 'The upstream sent no package index';
    expect(await scene.get('/conda/remote/noarch/repodata.json')).toMatchObject({ status: 502, reason });
    expect(await scene.get('/pypi/index/simple/acme/')).toMatchObject({ status: 502, reason });
    expect(healthOf('remote')).toMatchObject({ problem: { reason, path: 'noarch/repodata.json' } });
    expect(healthOf('index')).toMatchObject({ problem: { reason, path: 'simple/acme/' } });
  });

  it.each(['repodata.json', 'current_repodata.json', 'repodata_from_packages.json', 'run_exports.json'])(
    'counts the file names of %s that would lead out of the channel, which no client gets',
    async (document) => {
      const names = ['../../x-1-0.conda', 'http://evil.test/y-1-0.conda', 'z-1-0.conda'];
      const records = Object.fromEntries(names.map((name) => [name, { name: 'x', fn: name }]));
      const index = {
        info: { subdir: 'noarch' },
        packages: records,
        'packages.conda': records,
        v3: { conda: records },
        removed: names,
      };
      answer = (_req, res) => res.end(JSON.stringify(index));
      scene.addChannel(channelOf(document, { type: 'url', url: `${base}/names`, privateHosts }));
      // With the gateway's clock, where it is an index.
      const indexed_timestamp = document === 'run_exports.json' ? undefined : scene.nowMs;
      const kept = { 'z-1-0.conda': { name: 'x', fn: 'z-1-0.conda', indexed_timestamp } };
      expect(JSON.parse((await scene.get(`/conda/${document}/noarch/${document}`)).body)).toEqual({
        info: { subdir: 'noarch' },
        packages: kept,
        'packages.conda': kept,
        // Run exports have none of these.
        ...(document === 'run_exports.json' ? {} : { v3: { conda: kept }, removed: ['z-1-0.conda'] }),
      });
      const dropped =
        document === 'run_exports.json' ? { 'file-name': 4, 'unknown-member': 2 } : { 'file-name': 8 };
      expect(healthOf(document)).toMatchObject({ dropped });
    },
  );

  it('counts the same of what a channel says of itself', async () => {
    const index = {
      channeldata_version: 1,
      packages: { '../x': {}, y: {} },
      subdirs: ['noarch', '//evil.test/z'],
    };
    answer = (_req, res) => res.end(JSON.stringify(index));
    scene.addChannel(channelOf('data', { type: 'url', url: `${base}/data`, privateHosts }));
    expect(JSON.parse((await scene.get('/conda/data/channeldata.json')).body)).toEqual({
      channeldata_version: 1,
      packages: { y: {} },
      subdirs: ['noarch'],
    });
    expect(healthOf('data')).toMatchObject({ dropped: { 'file-name': 2 } });
  });

  it('says what to do about a file that is kept where the channel may not go, to operators alone', async () => {
    answer = (_req, res) => res.writeHead(302, { Location: 'http://10.1.2.3:81/blob' }).end();
    const got = await scene.get('/conda/remote/noarch/tool-1.0-0.conda');
    const reason =
      "Upstream 10.1.2.3:81 is in the local network, and not one of this channel's private hosts";
    expect([got.status, got.reason]).toEqual([502, reason]);
    expect(got.body).not.toContain('add 10.1.2.3:81');
    expect(healthOf('remote')).toMatchObject({
      problem: {
        reason,
        path: 'noarch/tool-1.0-0.conda',
        hint: expect.stringContaining('add 10.1.2.3:81 to its private hosts') as string,
      },
    });
  });

  it.each([
    ['/conda/remote/noarch/cut-1.0-0.conda', 'remote', 'noarch/cut-1.0-0.conda'],
    ['/pypi/index/files/acme/acme-1.zip', 'index', 'files/acme/acme-1.zip'],
  ])(
    'counts a download that breaks off (%s), and none that the client leaves',
    async (target, name, path) => {
      const left: string[] = [];
      answer = (req, res) => {
        if (req.url === '/simple/acme/')
          return res
            .writeHead(200, { 'Content-Type': 'text/html' })
            .end('<a href="/f/acme-1.zip">acme-1.zip</a>');
        res.writeHead(200, { 'Content-Length': '1000000' }).write('x'.repeat(1000));
        res.once('close', () => left.push(req.url ?? ''));
        // Both ends look the same to the upstream; only one is its own doing.
        if (left.length > 0) setImmediate(() => res.destroy());
        return undefined;
      };
      const client = connect(scene.port, '127.0.0.1', () =>
        client.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: ${scene.basic()}\r\n\r\n`),
      );
      client.once('data', () => client.destroy());
      await vi.waitFor(() => expect(left).toHaveLength(1));
      expect(healthOf(name)).not.toHaveProperty('cuts');
      await expect(scene.get(target)).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(healthOf(name)).toMatchObject({ cuts: { count: 1, path, lastMs: scene.nowMs } });
    },
  );

  it('is forgotten with the upstream that it is about, and with the channel', async () => {
    expect(healthOf('remote')).toBeDefined();
    const at = scene.channels.findIndex(({ name }) => name === 'remote');
    scene.channels[at] = channelOf('remote', {
      type: 'url',
      url: `${base}/main`,
      privateHosts: ['10.0.0.0/8'],
    });
    scene.update();
    await Promise.resolve();
    expect(healthOf('remote')).toBeUndefined();
    expect(healthOf('index')).toBeDefined();
    scene.channels.splice(0, scene.channels.length);
    scene.update();
    await Promise.resolve();
    expect(scene.gateway.health()).toEqual([]);
  });
});
