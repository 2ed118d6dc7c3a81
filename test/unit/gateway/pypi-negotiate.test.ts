import { describe, expect, it } from 'vitest';
import { negotiate } from '../../../src-main/gateway/pypi/negotiate.ts';
import { bodyText, fakeUpstream, htmlAnswer, indexUrl, urlScene } from './pypi-scene.ts';

const v1json = 'application/vnd.pypi.simple.v1+json';
const v1html = 'application/vnd.pypi.simple.v1+html';

describe('content negotiation (PEP 691)', () => {
  it.each([
    [undefined, 'legacy-html'],
    ['', 'legacy-html'],
    ['*/*', 'legacy-html'],
    ['text/html', 'legacy-html'],
    ['text/*', 'legacy-html'],
    ['application/*', 'json'],
    [v1json, 'json'],
    [v1html, 'html'],
    ['application/vnd.pypi.simple.latest+json', 'json'],
    ['application/vnd.pypi.simple.latest+html', 'html'],
    [`${v1json}, ${v1html}; q=0.1, text/html; q=0.01`, 'json'],
    [`${v1json}, ${v1html};q=0.2, text/html;q=0.01`, 'json'],
    [`text/html, ${v1json}`, 'json'],
    [`${v1json};q=0.1, text/html`, 'legacy-html'],
    [`${v1json};q=0, */*`, 'legacy-html'],
    ['text/html;q=0, */*;q=0.1', 'html'],
    ['text/*;q=0, */*;q=0.1', 'html'],
    [`*/*;q=0.5, ${v1json};q=0.4`, 'legacy-html'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'legacy-html'],
    ['APPLICATION/VND.PYPI.SIMPLE.V1+JSON ; Q=1.000', 'json'],
    ['text/html;level=1', 'legacy-html'],
    ['application/json', undefined],
    ['application/vnd.pypi.simple.v2+json', undefined],
    ['text/html;q=0', undefined],
    ['text/html;q=2', undefined],
    ['text/html;q=abc', undefined],
    [';;;,,,', undefined],
  ])('answers %j with %s', (accept, expected) => {
    expect(negotiate(accept)).toBe(expected);
    expect(negotiate(accept)).toBe(expected);
  });

  it('says what it chose, varies by Accept, and gives each form its own ETag', async () => {
    const page = htmlAnswer('<a href="acme-1.0.tar.gz">acme-1.0.tar.gz</a>');
    const { get } = urlScene(fakeUpstream({ [`${indexUrl}acme/`]: page }));
    const tags = new Set<unknown>();
    for (const [accept, type] of [
      [v1json, v1json],
      ['application/vnd.pypi.simple.latest+html', v1html],
      ['*/*', 'text/html; charset=utf-8'],
    ] as const) {
      const response = await get('simple/acme/', { accept });
      expect(response).toMatchObject({
        status: 200,
        headers: { 'content-type': type, vary: 'Accept, Accept-Encoding' },
      });
      tags.add(response.body.type === 'bytes' ? response.body.etag : undefined);
    }
    expect(tags.size).toBe(3);
    expect(tags).not.toContain(undefined);
  });

  it('answers 406 without asking the upstream when the client accepts nothing of it', async () => {
    const fake = fakeUpstream();
    const response = await urlScene(fake).get('simple/acme/', { accept: 'image/png' });
    expect(response).toMatchObject({ status: 406, headers: { vary: 'Accept' }, body: { type: 'none' } });
    expect(fake.requests).toEqual([]);
  });

  it('says the version of the API in both forms', async () => {
    const { get } = urlScene(
      fakeUpstream({ [`${indexUrl}acme/`]: htmlAnswer('<title>Links for acme</title>') }),
    );
    const html = await bodyText(await get('simple/acme/'));
    expect(html).toContain('<meta name="pypi:repository-version" content="1.4">');
    const text = await bodyText(await get('simple/acme/', { accept: v1json }));
    expect(JSON.parse(text)).toEqual({
      meta: { 'api-version': '1.4' },
      name: 'acme',
      versions: [],
      files: [],
    });
  });
});
