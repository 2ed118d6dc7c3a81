import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { connect } from 'node:net';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';
import { GatewayScene, channelOf } from './gateway-scene.ts';
import { scene as pypiScene, sha256 } from './pypi-scene.ts';

cleanTempDirs();
const scene = new GatewayScene();
const inSubdir = (name: string) => join(scene.folder, 'noarch', name);
const root = '/conda/internal/noarch';
beforeAll(() => scene.open().then(() => undefined));
afterAll(() => scene.close());

/** Another file of the same length and time, put in its place as `rsync -t` does. */
function replaceAlike(path: string, content: string): void {
  const { atimeMs, mtimeMs } = statSync(path);
  writeFileSync(`${path}.new`, content);
  utimesSync(`${path}.new`, atimeMs / 1000, mtimeMs / 1000);
  renameSync(`${path}.new`, path);
}

describe('a file that took the place of another with its length and time', () => {
  it('has another ETag, and a range of the old one is answered whole', async () => {
    writeFileSync(inSubdir('swap-1.0-0.conda'), 'old content');
    const before = await scene.get(`${root}/swap-1.0-0.conda`);
    replaceAlike(inSubdir('swap-1.0-0.conda'), 'new content');
    const resumed = (ifRange: string) =>
      scene.get(`${root}/swap-1.0-0.conda`, 'Range: bytes=4-', `If-Range: ${ifRange}`);
    for (const validator of [before.headers['etag'] ?? '', before.headers['last-modified'] ?? ''])
      expect(await resumed(validator)).toMatchObject({ status: 200, body: 'new content' });
    const after = await scene.get(`${root}/swap-1.0-0.conda`);
    expect(await resumed(after.headers['etag'] ?? '')).toMatchObject({ status: 206, body: 'content' });
    const asked = await scene.get(`${root}/swap-1.0-0.conda`, `If-None-Match: ${before.headers['etag']}`);
    expect(asked.status).toBe(200);
  });

  it('is noticed as an index', async () => {
    const index = (text: string) => JSON.stringify({ info: { subdir: 'noarch' }, packages: { [text]: {} } });
    writeFileSync(inSubdir('run_exports.json'), index('old'));
    expect((await scene.get(`${root}/run_exports.json`)).body).toContain('old');
    replaceAlike(inSubdir('run_exports.json'), index('new'));
    await expect.poll(async () => (await scene.get(`${root}/run_exports.json`)).body).toContain('new');
  });
});

describe.skipIf(process.platform === 'win32')('a pipe in the place of a file', () => {
  it('is no package, and stops nobody', async () => {
    execFileSync('mkfifo', [inSubdir('pipe-1.0-0.conda')]);
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => scene.get(`${root}/pipe-1.0-0.conda`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    expect((await scene.get(`${root}/tool-1.0-0.conda`)).status).toBe(200);
  });

  it('swapped in after a look is not waited for', async () => {
    const folder = tempDir();
    const index = pypiScene({ type: 'folder', path: folder });
    writeFileSync(join(folder, 'acme-1.zip'), 'x');
    await index.text('simple/');
    rmSync(join(folder, 'acme-1.zip'));
    execFileSync('mkfifo', [join(folder, 'acme-1.zip')]);
    expect(await index.files('acme')).toEqual([]);
    index.clock.nowMs += 1000;
    expect((await index.get('simple/acme/')).status).toBe(404);
  });
});

describe('a running download', () => {
  const name = 'big-1.0-0.conda';
  const bytes = 8 * 1024 * 1024;

  it.each(['1.0', '1.1'])('of a file that is cut meanwhile is reset for HTTP/%s', async (version) => {
    writeFileSync(inSubdir(name), Buffer.alloc(bytes, 1));
    const received = await new Promise<{ bytes: number; error: string | undefined }>((resolve) => {
      let count = 0;
      let error: string | undefined;
      const socket = connect(scene.port, '127.0.0.1', () =>
        socket.write(
          `GET ${root}/${name} HTTP/${version}\r\nHost: x\r\nAuthorization: ${scene.basic()}\r\n\r\n`,
        ),
      );
      socket.once('data', () => truncateSync(inSubdir(name), 1024));
      socket.on('data', (chunk) => (count += chunk.length));
      socket.on('error', (failure: NodeJS.ErrnoException) => (error = failure.code));
      socket.on('close', () => resolve({ bytes: count, error }));
    });
    expect([received.error, received.bytes < bytes]).toEqual(['ECONNRESET', true]);
  });

  it('of a replaced file goes on with the old one to its end', async () => {
    writeFileSync(inSubdir(name), Buffer.alloc(bytes, 1));
    const headers = { authorization: scene.basic() };
    const body = await new Promise<Buffer>((resolve, reject) => {
      const chunks: Buffer[] = [];
      get({ port: scene.port, path: `${root}/${name}`, headers }, (answer) => {
        writeFileSync(inSubdir('other'), Buffer.alloc(bytes, 2));
        renameSync(inSubdir('other'), inSubdir(name));
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => resolve(Buffer.concat(chunks)));
      }).on('error', reject);
    });
    expect([body.length, body.every((byte) => byte === 1)]).toEqual([bytes, true]);
  });
});

