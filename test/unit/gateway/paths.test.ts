import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redactPath, redactWord } from '../../../src-main/gateway/redact.ts';
import { parseTarget } from '../../../src-main/gateway/request-target.ts';
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
    `/conda/internal/${'a'.repeat(2000)}`,
    `/conda/internal/${'a/'.repeat(100)}`,
  ])('is refused: %s', async (target) => {
    const answer = await scene.get(target);
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain('TOP SECRET');
  });

  it('is too long', async () => {
    expect(await scene.get(`/conda/internal/${'a'.repeat(5000)}`)).toMatchObject({
      status: 414,
      reason: 'Request path too long',
    });
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
    '/conda/internal/noarch/repodata_shards.msgpack',
    '/conda/internal/noarch/repodata_shards.msgpack.bz2',
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

  const hex = (part: string, level: number) =>
    [...part].map((char) => `%${'25'.repeat(level)}${char.charCodeAt(0).toString(16)}`).join('');
  const char = (written: (code: number) => string) =>
    [...text].map((one) => written(one.charCodeAt(0))).join('');
  const half = text.slice(0, 28);
  const rest = text.slice(28);
  it.each([
    ['encoded twice', `/conda/${hex(text, 1)}/x`],
    ['encoded six times', `/conda/${hex(text, 5)}/x`],
    ['encoded in a mixture', `/conda/${hex(hex('%25' + text, 0), 1)}/x`],
    ['with an encoded hyphen', `/conda/${text.replaceAll('-', '%252D')}/x`],
    ['cut in two by a slash', `/conda/${half}/${rest}/x`],
    ['cut in two by a dot', `/conda/${half}.${rest}/x`],
    ['cut in two by an encoded slash', `/conda/${half}%252f${rest}/x`],
    ['without its beginning', `/conda/${text.slice(12)}/x`],
    ['in Base64', `/conda/${Buffer.from(`lk:${text}`).toString('base64url')}/x`],
    ['in hex', `/conda/${Buffer.from(text).toString('hex')}/x`],
    ['in hex, as long as a SHA-256', `/conda/${Buffer.from(text.slice(12, 44)).toString('hex')}/x`],
    ['in hex, as long as a SHA-1', `/conda/${Buffer.from(text.slice(12, 32)).toString('hex')}/x`],
    ['in Base64 of a login', `/conda/${Buffer.from(`u:${text}`).toString('base64')}/x`],
    ['in small letters', `/conda/${text.slice(12).toLowerCase()}/x`],
    ['in numeric entities', `/conda/${char((code) => `&#${code};`)}/x`],
    ['in quoted-printable', `/conda/${char((code) => `=${code.toString(16)}`)}/x`],
    ['in escapes of JavaScript', `/conda/${char((code) => `\\x${code.toString(16)}`)}/x`],
    ['in escapes of old browsers', `/conda/${char((code) => `%u00${code.toString(16)}`)}/x`],
    ['in numbers', `/conda/${char((code) => `${code}.`)}/x`],
    ['backwards', `/conda/${[...text].toReversed().join('')}/x`],
  ])('holds no secret that is %s', (_, path) => {
    const secret = text.slice(12);
    for (const shown of [redactPath(path), redactWord(path.slice(7)), parseTarget(path)?.shownPath ?? '']) {
      const asHex = Buffer.from(secret.slice(9, 19)).toString('hex');
      const numbers = [...shown.matchAll(/[0-9A-Fa-f]{2,3}/g)];
      for (let at = 0; at + 10 <= secret.length; at += 1) {
        expect(shown).not.toContain(secret.slice(at, at + 10));
      }
      expect(shown).not.toContain(asHex);
      expect(numbers.length).toBeLessThan(16);
      expect(shown.match(/[0-9A-Za-z]{41,}/)).toBeNull();
    }
  });

  it.each([36, 32])('holds no half of a secret in base %i', (base) => {
    const number = BigInt(`0x${Buffer.from(text.slice(12)).toString('hex')}`).toString(base);
    const middle = Math.ceil(number.length / 2);
    const halves = [number.slice(0, middle), number.slice(middle)];
    for (const cut of ['.', '/', '-', '%2f']) {
      for (const path of [halves.join(cut), halves.join(cut).toUpperCase()]) {
        const shown = redactPath(`/conda/${path}`).toLowerCase();
        for (const part of halves) expect(shown).not.toContain(part);
      }
    }
  });

  it.each([
    '/conda/ch/linux-64/pytorch-2.6.0-cuda126_mkl_py313_h0a1b2c3d_300.conda',
    '/conda/ch/noarch/cuda126py313h0a1b2c3d4e-0.conda',
    '/pypi/ch/files/packages/ab/cd/' + 'e'.repeat(60) + '/acme-1.0-py3-none-any.whl',
    `/conda/ch/noarch/repodata_shards/${'0123456789abcdef'.repeat(4)}.msgpack.zst`,
    '/pypi/ch/simple/opentelemetryinstrumentation/',
  ])('keeps digests and names: %s', (path) => {
    expect(redactPath(path)).toBe(path);
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
