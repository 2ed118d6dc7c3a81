import { describe, expect, it } from 'vitest';
import { rangeOf } from '../../../src-main/network/address-range.ts';

describe('the range of an address', () => {
  it.each([
    ['1.1.1.1', 'public'],
    ['93.184.216.34', 'public'],
    ['2606:4700::1111', 'public'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['100.127.255.255', 'private'],
    ['169.254.1.1', 'private'],
    ['192.0.0.1', 'private'],
    ['198.18.0.1', 'private'],
    ['240.0.0.1', 'private'],
    ['fd00::5', 'private'],
    ['fc00::1', 'private'],
    ['fe80::1', 'private'],
    ['fec0::1', 'private'],
    ['2001:db8::1', 'private'],
    ['100::1', 'private'],
    ['4000::1', 'private'],
    ['0.0.0.0', 'unusable'],
    ['0.1.2.3', 'unusable'],
    ['255.255.255.255', 'unusable'],
    ['224.0.0.1', 'unusable'],
    ['::', 'unusable'],
    ['ff02::1', 'unusable'],
    ['not an address', 'unusable'],
    ['fe80::1%eth0', 'unusable'],
    ['0x7f.1', 'unusable'],
    ['0177.0.0.1', 'unusable'],
  ])('%s is %s', (address, range) => {
    expect(rangeOf(address)).toBe(range);
  });

  it.each([
    ['mapped', '::ffff:192.168.0.1', 'private'],
    ['mapped, hex', '::ffff:c0a8:1', 'private'],
    ['mapped loopback', '::ffff:127.0.0.1', 'loopback'],
    ['mapped public', '::ffff:1.1.1.1', 'public'],
    ['IPv4-compatible', '::10.0.0.1', 'private'],
    ['translated (RFC 6145)', '::ffff:0:10.0.0.1', 'private'],
    ['NAT64 to the local network', '64:ff9b::10.0.0.1', 'private'],
    ['NAT64 to loopback', '64:ff9b::127.0.0.1', 'loopback'],
    ['NAT64 to the Internet', '64:ff9b::1.1.1.1', 'public'],
    ['local NAT64', '64:ff9b:1::1.1.1.1', 'private'],
    ['6to4 of the local network', '2002:c0a8:1::1', 'private'],
    ['6to4 of the Internet', '2002:101:101::1', 'private'],
    ['Teredo', '2001:0:101:101::f5ff:fffe', 'private'],
    ['ISATAP', '2606:4700::5efe:10.0.0.1', 'private'],
  ])('counts an IPv4 address inside: %s', (_form, address, range) => {
    expect(rangeOf(address)).toBe(range);
  });

  const metadata = ['169.254.169.254', '168.63.129.16', '100.100.100.200'];
  const hex = (address: string) => {
    const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
    return [((a << 8) | b).toString(16), ((c << 8) | d).toString(16)] as const;
  };
  it.each(metadata)('knows the metadata service at %s in every form', (address) => {
    const [high, low] = hex(address);
    for (const form of [
      address,
      `::ffff:${address}`,
      `::ffff:${high}:${low}`,
      `::${address}`,
      `::ffff:0:${address}`,
      `64:ff9b::${address}`,
      `64:ff9b:1::${address}`,
      `2002:${high}:${low}::`,
      `2002:${high}:${low}::1`,
      `2001:0:${high}:${low}::`,
      `fd12::5efe:${address}`,
    ]) {
      expect([form, rangeOf(form)]).toEqual([form, 'metadata']);
    }
  });

  it('knows the metadata service over IPv6, however it is spelled', () => {
    for (const form of ['fd00:ec2::254', 'FD00:EC2::254', 'fd00:0ec2:0:0:0:0:0:254']) {
      expect(rangeOf(form)).toBe('metadata');
    }
  });

  it('finds an address in a local NAT64 prefix of any length (RFC 6052)', () => {
    // 169.254.169.254 behind prefixes of 48, 56 and 64 bits; byte 8 is left out.
    for (const form of ['64:ff9b:1:a9fe:a9:fe00::', '64:ff9b:1:a9:fe:a9fe::', '64:ff9b:1::a9:fea9:fe00:0']) {
      expect([form, rangeOf(form)]).toEqual([form, 'metadata']);
    }
  });
});
