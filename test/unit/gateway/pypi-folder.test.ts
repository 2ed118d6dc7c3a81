import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bodyText, json, metadataText, scene, sha256, wheel } from './pypi-scene.ts';
import type { Scene } from './pypi-scene.ts';

let outside: string;
let folder: string;
let index: Scene;
const wheelName = 'acme_hello-1.0-py3-none-any.whl';
const put = (name: string, bytes: Uint8Array | string) => writeFileSync(join(folder, name), bytes);

beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), 'latchkey-pypi-'));
  folder = join(outside, 'packages');
  mkdirSync(folder);
  index = scene({ type: 'folder', path: folder });
});
afterEach(() => rmSync(outside, { recursive: true, force: true }));

const projects = async () =>
  (JSON.parse(await index.text('simple/')) as { projects: { name: string }[] }).projects.map(
    ({ name }) => name,
  );

describe('a folder as an index', () => {
  it('tells of a wheel what a client may ask: hash, size, time, Python and metadata', async () => {
    const bytes = wheel('acme_hello', '1.0', { requiresPython: '>=3.9, <4' });
    put(wheelName, bytes);
    utimesSync(join(folder, wheelName), 1_700_000_000, 1_700_000_000);
    const metadata = metadataText('acme_hello', '1.0', '>=3.9, <4');
    const page = JSON.parse(await index.text('simple/acme-hello/')) as Record<string, unknown>;
    expect(page).toEqual({
      meta: { 'api-version': '1.4' },
      name: 'acme-hello',
      versions: ['1.0'],
      files: [
        {
          filename: wheelName,
          url: `../../files/acme-hello/${wheelName}`,
          hashes: { sha256: sha256(bytes) },
          'requires-python': '>=3.9, <4',
          size: bytes.length,
          'upload-time': '2023-11-14T22:13:20.000Z',
          yanked: false,
          'core-metadata': { sha256: sha256(metadata) },
        },
      ],
    });
    const html = await index.text('simple/acme-hello/', 'text/html');
    expect(html).toContain(`data-core-metadata="sha256=${sha256(metadata)}"`);
    expect(html).toContain(`data-requires-python="&#62;=3.9, &#60;4"`);
    expect(await bodyText(await index.get(`files/acme-hello/${wheelName}.metadata`))).toBe(metadata);
    expect(await index.get(`files/acme-hello/${wheelName}`)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/octet-stream' },
      body: { type: 'file', size: bytes.length, mtimeMs: 1_700_000_000_000 },
    });
  });

  it('merges names that differ only in normalisation, and lists sdists and stored wheels', async () => {
    put('Acme.Hello-1.1.tar.gz', 'sdist');
    put('acme-hello-1.2.zip', 'sdist');
    put(
      'ACME_Hello-1.3-py3-none-any.whl',
      zipSync({ 'Acme_Hello-1.3.dist-info/METADATA': [strToU8('Name: x\n'), { level: 0 }] }),
    );
    put('README.txt', 'no package');
    put('other-1.tar.gz', '');
    expect(await projects()).toEqual(['acme-hello', 'other']);
    const files = await index.files('acme-hello');
    expect(files.map((file) => [file.filename, file['core-metadata']])).toEqual([
      ['ACME_Hello-1.3-py3-none-any.whl', { sha256: sha256('Name: x\n') }],
      ['Acme.Hello-1.1.tar.gz', false],
      ['acme-hello-1.2.zip', false],
    ]);
    expect(await index.text('simple/', 'text/html')).toContain('<a href="acme-hello/">acme-hello</a>');
  });

  it('shows what changed within a second, and reads nothing in the first three quarters of it', async () => {
    put(wheelName, wheel('acme_hello', '1.0'));
    const before = await index.get('simple/acme-hello/', { accept: json });
    put('acme_hello-1.1-py3-none-any.whl', wheel('acme_hello', '1.1'));
    index.clock.nowMs += 749;
    const soon = await index.get('simple/acme-hello/', { accept: json });
    expect(
      before.body.type === 'bytes' && soon.body.type === 'bytes' && before.body.bytes === soon.body.bytes,
    ).toBe(true);
    index.clock.nowMs += 251;
    expect(await index.files('acme-hello')).toHaveLength(2);
    put(wheelName, wheel('acme_hello', '1.0', { requiresPython: '>=3' }));
    rmSync(join(folder, 'acme_hello-1.1-py3-none-any.whl'));
    index.clock.nowMs += 1000;
    expect((await index.files('acme-hello')).map((file) => file['requires-python'])).toEqual(['>=3']);
  });

  it('keeps the same bytes over a new look that finds nothing new, and after the clock was set back', async () => {
    put(wheelName, wheel('acme_hello', '1.0'));
    const first = await index.get('simple/acme-hello/');
    index.clock.nowMs += 5000;
    const second = await index.get('simple/acme-hello/');
    expect(
      first.body.type === 'bytes' && second.body.type === 'bytes' && first.body.bytes === second.body.bytes,
    ).toBe(true);
    put('late-1.0.zip', '');
    index.clock.nowMs -= 100_000;
    expect(await projects()).toEqual(['acme-hello', 'late']);
  });

  it('sees folders in the folder down to the third level, and of two equal names the upper', async () => {
    mkdirSync(join(folder, 'a/b/c'), { recursive: true });
    put('a/one-1.zip', '');
    put('a/b/two-1.zip', '');
    put('a/b/c/three-1.zip', '');
    put('one-1.zip', 'upper');
    expect(await projects()).toEqual(['one', 'two']);
    expect((await index.files('one')).map((file) => file.size)).toEqual([5]);
  });

  it('never leaves the folder: by link, by a dot, or by a file that became a link', async () => {
    writeFileSync(join(outside, 'secret-1.zip'), 'secret');
    mkdirSync(join(outside, 'dir'));
    writeFileSync(join(outside, 'dir/secret-2.zip'), 'secret');
    symlinkSync(join(outside, 'secret-1.zip'), join(folder, 'linked-1.zip'));
    symlinkSync(join(outside, 'dir'), join(folder, 'dirlink'));
    symlinkSync(folder, join(folder, 'loop'));
    mkdirSync(join(folder, '.hidden'));
    put('.hidden/hidden-1.zip', '');
    put('inside-1.zip', 'fine');
    symlinkSync('inside-1.zip', join(folder, 'alias-1.zip'));
    expect(await projects()).toEqual(['alias', 'inside']);
    expect((await index.get('files/inside/inside-1.zip')).status).toBe(200);
    expect((await index.get('files/alias/alias-1.zip')).status).toBe(200);
    renameSync(join(folder, 'inside-1.zip'), join(folder, 'moved'));
    symlinkSync(join(outside, 'secret-1.zip'), join(folder, 'inside-1.zip'));
    expect((await index.get('files/inside/inside-1.zip')).status).toBe(404);
  });

  it.each([
    ['cut off', (bytes: Uint8Array) => bytes.slice(0, -30)],
    ['no zip', () => strToU8('PK')],
    ['empty', () => new Uint8Array()],
    ['of another project inside', () => wheel('acme_hello', '1.0', { folder: 'evil-1.0.dist-info' })],
    [
      'with two metadata files',
      () =>
        zipSync({
          'acme_hello-1.0.dist-info/METADATA': strToU8('a'),
          'acme-hello-1.dist-info/METADATA': strToU8('b'),
          'Acme_Hello-1.dist-info/METADATA': strToU8('b'),
        }),
    ],
    ['that lies about the size of its metadata', lieAboutSize],
  ])('lists a wheel that is %s without metadata', async (_, damage: (bytes: Uint8Array) => Uint8Array) => {
    put(wheelName, damage(wheel('acme_hello', '1.0')));
    expect(await index.files('acme-hello')).toMatchObject([{ filename: wheelName, 'core-metadata': false }]);
    expect((await index.get(`files/acme-hello/${wheelName}.metadata`)).status).toBe(404);
  });

  it('does not send a file that changed after its page was made', async () => {
    put('acme-1.zip', 'old');
    await index.files('acme');
    put('acme-1.zip', 'other');
    expect(await index.get('files/acme/acme-1.zip')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
    });
    index.clock.nowMs += 1000;
    expect((await index.get('files/acme/acme-1.zip')).status).toBe(200);
  });

  it('does not send metadata of a wheel that changed after its page was made', async () => {
    put(wheelName, wheel('acme_hello', '1.0'));
    await index.files('acme-hello');
    put(wheelName, wheel('acme_hello', '1.0', { requiresPython: '>=3' }));
    expect((await index.get(`files/acme-hello/${wheelName}.metadata`)).status).toBe(404);
  });

  it('says that the folder is gone, without its path', async () => {
    rmSync(folder, { recursive: true });
    await expect(index.get('simple/')).rejects.toMatchObject({
      status: 502,
      reason: "The channel's folder can't be read",
    });
  });

  it('keeps what it read when a new snapshot says the same, and forgets it when the folder is another', async () => {
    put('acme-1.zip', 'x');
    const first = await index.get('simple/acme/');
    rmSync(join(folder, 'acme-1.zip'));
    index.change({ type: 'folder', path: folder });
    const second = await index.get('simple/acme/');
    expect(
      second.body.type === 'bytes' && first.body.type === 'bytes' && second.body.bytes === first.body.bytes,
    ).toBe(true);
    index.change({ type: 'folder', path: join(folder, '..') });
    expect((await index.get('simple/acme/')).status).toBe(404);
  });

  it('gives a file and a link to it their own names', async () => {
    put('acme-1.zip', 'x');
    symlinkSync('acme-1.zip', join(folder, 'acme-2.zip'));
    expect((await index.files('acme')).map(({ filename }) => filename)).toEqual(['acme-1.zip', 'acme-2.zip']);
  });
});

