import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Furnished } from '../../support/furnish.ts';
import { furnish } from '../../support/furnish.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';

let app: MemoryApp;
let ids: Furnished;
beforeEach(async () => {
  app = await openUnlockedMemoryApp();
  ids = await furnish(app);
});
afterEach(() => app.close());

const bearer = { action: 'set', credentials: { type: 'bearer', token: 'upstream-secret' } } as const;
const draft = (more: object = {}) => ({
  name: 'private',
  kind: 'conda' as const,
  upstream: { type: 'url' as const, url: 'https://conda.example.com/main' },
  environmentIds: [ids.dev],
  ...more,
});
const shown = async (id: string) => (await app.client.channels.list()).find((entry) => entry.id === id);

describe('the name of a conda channel', () => {
  it.each(['noarch', 'win-32', 'linux-64', 'linux-64-x', 'linux-ppc64le', 'osx-arm64.old', 'noarch-tools'])(
    'is refused where clients read a platform in it: %s',
    async (name) => {
      await expect(app.client.channels.create(draft({ name }))).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(/conda reads "[a-z0-9-]+" at its start as a platform/) as string,
      });
      const { id } = await app.client.channels.create(draft());
      await expect(app.client.channels.update({ ...draft({ name }), id })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
      // pip and uv read no platform in a URL.
      expect(await app.client.channels.create(draft({ name, kind: 'pypi' }))).toMatchObject({ name });
    },
  );

  it.each(['linux', 'linux-6', 'my-linux-64', 'win', 'osx', 'noar'])('may be %s', async (name) => {
    expect(await app.client.channels.create(draft({ name }))).toMatchObject({ name });
  });
});

describe('credentials of a channel', () => {
  it('are sealed for this channel and this origin, and never shown', async () => {
    const made = await app.client.channels.create(draft({ credentials: bearer }));
    expect(made).toMatchObject({ hasCredentials: true });
    expect(made.problem).toBeUndefined();
    expect(JSON.stringify(made)).not.toContain('upstream-secret');
    const [sealed] = [...app.door.secrets.values()];
    expect(sealed?.place).toEqual({ subject: made.id, origin: 'https://conda.example.com' });
  });

  it('are kept for another path of the origin, and asked for again for another origin', async () => {
    const { id } = await app.client.channels.create(draft({ credentials: bearer }));
    const path = { type: 'url' as const, url: 'https://conda.example.com/other' };
    expect(await app.client.channels.update({ ...draft({ upstream: path }), id })).toMatchObject({
      hasCredentials: true,
    });
    const elsewhere = { type: 'url' as const, url: 'https://evil.example.com/main' };
    await expect(app.client.channels.update({ ...draft({ upstream: elsewhere }), id })).rejects.toMatchObject(
      { code: 'INVALID_INPUT' },
    );
    const again = await app.client.channels.update({
      ...draft({ upstream: elsewhere, credentials: bearer }),
      id,
    });
    expect(again.problem).toBeUndefined();
    const removed = await app.client.channels.update({
      ...draft({ credentials: { action: 'remove' } }),
      id,
    });
    expect(removed.hasCredentials).toBe(false);
  });

  it('that do not open show the channel as broken, and nothing else', async () => {
    const { id } = await app.client.channels.create(draft({ credentials: bearer }));
    app.door.secrets.clear();
    // Opened texts are remembered until the lock.
    await app.client.session.lock();
    await app.client.session.unlock({ passphrase: 'correct horse battery staple' });
    const broken = await shown(id);
    expect(broken).toMatchObject({ hasCredentials: true, problem: { code: 'credentials' } });
    expect((await shown(ids.channel))?.problem).toBeUndefined();
    expect(await app.client.channels.testConnection({ ...draft(), id })).toMatchObject({ ok: false });
    const mended = await app.client.channels.update({ ...draft({ credentials: bearer }), id });
    expect(mended.problem).toBeUndefined();
  });
});

