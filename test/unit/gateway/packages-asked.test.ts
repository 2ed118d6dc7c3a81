import { describe, expect, it } from 'vitest';
import type { TokenId } from '../../../shared/model/ids.ts';
import { packageInPath, PackagesAsked } from '../../../src-main/gateway/packages-asked.ts';

describe('a path', () => {
  it.each([
    ['/conda/main/linux-64/numpy-1.26.4-py312h1.conda', 'conda numpy 1.26.4'],
    ['/conda/main/noarch/my-pkg-1.0-0.tar.bz2', 'conda my-pkg 1.0'],
    ['/conda/main/noarch/Big-1.0-0.conda', 'conda big 1.0'],
    ['/pypi/public/simple/flask/', 'pypi flask -'],
    ['/pypi/public/files/flask/flask-3.0-py3-none-any.whl', 'pypi flask 3.0'],
    ['/pypi/public/files/flask/flask-3.0-py3-none-any.whl.metadata', 'pypi flask 3.0'],
    ['/pypi/public/files/flask/flask-3.0.tar.gz', 'pypi flask 3.0'],
  ])('%s is about %s', (path, about) => {
    const found = packageInPath(path);
    expect(`${found?.ecosystem} ${found?.name} ${found?.version ?? '-'}`).toBe(about);
  });

  it.each([
    '/conda/main/noarch/repodata.json.zst',
    '/conda/main/noarch/a/b-1-0.conda',
    '/conda/main/channeldata.json',
    '/pypi/public/simple/',
    '/pypi/public/simple/flask/x',
    '/pypi/public/files/flask/django-3.0.tar.gz',
    '/pypi/public/other/flask/',
    '/healthz',
    '',
    '/',
  ])('%s is about no package', (path) => {
    expect(packageInPath(path)).toBeUndefined();
  });
});

describe('packages that are asked for', () => {
  const request = {
    path: '/pypi/public/simple/flask/',
    status: 200,
    outcome: 'allow',
    tokenId: 'AAAAAAAA' as TokenId,
    channel: 'public',
    atMs: 5,
  } as const;

  it('count once, with the latest time, also where a policy denies them', () => {
    const asked = new PackagesAsked();
    asked.add(request);
    asked.add({ ...request, atMs: 9 });
    asked.add({ ...request, atMs: 7, status: 304 });
    asked.add({ ...request, path: '/conda/c/noarch/x-1-0.conda', status: 403, outcome: 'deny' });
    expect(asked.all()).toEqual([
      { ecosystem: 'pypi', name: 'flask', lastAtMs: 9 },
      { ecosystem: 'conda', name: 'x', version: '1', lastAtMs: 5 },
    ]);
  });

  it('count not where nothing is there, or nobody who may ask', () => {
    const asked = new PackagesAsked();
    asked.add({ ...request, status: 404 });
    asked.add({ ...request, status: 301 });
    asked.add({ ...request, status: 502, outcome: 'error' });
    const { tokenId: _token, ...anonymous } = request;
    asked.add({ ...anonymous, status: 401, outcome: 'deny' });
    const { channel: _channel, ...elsewhere } = request;
    asked.add({ ...elsewhere, status: 403, outcome: 'deny' });
    expect(asked.all()).toEqual([]);
  });

  it('are bounded between two batches', () => {
    const asked = new PackagesAsked();
    for (let index = 0; index < 3000; index += 1)
      asked.add({ ...request, path: `/pypi/p/simple/x${index}/` });
    expect(asked.all()).toHaveLength(2000);
  });
});
