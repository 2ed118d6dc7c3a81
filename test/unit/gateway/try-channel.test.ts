import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { runTrial } from '../../../src-main/gateway/run-trial.ts';
import { NetworkScene } from '../network/network-scene.ts';
import { jsonPage, sha256, wheel } from './pypi-scene.ts';

const scene = new NetworkScene();
const dir = mkdtempSync(join(tmpdir(), 'latchkey-trial-'));
type Answer = { status?: number; headers?: Record<string, string>; body?: string | Uint8Array };
let answers: Record<string, Answer> = {};
const port = await scene.http((req, res) => {
  const { status = 200, headers = {}, body = '' } = answers[req.url ?? ''] ?? { status: 404 };
  res.writeHead(status, headers).end(body);
});
afterAll(() => {
  scene.close();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(() => {
  answers = {};
});

const order = { network: { useSystemStore: false }, ownPorts: [] };
const tryUrl = (kind: 'conda' | 'pypi', path: string, name?: string, privateHosts = ['127.0.0.0/8']) =>
  runTrial(
    {
      ...order,
      kind,
      upstream: { type: 'url', url: `http://127.0.0.1:${port}${path}`, privateHosts },
      ...(name === undefined ? {} : { name }),
    },
    Date.now,
  );
const tryFolder = (kind: 'conda' | 'pypi', path: string) =>
  runTrial({ ...order, kind, upstream: { type: 'folder', path } }, Date.now);
const repodata = (packages: object) =>
  JSON.stringify({ info: { subdir: 'noarch' }, packages: {}, 'packages.conda': packages });
const tool = {
  'tool-1.0-0.conda': {
    name: 'tool',
    version: '1.0',
    build: '0',
    build_number: 0,
    depends: [],
    subdir: 'noarch',
  },
};
const html = {
  headers: { 'Content-Type': 'text/html' },
  body: '<html><title>Sign in</title><form></form></html>',
};

describe('trying a conda channel', () => {
  it('goes down to a package that can be downloaded', async () => {
    answers = {
      '/main/noarch/repodata.json': { body: repodata(tool) },
      '/main/noarch/tool-1.0-0.conda': { body: 'bytes' },
    };
    expect(await tryUrl('conda', '/main')).toMatchObject({
      ok: true,
      message: expect.stringContaining('noarch/tool-1.0-0.conda can be downloaded'),
      steps: [
        { path: 'noarch/repodata.json', status: 200 },
        { path: 'noarch/tool-1.0-0.conda', status: 200 },
      ],
    });
  });

  it('reads a gzip index, as the gateway does', async () => {
    answers = {
      '/main/noarch/repodata.json': {
        headers: { 'Content-Encoding': 'gzip' },
        body: gzipSync(repodata(tool)),
      },
      '/main/noarch/tool-1.0-0.conda': { body: 'bytes' },
    };
    expect(await tryUrl('conda', '/main')).toMatchObject({ ok: true });
  });

  it.each([
    ['a sign-in page', html, /502 The upstream sent no package index|502 .*no package index/],
    [
      'HTML that calls itself JSON',
      { ...html, headers: { 'Content-Type': 'application/json' } },
      /502 .*no package index/,
    ],
    ['a broken gzip', { headers: { 'Content-Encoding': 'gzip' }, body: 'not gzip' }, /502/],
    ['nothing there', { status: 404 }, /404/],
    ['a refusal', { status: 403 }, /502 Upstream refused the gateway/],
  ] as const)('says what a client would get: %s', async (_what, answer, message) => {
    answers = { '/main/noarch/repodata.json': answer };
    const trial = await tryUrl('conda', '/main');
    expect([trial.ok, trial.message]).toEqual([false, expect.stringMatching(message)]);
  });

  it('is not green for an index whose packages are gone', async () => {
    answers = { '/main/noarch/repodata.json': { body: repodata(tool) } };
    expect(await tryUrl('conda', '/main')).toMatchObject({
      ok: false,
      message: expect.stringContaining('For the package noarch/tool-1.0-0.conda a client would get 404'),
    });
  });

  it('looks for a package by its name', async () => {
    answers = {
      '/main/noarch/repodata.json': { body: repodata({ ...tool, 'my-tool-2.0-0.conda': {} }) },
      '/main/noarch/my-tool-2.0-0.conda': { body: 'bytes' },
    };
    expect(await tryUrl('conda', '/main', 'my-tool')).toMatchObject({ ok: true });
    expect(await tryUrl('conda', '/main', 'nothing')).toMatchObject({ ok: false });
  });

  it('looks for it to the end of an index of many megabytes', async () => {
    const many = Array.from({ length: 120_000 }, (_, at) => [
      `other-${at}.0-0.conda`,
      { depends: ['python'] },
    ]);
    const index = repodata({ ...Object.fromEntries(many), '_zz-tool-2.0-0.conda': {} });
    expect(index.length).toBeGreaterThan(5 * 1024 * 1024);
    answers = {
      '/main/noarch/repodata.json': { body: index },
      '/main/noarch/_zz-tool-2.0-0.conda': { body: 'bytes' },
    };
    expect(await tryUrl('conda', '/main', '_zz-tool')).toMatchObject({ ok: true });
  });

  it('of a folder: an empty one is not green, one without noarch is when it has packages', async () => {
    const empty = join(dir, 'empty');
    mkdirSync(empty);
    expect(await tryFolder('conda', empty)).toMatchObject({
      ok: false,
      message: expect.stringContaining('no package'),
    });
    const folder = join(dir, 'linux-only');
    mkdirSync(join(folder, 'linux-64'), { recursive: true });
    writeFileSync(join(folder, 'linux-64', 'repodata.json'), repodata(tool).replace('noarch', 'linux-64'));
    writeFileSync(join(folder, 'linux-64', 'tool-1.0-0.conda'), 'bytes');
    expect(await tryFolder('conda', folder)).toMatchObject({
      ok: true,
      steps: [
        { path: 'noarch/repodata.json', status: 200 },
        { path: 'linux-64/repodata.json', status: 200 },
        { path: 'linux-64/tool-1.0-0.conda', status: 200 },
      ],
    });
    expect(await tryFolder('conda', join(dir, 'gone'))).toMatchObject({
      ok: false,
      message: expect.stringContaining("can't be read"),
    });
  });
});

describe('trying a Python index', () => {
  const bytes = Buffer.from(wheel('acme', '1.0'));
  const file = {
    filename: 'acme-1.0-py3-none-any.whl',
    url: '/files/acme.whl',
    hashes: { sha256: sha256(bytes) },
  };
  const page = (name: string, files: unknown[]): Answer => {
    const { headers = {}, body } = jsonPage(name, files);
    return { headers, body: body as string };
  };

  it('finds a project by the list, and goes down to a file', async () => {
    answers = {
      '/simple/': {
        headers: { 'Content-Type': 'application/vnd.pypi.simple.v1+json' },
        body: JSON.stringify({ meta: { 'api-version': '1.0' }, projects: [{ name: 'acme' }] }),
      },
      '/simple/acme/': page('acme', [file]),
      '/files/acme.whl': { body: bytes },
    };
    expect(await tryUrl('pypi', '/simple/')).toMatchObject({
      ok: true,
      message: expect.stringContaining('acme-1.0-py3-none-any.whl can be downloaded'),
    });
  });

  it('looks for a project by its name, for indexes without a list', async () => {
    answers = { '/simple/acme/': page('acme', [file]), '/files/acme.whl': { body: bytes } };
    expect(await tryUrl('pypi', '/simple/', 'acme')).toMatchObject({ ok: true });
    expect(await tryUrl('pypi', '/simple/')).toMatchObject({
      ok: false,
      message: expect.stringContaining('enter a project'),
    });
  });

  it.each([
    ['a sign-in page', { '/simple/pip/': html }, /no package index|no link|no file/i],
    [
      'a page whose links lead elsewhere',
      {
        '/simple/pip/': page('pip', [
          { ...file, filename: 'pip-1.0-py3-none-any.whl', url: 'ftp://elsewhere.example/x' },
        ]),
      },
      /502|no file/,
    ],
    [
      'an empty list',
      {
        '/simple/': {
          headers: { 'Content-Type': 'application/vnd.pypi.simple.v1+json' },
          body: '{"meta":{"api-version":"1.0"},"projects":[]}',
        },
      },
      /no project in it/,
    ],
    [
      'a file that is gone',
      { '/simple/pip/': page('pip', [{ ...file, filename: 'pip-1.0-py3-none-any.whl' }]) },
      /For the file pip-1.0-py3-none-any.whl a client would get 404/,
    ],
  ] as const)('says what a client would get: %s', async (_what, given, message) => {
    answers = given;
    const trial = await tryUrl('pypi', '/simple/');
    expect([trial.ok, trial.message]).toEqual([false, expect.stringMatching(message)]);
  });

  it('of an empty folder is not green', async () => {
    const empty = join(dir, 'empty-wheels');
    mkdirSync(empty);
    expect(await tryFolder('pypi', empty)).toMatchObject({ ok: false });
  });

  it('says which private host is to be listed', async () => {
    expect(await tryUrl('pypi', '/simple/', undefined, [])).toMatchObject({
      ok: false,
      message: expect.stringContaining(`add 127.0.0.1:${port} to its private hosts`),
    });
  });
});
