import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { settings } from '../../../shared/contract/settings-views.ts';
import { networkConfigOf, requireNetworkSettings } from '../../../src-main/services/network-config.ts';
import { caPem } from '../network/network-scene.ts';

const dir = mkdtempSync(join(tmpdir(), 'latchkey-network-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};
const standard = settings.parse({}).network;

describe('the network settings', () => {
  it('are direct, with the system’s certificates, until somebody says otherwise', () => {
    expect(networkConfigOf(standard)).toEqual({ useSystemStore: true });
  });

  it('take the CA file’s certificates, and the first line of the password file', () => {
    const read = networkConfigOf({
      ...standard,
      caFile: file('ca.pem', `Acme root\n${caPem}`),
      proxyUrl: 'http://proxy.example:3128',
      proxyUser: 'gate',
      proxyPasswordFile: file('password', 'secret\nnot this\n'),
      noProxy: '.corp.example, 10.0.0.0/8',
    });
    expect(read).toEqual({
      useSystemStore: true,
      caPem: caPem.trim(),
      proxy: {
        url: 'http://proxy.example:3128',
        username: 'gate',
        password: 'secret',
        noProxy: ['.corp.example', '10.0.0.0/8'],
      },
    });
  });

  it.each([
    ['a CA file that is not there', { caFile: join(dir, 'gone.pem') }, /doesn’t exist/],
    ['a CA file without certificates', { caFile: file('empty.pem', 'hello') }, /no certificate in it/],
    ['a CA file that is cut off', { caFile: file('cut.pem', caPem.slice(0, 200)) }, /cut off/],
    ['a relative path', { caFile: 'ca.pem' }, /absolute path/],
    ['a folder', { caFile: dir }, /./],
    [
      'a password file that is not there',
      { proxyUrl: 'http://p:1', proxyPasswordFile: join(dir, 'gone') },
      /doesn’t exist/,
    ],
  ])('that cannot be used stop upstreams and are refused when they are set: %s', (_what, part, why) => {
    expect(networkConfigOf({ ...standard, ...part }).problem).toMatch(why);
    // The form has the refusal at the field that is wrong.
    const field = 'caFile' in part ? 'ca-file' : 'proxy-password-file';
    expect(() => requireNetworkSettings({ ...standard, ...part })).toThrowError(
      expect.objectContaining({ code: 'INVALID_INPUT', details: { field } }),
    );
  });

  it.each(['proxy:3128', 'ftp://proxy:1', 'http://user:pw@proxy:1', 'http://proxy:1/path'])(
    'refuse %s as a proxy, and keep no password in the file',
    (proxyUrl) => {
      expect(settings.safeParse({ network: { proxyUrl } }).success).toBe(false);
    },
  );
});