describe('a channel from a folder', () => {
  const folder = (name: string) => {
    const path = join(app.dataDir, name);
    mkdirSync(path, { recursive: true });
    return path;
  };

  it('has a label in the log, and its path on this computer alone', async () => {
    const path = folder('wheels');
    const upstream = { type: 'folder' as const, label: 'wheels', path };
    const made = await app.client.channels.create(draft({ upstream }));
    expect(made).toMatchObject({ upstream: { type: 'folder', label: 'wheels' }, folderPath: path });
    expect(JSON.stringify(app.door.lines)).not.toContain(app.dataDir);
    expect(JSON.parse(readFileSync(join(app.dataDir, 'folders.json'), 'utf8'))).toEqual({
      version: 1,
      folders: { wheels: path },
    });
  });

  it('is shown as not known here without a path, and works once it is mapped', async () => {
    const seen: object[] = [];
    app.app.on('folders.changed', (event) => seen.push(event));
    const upstream = { type: 'folder' as const, label: 'shared' };
    const { id, problem } = await app.client.channels.create(draft({ upstream }));
    expect(problem?.code).toBe('folder-unmapped');
    expect(await app.client.folders.list()).toEqual([{ label: 'shared', channels: ['private'], feeds: [] }]);
    const path = folder('shared');
    await app.client.folders.map({ label: 'shared', path });
    expect(seen).toHaveLength(1);
    expect(await shown(id)).toMatchObject({ folderPath: path });
    await app.client.folders.unmap({ label: 'shared' });
    expect((await shown(id))?.problem?.code).toBe('folder-unmapped');
  });

  it('maps nothing when the channel is refused', async () => {
    const before = folder('before');
    await app.client.folders.map({ label: 'wheels', path: before });
    const upstream = { type: 'folder' as const, label: 'wheels', path: folder('after') };
    await expect(app.client.channels.create(draft({ name: 'internal', upstream }))).rejects.toMatchObject({
      code: 'NAME_TAKEN',
    });
    expect(await app.client.folders.list()).toEqual([
      { label: 'wheels', path: before, channels: [], feeds: [] },
    ]);
  });

  it('takes no path that is relative, missing or a file', async () => {
    writeFileSync(join(app.dataDir, 'file'), '');
    for (const path of ['wheels', join(app.dataDir, 'nowhere'), join(app.dataDir, 'file')]) {
      await expect(app.client.folders.map({ label: 'x', path })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    }
  });

  it('is not served from a map that is not in its form, which is left as it is', async () => {
    const file = join(app.dataDir, 'folders.json');
    writeFileSync(file, '{"version":2}');
    expect(await app.client.folders.list()).toEqual([]);
    await expect(app.client.folders.map({ label: 'x', path: folder('x') })).rejects.toMatchObject({
      code: 'FILE_NOT_READABLE',
    });
    expect(readFileSync(file, 'utf8')).toBe('{"version":2}');
  });
});

describe('a channel', () => {
  it('keeps its kind', async () => {
    const { id } = await app.client.channels.create(draft());
    await expect(app.client.channels.update({ ...draft({ kind: 'pypi' }), id })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});

describe('a conda token in the upstream’s URL', () => {
  const url = (path: string) => ({ type: 'url' as const, url: `https://conda.example.com${path}` });
  const secretOf = () => JSON.parse([...app.door.secrets.values()][0]?.text ?? '{}') as unknown;

  it.each([
    ['/t/abc-123/main', '/main', undefined],
    ['/api/repo/t/abc-123/team', '/api/repo/team', '/api/repo'],
    ['/t/abc-123', '/', undefined],
  ])('moves into the sealed credentials: %s', async (given, left, path) => {
    const made = await app.client.channels.create(draft({ upstream: url(given) }));
    expect(made).toMatchObject({ upstream: url(left), hasCredentials: true });
    expect(secretOf()).toEqual({
      type: 'conda-token',
      token: 'abc-123',
      ...(path === undefined ? {} : { path }),
    });
    expect(JSON.stringify(await app.client.channels.list())).not.toContain('abc-123');
  });

  it('is refused, without being repeated, where it cannot move', async () => {
    for (const more of [{ credentials: bearer }, { kind: 'pypi' as const }]) {
      const refused = app.client.channels.create(draft({ upstream: url('/t/abc-123/main'), ...more }));
      await expect(refused).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: 'url' } });
      await expect(refused).rejects.not.toThrow(/abc-123/);
    }
  });
});

describe('private hosts of a channel', () => {
  it('are kept in their one spelling, and taken away with the last', async () => {
    const made = await app.client.channels.create(
      draft({ privateHosts: [' Store.Corp.example:443 ', '10.1.2.3', '10.1.2.3/32'] }),
    );
    expect(made.privateHosts).toEqual(['store.corp.example:443', '10.1.2.3/32']);
    const after = await app.client.channels.update({ ...draft(), id: made.id });
    expect(after.privateHosts).toBeUndefined();
  });

  it.each(['store.corp.example', '169.254.169.254:80', '0.0.0.0/0'])(
    'refuse %s at their field',
    async (host) => {
      await expect(app.client.channels.create(draft({ privateHosts: [host] }))).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        details: { privateHost: host },
      });
    },
  );

  it('are resolved for whoever looks at them', async () => {
    expect(
      await app.client.channels.resolveHosts({ privateHosts: ['10.0.0.0/8', '127.0.0.1:8080'] }),
    ).toEqual([
      { entry: '10.0.0.0/8', addresses: [] },
      { entry: '127.0.0.1:8080', addresses: ['127.0.0.1'] },
    ]);
  });
});

it('credentials are not taken for an upstream by plain http, but for one on this computer', async () => {
  const at = (host: string) =>
    draft({ upstream: { type: 'url', url: `http://${host}/main` }, credentials: bearer });
  await expect(app.client.channels.create(at('conda.example.com'))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('only sent over https') as string,
  });
  expect(await app.client.channels.create(at('127.0.0.1:8080'))).toMatchObject({ hasCredentials: true });
});
