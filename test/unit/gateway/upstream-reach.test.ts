import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { UpstreamCredentials } from '../../../shared/model/domain.ts';
import { createUpstreamClient } from '../../../src-main/gateway/upstream-client.ts';
import { NetworkScene } from '../network/network-scene.ts';

const scene = new NetworkScene();
const seen: { host: string; url: string; authorization: string | undefined }[] = [];
let answer: (url: string) => { status?: number; location?: string; body?: string } = () => ({ body: 'ok' });
const port = await scene.http((req, res) => {
  seen.push({ host: req.headers.host ?? '', url: req.url ?? '', authorization: req.headers.authorization });
  const { status = 200, location, body = '' } = answer(req.url ?? '');
  res.writeHead(status, location === undefined ? {} : { Location: location }).end(body);
});
const client = createUpstreamClient({
  network: { useSystemStore: false },
  ownPorts: () => [4711],
  lookup: scene.lookup,
  dial: scene.dial,
});
afterAll(() => {
  client.close();
  scene.close();
});
beforeEach(() => {
  seen.length = 0;
  scene.dialled.length = 0;
  scene.names.clear();
  scene.elsewhere.clear();
  answer = () => ({ body: 'ok' });
});

const open = async (url: string, privateHosts: readonly string[] = [], credentials?: UpstreamCredentials) => {
  const response = await client.open({
    url,
    method: 'GET',
    headers: {},
    ...(credentials === undefined ? {} : { credentials }),
    credentialsOrigin: new URL(url).origin,
    privateHosts,
    signal: new AbortController().signal,
  });
  let text = '';
  for await (const chunk of response.body) text += String(chunk);
  return { status: response.status, text, finalUrl: response.finalUrl };
};
const refused = (reason: RegExp) =>
  expect.objectContaining({ status: 502, reason: expect.stringMatching(reason) });
/** A name that looks public, as the resolver of this test has it. */
const isAt = (name: string, ...answers: string[][]) => scene.names.set(name, answers);

describe('an upstream', () => {
  it('on the Internet is connected to by the address that was judged', async () => {
    isAt('packages.example', ['93.184.216.34']);
    scene.elsewhere.set('93.184.216.34:80', port);
    expect(await open('http://packages.example/x')).toMatchObject({ status: 200, text: 'ok' });
    expect(scene.dialled).toEqual(['93.184.216.34:80']);
    expect(seen).toMatchObject([{ host: 'packages.example', url: '/x' }]);
  });

  it.each([
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://0x7f000001:PORT/',
    'http://2130706433:PORT/',
    'http://localhost:PORT/',
    'http://any.localhost:PORT/',
    'http://[::1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://10.0.0.1/',
    'http://[fd00::1]/',
    'http://100.64.0.1/',
    'http://169.254.1.1/',
  ])('in the local network is not connected to: %s', async (url) => {
    await expect(open(url.replace('PORT', String(port)))).rejects.toEqual(
      refused(/is in the local network, and not/),
    );
    expect([scene.dialled, seen]).toEqual([[], []]);
  });

  it('is named with its address in the hint, and never in what clients read', async () => {
    isAt('store.example', ['10.9.8.7']);
    const error = await open('http://store.example/').catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      reason:
        "Upstream store.example:80 is in the local network, and not one of this channel's private hosts",
      hint: expect.stringContaining('(now 10.9.8.7)'),
    });
  });

  it('in the local network is reached when the channel lists it, by this port and under this name only', async () => {
    isAt('store.example', ['127.0.0.1']);
    isAt('other.example', ['127.0.0.1']);
    const listed = [`store.example:${port}`];
    expect(await open(`http://store.example:${port}/`, listed)).toMatchObject({ status: 200 });
    await expect(open(`http://other.example:${port}/`, listed)).rejects.toEqual(refused(/other\.example/));
    await expect(open(`http://127.0.0.1:${port}/`, listed)).rejects.toEqual(refused(/127\.0\.0\.1/));
    expect(await open(`http://other.example:${port}/`, ['127.0.0.0/8'])).toMatchObject({ status: 200 });
  });

  it('that one channel may reach is not reached by another over the kept connection', async () => {
    const url = `http://127.0.0.1:${port}/`;
    expect(await open(url, [`127.0.0.1:${port}`])).toMatchObject({ status: 200 });
    await expect(open(url)).rejects.toEqual(refused(/127\.0\.0\.1/));
  });

  it.each([
    '169.254.169.254',
    '168.63.129.16',
    '100.100.100.200',
    '[fd00:ec2::254]',
    '[::ffff:169.254.169.254]',
    '[64:ff9b::169.254.169.254]',
    '[2002:a9fe:a9fe::1]',
  ])('is never the metadata service %s, whatever is listed', async (host) => {
    const bare = host.replace(/[[\]]/g, '');
    const listed = [
      '169.254.0.0/16',
      '168.63.129.16/32',
      '100.64.0.0/10',
      'fd00::/8',
      '64:ff9b::/96',
      '2002::/16',
      `${new URL(`http://${host}`).host}:80`,
    ];
    await expect(open(`http://${host}/latest/`, listed)).rejects.toEqual(refused(/metadata service/));
    isAt('meta.example', [bare]);
    await expect(open('http://meta.example/', ['meta.example:80'])).rejects.toEqual(
      refused(/metadata service/),
    );
    expect(scene.dialled).toEqual([]);
  });

  it('is never one of our own ports', async () => {
    await expect(open('http://127.0.0.1:4711/', ['127.0.0.0/8'])).rejects.toEqual(
      refused(/is this gateway itself/),
    );
    isAt('self.example', ['127.0.0.1']);
    await expect(open('http://self.example:4711/', ['self.example:4711'])).rejects.toEqual(
      refused(/gateway itself/),
    );
  });

  it('whose name changes between two looks is connected to where it was judged', async () => {
    isAt('rebind.example', ['93.184.216.34'], ['127.0.0.1']);
    scene.elsewhere.set(`93.184.216.34:${port}`, port);
    expect(await open(`http://rebind.example:${port}/`)).toMatchObject({ status: 200 });
    expect(scene.dialled).toEqual([`93.184.216.34:${port}`]);
  });

  it('with good and bad addresses is connected to at the good ones only', async () => {
    isAt('mixed.example', ['10.0.0.1', '93.184.216.34', '169.254.169.254']);
    scene.elsewhere.set('93.184.216.34:80', port);
    expect(await open('http://mixed.example/')).toMatchObject({ status: 200 });
    expect(scene.dialled).toEqual(['93.184.216.34:80']);
  });
});

