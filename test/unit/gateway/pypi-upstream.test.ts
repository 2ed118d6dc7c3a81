import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src-main/gateway/types.ts';
import {
  bodyText,
  fakeUpstream,
  htmlAnswer,
  indexUrl,
  json,
  jsonAnswer,
  jsonPage,
  scene,
  urlScene,
} from './pypi-scene.ts';

const digest = 'ab'.repeat(32);
const acme = `${indexUrl}acme/`;
const wheelName = 'acme-1.0-py3-none-any.whl';
const fileUrl = `https://files.example/p/${wheelName}`;
const credentials = { type: 'basic', username: 'u', password: 'p' } as const;

describe('an index as upstream', () => {
  it('turns JSON into pages of its own, with all that a client may use', async () => {
    const fake = fakeUpstream({
      [acme]: jsonPage(
        'Acme',
        [
          {
            filename: wheelName,
            url: fileUrl,
            hashes: { SHA256: digest.toUpperCase(), crc: '1' },
            'requires-python': '>=3.8',
            'core-metadata': { sha256: digest },
            size: 12,
            'upload-time': '2024-01-02T03:04:05.678901Z',
            yanked: 'broken',
            provenance: 'https://files.example/p.provenance',
            'gpg-sig': true,
            _secret: 1,
          },
        ],
        {
          'project-status': { status: 'archived', reason: 'moved' },
          tracks: ['https://evil.example/'],
          versions: ['9'],
        },
      ),
    });
    expect(JSON.parse(await urlScene(fake).text('simple/acme/'))).toEqual({
      meta: { 'api-version': '1.4' },
      name: 'acme',
      'project-status': { status: 'archived', reason: 'moved' },
      versions: ['1.0'],
      files: [
        {
          filename: wheelName,
          url: `../../files/acme/${wheelName}`,
          hashes: { sha256: digest },
          'requires-python': '>=3.8',
          size: 12,
          'upload-time': '2024-01-02T03:04:05.678901Z',
          yanked: 'broken',
          'core-metadata': { sha256: digest },
        },
      ],
    });
    expect(fake.requests[0]?.headers.accept).toMatch(/^application\/vnd\.pypi\.simple\.v1\+json, /);
  });

  it('reads HTML: base, fragment, data attributes, status; not comments, scripts or text', async () => {
    const fake = fakeUpstream({
      [acme]: htmlAnswer(`<!doctype html><head><base href="/pkgs/"><base href="/wrong/">
        <meta name="pypi:project-status" content="deprecated"><title><a href="acme-0.1.zip">x</a></title></head>
        <!-- <a href="acme-0.2.zip">x</a> --><script>"<a href='acme-0.3.zip'>x</a>"</script>
        <A HREF='acme-1.0%2Bcpu-py3-none-any.whl#sha256=${digest}' data-requires-python="&gt;=3.8"
           data-dist-info-metadata="sha256=${digest}" data-yanked data-gpg-sig="true">acme-1.0+cp..&gt;</A>
        <a>acme-0.4.zip</a>`),
      'https://index.example/pkgs/acme-1.0%2Bcpu-py3-none-any.whl': { body: 'the wheel' },
    });
    const { text, get } = urlScene(fake);
    expect(JSON.parse(await text('simple/acme/'))).toMatchObject({
      'project-status': { status: 'deprecated' },
      versions: ['1.0+cpu'],
      files: [
        {
          filename: 'acme-1.0+cpu-py3-none-any.whl',
          url: '../../files/acme/acme-1.0%2Bcpu-py3-none-any.whl',
          hashes: { sha256: digest },
          'requires-python': '>=3.8',
          'core-metadata': { sha256: digest },
          yanked: true,
        },
      ],
    });
    expect(await bodyText(await get('files/acme/acme-1.0%2Bcpu-py3-none-any.whl'))).toBe('the wheel');
  });

  it.each([
    ['https://host.example/whl/cpu', 'https://host.example/whl/cpu/acme/'],
    ['https://host.example/whl/cpu/', 'https://host.example/whl/cpu/acme/'],
    ['http://host.example', 'http://host.example/acme/'],
  ])('takes %s as the base, whatever its path', async (base, page) => {
    const fake = fakeUpstream({ [page]: htmlAnswer('<a href="/acme-1.zip">acme</a>') });
    expect((await urlScene(fake, undefined, base).get('simple/acme/')).status).toBe(200);
  });

  it('counts relative links from where the page was found after a redirect', async () => {
    const fake = fakeUpstream({
      [acme]: { ...htmlAnswer('<a href="acme-1.zip">acme</a>'), finalUrl: 'https://mirror.example/x/acme/' },
      'https://mirror.example/x/acme/acme-1.zip': { body: 'there' },
    });
    expect(await bodyText(await urlScene(fake).get('files/acme/acme-1.zip'))).toBe('there');
  });

  it('lists projects, merged by their normalised name', async () => {
    const names = {
      meta: { 'api-version': '1.0' },
      projects: [{ name: 'B_b' }, { name: 'b.B' }, { name: 'a' }, { name: '../x' }, 7],
    };
    const html =
      '<a href="/simple/b-b/">B_b</a><a href="b.b/">b.b</a><a href="/simple/a/?x=/z/">&nbsp;?</a><a href="javascript:x">-</a>';
    for (const answer of [jsonAnswer(names), htmlAnswer(html)]) {
      const { text } = urlScene(fakeUpstream({ [indexUrl]: answer }));
      expect(JSON.parse(await text('simple/'))).toEqual({
        meta: { 'api-version': '1.4' },
        projects: [{ name: 'a' }, { name: 'b-b' }],
      });
      expect(await text('simple/', '*/*')).toContain('<a href="b-b/">b-b</a>');
    }
  });

  it('asks for a page again only after a while, then conditionally, and keeps the same bytes', async () => {
    const fake = fakeUpstream({
      [acme]: ({ headers }) =>
        headers['if-none-match'] === '"v1"'
          ? { status: 304 }
          : { headers: { 'content-type': 'text/html', etag: '"v1"' }, body: '<a href="acme-1.zip">a</a>' },
    });
    const { get, clock } = urlScene(fake);
    const [first] = await Promise.all([get('simple/acme/'), get('simple/acme/'), get('simple/acme/')]);
    clock.nowMs += 29_000;
    await get('simple/acme/');
    expect(fake.requests).toHaveLength(1);
    clock.nowMs += 1000;
    const later = await get('simple/acme/');
    expect(fake.requests).toHaveLength(2);
    expect(
      first?.body.type === 'bytes' && later.body.type === 'bytes' && first.body.bytes === later.body.bytes,
    ).toBe(true);
  });

  it('looks a second time for a file that another gateway may have shown, but not at every request', async () => {
    const fake = fakeUpstream({ [acme]: jsonPage('acme', []), [fileUrl]: { body: 'new' } });
    const { get, clock } = urlScene(fake);
    await get('simple/acme/');
    fake.answers.set(acme, jsonPage('acme', [{ filename: wheelName, url: fileUrl, hashes: {} }]));
    expect((await get(`files/acme/${wheelName}`)).status).toBe(404);
    expect(fake.requests).toHaveLength(1);
    clock.nowMs += 2000;
    expect(await bodyText(await get(`files/acme/${wheelName}`))).toBe('new');
  });

  it('finds a file without having served its page', async () => {
    const fake = fakeUpstream({
      [acme]: jsonPage('acme', [{ filename: wheelName, url: fileUrl, hashes: {} }]),
      [fileUrl]: { body: 'bytes' },
    });
    expect(await bodyText(await urlScene(fake).get(`files/acme/${wheelName}`))).toBe('bytes');
    expect(fake.requests.map(({ url }) => url)).toEqual([acme, fileUrl]);
  });
});