it('sends ranges beyond 2 GiB of a file of 3 GiB', async () => {
  const size = 3 * 1024 ** 3;
  const fd = openSync(inSubdir('huge-1.0-0.conda'), 'w');
  // A hole, but for its last bytes.
  writeSync(fd, 'the end', size - 7);
  closeSync(fd);
  const part = await scene.get(`${root}/huge-1.0-0.conda`, `Range: bytes=${size - 7}-`);
  expect([part.status, part.body, part.headers['content-range']]).toEqual([
    206,
    'the end',
    `bytes ${size - 7}-${size - 1}/${size}`,
  ]);
  const middle = await scene.get(`${root}/huge-1.0-0.conda`, 'Range: bytes=2147483647-2147483649');
  expect([middle.status, middle.body]).toEqual([206, '\0\0\0']);
  expect((await scene.head(`${root}/huge-1.0-0.conda`)).headers['content-length']).toBe(String(size));
});

it('an empty folder is an empty channel, a missing one is broken', async () => {
  const folder = tempDir();
  scene.addChannel(channelOf('empty', { type: 'folder', path: folder }));
  scene.addChannel(channelOf('gone', { type: 'folder', path: join(folder, 'gone') }));
  const answer = await scene.get('/conda/empty/noarch/repodata.json');
  expect([answer.status, JSON.parse(answer.body)]).toEqual([
    200,
    { info: { subdir: 'noarch' }, packages: {}, 'packages.conda': {}, repodata_version: 1 },
  ]);
  expect((await scene.get('/conda/empty/linux-64/repodata.json')).status).toBe(404);
  expect(await scene.get('/conda/gone/noarch/repodata.json')).toMatchObject({
    status: 502,
    reason: "The channel's folder can't be read",
  });
});

describe('upload-time of a folder', () => {
  const day = 86_400_000;
  const timesOf = async (index: ReturnType<typeof pypiScene>) =>
    Object.fromEntries((await index.files('acme')).map((file) => [file['filename'], file['upload-time']]));

  it('is the time of the file at the first look, then the first sight, and stays over a restart', async () => {
    const folder = tempDir();
    const dataDir = tempDir();
    const put = (name: string, content: string, mtimeMs: number) => {
      writeFileSync(join(folder, name), content);
      utimesSync(join(folder, name), mtimeMs / 1000, mtimeMs / 1000);
    };
    const first = pypiScene({ type: 'folder', path: folder }, undefined, dataDir);
    const startMs = first.clock.nowMs;
    put('acme-1.zip', 'one', startMs - 100 * day);
    put('acme-2.zip', 'two', startMs + 100 * day);
    const iso = (ms: number) => new Date(ms).toISOString();
    expect(await timesOf(first)).toEqual({
      'acme-1.zip': iso(startMs - 100 * day),
      'acme-2.zip': iso(startMs),
    });

    first.clock.nowMs += day;
    put('acme-3.zip', 'three', startMs - 50 * day);
    await first.text('simple/');
    first.clock.nowMs += day;
    put('acme-1.zip', 'other', startMs - 100 * day);
    const expected = {
      'acme-1.zip': iso(startMs + 2 * day),
      'acme-2.zip': iso(startMs),
      'acme-3.zip': iso(startMs + day),
    };
    expect(await timesOf(first)).toEqual(expected);

    const later = pypiScene({ type: 'folder', path: folder }, undefined, dataDir);
    later.clock.nowMs += 30 * day;
    expect(await timesOf(later)).toEqual(expected);
    expect(readdirSync(folder).toSorted()).toEqual(['acme-1.zip', 'acme-2.zip', 'acme-3.zip']);
    const [file = ''] = readdirSync(join(dataDir, 'first-seen'));
    expect(readFileSync(join(dataDir, 'first-seen', file), 'utf8')).toContain(sha256('other'));
  });

  it('survives a first-seen file that broke off', async () => {
    const folder = tempDir();
    const dataDir = tempDir();
    writeFileSync(join(folder, 'acme-1.zip'), 'one');
    const first = pypiScene({ type: 'folder', path: folder }, undefined, dataDir);
    const before = await timesOf(first);
    mkdirSync(dataDir, { recursive: true });
    const [file = ''] = readdirSync(join(dataDir, 'first-seen'));
    const path = join(dataDir, 'first-seen', file);
    writeFileSync(path, `${readFileSync(path, 'utf8')}\n{"name":"acme-9.zip","atM`);
    const later = pypiScene({ type: 'folder', path: folder }, undefined, dataDir);
    later.clock.nowMs += day;
    writeFileSync(join(folder, 'acme-2.zip'), 'two');
    const times = await timesOf(later);
    expect(times).toEqual({ ...before, 'acme-2.zip': new Date(later.clock.nowMs).toISOString() });
    const last = pypiScene({ type: 'folder', path: folder }, undefined, dataDir);
    last.clock.nowMs += 9 * day;
    expect(await timesOf(last)).toEqual(times);
  });
});
