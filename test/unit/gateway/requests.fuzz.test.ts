import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientAddress, clientProduct, validHost } from '../../../src-main/gateway/client-facts.ts';
import { readCredential } from '../../../src-main/gateway/credential.ts';
import { redactPath } from '../../../src-main/gateway/redact.ts';
import { parseTarget } from '../../../src-main/gateway/request-target.ts';
import { GatewayScene, rawRequest, someToken } from './gateway-scene.ts';

/**
 * Anything as a request, against an oracle of safety: it is answered or cut off and the gateway goes on; no secret stands
 * in a log line, an event or an answer; only the good token at a clean place is let in. The parts that have to be right
 * are in the alphabet, so that many requests come close.
 */
const scene = new GatewayScene();
beforeAll(() => scene.open());
afterAll(() => scene.close());

const stranger = someToken();
const tokens = [scene.token.text, stranger.text];
const index = '/conda/internal/noarch/repodata.json';

/** A token as people and programs mangle it. */
const mangled = fc
  .tuple(fc.constantFrom(...tokens), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 49 }))
  .map(([token, how, at]) => {
    const hex = (text: string, level: number) =>
      [...text].map((char) => `%${'25'.repeat(level)}${char.charCodeAt(0).toString(16)}`).join('');
    switch (how) {
      case 0:
        return hex(token, 0);
      case 1:
        return hex(token, 1);
      case 2:
        return hex(token, 3);
      case 3:
        return `${token.slice(0, at)}/${token.slice(at)}`;
      case 4:
        return `${token.slice(0, at)}%2f${token.slice(at)}`;
      case 5:
        return `${token.slice(0, at)}%252F${token.slice(at)}`;
      case 6:
        return `${token.slice(0, at)}.${token.slice(at)}`;
      case 7:
        return token.slice(at);
      case 8:
        return token.slice(0, at);
      case 9:
        return token.replaceAll('-', '%2D');
      case 10:
        return encodeURIComponent(`lk:${token}`);
      default:
        return token;
    }
  });
const piece = fc.oneof(
  mangled,
  fc.constantFrom('conda', 'pypi', 't', 'internal', 'python', 'noarch', 'repodata.json', 'simple', 'healthz'),
  fc.constantFrom(
    'notices.json',
    '..',
    '.',
    '%2e%2e',
    '%252e',
    '',
    ';x',
    '\\',
    '%00',
    '%0d%0a',
    '%c0%ae',
    '%ff',
  ),
  fc.constantFrom('?', '#', '?a=', '@', ':'),
  fc.string({ maxLength: 12 }),
);
const target = fc
  .tuple(
    fc.constantFrom('/', '', '//', 'http://x/', '*'),
    fc.array(piece, { maxLength: 8 }),
    fc.constantFrom('/', '//', '%2f'),
  )
  .map(([start, parts, by]) => start + parts.join(by));
const login = fc
  .tuple(
    fc.oneof(fc.constantFrom('', 'me', 'lk', 'x-oauth-basic'), mangled),
    fc.oneof(fc.constantFrom('', 'hunter2'), mangled),
  )
  .map(([user, password]) => Buffer.from(`${user}:${password}`).toString('base64'));
const authorization = fc.oneof(
  login.map((text) => `Basic ${text}`),
  mangled.map((text) => `Bearer ${text}`),
  mangled.map((text) => `bearer  ${text} `),
  fc.string({ maxLength: 40 }),
  fc.constant('Digest abc'),
);

/** Half of a secret in one piece: what must not be shown. */
const halves = tokens.flatMap((token) => {
  const secret = token.slice(12);
  return Array.from({ length: secret.length - 18 }, (_, at) => secret.slice(at, at + 19));
});
const holdsSecret = (text: string) => halves.some((half) => text.includes(half));