describe('files of an upstream', () => {
  const page = jsonPage('acme', [
    { filename: wheelName, url: `${fileUrl}?signed=1`, hashes: {}, 'core-metadata': true },
    { filename: 'acme-1.0.tar.gz', url: 'p/acme-1.0.tar.gz', hashes: {}, 'core-metadata': {} },
  ]);

  it('are streamed with range, condition and method, and with our content type', async () => {
    const stream = Readable.from([Buffer.from('part')]);
    const fake = fakeUpstream({
      [acme]: page,
      [`${fileUrl}?signed=1`]: {
        status: 206,
        headers: {
          'content-type': 'text/html',
          'content-range': 'bytes 0-3/9',
          'content-length': '4',
          etag: '"f"',
          'set-cookie': 'x',
        },
        body: stream,
      },
    });
    const { get } = urlScene(fake, credentials);
    const headers = {
      range: 'bytes=0-3',
      'if-range': '"f"',
      'if-none-match': '"g"',
      authorization: 'Basic secret',
      cookie: 'secret',
      'user-agent': 'pip/26.3',
      'accept-encoding': 'gzip',
    };
    expect(await get(`files/acme/${wheelName}`, headers)).toMatchObject({
      status: 206,
      headers: {
        'content-type': 'application/octet-stream',
        'content-range': 'bytes 0-3/9',
        'content-length': '4',
        etag: '"f"',
      },
      body: { type: 'stream', ownsChunks: true, stream },
    });
    expect(fake.requests[1]).toMatchObject({
      method: 'GET',
      headers: {
        accept: '*/*',
        'accept-encoding': 'identity',
        range: 'bytes=0-3',
        'if-range': '"f"',
        'if-none-match': '"g"',
      },
      credentials,
      credentialsOrigin: 'https://index.example',
      clientAgent: 'pip/26.3',
    });
    expect(JSON.stringify(fake.requests)).not.toContain('secret');
    await get(`files/acme/${wheelName}`, headers, 'HEAD');
    expect(fake.requests[2]?.method).toBe('HEAD');
  });

  it('come with their metadata where the index says so, and without where not', async () => {
    const fake = fakeUpstream({ [acme]: page, [`${fileUrl}.metadata?signed=1`]: { body: 'Name: acme' } });
    const { get } = urlScene(fake);
    const response = await get(`files/acme/${wheelName}.metadata`);
    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(await bodyText(response)).toBe('Name: acme');
    expect((await get('files/acme/acme-1.0.tar.gz.metadata')).status).toBe(404);
    expect(fake.requests).toHaveLength(2);
  });

  it.each([
    [
      304,
      { etag: '"f"', 'content-length': '9' },
      { status: 304, headers: { etag: '"f"' }, body: { type: 'none' } },
    ],
    [
      416,
      { 'content-range': 'bytes */9', 'content-length': '9' },
      { status: 416, headers: { 'content-range': 'bytes */9' }, body: { type: 'none' } },
    ],
    [404, {}, { status: 404 }],
    [410, {}, { status: 404 }],
  ])('answer an upstream status %i', async (status, headers, expected) => {
    const body = Readable.from(['x']);
    const fake = fakeUpstream({ [acme]: page, [`${fileUrl}?signed=1`]: { status, headers, body } });
    const asked = { range: 'bytes=0-3', 'if-none-match': '"f"' };
    expect(await urlScene(fake).get(`files/acme/${wheelName}`, asked)).toMatchObject(expected);
    expect(body.destroyed).toBe(true);
  });

  it.each([206, 304, 416])('answer 502 for %i that nobody asked for', async (status) => {
    const fake = fakeUpstream({ [acme]: page, [`${fileUrl}?signed=1`]: { status } });
    await expect(urlScene(fake).get(`files/acme/${wheelName}`)).rejects.toMatchObject({ status: 502 });
  });

  it('are unpacked from a content coding that nobody asked for', async () => {
    const headers = { 'content-encoding': 'gzip', 'content-length': '9', etag: '"f"' };
    const fake = fakeUpstream({
      [acme]: page,
      [`${fileUrl}?signed=1`]: { headers, body: gzipSync('the wheel') },
    });
    const response = await urlScene(fake).get(`files/acme/${wheelName}`);
    expect(response.headers).toEqual({ 'content-type': 'application/octet-stream' });
    expect(await bodyText(response)).toBe('the wheel');
  });

  it.each([
    [403, /^Upstream refused the gateway/],
    [500, /^Upstream failed \(HTTP 500\)$/],
    [201, /^Upstream failed \(HTTP 201\)$/],
  ])('answer 502 for an upstream status %i', async (status, reason) => {
    const fake = fakeUpstream({ [acme]: page, [`${fileUrl}?signed=1`]: { status } });
    await expect(urlScene(fake).get(`files/acme/${wheelName}`)).rejects.toMatchObject({
      status: 502,
      reason: expect.stringMatching(reason) as string,
    });
  });
});

