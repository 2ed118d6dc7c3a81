import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../src-main/gateway/request-target.ts';
import {
  GatewayScene,
  channelOf,
  dayMs,
  nowMs,
  prod,
  rawRequest,
  someToken,
  tokenOf,
} from './gateway-scene.ts';

const scene = new GatewayScene();
const named = Object.fromEntries(
  ['revoked', 'expired', 'rotated', 'future', 'elsewhere', 'wrapped', 'production'].map((name) => [
    name,
    someToken(),
  ]),
);
const tokenNamed = (name: string) => named[name] ?? someToken();

beforeAll(async () => {
  scene.channels.push(
    channelOf('vetted', { type: 'folder', path: scene.folder }, { environments: [prod] }),
    channelOf('foreign', { type: 'folder', path: scene.folder }),
  );
  const some = scene.channels.slice(0, 3);
  const add = (name: string, more: Parameters<typeof tokenOf>[2]) =>
    scene.tokens.push([tokenNamed(name).text, tokenOf(tokenNamed(name).id, some, more)]);
  scene.tokens[0] = [scene.token.text, tokenOf(scene.token.id, some)];
  add('revoked', { revoked: { atMs: nowMs - dayMs, reason: 'Laptop lost\r\nX-Evil: é “1” 中' } });
  add('expired', { expiresAtMs: Date.UTC(2026, 10, 20, 8) });
  add('rotated', { expiresAtMs: Date.UTC(2026, 10, 20, 8), rotatedTo: scene.token.id });
  add('future', { notBeforeMs: Date.UTC(2026, 11, 1, 8, 30) });
  add('elsewhere', { networks: ['10.0.0.0/8', '2001:db8::/32'] });
  add('production', { environmentId: prod });
  await scene.open();
});
afterAll(() => scene.close());

const index = '/conda/internal/noarch/repodata.json';

