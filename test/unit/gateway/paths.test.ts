import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTarget, redactPath } from '../../../src-main/gateway/request-target.ts';
import { GatewayScene, someToken } from './gateway-scene.ts';

const scene = new GatewayScene();
beforeAll(() => scene.open());
afterAll(() => scene.close());

describe('a path with two readings', () => {
  it.each([
    '/conda/internal/../secret-1.0-0.conda',
    '/conda/internal/noarch/../../secret-1.0-0.conda',
    '/conda/internal/%2e%2e/secret-1.0-0.conda',
    '/conda/internal/%2E./secret-1.0-0.conda',
    '/conda/internal/.%2e/secret-1.0-0.conda',
    '/conda/internal/./noarch/repodata.json',
    '/conda/internal/noarch%2frepodata.json',
    '/conda/internal/noarch%2Frepodata.json',
    '/conda/internal/..%2fsecret-1.0-0.conda',
    '/conda/internal/noarch%5crepodata.json',
    '/conda/internal/..%5csecret-1.0-0.conda',
    '/conda/internal/noarch\\repodata.json',
    '/conda/internal/%252e%252e/secret-1.0-0.conda',
    '/conda/internal/noarch%252frepodata.json',
    '//conda/internal/noarch/repodata.json',
    '/conda//internal/noarch/repodata.json',
    '/conda/internal//noarch/repodata.json',
    '/conda/internal/noarch;x=1/repodata.json',
    '/conda/internal/noarch%3bx/repodata.json',
    '/conda/internal/noarch/repodata.json%00',
    '/conda/internal/noarch/repodata.json%0d%0aX: y',
    '/conda/internal/%c0%ae%c0%ae/secret-1.0-0.conda',
    '/conda/internal/%e0%80%ae/x',
    '/conda/internal/%c0%afx',
    '/conda/internal/%ed%a0%80',
    '/conda/internal/%zz',
    '/conda/internal/%',
    '/conda/internal/noarch/\u00e9.conda',
    '/conda/internal/noarch/%c2%80.conda',
    '/conda/internal/noarch/a%20b.conda',
    '/conda/internal/noarch/repodata.json#x',
    '/conda/internal/noarch/repodata.json%3fx',
    '/conda/internal/noarch/repodata.json?a#b',
    'http://127.0.0.1/conda/internal/noarch/repodata.json',
    'https://user:pw@host/conda/internal/noarch/repodata.json',
    `/conda/internal/${'a'.repeat(5000)}`,
  ])('is refused: %s', async (target) => {
    const answer = await scene.get(target);
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain('TOP SECRET');
  });

  it('says what is wrong', async () => {
    expect((await scene.get('/conda//x')).reason).toBe('Bad request path');
  });
});

describe('a clean path in a local channel', () => {
  it.each([
    '/conda/internal/noarch/link-1.0-0.conda',
    '/conda/internal/outside/secret-1.0-0.conda',
    '/conda/internal/noarch/.hidden-1.0-0.conda',
    '/conda/internal/noarch',
    '/conda/internal/noarch/',
    '/conda/internal',
    '/conda/internal/',
    '/conda/internal/channel/noarch/tool-1.0-0.conda',
    '/conda/internal/noarch/tool-1.0-0.txt',
    '/conda/internal/noarch/repodata.json/x',
    '/conda/internal/noarch/repodata.json.bz2',
    '/conda/internal/noarch/repodata_shards.msgpack.zst',
    '/conda/internal/noarch/repodata.jlap',
    '/conda/internal/noarch/index.html',
  ])('is not found: %s', async (target) => {
    const [got, head] = [await scene.get(target), await scene.head(target)];
    expect([got.status, head.status]).toEqual([404, 404]);
    expect(got.body).not.toContain('SECRET');
  });

  it('may be percent-encoded where nothing is hidden by it', async () => {
    expect((await scene.get('/conda/internal/noarch/%74ool-1%2e0-0.conda')).body).toBe('0123456789');
  });

  it('may have a query, which is ignored', async () => {
    expect((await scene.get('/conda/internal/noarch/tool-1.0-0.conda?x=1')).status).toBe(200);
  });
});

describe('what is shown of a path', () => {
  const { text, id } = someToken();
  it.each([
    [`/conda/t/${text}/ch/noarch/x`],
    [`/t/${text}/conda/ch/noarch/x`],
    [`/x/y?token=${text}`],
    [`/conda/${text}/noarch`],
    [`/conda/%6ck-${text.slice(3)}/noarch`],
    [`//t//${text}/x`],
    [`/conda/%74/${text}/x`],
    [`/conda%2ft%2f${text}/x`],
    [`http://user:${text}@host/x`],
    [`\\t\\${text}`],
  ])('holds no secret: %s', (path) => {
    const secret = text.slice(12);
    expect(redactPath(path)).not.toContain(secret.slice(0, 12));
    expect(parseTarget(path)?.shownPath ?? '').not.toContain(secret.slice(0, 12));
    expect(id).toHaveLength(8);
  });

  it('leaves the token segment out of a clean path', () => {
    expect(parseTarget(`/conda/t/${text}/ch/noarch/x.conda`)?.shownPath).toBe('/conda/ch/noarch/x.conda');
    expect(parseTarget(`/t/${text}/conda/ch/noarch/x.conda`)?.shownPath).toBe('/conda/ch/noarch/x.conda');
  });

  it('never logs a secret, however the token is sent', async () => {
    scene.lines.length = 0;
    const good = scene.token.text;
    const stranger = someToken().text;
    for (const token of [good, stranger]) {
      for (const path of [
        `/conda/t/${token}/internal/noarch/repodata.json`,
        `/t/${token}/conda/x/y`,
        `/conda/${token}/x`,
        `//t/${token}/x`,
        `/x?${token}`,
        `/conda/t/${token}%2f/x`,
      ]) {
        await scene.raw(path, {
          headers: [`Authorization: ${scene.basic(token)}`, `User-Agent: pip/26 ${token}`],
        });
        await scene.raw(path, { headers: [`Authorization: Bearer ${token}`, `User-Agent: ${token}`] });
      }
    }
    expect(scene.lines).toHaveLength(24);
    const all = scene.lines.join('\n') + JSON.stringify(scene.events);
    for (const token of [good, stranger]) {
      expect(all).not.toContain(token.slice(12));
      expect(all).not.toContain(Buffer.from(`anyone:${token}`).toString('base64'));
    }
    expect(scene.lines[0]).toBe(
      `2026-11-24T12:00:00.000Z 127.0.0.1 lk-${scene.token.id} "GET /conda/internal/noarch/repodata.json" 200 62B 0ms "pip/26" ""`,
    );
  });
});