describe('an upstream that does not answer as it should', () => {
  it.each([
    [{ status: 401 }, "Upstream refused the gateway's credentials"],
    [{ status: 403 }, "Upstream refused the gateway's credentials"],
    [{ status: 500 }, 'Upstream failed (HTTP 500)'],
    [{ status: 304 }, 'Upstream failed (HTTP 304)'],
    [jsonAnswer('{"meta":'), 'The upstream sent no package index'],
    [jsonAnswer([]), 'The upstream sent no package index'],
    [
      jsonAnswer({ meta: { 'api-version': '2.0' }, name: 'acme', files: [] }),
      'The upstream sent no package index',
    ],
    [
      jsonAnswer({ meta: { 'api-version': '1.0' }, name: 'acme', files: {} }),
      'The upstream sent no package index',
    ],
    [jsonPage('other', []), 'The upstream sent no package index'],
    [
      { headers: { 'content-type': json }, body: Buffer.from([0x7b, 0xff, 0x7d]) },
      'The upstream sent no package index',
    ],
    [htmlAnswer('no html at all'), 'The upstream sent no package index'],
    [htmlAnswer(''), 'The upstream sent no package index'],
    [htmlAnswer('<meta name="pypi:repository-version" content="2.0">'), 'The upstream sent no package index'],
    [
      { headers: { 'content-type': 'application/octet-stream' }, body: '<a href="acme-1.zip">' },
      'The upstream sent no package index',
    ],
    [
      {
        headers: { 'content-type': json },
        body: new Readable({
          read() {
            this.destroy(new Error('reset'));
          },
        }),
      },
      'Upstream broke off while sending its index',
    ],
    [
      {
        headers: { 'content-type': json },
        body: Readable.from(Array(129).fill(Buffer.alloc(1024 * 1024, ' '))),
      },
      'The upstream sent an index that is too large',
    ],
  ])(
    '%#: %j is 502',
    async (answer, reason) => {
      const fake = fakeUpstream({ [acme]: answer });
      const failure = urlScene(fake, credentials).get('simple/acme/');
      await expect(failure).rejects.toBeInstanceOf(UpstreamError);
      await expect(failure).rejects.toMatchObject({ status: 502, reason });
      // One of them is read for more than a hundred megabytes.
    },
    120_000,
  );

  it('is asked again after a failure, and a 404 is remembered', async () => {
    const fake = fakeUpstream({ [acme]: { status: 500 } });
    const { get } = urlScene(fake);
    await expect(get('simple/acme/')).rejects.toBeInstanceOf(UpstreamError);
    fake.answers.delete(acme);
    expect((await get('simple/acme/')).status).toBe(404);
    expect((await get('simple/acme/')).status).toBe(404);
    expect(fake.requests).toHaveLength(2);
  });

  it('does not say that credentials were refused where there are none', async () => {
    await expect(
      urlScene(fakeUpstream({ [acme]: { status: 401 } })).get('simple/acme/'),
    ).rejects.toMatchObject({
      reason: 'Upstream refused the gateway, which has no credentials for it (401)',
    });
  });

  it('stops waiting for an index when it is closed', async () => {
    const { handler, get } = scene(
      { type: 'url', url: indexUrl },
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    const waiting = get('simple/acme/');
    await handler.close();
    await expect(waiting).rejects.toMatchObject({ status: 502, reason: 'The channel is being closed' });
  });
});

it('a page that waits for its turn says that the channel closes, not that the gateway failed', async () => {
  const index = urlScene(fakeUpstream());
  const { fetches } = index.documents;
  const all: Promise<() => void>[] = [];
  for (let taken = 0; taken < 128; taken += 1)
    all.push(fetches.take(taken % 2 === 0 ? 'other' : 'ch1').catch(() => () => undefined));
  const asked = index.get('simple/acme/', { accept: json });
  await index.handler.close();
  await expect(asked).rejects.toBeInstanceOf(UpstreamError);
});
