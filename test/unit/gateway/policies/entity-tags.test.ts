import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChannelId, TeamId } from '../../../../shared/model/ids.ts';
import type { TagKey } from '../../../../src-main/gateway/documents/entity-tags.ts';
import { EntityTags, tagSecretOf } from '../../../../src-main/gateway/documents/entity-tags.ts';
import { newGatewayIdentity } from '../../../../src-main/gateway/probe.ts';
import { GatewayScene, channelOf, nowMs, someToken, tokenOf } from '../gateway-scene.ts';
import { wheel } from '../pypi-scene.ts';
import { denyList, policyOf } from './policies.ts';

const key: TagKey = {
  channelId: 'c' as ChannelId,
  upstream: { type: 'url', url: 'https://up.example/' },
  document: 'noarch/repodata.json',
  representation: 'json',
  version: 'v1',
  form: { digest: 'd', scope: 's', changesAtMs: undefined },
};

describe('the tag of an answer', () => {
  const secret = new Uint8Array(32).fill(7);
  const tags = new EntityTags(secret, () => 'https://here.example');
  const tag = tags.of(key, 'gzip');

  it('is one opaque word, the same for the same, under another secret another', () => {
    expect(tag).toMatch(/^"[\w-]{27}"$/);
    expect(new EntityTags(secret, () => 'https://here.example').of({ ...key }, 'gzip')).toBe(tag);
    expect(new EntityTags(undefined, () => 'https://here.example').of(key, 'gzip')).not.toBe(tag);
  });

  it.each<[string, Partial<TagKey>]>([
    ['channel', { channelId: 'd' as ChannelId }],
    ['document', { document: 'noarch/current_repodata.json' }],
    ['representation', { representation: 'zst' }],
    ['upstream', { upstream: { type: 'url', url: 'https://other.example/' } }],
    [
      'credentials',
      {
        upstream: {
          type: 'url',
          url: 'https://up.example/',
          credentials: { type: 'bearer', token: 'x' } as never,
        },
      },
    ],
    ['version of the upstream', { version: 'v2' }],
    ['policies or facts', { form: { digest: 'd', scope: 't', changesAtMs: undefined } }],
    ['next change by time', { form: { digest: 'd', scope: 's', changesAtMs: 1 } }],
    ['content', { form: { digest: 'e', scope: 's', changesAtMs: undefined } }],
    ['absence of policies', { form: undefined }],
  ])('changes with the %s', (_what, other) => {
    expect(tags.of({ ...key, ...other }, 'gzip')).not.toBe(tag);
  });

  it('changes with the coding and with the configured address', () => {
    expect(tags.of(key, 'identity')).not.toBe(tag);
    expect(new EntityTags(secret).of(key, 'gzip')).not.toBe(tag);
  });

  it('is made by a secret that a gateway with an identity has again', () => {
    const identity = newGatewayIdentity();
    expect(tagSecretOf({ ...identity })).toEqual(tagSecretOf(identity));
    expect(tagSecretOf(newGatewayIdentity())).not.toEqual(tagSecretOf(identity));
    expect(tagSecretOf(undefined)).not.toEqual(tagSecretOf(undefined));
    expect(Buffer.from(tagSecretOf(identity)).toString('base64url')).not.toBe(identity.seed);
  });
});

describe('a tag that a client sends', () => {
  const identity = newGatewayIdentity();
  const others = 'others' as TeamId;
  const other = someToken();
  const scene = new GatewayScene();
  const record = { name: 'tool', version: '1.0', build: '0', build_number: 0, timestamp: nowMs - 1000 };
  const policies = [policyOf([denyList('conda', 'tool'), denyList('pypi', 'acme')], { teams: [others] })];
  beforeAll(async () => {
    writeFileSync(
      join(scene.folder, 'noarch', 'repodata.json'),
      JSON.stringify({ packages: {}, 'packages.conda': { 'tool-1.0-0.conda': record } }),
    );
    writeFileSync(join(scene.dir, 'wheels', 'acme-1.0-py3-none-any.whl'), wheel('acme', '1.0'));
    scene.tokens.push([other.text, tokenOf(other.id, scene.channels, { teamId: others })]);
    scene.policies = policies;
    await scene.open({ identity });
  });
  afterAll(() => scene.close());
  const ask = (path: string, token: string, tag?: string) =>
    scene.raw(path, {
      headers: [
        `Authorization: ${scene.basic(token)}`,
        ...(tag === undefined ? [] : [`If-None-Match: ${tag}`]),
      ],
    });

  it.each(['/conda/internal/noarch/repodata.json', '/pypi/python/simple/acme/'])(
    'of %s is worth nothing with a token that other policies speak about, either way round',
    async (path) => {
      const [mine, theirs] = [await ask(path, scene.token.text), await ask(path, other.text)];
      const [myTag = '', theirTag = ''] = [mine.headers['etag'], theirs.headers['etag']];
      expect([mine.status, theirs.status]).toEqual([200, 200]);
      expect(theirs.body).not.toBe(mine.body);
      expect((await ask(path, scene.token.text, myTag)).status).toBe(304);
      expect((await ask(path, other.text, theirTag)).status).toBe(304);
      expect(await ask(path, other.text, myTag)).toMatchObject({ status: 200, body: theirs.body });
      expect(await ask(path, scene.token.text, theirTag)).toMatchObject({ status: 200, body: mine.body });
    },
  );

  it.each(['/conda/internal/noarch/repodata.json', '/pypi/python/simple/acme/'])(
    'of %s keeps nothing alive that was withdrawn, and counts again once it may be had again',
    async (path) => {
      const first = await ask(path, scene.token.text);
      const tag = first.headers['etag'] ?? '';
      scene.policies = [policyOf([denyList('conda', 'tool'), denyList('pypi', 'acme')])];
      scene.update();
      const withdrawn = await ask(path, scene.token.text, tag);
      expect(withdrawn.status).toBe(200);
      expect(withdrawn.headers['etag']).not.toBe(tag);
      scene.policies = policies;
      scene.update();
      expect((await ask(path, scene.token.text, tag)).status).toBe(304);
    },
  );

  it('still counts after a restart of the gateway', async () => {
    const path = '/conda/internal/noarch/repodata.json';
    const tag = (await ask(path, other.text)).headers['etag'];
    const again = new GatewayScene();
    again.channels.splice(0, 9, ...scene.channels);
    again.tokens.splice(0, 9, ...scene.tokens);
    again.policies = policies;
    await again.open({ identity });
    try {
      const headers = [`Authorization: ${again.basic(other.text)}`, `If-None-Match: ${tag}`];
      expect((await again.raw(path, { headers })).status).toBe(304);
    } finally {
      await again.close();
    }
  });
});

describe('a token', () => {
  it('is judged again after it waited', async () => {
    const scene = new GatewayScene();
    let goOn: (() => void) | undefined;
    const base = await scene.upstream((req, res) => {
      if (req.url?.endsWith('.zst') === true) res.writeHead(404).end();
      else goOn = () => res.end('{"packages":{}}');
    });
    await scene.open();
    try {
      scene.addChannel(channelOf('slow', { type: 'url', url: base, privateHosts: [new URL(base).host] }));
      const waiting = scene.get('/conda/slow/noarch/repodata.json');
      await vi.waitFor(() => expect(goOn).toBeDefined());
      scene.nowMs = tokenOf(scene.token.id, []).expiresAtMs;
      goOn?.();
      const { status, reason } = await waiting;
      expect([status, reason]).toEqual([403, expect.stringContaining('expired')]);
    } finally {
      await scene.close();
    }
  });
});
