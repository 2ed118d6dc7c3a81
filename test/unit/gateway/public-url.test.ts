import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicUrlProblem } from '../../../shared/model/public-url.ts';
import { readPublicUrl } from '../../../src-main/gateway/public-url.ts';
import { GatewayScene } from './gateway-scene.ts';

const scene = new GatewayScene();
beforeAll(() => scene.open({ publicUrl: 'https://pkgs.example/latchkey/' }));
afterAll(() => scene.close());

describe('behind a public URL with a path', () => {
  it.each([
    ['a proxy that takes it off', ''],
    ['a proxy that passes it on', '/latchkey'],
  ])('every route works, with %s', async (_, base) => {
    const { text } = scene.token;
    for (const path of [
      `${base}/conda/internal/noarch/repodata.json`,
      `${base}/pypi/python/simple/`,
      `${base}/conda/internal/notices.json`,
    ]) {
      expect([path, (await scene.get(path)).status]).toEqual([path, 200]);
    }
    for (const path of [
      `${base}/conda/t/${text}/internal/noarch/repodata.json`,
      `${base}/t/${text}/conda/internal/noarch/repodata.json`,
      `/t/${text}${base}/conda/internal/noarch/repodata.json`,
      `${base}/healthz`,
    ]) {
      expect([path, (await scene.raw(path)).status]).toEqual([path, 200]);
    }
    expect(scene.lines.join('\n')).not.toContain(text.slice(12));
    expect(scene.events.at(-1)?.path).toBe('/conda/internal/noarch/repodata.json');
  });

  it('links begin with it', async () => {
    const page = await scene.get('/pypi/python/simple/', 'Accept: text/html');
    expect(page.body).not.toContain('127.0.0.1');
  });

  it('another path is no path of the gateway', async () => {
    for (const path of ['/latchkey2/conda/internal/x', '/latchkey/latchkey/conda/internal/x', '/latchkey']) {
      expect((await scene.get(path)).status).toBe(404);
    }
  });
});

describe('a public URL', () => {
  it.each([
    ['https://pkgs.example', { href: 'https://pkgs.example', path: '', base: [] }],
    ['https://pkgs.example/', { href: 'https://pkgs.example', path: '', base: [] }],
    [
      'https://pkgs.example:8443/a/b/',
      { href: 'https://pkgs.example:8443/a/b', path: '/a/b', base: ['a', 'b'] },
    ],
    ['', undefined],
  ])('is read: %s', (url, read) => {
    expect(readPublicUrl(url)).toEqual(read);
    if (url !== '') expect(publicUrlProblem(url)).toBeUndefined();
  });

  it.each([
    'pkgs.example',
    'ftp://pkgs.example',
    'https://user@pkgs.example',
    'https://pkgs.example/a b',
    'https://pkgs.example/a//b',
    'https://pkgs.example/../a',
    'https://pkgs.example/./a',
    'https://pkgs.example/a?x',
    'https://pkgs.example/a#x',
    'https://pkgs.example/%61',
    'https://pkgs.example/conda',
    'https://pkgs.example/pypi/x',
    'https://pkgs.example/t/x',
    'https://pkgs.example/healthz',
    `https://pkgs.example/${'a/'.repeat(9)}`,
  ])('is refused: %s', (url) => {
    expect(publicUrlProblem(url)).toMatch(/^must/);
  });
});
