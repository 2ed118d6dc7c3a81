import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayScene, channelOf } from './gateway-scene.ts';

/** Several requests on one connection, as bytes: proxies send a few, attackers hide one in another. */
const scene = new GatewayScene();
beforeAll(() => scene.open());
afterAll(() => scene.close());
beforeEach(() => {
  scene.events.length = 0;
});

const index = '/conda/internal/noarch/repodata.json';
const host = 'Host: x\r\n';
const auth = () => `Authorization: ${scene.basic()}\r\n`;

/** Sends text and collects all that comes back until the connection closes. */
function exchange(text: string, cuts: readonly number[] = []): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(scene.port, '127.0.0.1', () => {
      socket.setNoDelay(true);
      let from = 0;
      for (const length of cuts) {
        socket.write(text.slice(from, from + length), 'latin1');
        from += length;
      }
      socket.write(text.slice(from), 'latin1');
    });
    socket.setEncoding('latin1');
    socket.on('data', (part: string) => (received += part));
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}
const statuses = (received: string) =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));

describe('requests on one connection', () => {
  const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\n${host}${auth()}${more}\r\n`;
  const file = '/conda/internal/noarch/tool-1.0-0.conda';

  it('are answered one after another, in their order', async () => {
    const received = await exchange(
      get(file) + get('/conda/nowhere/x') + get(index) + get(file, 'Connection: close\r\n'),
    );
    expect(statuses(received)).toEqual([200, 403, 200, 200]);
    expect(scene.events).toHaveLength(4);
  });

  it('are not looked at while an earlier one is being answered', async () => {
    let open = 0;
    let most = 0;
    const upstream = await scene.upstream((_req, res) => {
      open += 1;
      most = Math.max(most, open);
      setImmediate(() => {
        open -= 1;
        res.writeHead(200, { 'content-length': 3 }).end('abc');
      });
    });
    scene.addChannel(
      channelOf('slow', { type: 'url', url: upstream, privateHosts: [new URL(upstream).host] }),
    );
    const one = get('/conda/slow/noarch/tool-1.0-0.conda');
    const received = await exchange(one.repeat(8) + get(file, 'Connection: close\r\n'));
    expect(statuses(received)).toHaveLength(9);
    expect(most).toBe(1);
  });

  it('end with a 503 when there are too many at once', async () => {
    const received = await exchange(get(file).repeat(200));
    expect(statuses(received)).toEqual([...Array.from({ length: 17 }, () => 200), 503]);
    expect(scene.events.filter((event) => event.status === 503)).toMatchObject([
      { reason: 'Too many requests at once on one connection', cause: 'request.pipelined' },
    ]);
  });

  const slow = async (): Promise<string> => {
    const upstream = await scene.upstream((_req, res) => void setImmediate(() => res.end('abc')));
    const name = `slow-${new URL(upstream).port}`;
    scene.addChannel(channelOf(name, { type: 'url', url: upstream, privateHosts: [new URL(upstream).host] }));
    return get(`/conda/${name}/noarch/tool-1.0-0.conda`);
  };

  it.each<[what: string, text: string, status: number]>([
    ['that cannot be read', 'nonsense\r\n\r\n', 400],
    ['for a tunnel', `CONNECT internal:443 HTTP/1.1\r\n${host}\r\n`, 405],
    ['with an expectation', `GET / HTTP/1.1\r\n${host}Expect: cake\r\n\r\n`, 417],
    ['without a Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['with content', `GET / HTTP/1.1\r\n${host}Content-Length: 4\r\n\r\nGET `, 400],
  ])('%s never take the place of an earlier answer', async (_, text, status) => {
    for (const one of [get(file), await slow()]) {
      const received = await exchange(one.repeat(4) + text + get(file));
      expect(statuses(received)).toEqual([200, 200, 200, 200, status]);
    }
    expect(scene.events.filter((event) => event.status === status)).toHaveLength(2);
  });

  it('are all answered before one that closes; what follows it is not looked at', async () => {
    const one = await slow();
    for (const after of [get(file), 'nonsense\r\n\r\n', '\0'.repeat(5000)]) {
      scene.events.length = 0;
      const received = await exchange(one.repeat(2) + get(file, 'Connection: close\r\n') + after);
      expect(statuses(received)).toEqual([200, 200, 200]);
      expect(scene.events.map(({ status }) => status)).toEqual([200, 200, 200]);
    }
  });

  it('end with one that asks for another protocol: what follows in its packet would be lost by half', async () => {
    for (const protocol of ['h2c', 'websocket', 'TLS/1.2']) {
      const upgrade = `Connection: Upgrade\r\nUpgrade: ${protocol}\r\n`;
      const received = await exchange(get(file, upgrade) + get(file) + 'GET /healthz HT');
      expect(statuses(received)).toEqual([200]);
      expect(received).toMatch(/\r\nConnection: close\r\n/i);
    }
  });

  it('count as given up when their sender closes its end', async () => {
    const answered = await new Promise<string>((resolve, reject) => {
      let received = '';
      const socket = connect({ port: scene.port, host: '127.0.0.1', allowHalfOpen: true }, () => {
        socket.setEncoding('latin1');
        socket.on('data', (part: string) => (received += part));
        socket.on('end', () => socket.end(() => resolve(received)));
      });
      socket.on('error', reject);
      void slow().then((one) => socket.end(one + one));
    });
    expect(answered).toBe('');
    await expect.poll(() => scene.events.map(({ cause }) => cause)).toEqual(['answer.cut']);
    expect((await scene.get(index)).status).toBe(200);
  });

  it('are answered as each alone would be, in their order, up to the first that ends the connection', async () => {
    const waiting = await slow();
    /** Each with its answer, and whether it is the last that is looked at. */
    const kinds: readonly (readonly [text: string, status: number, isLast?: true])[] = [
      [get(file), 200],
      [waiting, 200],
      [get(index), 200],
      [`HEAD ${file} HTTP/1.1\r\n${host}${auth()}\r\n`, 200],
      [get('/conda/nowhere/x'), 403],
      [get('/conda//x'), 400],
      [`GET ${file} HTTP/1.1\r\n${host}\r\n`, 401],
      [get(file, 'Expect: 100-continue\r\n'), 200, true],
      [get(waiting.split(' ')[1]!, 'Connection: close\r\n'), 200, true],
      [get(file, 'Connection: Upgrade\r\nUpgrade: h2c\r\n'), 200, true],
      [`GET ${file} HTTP/1.0\r\n${auth()}\r\n`, 200, true],
      ['GET / HTTP/1.1\r\n\r\n', 400, true],
      [`GET ${file} HTTP/1.1\r\n${host}Content-Length: 5\r\n\r\nGET /`, 400, true],
      [`GET ${file} HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\n`, 400, true],
      [`POST ${file} HTTP/1.1\r\n${host}\r\n`, 405, true],
      [get(file, 'Expect: cake\r\n'), 417, true],
      [`CONNECT internal:443 HTTP/1.1\r\n${host}\r\n`, 405, true],
      ['nonsense\r\n\r\n', 400, true],
      [`GET ${file} HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n`, 400, true],
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: kinds.length - 1 }), { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 4 }),
        async (picked, cuts) => {
          scene.events.length = 0;
          const requests = picked.map((at) => kinds[at]!);
          const lastAt = requests.findIndex(([, , isLast]) => isLast === true);
          const seen = lastAt < 0 ? requests : requests.slice(0, lastAt + 1);
          const end = lastAt < 0 ? [get(index, 'Connection: close\r\n')] : [];
          const text = [...requests.map(([one]) => one), ...end].join('');
          const expected = [...seen.map(([, status]) => status), ...end.map(() => 200)];
          // A cut packet tells nothing either.
          expect(statuses(await exchange(text, cuts))).toEqual(expected);
          const inOrder = (all: readonly number[]) => all.toSorted((a, b) => a - b);
          await expect
            .poll(() => inOrder(scene.events.map(({ status }) => status)))
            .toEqual(inOrder(expected));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('end where one was refused for its form', async () => {
    const received = await exchange(`GET / HTTP/1.1\r\n\r\n${get(file)}`);
    expect(statuses(received)).toEqual([400]);
  });
});