describe('a redirect', () => {
  beforeEach(() => {
    isAt('packages.example', ['93.184.216.34']);
    scene.elsewhere.set('93.184.216.34:80', port);
  });
  const listedStore = () => [`store.example:${port}`];

  it.each(['http://127.0.0.1:PORT/', 'http://10.0.0.1/', 'http://store.example:PORT/'])(
    'into the local network is refused: %s',
    async (location) => {
      isAt('store.example', ['127.0.0.1']);
      answer = () => ({ status: 302, location: location.replace('PORT', String(port)) });
      await expect(open('http://packages.example/')).rejects.toEqual(refused(/local network/));
      expect(seen).toHaveLength(1);
    },
  );

  it('to a store that the channel lists is followed', async () => {
    isAt('store.example', ['127.0.0.1']);
    answer = (url) =>
      url === '/' ? { status: 302, location: `http://store.example:${port}/blob` } : { body: 'blob' };
    expect(await open('http://packages.example/', listedStore())).toMatchObject({ text: 'blob' });
  });

  it('to metadata is refused, though the channel lists everything there', async () => {
    answer = () => ({ status: 302, location: 'http://169.254.169.254/latest/meta-data/' });
    await expect(open('http://packages.example/', ['169.254.0.0/16'])).rejects.toEqual(refused(/metadata/));
  });
});

describe('credentials', () => {
  const basic = { type: 'basic', username: 'ci', password: 'pw' } as const;

  it('are not sent where others can read them', async () => {
    isAt('packages.example', ['93.184.216.34']);
    await expect(open('http://packages.example/', [], basic)).rejects.toEqual(
      refused(/only sent over https/),
    );
    expect(seen).toEqual([]);
  });

  it('go to this computer by http', async () => {
    await open(`http://127.0.0.1:${port}/`, ['127.0.0.0/8'], basic);
    expect(seen).toMatchObject([{ authorization: `Basic ${Buffer.from('ci:pw').toString('base64')}` }]);
  });

  it.each([
    [undefined, '/api/repo/team/noarch/repodata.json', '/t/tok_1-2/api/repo/team/noarch/repodata.json'],
    ['/api/repo', '/api/repo/team/noarch/repodata.json', '/api/repo/t/tok_1-2/team/noarch/repodata.json'],
    ['/api/repo', '/elsewhere/x', '/elsewhere/x'],
    ['/api/repo', '/api/repo/t/tok_1-2/team/x', '/api/repo/t/tok_1-2/team/x'],
  ])('as a conda token behind %s: %s becomes %s, and is not shown', async (path, asked, sent) => {
    const credentials = {
      type: 'conda-token',
      token: 'tok_1-2',
      ...(path === undefined ? {} : { path }),
    } as const;
    const { finalUrl } = await open(`http://127.0.0.1:${port}${asked}`, ['127.0.0.0/8'], credentials);
    expect(seen[0]?.url).toBe(sent);
    expect(finalUrl).not.toContain('tok_1-2');
  });
});