describe('paths', () => {
  it.each([
    ['simple', 301, 'simple/'],
    ['simple/Acme_Hello', 301, 'acme-hello/'],
    ['simple/acme-hello', 301, 'acme-hello/'],
    ['simple/Acme.Hello/', 301, '../acme-hello/'],
  ])('redirects %s', async (path, status, location) => {
    expect(await index.get(path)).toMatchObject({ status, headers: { location } });
  });

  it.each([
    '',
    'simple/nobody/',
    'simple/acme-hello/x',
    'simple/acme-hello//',
    'simple/%2e%2e/',
    'simple/..%2fpackages/',
    'files',
    'files/acme-hello',
    `files/Acme_Hello/${wheelName}`,
    `files/acme-hello/..%2f${wheelName}`,
    `files/acme-hello/..%5c${wheelName}`,
    `files/acme-hello/%00${wheelName}`,
    'files/acme-hello/..',
    'files/acme-hello/acme_hello-9.0-py3-none-any.whl',
    'files/acme-hello/.metadata',
    `files/acme-hello/${wheelName}.metadata.metadata`,
    `files/acme-hello/${wheelName}.asc`,
    `files/acme-hello/${wheelName}.provenance`,
    `files/other/${wheelName}`,
    `files/acme-hello/x/${wheelName}`,
    'packages/acme',
  ])('answers 404 for %j', async (path) => {
    put(wheelName, wheel('acme_hello', '1.0'));
    expect((await index.get(path)).status).toBe(404);
  });
});

/** Sets the uncompressed size in the central directory's record of METADATA to 3. */
function lieAboutSize(bytes: Uint8Array): Uint8Array {
  const changed = Buffer.from(bytes);
  for (let at = 0; at < changed.length - 46; at += 1) {
    if (changed.readUInt32LE(at) !== 0x02014b50) continue;
    if (changed.toString('latin1', at + 46, at + 46 + changed.readUInt16LE(at + 28)).endsWith('METADATA')) {
      changed.writeUInt32LE(3, at + 24);
    }
  }
  return changed;
}
