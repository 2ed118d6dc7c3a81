import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import type { Networks } from '../../../shared/model/domain.ts';
import { isInNetworks, isNarrowerOrEqual, parseNetworks } from '../../../src-main/tokens/networks.ts';

describe('writing networks', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    [' 10.0.0.0/8 ', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['192.0.2.7', '192.0.2.7/32'],
    ['192.0.2.7/32', '192.0.2.7/32'],
    ['192.0.2.128/25', '192.0.2.128/25'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['2001:0DB8:0:0::/32', '2001:db8::/32'],
    ['::1', '::1/128'],
    ['::/0', '::/0'],
    ['::ffff:192.0.2.7', '192.0.2.7/32'],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
  ])('normalises %j to %j', (given, stored) => {
    expect(parseNetworks([given])).toEqual([stored]);
  });

  it.each([
    '',
    'example.org',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/08',
    '10.0.0.0/ 8',
    '10.0.0/8',
    '10',
    '0x0a000000/8',
    '010.0.0.0/8',
    '256.0.0.0/8',
    '2001:db8::/129',
    'fe80::1%eth0',
    '::ffff:192.0.2.7/64',
    '10.0.0.0/8,192.0.2.0/24',
  ])('refuses %j', (given) => {
    expect(() => parseNetworks([given])).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  it.each([
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['192.0.2.129/25', '192.0.2.128/25'],
    ['2001:db8::1/32', '2001:db8::/32'],
  ])('says for %j, which has host bits set, that %j is right', (given, right) => {
    expect(() => parseNetworks([given])).toThrow(right);
  });

  it('drops what is said twice and keeps the order', () => {
    expect(parseNetworks(['192.0.2.7', '10.0.0.0/8', '192.0.2.7/32'])).toEqual([
      '192.0.2.7/32',
      '10.0.0.0/8',
    ]);
  });
});

describe('an address', () => {
  it.each<[string, Networks, boolean]>([
    ['10.1.2.3', ['10.0.0.0/8'], true],
    ['11.1.2.3', ['10.0.0.0/8'], false],
    ['::ffff:10.1.2.3', ['10.0.0.0/8'], true],
    ['::ffff:11.1.2.3', ['10.0.0.0/8'], false],
    ['10.1.2.3', ['192.0.2.0/24', '10.0.0.0/8'], true],
    ['2001:db8::5', ['2001:db8::/32'], true],
    ['2001:db9::5', ['2001:db8::/32'], false],
    ['10.1.2.3', ['::/0'], false],
    ['2001:db8::5', ['0.0.0.0/0'], false],
    ['192.0.2.7', ['192.0.2.7/32'], true],
    ['192.0.2.8', ['192.0.2.7/32'], false],
    ['::1', ['127.0.0.0/8'], false],
    ['not an address', ['0.0.0.0/0', '::/0'], false],
    ['', ['0.0.0.0/0'], false],
    ['anything', 'anywhere', true],
    ['10.0.0.1', [], false],
  ])('%j is in %j: %s', (address, networks, inside) => {
    expect(isInNetworks(address, networks)).toBe(inside);
  });

  it('is judged the same in a mapped block as in the IPv4 block that it is stored as', () => {
    expect(isInNetworks('192.0.2.9', parseNetworks(['::ffff:192.0.2.0/120']))).toBe(true);
  });
});

describe('one list of networks within another', () => {
  // Few bits, so that blocks often lie in each other.
  const block = fc
    .tuple(fc.boolean(), fc.constantFrom(0, 1, 2, 3, 4, 9, 16, 31, 32), fc.nat(7), fc.nat(1))
    .map(([isV4, bits, high, low]) => {
      const address = isV4 ? `${high << 5}.0.0.${low}` : `${(high << 13).toString(16)}::${low}`;
      return `${ipaddr[isV4 ? 'IPv4' : 'IPv6'].networkAddressFromCIDR(`${address}/${bits}`).toString()}/${bits}`;
    });
  const pairByPair = (a: readonly string[], b: readonly string[]) =>
    a.every((inner) =>
      b.some((outer) => {
        const [[address, bits], [base, outerBits]] = [ipaddr.parseCIDR(inner), ipaddr.parseCIDR(outer)];
        return address.kind() === base.kind() && outerBits <= bits && address.match(base, outerBits);
      }),
    );

  it('is what it is pair by pair', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), fc.array(block, { maxLength: 6 }), (a, b) => {
        expect(isNarrowerOrEqual(a, b)).toBe(pairByPair(a, b));
        expect(parseNetworks([...a, ...b])).toEqual([...new Set([...a, ...b])]);
      }),
      { numRuns: 2_000 },
    );
  });
});
