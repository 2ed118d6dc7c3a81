import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayScene, dayMs, nowMs, someToken, tokenOf } from './gateway-scene.ts';

const scene = new GatewayScene();
const revoked = someToken();
const expired = someToken();
const elsewhere = someToken();

beforeAll(async () => {
  const add = ({ text, id }: typeof revoked, more: Parameters<typeof tokenOf>[2]) =>
    scene.tokens.push([text, tokenOf(id, scene.channels, more)]);
  add(revoked, { revoked: { atMs: nowMs - dayMs, reason: 'Laptop lost' } });
  add(expired, { expiresAtMs: Date.UTC(2026, 10, 20, 8) });
  add(elsewhere, { networks: ['10.0.0.0/8'] });
  await scene.open();
});
afterAll(() => scene.close());

describe('a dead token', () => {
  // docs/clients.md has what each of them prints.
  it.each([
    ['pip/26.3 {"ci":null}', '/pypi/python/simple/acme/', 401],
    ['pip/26.3 {"ci":null}', '/pypi/python/files/acme/acme-1.0-py3-none-any.whl', 403],
    ['pip/26.3 {"ci":null}', '/conda/internal/noarch/repodata.json', 403],
    ['uv/0.13.9 {"ci":true}', '/pypi/python/simple/acme/', 410],
    ['uv/0.13.9', '/pypi/python/files/acme/acme-1.0-py3-none-any.whl', 410],
    ['poetry/2.5.1 CPython/3.11.7', '/pypi/python/simple/acme/', 410],
    ['conda/26.7.1 requests/2.34.2', '/conda/internal/noarch/repodata.json', 403],
    ['py-rattler/0.28.0', '/conda/internal/noarch/repodata.json', 403],
    ['pixi/0.60.0', '/conda/internal/noarch/repodata.json', 403],
    ['pipx', '/pypi/python/simple/acme/', 403],
    ['', '/pypi/python/simple/acme/', 403],
  ])('is told to %j for %s by %i', async (agent, path, status) => {
    for (const [{ text, id }, reason] of [
      [revoked, 'was revoked: Laptop lost'],
      [expired, 'expired on 2026-11-20'],
    ] as const) {
      const headers = [`Authorization: Bearer ${text}`, ...(agent === '' ? [] : [`User-Agent: ${agent}`])];
      const answer = await scene.raw(path, { headers });
      expect([answer.status, answer.reason]).toEqual([status, `Token lk-${id} ${reason}`]);
      expect(JSON.parse(answer.body)).toMatchObject({ status, detail: answer.reason });
      expect(answer.headers['www-authenticate'] !== undefined).toBe(status === 401);
      expect(scene.events.at(-1)).toMatchObject({ outcome: 'deny', tokenId: id, status });
    }
  });

  it('is no token of another network: that one may be good elsewhere', async () => {
    const headers = [`Authorization: Bearer ${elsewhere.text}`, 'User-Agent: uv/0.13.9'];
    expect((await scene.raw('/pypi/python/simple/', { headers })).status).toBe(403);
  });
});
