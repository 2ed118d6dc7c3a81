import { describe, expect, it } from 'vitest';
import type { Raw } from './scene.ts';
import { after, channelFields, organization, stored, vaultId, whyVoid } from './scene.ts';
import { unfit } from './unfit.ts';

const base = organization();
const place = {
  epoch: 0,
  key: 'upstream',
  origin: 'https://conda.example.org',
  subject: 'new',
  use: 'secret',
  vault: vaultId,
};
const header = { alg: 'dir', enc: 'A256GCM', lk: place };
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const rest = `..${'A'.repeat(16)}.${'A'.repeat(20)}.${'A'.repeat(22)}`;
const sealedAs = (value: unknown) => `${encoded(value)}${rest}`;
const create = (sealedCredentials: string, fields: Raw = {}): Raw => ({
  type: 'channel.created',
  channel: { ...channelFields('new'), ...fields, sealedCredentials },
});

describe('sealed credentials', () => {
  it('are kept when they are sealed for this channel and the origin of its URL', () => {
    const state = after(base, [create(sealedAs(header))]);
    expect([...state.channels.values()].at(-1)).toMatchObject({ sealedCredentials: sealedAs(header) });
  });

  it.each([
    ['another vault', { vault: 'BBBBBBBBBBBBBBBBBBBBBB' }],
    ['another channel', { subject: 'main' }],
    ['another host', { origin: 'https://evil.example.org' }],
    ['another port', { origin: 'https://conda.example.org:8443' }],
    ['http for https', { origin: 'http://conda.example.org' }],
  ])('are refused when they are sealed for %s', (_what, difference) => {
    const sealed = sealedAs({ ...header, lk: { ...place, ...difference } });
    expect(whyVoid(base, [create(sealed)])).toEqual(unfit(/another channel or origin/));
  });

  it.each<readonly [string, string]>([
    ['plain text', 'hunter2'],
    ['nothing', ''],
    ['a header alone', encoded(header)],
    ['four parts', sealedAs(header).split('.').slice(0, 4).join('.')],
    ['an encrypted key', `${encoded(header)}.AAAA${rest.slice(1)}`],
    ['a short nonce', sealedAs(header).replace('A'.repeat(16), 'A'.repeat(15))],
    ['a line break', `${sealedAs(header)}\n`],
  ])('are refused with %s', (_what, sealed) => {
    expect(whyVoid(base, [create(sealed)])).toEqual(unfit(/not sealed/));
  });

  it.each<readonly [string, string]>([
    ['another algorithm', sealedAs({ ...header, alg: 'A256KW' })],
    ['another encryption', sealedAs({ ...header, enc: 'A128CBC-HS256' })],
    ['compression', sealedAs({ ...header, zip: 'DEF' })],
    ['no place', sealedAs({ alg: 'dir', enc: 'A256GCM' })],
    ['another key', sealedAs({ ...header, lk: { ...place, key: 'org' } })],
    ['another epoch', sealedAs({ ...header, lk: { ...place, epoch: 1 } })],
    ['another use', sealedAs({ ...header, lk: { ...place, use: 'events' } })],
    ['one member more', sealedAs({ ...header, lk: { ...place, more: 1 } })],
    [
      'its members in another order',
      sealedAs({ ...header, lk: Object.fromEntries(Object.entries(place).toReversed()) }),
    ],
    ['a header that is no JSON', `AAAA${rest}`],
  ])('are refused with %s', (_what, sealed) => {
    expect(whyVoid(base, [create(sealed)])).toEqual(unfit(/in another way/));
  });

  it('go, or are sealed anew, when the channel points to another origin', () => {
    const state = after(base, [create(sealedAs(header))]);
    const moved = { upstream: { type: 'url', url: 'https://mirror.example.org/main' } };
    const change = (fields: Raw): Raw => ({
      type: 'channel.changed',
      channel: { ...channelFields('new'), ...moved, ...fields },
    });
    expect(whyVoid(state, [change({ sealedCredentials: sealedAs(header) })])).toEqual(unfit(/origin/));
    const anew = sealedAs({ ...header, lk: { ...place, origin: 'https://mirror.example.org' } });
    expect(whyVoid(state, [change({ sealedCredentials: anew })])).toBeUndefined();
    const without = after(state, [change({})]);
    expect([...without.channels.values()].at(-1)).not.toHaveProperty('sealedCredentials');
  });

  it('stay when only the path changes', () => {
    const url = 'https://conda.example.org/another/path';
    expect(whyVoid(base, [create(sealedAs(header), { upstream: { type: 'url', url } })])).toBeUndefined();
  });

  it('are for no folder, and no folder names a path', () => {
    const folder = { upstream: { type: 'folder', label: 'builds' } };
    expect(whyVoid(base, [create(sealedAs(header), folder)])).toEqual(unfit(/folder/));
    for (const label of ['/srv/packages', '..', 'C:\\packages', '~', 'a/b']) {
      expect(() => stored(create('', { upstream: { type: 'folder', label } }))).toThrow('upstream');
    }
  });
});
