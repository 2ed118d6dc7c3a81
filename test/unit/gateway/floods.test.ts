/** Clients that take all they can get: connections, requests on one of them, downloads that do not go on. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayScene, channelOf, someToken, tokenOf } from './gateway-scene.ts';

let scene: GatewayScene;
const sockets: Socket[] = [];
beforeEach(() => void (scene = new GatewayScene()));
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await scene.close();
});

type Client = { readonly socket: Socket; readonly text: () => string; readonly ended: Promise<string> };

/** Sends this, and reads what comes. */
function client(text: string, options: { from?: string } = {}): Client {
  const socket = connect({
    port: scene.port,
    host: '127.0.0.1',
    ...(options.from === undefined ? {} : { localAddress: options.from }),
  });
  sockets.push(socket);
  let received = '';
  let error = 'closed';
  const ended = new Promise<string>((resolve) => {
    socket.on('error', (failure: NodeJS.ErrnoException) => (error = failure.code ?? 'error'));
    socket.on('close', () => resolve(error));
  });
  socket.on('data', (chunk) => (received += String(chunk)));
  socket.write(text);
  return { socket, ended, text: () => received };
}

const head = (path: string, token = scene.basic()) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${token}\r\n\r\n`;

async function addUpstream(name: string, listener: Parameters<GatewayScene['upstream']>[0]): Promise<void> {
  const base = await scene.upstream(listener);
  scene.addChannel(channelOf(name, { type: 'url', url: base, privateHosts: [new URL(base).host] }));
}

/** The beginning of a body that is never whole: seen from the gateway, nothing more of the answer is taken. */
function begin(res: ServerResponse): void {
  res.writeHead(200, { 'content-length': 1024 * 1024 }).write('begin');
}

describe('a flood of requests on one connection', () => {
  it('ends it while its first answer is waited for', async () => {
    await scene.open();
    await addUpstream('silent', () => undefined);
    const flood = client(head('/conda/silent/noarch/a-1-0.conda'));
    for (let round = 0; round < 100 && !flood.socket.destroyed; round += 1) {
      flood.socket.write('GET / HTTP/1.1\r\nHost:x\r\n\r\n'.repeat(4000));
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await flood.ended).toMatch(/ECONNRESET|EPIPE/);
    expect(scene.events.filter(({ cause }) => cause === 'request.pipelined')).toHaveLength(1);
  });

  it('is not read on after its refusal', async () => {
    await scene.open();
    await addUpstream('silent', () => undefined);
    const asking = client(head('/conda/silent/noarch/a-1-0.conda') + head('/healthz').repeat(17));
    await expect.poll(() => scene.events.some(({ cause }) => cause === 'request.pipelined')).toBe(true);
    const text = head('/healthz').repeat(1000);
    let taken = 0;
    // More than all buffers between here and there hold.
    for (let round = 0; round < 400; round += 1) {
      if (!asking.socket.write(text)) {
        // oxlint-disable-next-line no-await-in-loop
        const isTaken = await Promise.race([
          new Promise<boolean>((resolve) => asking.socket.once('drain', () => resolve(true))),
          new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 500)),
        ]);
        if (!isTaken) break;
      }
      taken += 1;
    }
    expect(taken).toBeLessThan(400);
    expect((await scene.get('/healthz')).status).toBe(200);
  });
});

describe('downloads that do not go on', () => {
  const file = '/conda/up/noarch/big-1-0.conda';

  it('keep nobody else from the upstream', async () => {
    await scene.open();
    await addUpstream('up', (req, res) => {
      if (req.url?.includes('/big-') === true) begin(res);
      else if (req.url?.endsWith('.zst') === true) res.writeHead(404).end();
      else if (req.url?.endsWith('.json') === true) res.end('{"info":{"subdir":"noarch"},"packages":{}}');
      else res.end('small');
    });
    const other = someToken();
    scene.tokens.push([other.text, tokenOf(other.id, scene.channels)]);
    scene.update();
    for (let count = 0; count < 140; count += 1) client(head(file));
    // All that this token gets are under way, and some wait.
    await expect.poll(() => scene.gateway.connections(), { timeout: 20_000 }).toBe(140);
    const asked = (path: string) =>
      scene.raw(path, {
        headers: [`Authorization: Basic ${Buffer.from(`a:${other.text}`).toString('base64')}`],
      });
    expect((await asked('/conda/up/noarch/small-1-0.conda')).body).toBe('small');
    expect((await asked('/conda/up/noarch/repodata.json')).status).toBe(200);
    // The same token waits until those who take nothing have given way.
    expect((await scene.get('/conda/up/noarch/small-1-0.conda')).body).toBe('small');
    expect(scene.events.some(({ cause }) => cause === 'answer.cut')).toBe(true);
  }, 60_000);
});

describe('more connections than there may be', () => {
  const ok = 'HTTP/1.1 200 OK';

  it('close those that do nothing', async () => {
    await scene.open({ maxConnections: 10 });
    const idle = Array.from({ length: 10 }, () => client(head('/healthz')));
    await expect.poll(() => idle.every(({ text }) => text().startsWith(ok))).toBe(true);
    const more = client(head('/healthz'));
    await expect.poll(() => more.text()).toContain(ok);
    expect(await idle[0]?.ended).toBe('ECONNRESET');
    expect(idle.filter(({ socket }) => socket.destroyed)).toHaveLength(1);
  });

  it.skipIf(process.platform !== 'linux')('take from who has most when all are busy', async () => {
    await scene.open({ maxConnections: 10 });
    await addUpstream('silent', () => undefined);
    const path = '/conda/silent/noarch/a-1-0.conda';
    const busy = Array.from({ length: 10 }, () => client(head(path)));
    await expect.poll(() => scene.gateway.connections()).toBe(10);
    await new Promise((resolve) => setTimeout(resolve, 100));
    // From the same address: it has its share already.
    expect(await client(head('/healthz')).ended).toBe('ECONNRESET');
    const other = client(head('/healthz'), { from: '127.0.0.2' });
    await expect.poll(() => other.text()).toContain(ok);
    expect(busy.filter(({ socket }) => socket.destroyed)).toHaveLength(1);
  });
});
