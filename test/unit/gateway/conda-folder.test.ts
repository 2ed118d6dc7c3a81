import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayScene, dayMs, nowMs, tokenOf } from './gateway-scene.ts';

const scene = new GatewayScene();
const inSubdir = (name: string) => join(scene.folder, 'noarch', name);
const root = '/conda/internal/noarch';
const hostile = {
  info: { subdir: 'noarch', base_url: 'https://evil.test/', channel_relations: { overlays: ['../other'] } },
  'packages.conda': { 'tool-1.0-0.conda': { name: 'tool', url: 'https://evil.test/tool.conda' } },
};

beforeAll(async () => {
  writeFileSync(inSubdir('current_repodata.json'), JSON.stringify(hostile));
  // Larger than what is held in memory: with and without a link.
  const about = 'x'.repeat(1024);
  const packages = Object.fromEntries(
    Array.from({ length: 5000 }, (_, at) => [`x-${at}-0.conda`, { about, indexed_timestamp: nowMs }]),
  );
  writeFileSync(inSubdir('repodata_from_packages.json'), JSON.stringify({ packages, info: {} }));
  writeFileSync(
    inSubdir('run_exports.json'),
    JSON.stringify({ packages, info: { base_url: 'https://evil.test/' } }),
  );
  writeFileSync(join(scene.folder, 'channeldata.json'), '\u0000{}');
  await scene.open();
});
afterAll(() => scene.close());

describe('a package from a folder', () => {
  const path = `${root}/tool-1.0-0.conda`;

  it('comes whole, with validators', async () => {
    const answer = await scene.get(path);
    expect(answer).toMatchObject({ status: 200, body: '0123456789' });
    expect(answer.headers).toMatchObject({ 'content-length': '10', 'accept-ranges': 'bytes' });
    expect(answer.headers['etag']).toMatch(/^"[^"]+"$/);
    expect(Date.parse(answer.headers['last-modified'] ?? '')).toBeGreaterThan(0);
  });

  it.each([
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=4-', 206, '456789', 'bytes 4-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=10-', 416, undefined, 'bytes */10'],
    ['bytes=-0', 416, undefined, 'bytes */10'],
    ['bytes=0-1,4-5', 200, '0123456789', undefined],
    ['bytes=5-2', 200, '0123456789', undefined],
    ['bytes=-', 200, '0123456789', undefined],
    ['lines=1-2', 200, '0123456789', undefined],
  ])('answers Range: %s', async (range, status, body, contentRange) => {
    const answer = await scene.get(path, `Range: ${range}`);
    expect([answer.status, answer.headers['content-range']]).toEqual([status, contentRange]);
    if (body !== undefined)
      expect([answer.body, answer.headers['content-length']]).toEqual([body, String(body.length)]);
  });

  it('answers If-Range by the same file only', async () => {
    const { headers } = await scene.head(path);
    const part = (ifRange: string) => scene.get(path, 'Range: bytes=0-3', `If-Range: ${ifRange}`);
    expect((await part(headers['etag'] ?? '')).status).toBe(206);
    // A date has whole seconds, and a file in this one's place may have the same.
    expect((await part(headers['last-modified'] ?? '')).status).toBe(200);
    expect((await part('"other"')).status).toBe(200);
    expect((await part(`W/${headers['etag']}`)).status).toBe(200);
  });

  it('answers conditional requests', async () => {
    const { headers } = await scene.head(path);
    const unchanged = [
      `If-None-Match: ${headers['etag']}`,
      `If-None-Match: "x", W/${headers['etag']}`,
      'If-None-Match: *',
      `If-Modified-Since: ${headers['last-modified']}`,
    ];
    for (const header of unchanged) {
      const answer = await scene.get(path, header);
      expect([answer.status, answer.body, answer.headers['etag']], header).toEqual([
        304,
        '',
        headers['etag'],
      ]);
    }
    const old = new Date(0).toUTCString();
    for (const header of ['If-None-Match: "x"', `If-Modified-Since: ${old}`, 'If-Modified-Since: nonsense']) {
      expect((await scene.get(path, header)).status, header).toBe(200);
    }
    expect(
      (await scene.get(path, 'If-None-Match: "x"', `If-Modified-Since: ${headers['last-modified']}`)).status,
    ).toBe(200);
  });
});

