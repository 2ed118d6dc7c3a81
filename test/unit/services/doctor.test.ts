import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configPlaces, otherConfigs } from '../../../src-main/services/config-places.ts';
import { examineFiles } from '../../../src-main/services/examine-files.ts';
import { tryGateway } from '../../../src-main/services/try-gateway.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';
import { secret } from '../exports/input.ts';

cleanTempDirs();

type Seen = { readonly method: string; readonly url: string; readonly user: string };
let server: Server;
let seen: Seen[];
let base: string;
beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    const [, encoded = ''] = (request.headers.authorization ?? '').split(' ');
    const user = Buffer.from(encoded, 'base64').toString();
    seen.push({ method: request.method ?? '', url: request.url ?? '', user });
    const isKnown = user.endsWith(secret) || (request.url ?? '').includes(secret);
    if (request.url?.startsWith('/pypi/away') === true)
      response.writeHead(302, { location: 'http://127.0.0.1:1/' });
    else response.writeHead(isKnown ? 200 : 403, isKnown ? 'OK' : 'Token lk-01234567 was revoked');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('trying addresses', () => {
  it('asks as the client would, with the credentials of the address before those beside it', async () => {
    const credentials = { login: 'lk', password: 'old' };
    const attempts = await tryGateway(base, [
      { address: `${base.replace('//', `//me:${secret}@`)}/pypi/a/simple/`, credentials },
      { address: `${base}/conda/t/${secret}/main`, credentials },
      { address: `${base}/conda/main`, credentials },
    ]);
    expect(seen).toEqual([
      { method: 'HEAD', url: '/pypi/a/simple/', user: `me:${secret}` },
      { method: 'HEAD', url: `/conda/t/${secret}/main/noarch/repodata.json`, user: 'lk:old' },
      { method: 'HEAD', url: '/conda/main/noarch/repodata.json', user: 'lk:old' },
    ]);
    expect(attempts.map((attempt) => attempt.ok)).toEqual([true, true, false]);
    expect(attempts[2]?.message).toBe('Token lk-01234567 was revoked (403).');
    expect(JSON.stringify(attempts)).not.toContain(secret.slice(12));
  });

  it('tells channels from indexes by what is below the gateway’s own path', async () => {
    await tryGateway(`${base}/a/pypi/b`, [
      { address: `${base}/a/pypi/b/conda/main` },
      { address: `${base}/a/pypi/b/pypi/main/simple/` },
    ]);
    expect(seen.map(({ url }) => url)).toEqual([
      '/a/pypi/b/conda/main/noarch/repodata.json',
      '/a/pypi/b/pypi/main/simple/',
    ]);
  });

  it('takes credentials that are no encoding as they stand', async () => {
    const [attempt] = await tryGateway(base, [
      { address: `${base.replace('//', '//a%zz:b%@')}/pypi/a/simple/` },
    ]);
    expect(attempt).toMatchObject({ ok: false, status: 403 });
    expect(seen[0]?.user).toBe('a%zz:b%');
  });

  it('asks nobody but the gateway, and follows no redirect', async () => {
    const attempts = await tryGateway(base, [
      { address: 'http://127.0.0.1:1/pypi/a/simple/' },
      { address: `${base}/elsewhere/pypi/a/simple/` },
      { address: `${base}/pypi/away/simple/` },
    ]);
    expect(seen.map(({ url }) => url)).toEqual(['/pypi/away/simple/']);
    expect(attempts).toMatchObject([{ ok: false, status: 302 }]);
  });

  it('says that the gateway cannot be reached', async () => {
    const [attempt] = await tryGateway('http://127.0.0.1:1', [{ address: 'http://127.0.0.1:1/conda/a' }]);
    expect(attempt).toMatchObject({ ok: false });
    expect(attempt?.message).toMatch(/can’t be reached/);
  });
});

describe('files of a computer', () => {
  const computer = (home: string, env: Record<string, string> = {}) => ({
    platform: 'linux' as const,
    home,
    env: { XDG_CONFIG_DIRS: join(home, 'etc'), ...env },
  });

  it('are looked for where each client looks', () => {
    const home = '/home/ada';
    const on = (platform: NodeJS.Platform) => ({ platform, home, env: { APPDATA: 'A', PROGRAMDATA: 'P' } });
    expect(configPlaces('pip-conf', on('linux'))).toContain('/etc/xdg/pip/pip.conf');
    const mac = configPlaces('pip-conf', on('darwin'));
    expect(mac).toContain('/home/ada/Library/Application Support/pip/pip.conf');
    expect(mac).toContain('/home/ada/.config/pip/pip.conf');
    expect(configPlaces('pip-conf', on('win32')).join()).toContain('pip.ini');
    expect(configPlaces('condarc', on('linux'))).toContain('/etc/conda/condarc.d');
    expect(configPlaces('uv-toml', on('linux')).at(-1)).toBe('/home/ada/.config/uv/uv.toml');
    expect(configPlaces('netrc', on('linux'))).toEqual(['/home/ada/.netrc']);
  });

  it('are read together: the .netrc beside a pip.conf gives its credentials', async () => {
    const home = tempDir();
    const files = [
      {
        path: join(home, 'pip.conf'),
        content: `[global]\nindex-url = ${base}/pypi/a/simple/\n`,
        othersCanRead: true,
      },
      {
        path: join(home, '.netrc'),
        content: `machine 127.0.0.1 login lk password ${secret}\n`,
        othersCanRead: true,
      },
    ];
    const reports = await examineFiles(files, { try: true, computer: computer(home) });
    expect(reports[0]?.report.attempts).toMatchObject([{ ok: true }]);
    expect(reports[0]?.report.gatewayUrl).toBe(base);
    // Only the file with the token has to be its owner's alone.
    expect(
      reports.map(({ report }) => report.findings.some(({ text }) => text.includes('chmod 600'))),
    ).toEqual([false, true]);
    expect(JSON.stringify(reports)).not.toContain(secret.slice(12));
    expect(seen).toHaveLength(1);
  });

  it('are found with variables and folders, and the given one is none of the others', async () => {
    const home = tempDir();
    mkdirSync(join(home, 'etc', 'pip'), { recursive: true });
    writeFileSync(join(home, 'etc', 'pip', 'pip.conf'), '[install]\nextra-index-url = https://e.example/\n');
    mkdirSync(join(home, '.conda', 'condarc.d'), { recursive: true });
    writeFileSync(join(home, '.conda', 'condarc.d', 'x.yml'), 'channels: [forge]\n');
    writeFileSync(join(home, '.condarc'), 'channels: [own]\n');
    const env = { PIP_EXTRA_INDEX_URL: 'https://v.example/' };
    const pip = await otherConfigs('pip-conf', computer(home, env), '/nowhere');
    expect(pip.map(({ path }) => path)).toEqual(
      expect.arrayContaining([join(home, 'etc', 'pip', 'pip.conf'), 'the variable PIP_EXTRA_INDEX_URL']),
    );
    const conda = await otherConfigs('condarc', computer(home), join(home, '.condarc'));
    expect(conda).toContainEqual({
      path: join(home, '.conda', 'condarc.d', 'x.yml'),
      content: 'channels: [forge]\n',
    });
    expect(conda.map(({ path }) => path)).not.toContain(join(home, '.condarc'));
  });
});
