import { describe, expect, it } from 'vitest';
import { isPrivateHostSpelling, parsePrivateHosts } from '../../../src-main/network/private-hosts.ts';
import { reachOf } from '../../../src-main/network/reach.ts';

describe('private hosts', () => {
  it('get their one spelling, once each', () => {
    const given = [
      'Store.Corp.example:443',
      ' 10.0.0.0/8 ',
      '10.1.2.3',
      '[FD00:0::5]:443',
      'store.corp.example:443',
      'fd00::7',
    ];
    const spelled = ['store.corp.example:443', '10.0.0.0/8', '10.1.2.3/32', '[fd00::5]:443', 'fd00::7/128'];
    expect(parsePrivateHosts(given)).toEqual(spelled);
    expect(spelled.every(isPrivateHostSpelling)).toBe(true);
  });

  it.each([
    'store.corp.example',
    'https://store.corp.example:443',
    'store.corp.example:0',
    'store.corp.example:65536',
    'store.corp.example:443/path',
    'user@store:443',
    '*.corp.example:443',
    'a..b:443',
    '-a:443',
    '10.0.0.1/8',
    '1.2.3:80',
    'host.0x1f:80',
    '[fe80::1%eth0]:443',
    `${'a.'.repeat(130)}b:443`,
    '',
  ])('refuses %j with a sentence', (entry) => {
    expect(() => parsePrivateHosts([entry])).toThrowError(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(isPrivateHostSpelling(entry)).toBe(false);
  });

  it.each(['0.0.0.0/0', '::/0', '10.0.0.0/7', '169.254.169.254:80', 'fd00:ec2::254', '0.0.0.0:80'])(
    'refuses %s, which no channel may list',
    (entry) => {
      expect(() => parsePrivateHosts([entry])).toThrowError(
        expect.objectContaining({ code: 'INVALID_INPUT' }),
      );
    },
  );
});

describe('what a channel may connect to', () => {
  const ownPorts = () => [8700];
  const ownAddresses = () => ['192.168.7.7'];
  const reach = reachOf(
    ['store.corp.example:443', '10.0.0.0/8', '[fd00::5]:8443', '127.0.0.0/8', '192.168.7.0/24'],
    {
      ownPorts,
      ownAddresses,
    },
  );
  const judge = (hostname: string, port: number, address = hostname) => {
    const verdict = reach({ hostname, port }, address);
    return verdict.ok ? 'ok' : verdict.why;
  };

  it.each([
    ['a public address', 'files.example', 443, '1.1.1.1', 'ok'],
    ['a listed name', 'store.corp.example', 443, '172.16.0.9', 'ok'],
    ['a listed name on another port', 'store.corp.example', 8443, '172.16.0.9', 'private'],
    ['another name at the same address', 'evil.example', 443, '172.16.0.9', 'private'],
    ['a listed block', 'any.example', 5000, '10.9.9.9', 'ok'],
    ['a listed block, mapped', 'any.example', 5000, '::ffff:10.9.9.9', 'ok'],
    ['a listed address', 'fd00::5', 8443, 'fd00::5', 'ok'],
    ['a listed address on another port', 'fd00::5', 443, 'fd00::5', 'private'],
    ['a network that is not listed', 'any.example', 443, '192.168.0.1', 'private'],
    ['metadata under a listed name', 'store.corp.example', 443, '169.254.169.254', 'metadata'],
    ['every interface', 'any.example', 443, '0.0.0.0', 'unusable'],
    ['our own port', 'localhost', 8700, '127.0.0.1', 'own-port'],
    ['our own port at another address of this computer', 'any.example', 8700, '192.168.7.7', 'own-port'],
    ['the same port elsewhere', 'any.example', 8700, '192.168.7.8', 'ok'],
  ])('%s', (_what, hostname, port, address, verdict) => {
    expect(judge(hostname, port, address)).toBe(verdict);
  });
});