it.each([
  'tool-1.0-0.conda',
  'repodata.json',
  'repodata.json.zst',
  'current_repodata.json',
  'none-1.0-0.conda',
  'x.json',
  '../notices.json',
])('HEAD and GET agree about %s', async (name) => {
  const path = name.startsWith('../') ? `/conda/internal/${name.slice(3)}` : `${root}/${name}`;
  const [got, head] = [await scene.get(path), await scene.head(path)];
  expect({ ...head.headers, date: '' }).toEqual({ ...got.headers, date: '' });
  expect([head.status, head.reason, head.body]).toEqual([got.status, got.reason, '']);
});

describe('an index from a folder', () => {
  it('has no link that leads past the gateway', async () => {
    const answer = await scene.get(`${root}/current_repodata.json`);
    expect(JSON.parse(answer.body)).toEqual({
      info: {
        subdir: 'noarch',
        dropped_base_url: 'https://evil.test/',
        dropped_channel_relations: { overlays: ['../other'] },
      },
      'packages.conda': {
        'tool-1.0-0.conda': {
          name: 'tool',
          dropped_url: 'https://evil.test/tool.conda',
          indexed_timestamp: nowMs,
        },
      },
    });
  });

  it('is the same compressed, whatever a .zst in the folder says', async () => {
    writeFileSync(inSubdir('current_repodata.json.zst'), 'something else');
    const response = await fetch(`http://127.0.0.1:${scene.port}${root}/current_repodata.json.zst`, {
      headers: { authorization: scene.basic() },
    });
    const unpacked = zstdDecompressSync(new Uint8Array(await response.arrayBuffer())).toString();
    expect(unpacked).toBe((await scene.get(`${root}/current_repodata.json`)).body);
  });

  it('that is large comes from the disk as it is, or rewritten when it has a link', async () => {
    const clean = await scene.get(`${root}/repodata_from_packages.json`, 'Range: bytes=0-10');
    expect([clean.status, clean.body]).toEqual([206, '{"packages"']);
    const dirty = await scene.get(`${root}/run_exports.json`);
    expect(dirty.status).toBe(200);
    expect(dirty.body.slice(-60)).toContain('"dropped_base_url"');
  });

  it('that is no JSON text is refused', async () => {
    expect(await scene.get('/conda/internal/channeldata.json')).toMatchObject({
      status: 502,
      reason: 'The index of this channel is not valid JSON',
    });
  });

  it('has an ETag of its content and answers 304', async () => {
    const path = `${root}/repodata.json`;
    const first = await scene.get(path);
    expect((await scene.get(path, `If-None-Match: ${first.headers['etag']}`)).status).toBe(304);
    writeFileSync(inSubdir('new.json'), '{"info":{"subdir":"noarch"},"removed":["changed-1-0.conda"]}');
    renameSync(inSubdir('new.json'), inSubdir('repodata.json'));
    await expect.poll(async () => (await scene.get(path)).body).toContain('changed');
    const changed = await scene.get(path, `If-None-Match: ${first.headers['etag']}`);
    expect([changed.status, changed.headers['etag'] === first.headers['etag']]).toEqual([200, false]);
  });
});

describe('notices.json', () => {
  const noticesWith = async (more: Parameters<typeof tokenOf>[2]) => {
    scene.tokens[0] = [scene.token.text, tokenOf(scene.token.id, scene.channels, more)];
    scene.update();
    return (
      JSON.parse((await scene.get('/conda/internal/notices.json')).body) as {
        notices: Record<string, string>[];
      }
    ).notices;
  };

  it('is empty while the token has time', async () => {
    expect(await noticesWith({ expiresAtMs: nowMs + 8 * dayMs })).toEqual([]);
  });

  it('says when the token expires within 7 days', async () => {
    expect(await noticesWith({ expiresAtMs: nowMs + 5 * dayMs })).toMatchObject([
      {
        message: `Your token lk-${scene.token.id} expires on 2026-11-29. Ask your administrator for a new one.`,
        level: 'warning',
      },
    ]);
    expect(await noticesWith({ expiresAtMs: nowMs + dayMs / 2 })).toMatchObject([{ level: 'critical' }]);
  });

  it('names the successor of a rotated token', async () => {
    const [notice] = await noticesWith({ rotatedTo: 'Abcd1234' as never });
    expect(notice?.['message']).toContain('was replaced by lk-Abcd1234');
  });
});
