/** The short form of test/load: without a clock, as the event loop must have turned many times while a page was read. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  htmlListText,
  htmlPageText,
  hyphenPageText,
  jsonListText,
  jsonPageText,
  repodataText,
} from '../../support/index-pages.ts';
import { GatewayScene, channelOf } from './gateway-scene.ts';

const scene = new GatewayScene();
const json = 'application/vnd.pypi.simple.v1+json';
let body = '';
let type = '';
let channels = 0;
let base = '';

beforeAll(async () => {
  base = await scene.upstream((req, res) => {
    if (req.url?.endsWith('.zst') === true) res.writeHead(404).end();
    else res.writeHead(200, { 'content-type': type }).end(body);
  });
  await scene.open();
});
afterAll(() => scene.close());

describe('while it reads', () => {
  it.each([
    ['a list of 20,000 projects in HTML', 'pypi', 'simple/', 'text/html', htmlListText(20_000)],
    ['a list of 20,000 projects in JSON', 'pypi', 'simple/', json, jsonListText(20_000)],
    ['a page of 5,000 files in HTML', 'pypi', 'simple/acme/', 'text/html', htmlPageText('acme', 5_000)],
    ['a page of 5,000 files in JSON', 'pypi', 'simple/acme/', json, jsonPageText('acme', 5_000)],
    ['4,000 names full of hyphens', 'pypi', 'simple/acme/', 'text/html', hyphenPageText('acme', 4_000)],
    [
      'a conda index of 10,000 records',
      'conda',
      'linux-64/repodata.json',
      'application/json',
      repodataText(10_000),
    ],
  ] as const)('%s, health is answered', async (_what, kind, path, contentType, text) => {
    channels += 1;
    scene.addChannel(
      channelOf(
        `channel-${channels}`,
        { type: 'url', url: `${base}/`, privateHosts: [new URL(base).host] },
        { kind },
      ),
    );
    [body, type] = [text, contentType];
    let isRead = false;
    const reading = scene.get(`/${kind}/channel-${channels}/${path}`).finally(() => (isRead = true));
    let answers = 0;
    while (!isRead) {
      expect((await scene.raw('/healthz')).status).toBe(200);
      answers += 1;
    }
    expect((await reading).status).toBe(200);
    // One after the other: read on the event loop, there would be one or two.
    expect(answers).toBeGreaterThan(5);
  });
});
