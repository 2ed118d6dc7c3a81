import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayScene, nowMs, rawRequest, someToken, tokenOf } from './gateway-scene.ts';

const scene = new GatewayScene();
beforeAll(() => scene.open());
afterAll(() => scene.close());

const index = '/conda/internal/noarch/repodata.json';
const host = 'Host: x\r\n';

describe('wrong tokens', () => {
  it('are answered later and later, and never lock out a good one', async () => {
    scene.delaysMs.length = 0;
    for (let tries = 0; tries < 14; tries += 1) {
      const answer = await scene.raw(index, { headers: [`Authorization: Bearer ${someToken().text}`] });
      expect([answer.status, answer.reason]).toEqual([401, 'Unknown token']);
    }
    expect(scene.delaysMs).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 8000, 8000]);
    expect((await scene.get(index)).status).toBe(200);
    expect(scene.delaysMs).toHaveLength(9);
  });

  it('that wait by the hundred hold up no good one, from the same address or behind the same proxy', async () => {
    const waiting: (() => void)[] = [];
    const busy = await new GatewayScene().open({
      trustedProxies: ['127.0.0.0/8'],
      // Nothing is answered before the end.
      after: (_delayMs, run) => {
        waiting.push(run);
        return () => undefined;
      },
    });
    const ask = (token: string, from: string) =>
      rawRequest(
        busy.port,
        `GET ${index} HTTP/1.1\r\n${host}Authorization: ${busy.basic(token)}\r\nX-Forwarded-For: ${from}\r\nConnection: close\r\n\r\n`,
      );
    const texts = Array.from({ length: 20 }, () => someToken().text);
    const wrong = Array.from({ length: 600 }, (_, at) => ask(texts[at % 20]!, `192.0.2.${at % 40}`));
    const done: number[] = [];
    for (const answer of wrong) void answer.then(({ status }) => done.push(status));
    // Five of each address at once, eight of each wait; the rest is told to come back.
    await expect.poll(() => waiting.length + done.length, { timeout: 20_000 }).toBe(600);
    expect(waiting).toHaveLength(40 * 8);
    expect(done.filter((status) => status === 429)).toHaveLength(40 * 2);
    for (const from of ['192.0.2.0', '192.0.2.39', '198.51.100.1'])
      expect((await ask(busy.token.text, from)).status, from).toBe(200);
    for (const run of waiting) run();
    expect((await Promise.all(wrong)).filter(({ status }) => status === 401)).toHaveLength(520);
    await busy.close();
  });

  it('are not those that nobody sent: no token, a dead one, another service’s login beside a good one', async () => {
    scene.delaysMs.length = 0;
    const dead = someToken();
    scene.tokens.push([dead.text, tokenOf(dead.id, scene.channels, { expiresAtMs: nowMs })]);
    scene.update();
    const foreign = Buffer.from('me:hunter2').toString('base64');
    for (let tries = 0; tries < 8; tries += 1) {
      expect((await scene.raw(index)).status).toBe(401);
      expect((await scene.raw(index, { headers: [`Authorization: Bearer ${dead.text}`] })).status).toBe(403);
      const path = `/conda/t/${scene.token.text}/internal/noarch/repodata.json`;
      expect((await scene.raw(path, { headers: [`Authorization: Basic ${foreign}`] })).status).toBe(200);
    }
    expect(scene.delaysMs).toEqual([]);
  });
});