describe('a refused token', () => {
  it.each([
    ['revoked', () => `Token lk-${tokenNamed('revoked').id} was revoked: Laptop lost X-Evil: e "1" ?`],
    ['expired', () => `Token lk-${tokenNamed('expired').id} expired on 2026-11-20`],
    [
      'rotated',
      () =>
        `Token lk-${tokenNamed('rotated').id} expired on 2026-11-20 and was replaced by lk-${scene.token.id}`,
    ],
    ['future', () => `Token lk-${tokenNamed('future').id} is not valid before 2026-12-01 08:30 UTC`],
    ['elsewhere', () => `Token lk-${tokenNamed('elsewhere').id} may not be used from 127.0.0.1`],
    ['production', () => `Channel not available to token lk-${tokenNamed('production').id}`],
  ])('that is %s is told so in the status line and as a problem document', async (name, reason) => {
    const answer = await scene.raw(index, {
      headers: [`Authorization: ${scene.basic(tokenNamed(name).text)}`],
    });
    expect([answer.status, answer.reason]).toEqual([403, reason()]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(answer.body)).toEqual({
      type: 'about:blank',
      title: 'Forbidden',
      status: 403,
      detail: reason(),
    });
    expect(answer.headers['x-evil']).toBeUndefined();
  });

  it('bounds a long reason', async () => {
    const long = someToken();
    scene.tokens.push([
      long.text,
      tokenOf(long.id, scene.channels, { revoked: { atMs: nowMs, reason: 'x'.repeat(500) } }),
    ]);
    scene.update();
    const answer = await scene.raw(index, { headers: [`Authorization: ${scene.basic(long.text)}`] });
    expect(answer.reason).toHaveLength(180);
  });

  it.each([
    ['no credentials', [], 'Token required'],
    [
      'Basic without a password',
      [`Authorization: Basic ${Buffer.from('user:').toString('base64')}`],
      'Token required',
    ],
    ['an unknown token', [`Authorization: Bearer ${someToken().text}`], 'Unknown token'],
    [
      'a wrong checksum',
      [`Authorization: Bearer ${someToken().text.slice(0, -1)}~`],
      'Malformed token (alphabet)',
    ],
    ['a short token', ['Authorization: Bearer lk-1234'], 'Malformed token (length)'],
    ['another scheme', ['Authorization: Digest abc'], 'Malformed token (authorization scheme)'],
    ['Basic without a colon', ['Authorization: Basic YWJj'], 'Malformed token (credentials)'],
    [
      'another service’s login',
      [`Authorization: Basic ${Buffer.from('me:hunter2').toString('base64')}`],
      'Malformed token (it does not start with lk-)',
    ],
    [
      'a JWT as Bearer token',
      ['Authorization: Bearer eyJh.eyJz.c2ln'],
      'Malformed token (it does not start with lk-)',
    ],
  ])('is asked for with 401: %s', async (_, headers, reason) => {
    const answer = await scene.raw(index, { headers });
    expect([answer.status, answer.reason]).toEqual([401, reason]);
    expect(answer.headers['www-authenticate']).toMatch(/^Basic realm="Latchkey"/);
  });

  it('makes unknown, foreign and other-kind channels look alike', async () => {
    const answers = await Promise.all(
      [
        '/conda/nowhere/noarch/repodata.json',
        '/conda/foreign/noarch/repodata.json',
        '/conda/vetted/noarch/repodata.json',
        '/conda/python/noarch/repodata.json',
        '/pypi/internal/simple/',
        '/conda/',
        '/pypi/nowhere/simple/',
      ].map((path) => scene.get(path)),
    );
    const seen = answers.map(({ status, reason, body, headers }) => ({
      status,
      reason,
      body,
      headers: { ...headers, date: '' },
    }));
    expect(new Set(seen.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(seen[0]?.reason).toBe(`Channel not available to token lk-${scene.token.id}`);
  });
});

describe('the token check', () => {
  const reachable: Record<
    (typeof routes)[number],
    ((token: string) => { target: string; inPath: boolean }) | undefined
  > = {
    '/healthz': undefined,
    '/.latchkey/probe': undefined,
    // Opened by a decision's id, which only who was refused has.
    '/latchkey/decision/<id>': undefined,
    '/conda/<channel>/…': () => ({ target: index, inPath: false }),
    '/conda/t/<token>/<channel>/…': (token) => ({
      target: `/conda/t/${token}/internal/noarch/repodata.json`,
      inPath: true,
    }),
    '/t/<token>/conda/<channel>/…': (token) => ({
      target: `/t/${token}/conda/internal/noarch/repodata.json`,
      inPath: true,
    }),
    '/pypi/<channel>/…': () => ({ target: '/pypi/python/simple/', inPath: false }),
  };

  it.each(routes)('guards %s', async (route) => {
    const make = reachable[route];
    if (make === undefined) {
      // Without an identity there is no answer to a probe, but no question for a token either.
      expect((await scene.raw(route)).status).toBe(route === '/healthz' ? 200 : 404);
      return;
    }
    const ask = (text: string | undefined) => {
      const { target, inPath } = make(text ?? 'none');
      const withHeader = !inPath && text !== undefined;
      return scene.raw(target, { headers: withHeader ? [`Authorization: Bearer ${text}`] : [] });
    };
    expect((await ask(scene.token.text)).status).toBe(200);
    expect((await ask(undefined)).status).toBe(401);
    expect((await ask(someToken().text)).status).toBe(401);
    for (const name of ['revoked', 'expired', 'future', 'elsewhere', 'production']) {
      expect((await ask(tokenNamed(name).text)).status, name).toBe(403);
    }
  });

  it('takes the same token at two places and refuses two different ones', async () => {
    const { text } = scene.token;
    const other = tokenNamed('production').text;
    const at = (path: string, header: string) =>
      scene.raw(path, { headers: [`Authorization: ${scene.basic(header)}`] });
    expect((await at(`/conda/t/${text}/internal/noarch/repodata.json`, text)).status).toBe(200);
    expect((await scene.raw(`/t/${text}/conda/t/${text}/internal/noarch/repodata.json`)).status).toBe(200);
    const inPathAndPassword = 'Two different tokens: one in the path, one as the password';
    for (const [answer, reason] of [
      [await at(`/conda/t/${text}/internal/noarch/repodata.json`, other), inPathAndPassword],
      [await at(`/t/${other}/conda/internal/noarch/repodata.json`, text), inPathAndPassword],
      [
        await scene.raw(`/t/${text}/conda/t/${other}/internal/noarch/repodata.json`),
        'Two different tokens in the path',
      ],
      [
        await scene.raw(`/conda/t/${text}/internal/noarch/repodata.json`, {
          headers: [`Authorization: Bearer ${other}`],
        }),
        'Two different tokens: one in the path, one as Bearer token',
      ],
      [
        await scene.raw(index, {
          headers: [`Authorization: Basic ${Buffer.from(`${text}:${other}`).toString('base64')}`],
        }),
        'Two different tokens: one as the password, one as the user name',
      ],
    ] as const) {
      expect([answer.status, answer.reason]).toEqual([400, reason]);
    }
  });

  it.each([
    ['another service’s login', 'Basic ' + Buffer.from('me@acme:hunter2').toString('base64')],
    ['a login without a password', 'Basic ' + Buffer.from('me:').toString('base64')],
    ['Basic without a colon', 'Basic YWJj'],
    ['a Bearer token of another service', 'Bearer eyJh.eyJz.c2ln'],
    ['a scheme that we do not know', 'Negotiate YIIJ'],
    ['a login that is very long', `Basic ${Buffer.from(`me:${'x'.repeat(6000)}`).toString('base64')}`],
  ])('takes the path token beside %s, as a netrc entry sends it', async (_, authorization) => {
    const { text } = scene.token;
    for (const path of [
      `/conda/t/${text}/internal/noarch/repodata.json`,
      `/t/${text}/conda/internal/noarch/repodata.json`,
    ]) {
      expect((await scene.raw(path, { headers: [`Authorization: ${authorization}`] })).status).toBe(200);
    }
  });

  it.each(['', 'x-oauth-basic', 'hunter2'])(
    'understands a token as user name, password "%s"',
    async (password) => {
      const login = Buffer.from(`${scene.token.text}:${password}`).toString('base64');
      expect((await scene.raw(index, { headers: [`Authorization: Basic ${login}`] })).status).toBe(200);
    },
  );

  it('takes a token’s id as user name for what it is', async () => {
    const login = Buffer.from(`lk-${scene.token.id}:${scene.token.text}`).toString('base64');
    expect((await scene.raw(index, { headers: [`Authorization: Basic ${login}`] })).status).toBe(200);
  });

  it('refuses two Authorization or two Host headers', async () => {
    const good = `Authorization: ${scene.basic()}`;
    expect(await scene.raw(index, { headers: [good, good] })).toMatchObject({
      status: 400,
      reason: 'Two Authorization headers',
    });
    expect(await scene.raw(index, { headers: [good, 'Host: other'] })).toMatchObject({
      status: 400,
      reason: 'Two Host headers',
    });
  });

  it('needs a token for a path that no route has', async () => {
    expect((await scene.raw('/')).status).toBe(401);
    expect(await scene.get('/')).toMatchObject({ status: 404, reason: 'No such path on this gateway' });
  });

  it('takes effect with the next request after an update', async () => {
    const short = someToken();
    const ask = () => scene.raw(index, { headers: [`Authorization: ${scene.basic(short.text)}`] });
    scene.tokens.push([short.text, tokenOf(short.id, scene.channels)]);
    scene.update();
    expect((await ask()).status).toBe(200);
    scene.tokens[scene.tokens.length - 1] = [
      short.text,
      tokenOf(short.id, scene.channels, { revoked: { atMs: nowMs, reason: 'gone' } }),
    ];
    scene.update();
    expect((await ask()).status).toBe(403);
  });

  it('believes X-Forwarded-For only from trusted proxies, from the right', async () => {
    const { text, id } = tokenNamed('elsewhere');
    const ask = (port: number, forwarded: string) =>
      rawRequest(
        port,
        `GET ${index} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${text}\r\nX-Forwarded-For: ${forwarded}\r\nConnection: close\r\n\r\n`,
      );
    expect((await ask(scene.port, '10.1.2.3')).status).toBe(403);
    const behind = await new GatewaySceneBehindProxy().open();
    try {
      expect((await ask(behind.port, '10.1.2.3')).status).toBe(200);
      expect((await ask(behind.port, '::ffff:10.1.2.3')).status).toBe(200);
      expect((await ask(behind.port, '[2001:db8::1]:443')).status).toBe(200);
      expect((await ask(behind.port, '10.1.2.3, 192.0.2.1')).reason).toBe(
        `Token lk-${id} may not be used from 192.0.2.1`,
      );
      expect((await ask(behind.port, '10.1.2.3, nonsense')).reason).toBe(
        `Token lk-${id} may not be used from unknown`,
      );
      expect((await ask(behind.port, '192.0.2.1, 10.1.2.3, 127.0.0.1')).status).toBe(200);
      // Other readers take each of these for 10.1.2.3 or for another address.
      for (const odd of [
        '10.1.515',
        '012.1.2.3',
        '0x0a.1.2.3',
        '10.1.2.03',
        '167838211',
        '[10.1.2.3]',
        '2001:db8::1%eth0',
        '::ffff:012.1.2.3',
        '10.1.2.3 10.1.2.3',
        '10.1.2.3:99999',
        '10.1.2.3:',
        '10.1.2.3:0x50',
        '[2001:db8::1]443',
        '[2001:db8::1',
        '2001:db8::1]',
        'for=10.1.2.3',
        '"10.1.2.3"',
        '1e1.1.2.3',
        '10.1.2.3.',
        '10.1.2.256',
        '10.1.2.3,',
        '',
      ]) {
        expect((await ask(behind.port, odd)).reason, odd).toMatch(/from unknown$/);
      }
      const chain = Array.from({ length: 40 }, () => '127.0.0.1').join(', ');
      expect((await ask(behind.port, `10.1.2.3, ${chain}`)).reason).toMatch(/from unknown$/);
    } finally {
      await behind.close();
    }
  });
});

class GatewaySceneBehindProxy extends GatewayScene {
  override open(): Promise<this> {
    this.tokens.push([
      tokenNamed('elsewhere').text,
      tokenOf(tokenNamed('elsewhere').id, this.channels, { networks: ['10.0.0.0/8', '2001:db8::/32'] }),
    ]);
    return super.open({ trustedProxies: ['127.0.0.0/8'] });
  }
}

describe('methods and reports', () => {
  it('allows only GET and HEAD', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      const answer = await scene.raw(index, { method, headers: [`Authorization: ${scene.basic()}`] });
      expect([answer.status, answer.headers['allow']], method).toEqual([405, 'GET, HEAD']);
    }
  });

  it('gives every answer the same cache and type headers, and names no server', async () => {
    const answers = [
      await scene.get(index),
      await scene.raw(index),
      await scene.raw('/a//b'),
      await scene.raw('/healthz'),
      await rawRequest(scene.port, 'nonsense\r\n\r\n'),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([200, 401, 400, 200, 400]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({ 'cache-control': 'private', 'x-content-type-options': 'nosniff' });
      expect(headers['vary']).toMatch(/^Authorization/);
      expect(headers['server']).toBeUndefined();
    }
  });

  it('reports what it answered, without health checks', async () => {
    scene.events.length = 0;
    await scene.get(index, 'User-Agent: conda/26.1 requests/2');
    await scene.raw(index);
    await scene.raw('/a//b');
    await scene.raw('/healthz');
    expect(scene.events).toMatchObject([
      {
        outcome: 'allow',
        decision: { effect: 'allow', reasons: [] },
        status: 200,
        path: index,
        tokenId: scene.token.id,
        channel: 'internal',
        client: 'conda/26.1',
        address: '127.0.0.1',
        bytes: 62,
      },
      {
        outcome: 'deny',
        decision: { effect: 'deny', reasons: [{ rule: 'access.credential-missing', evidence: {} }] },
        status: 401,
        reason: 'Token required',
      },
      { outcome: 'error', status: 400, reason: 'Bad request path' },
    ]);
  });

  it('says that the port is in use', async () => {
    const second = new GatewayScene();
    await expect(second.open({ port: scene.port })).rejects.toMatchObject({ code: 'GATEWAY_PORT_IN_USE' });
    await second.close();
  });

  it('serves nothing before it has a bundle', async () => {
    const { createGateway } = await import('../../../src-main/gateway/gateway.ts');
    const empty = createGateway({ host: '127.0.0.1', port: 0, now: () => nowMs });
    const { port } = await empty.start();
    const answer = await rawRequest(
      port,
      `GET ${index} HTTP/1.1\r\nHost: x\r\nAuthorization: ${scene.basic()}\r\nConnection: close\r\n\r\n`,
    );
    await empty.stop();
    expect([answer.status, answer.reason]).toEqual([503, 'The gateway has no configuration yet']);
  });
});
