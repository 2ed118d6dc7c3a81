import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayScene, channelOf, nowMs, someToken, tokenOf } from './gateway-scene.ts';

/** An upstream that sends a part of a package and holds the rest back. */
const scene = new GatewayScene();
const other = someToken();
let held: ServerResponse[] = [];
const path = '/conda/slow/noarch/tool-1.0-0.conda';

beforeAll(async () => {
  await scene.open();
  const upstream = await scene.upstream((_req, res) => {
    held.push(res);
    res.write('a part');
  });
  scene.addChannel(channelOf('slow', { type: 'url', url: upstream, privateHosts: [new URL(upstream).host] }));
  scene.tokens.push([other.text, tokenOf(other.id, scene.channels)]);
  scene.update();
});
afterAll(() => scene.close());
beforeEach(() => {
  held = [];
  scene.tokens[0] = [scene.token.text, tokenOf(scene.token.id, scene.channels)];
  scene.update();
  scene.events.length = 0;
});

/** @returns how the connection ended, when a part has come */
function begin(version: string, text = scene.token.text) {
  return new Promise<{ readonly ended: Promise<string>; readonly received: () => string }>((resolve) => {
    let received = '';
    const socket = connect(scene.port, '127.0.0.1', () =>
      socket.write(
        `GET ${path} HTTP/${version}\r\nHost: x\r\nAuthorization: ${scene.basic(text)}\r\nConnection: close\r\n\r\n`,
      ),
    );
    const ended = new Promise<string>((end) => {
      socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? ''));
      socket.on('end', () => end('end'));
    });
    socket.setEncoding('latin1');
    socket.on('data', (part: string) => {
      received += part;
      if (received.includes('a part')) resolve({ ended, received: () => received });
    });
  });
}

const revoke = () => {
  scene.tokens[0] = [
    scene.token.text,
    tokenOf(scene.token.id, scene.channels, { revoked: { atMs: nowMs, reason: 'lost' } }),
  ];
  scene.update();
};

describe('a download whose token is revoked', () => {
  // To a client of HTTP/1.0 a connection that is closed properly is the end of the file.
  it.each(['1.0', '1.1'])('is broken off by a reset, HTTP/%s', async (version) => {
    const download = await begin(version);
    revoke();
    expect(await download.ended).toBe('ECONNRESET');
    await expect.poll(() => scene.events).toMatchObject([{ status: 200, cause: 'answer.cut' }]);
  });

  it('takes no download of another token with it', async () => {
    const [ends, goesOn] = [await begin('1.1'), await begin('1.1', other.text)];
    revoke();
    expect(await ends.ended).toBe('ECONNRESET');
    for (const res of held) res.end(', and the rest');
    expect(await goesOn.ended).toBe('end');
    expect(goesOn.received()).toContain(', and the rest');
  });

  it('goes on to its end where the settings let it, and only it: the next request is refused', async () => {
    scene.gateway.configure({ finishDownloads: true });
    const download = await begin('1.1');
    revoke();
    expect((await scene.get(path)).status).toBe(403);
    for (const res of held) res.end(', and the rest');
    expect(await download.ended).toBe('end');
    expect(download.received()).toContain(', and the rest');
    scene.gateway.configure({ finishDownloads: false });
  });

  it('ends when the setting is taken back', async () => {
    scene.gateway.configure({ finishDownloads: true });
    const download = await begin('1.1');
    revoke();
    scene.gateway.configure({ finishDownloads: false });
    expect(await download.ended).toBe('ECONNRESET');
  });
});