describe('anything as a request', () => {
  it('is answered, says no secret, and lets in nobody without the good token', async () => {
    const isPrintable = (text: string) => /^[\x20-\x7e]*$/.test(text);
    const headers = fc.record({
      authorization: fc.option(authorization.filter(isPrintable)),
      agent: fc.option(fc.oneof(mangled, fc.string({ maxLength: 30 })).filter(isPrintable)),
      host: fc.oneof(
        { weight: 9, arbitrary: fc.constant('x') },
        fc.string({ maxLength: 8 }).filter(isPrintable),
      ),
      method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'FOO'),
    });
    const visible = target.map((text) => text.replace(/[^\x21-\x7e]/g, '')).filter((text) => text !== '');
    await fc.assert(
      fc.asyncProperty(visible, headers, async (path, { authorization: sent, agent, host, method }) => {
        scene.lines.length = 0;
        scene.events.length = 0;
        const lines = [
          `${method} ${path} HTTP/1.1`,
          `Host: ${host}`,
          ...(sent === null ? [] : [`Authorization: ${sent}`]),
          ...(agent === null ? [] : [`User-Agent: ${agent}`]),
          'Connection: close',
        ];
        const answer = await rawRequest(scene.port, `${lines.join('\r\n')}\r\n\r\n`);
        expect(answer.status).toBeGreaterThanOrEqual(200);
        expect(scene.lines).toHaveLength(1);
        const shown = JSON.stringify([scene.lines, scene.events, answer.reason, answer.headers, answer.body]);
        expect(holdsSecret(shown)).toBe(false);
        if (answer.status < 300 && answer.body.includes('subdir')) {
          const decoded =
            sent?.startsWith('Basic ') === true ? Buffer.from(sent.slice(6), 'base64').toString() : '';
          expect(`${decodeURIComponent(path)} ${sent ?? ''} ${decoded}`).toContain(scene.token.text);
        }
        if (answer.status >= 400) expect(scene.events[0]?.cause).toBeDefined();
      }),
      { numRuns: 400 },
    );
    // It goes on as if nothing had been.
    expect((await scene.get(index)).status).toBe(200);
  }, 120_000);

  it('as bytes is answered or cut off', async () => {
    const bytes = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            'GET ',
            ' HTTP/1.1',
            '\r\n',
            '\r\n\r\n',
            'Host: x\r\n',
            ' ',
            '\t',
            ':',
            '\0',
            '\x7f',
            '\n',
          ),
          fc.constantFrom(
            'Content-Length: 3\r\n',
            'Transfer-Encoding: chunked\r\n',
            'Authorization: Bearer ',
          ),
          mangled,
          target,
          fc.string({ unit: 'binary', maxLength: 8 }),
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(bytes, async (text) => {
        scene.lines.length = 0;
        // What would wait for more gets an end that nothing understands.
        await rawRequest(scene.port, `${text}\r\n\r\n\0\r\n\r\n`);
        expect(holdsSecret(scene.lines.join('\n'))).toBe(false);
      }),
      { numRuns: 200 },
    );
    expect((await scene.get(index)).status).toBe(200);
  }, 120_000);
});

describe('the readers of what clients send', () => {
  const long = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .tuple(piece, fc.integer({ min: 1, max: 3000 }))
      .map(([text, times]) => text.repeat(times).slice(0, 20_000)),
    fc
      .tuple(
        fc.constantFrom('/', '%', '%25', '/t/', '://', '@', 'a', '_', '-', ',', ':', '1.'),
        fc.integer({ min: 1, max: 20_000 }),
      )
      .map(([text, times]) => text.repeat(times).slice(0, 20_000)),
  );

  it('never throw, whatever they read, and their results are bounded', () => {
    fc.assert(
      fc.property(long, (text) => {
        expect(redactPath(text).length).toBeLessThanOrEqual(200);
        expect(clientProduct(text).length).toBeLessThanOrEqual(200);
        expect((validHost(text) ?? '').length).toBeLessThanOrEqual(320);
        expect(clientAddress('10.0.0.1', text, ['10.0.0.0/8']).length).toBeLessThanOrEqual(64);
        const parsed = parseTarget(text, ['latchkey']);
        for (const segment of parsed?.segments ?? []) expect(segment).not.toMatch(/[/\\%\0]|^\.\.?$/);
        expect(['none', 'foreign', 'malformed', 'ambiguous', 'token']).toContain(
          readCredential([text], text).type,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('take only a well-formed token for one, in whatever company', () => {
    fc.assert(
      fc.property(fc.array(mangled, { maxLength: 2 }), fc.option(authorization), (paths, sent) => {
        const found = readCredential(paths, sent ?? undefined);
        if (found.type !== 'token') return;
        const decoded =
          sent?.toLowerCase().startsWith('basic ') === true
            ? Buffer.from(sent.slice(6).trim(), 'base64').toString()
            : '';
        const all = [...paths, sent ?? '', decoded].join(' ');
        expect(tokens.some((token) => all.includes(token))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
