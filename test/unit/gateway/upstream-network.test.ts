import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { NetworkConfig } from '../../../src-main/network/network-config.ts';
import type { UpstreamClient } from '../../../src-main/gateway/upstream-client.ts';
import { createUpstreamClient } from '../../../src-main/gateway/upstream-client.ts';
import { NetworkScene, caPem } from '../network/network-scene.ts';

const scene = new NetworkScene();
const clients: UpstreamClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => scene.close());
scene.names.set('packages.example', [['127.0.0.1']]);
scene.names.set('other.example', [['127.0.0.1']]);
const listed = ['127.0.0.0/8'];

function clientWith(network: Partial<NetworkConfig>): UpstreamClient {
  const client = createUpstreamClient({
    network: { useSystemStore: false, ...network },
    ownPorts: () => [],
    lookup: scene.lookup,
    dial: scene.dial,
  });
  clients.push(client);
  return client;
}

async function ask(
  client: UpstreamClient,
  url: string,
  privateHosts: readonly string[] = listed,
): Promise<string> {
  const signal = new AbortController().signal;
  const origin = new URL(url).origin;
  const { status, body } = await client.open({
    url,
    method: 'GET',
    headers: {},
    credentialsOrigin: origin,
    privateHosts,
    signal,
  });
  let text = '';
  for await (const chunk of body) text += String(chunk);
  return `${status} ${text}`;
}
const problemOf = async (client: UpstreamClient, url: string, privateHosts?: readonly string[]) => {
  const error = await ask(client, url, privateHosts).catch((caught: unknown) => caught);
  const { status, reason, hint } = error as { status: number; reason: string; hint: string };
  return { status, reason, hint };
};

describe('a certificate', () => {
  it('of a company’s authority counts when its file is named', async () => {
    const port = await scene.https((_req, res) => res.end('inside'));
    expect(await ask(clientWith({ caPem }), `https://packages.example:${port}/`)).toBe('200 inside');
  });

  it('of an unknown authority is refused, with both named and what to do', async () => {
    const port = await scene.https((_req, res) => res.end('inside'));
    expect(await problemOf(clientWith({}), `https://packages.example:${port}/`)).toEqual({
      status: 502,
      reason: `Upstream's certificate is not accepted: that of packages.example was issued by "Acme Test Root"`,
      hint: expect.stringMatching(
        /"packages\.example".*was issued by "Acme Test Root".*CA file in the network settings/,
      ),
    });
  });

  it('that expired, or is for another name, says so', async () => {
    const expired = await scene.https((_req, res) => res.end('inside'), 'expired');
    const good = await scene.https((_req, res) => res.end('inside'));
    const client = clientWith({ caPem });
    expect(await problemOf(client, `https://packages.example:${expired}/`)).toMatchObject({
      reason: expect.stringMatching(/expired on Jan +1 .* 2021/),
      hint: expect.stringContaining('clock'),
    });
    expect(await problemOf(client, `https://other.example:${good}/`)).toMatchObject({
      reason: "Upstream's certificate is not accepted: it is not for other.example",
    });
  });

  it('is not there where plain HTTP is spoken', async () => {
    const port = await scene.http((_req, res) => res.end('plain'));
    expect(await problemOf(clientWith({}), `https://packages.example:${port}/`)).toMatchObject({
      status: 502,
      reason: expect.stringMatching(/^TLS with packages\.example failed/),
    });
  });
});

describe('a proxy', () => {
  const proxied = (port: number, more: object = {}): Partial<NetworkConfig> => ({
    caPem,
    proxy: { url: `http://127.0.0.1:${port}`, noProxy: [], ...more },
  });

  it('passes https through a tunnel and http by the whole URL, for names that only it can resolve', async () => {
    let target = await scene.https((_req, res) => res.end('tls'));
    const proxy = await scene.proxy(() => target);
    const client = clientWith(proxied(proxy.port));
    expect(await ask(client, 'https://packages.example/x', [])).toBe('200 tls');
    target = await scene.http((req, res) => res.end(`plain for ${req.headers.host}`));
    expect(await ask(client, 'http://only-the-proxy-knows.example/y', [])).toBe(
      '200 plain for only-the-proxy-knows.example',
    );
    expect(proxy.seen).toEqual(['CONNECT packages.example:443', 'GET http://only-the-proxy-knows.example/y']);
    expect(scene.dialled.filter((at) => !at.startsWith('127.'))).toEqual([]);
  });

  it('may itself be asked by https', async () => {
    const target = await scene.https((_req, res) => res.end('tls'));
    const proxy = await scene.proxy(() => target, { isTls: true });
    const client = clientWith({ caPem, proxy: { url: `https://127.0.0.1:${proxy.port}`, noProxy: [] } });
    expect(await ask(client, 'https://packages.example/x', [])).toBe('200 tls');
  });

  it('is told who asks, and its refusal says what to do', async () => {
    const target = await scene.https((_req, res) => res.end('tls'));
    const proxy = await scene.proxy(() => target, { user: 'gate:way' });
    const known = clientWith(proxied(proxy.port, { username: 'gate', password: 'way' }));
    expect(await ask(known, 'https://packages.example/', [])).toBe('200 tls');
    const unknown = clientWith(proxied(proxy.port, { username: 'gate', password: 'wrong' }));
    for (const url of ['https://packages.example/', 'http://packages.example/']) {
      expect(await problemOf(unknown, url, [])).toMatchObject({
        status: 502,
        reason: `The proxy 127.0.0.1:${proxy.port} refused (HTTP 407)`,
        hint: expect.stringContaining('user name and a password'),
      });
    }
  });

  it('is not asked for this computer, nor for what stands in the no-proxy list', async () => {
    const here = await scene.http((_req, res) => res.end('direct'));
    const proxy = await scene.proxy(() => here);
    const client = clientWith(proxied(proxy.port, { noProxy: ['.example', '10.0.0.0/8'] }));
    expect(await ask(client, `http://127.0.0.1:${here}/`)).toBe('200 direct');
    expect(await ask(client, `http://packages.example:${here}/`)).toBe('200 direct');
    expect(proxy.seen).toEqual([]);
  });

  it.each([
    'http://169.254.169.254/',
    'https://169.254.169.254/',
    'http://10.0.0.1/',
    'https://[::ffff:10.0.0.1]/',
  ])('is not asked for an address that the channel may not reach: %s', async (url) => {
    const proxy = await scene.proxy(() => 1);
    expect(await problemOf(clientWith(proxied(proxy.port)), url, [])).toMatchObject({ status: 502 });
    expect(proxy.seen).toEqual([]);
  });

  it('that is down is named', async () => {
    expect(await problemOf(clientWith(proxied(1)), 'https://packages.example/', [])).toMatchObject({
      reason: "The proxy 127.0.0.1:1 can't be reached (ECONNREFUSED)",
    });
  });
});

describe('network settings', () => {
  it('that cannot be used stop every upstream, and say why', async () => {
    expect(
      await problemOf(clientWith({ problem: 'The CA file is gone.' }), 'https://packages.example/'),
    ).toEqual({
      status: 502,
      reason: "The gateway's network settings can't be used",
      hint: 'The CA file is gone.',
    });
  });

  it('take effect with the next request', async () => {
    const port = await scene.https((_req, res) => res.end('inside'));
    const client = clientWith({});
    expect(await problemOf(client, `https://packages.example:${port}/`)).toMatchObject({ status: 502 });
    client.configure({ useSystemStore: false, caPem });
    expect(await ask(client, `https://packages.example:${port}/`)).toBe('200 inside');
  });
});
