/**
 * Source networks of a token, as CIDR blocks. Invariant: what is stored is normalised and valid, so that the gateway
 * never meets a block that it cannot judge; an address that cannot be parsed is in no network.
 */
import ipaddr from 'ipaddr.js';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Networks } from '../../shared/model/domain.ts';
import { TextCache } from '../base/text-cache.ts';

type Address = ReturnType<typeof ipaddr.parse>;
type Block = readonly [Address, number];

/**
 * Checks and normalises CIDR blocks (RFC 4632, RFC 4291); a single address becomes /32 or /128.
 * @throws LatchkeyError INVALID_INPUT naming the first block that is wrong, and the right one where it can be guessed
 */
export function parseNetworks(networks: readonly string[]): readonly string[] {
  return [...new Set(networks.map(normalise))];
}

/** Those of a list that are networks, normalised; the others count for nothing. */
export function readableNetworks(networks: readonly string[]): readonly string[] {
  return networks.flatMap((network) => {
    try {
      return [normalise(network)];
    } catch (error) {
      if (error instanceof LatchkeyError) return [];
      throw error;
    }
  });
}

/** Whether every address of `a` is one of `b` as well. Block by block: a block that two of `b` cover together does not count. */
export function isNarrowerOrEqual(a: Networks, b: Networks): boolean {
  if (b === 'anywhere') return true;
  if (a === 'anywhere') return false;
  return a.every((inner) => {
    const [address, bits] = blockOf(inner);
    return b.some((outer) => {
      const [base, outerBits] = blockOf(outer);
      return address.kind() === base.kind() && outerBits <= bits && address.match(base, outerBits);
    });
  });
}

/** Whether an address (IPv4, IPv6, or IPv4 mapped into IPv6) lies in one of the blocks. */
export function isInNetworks(address: string, networks: Networks): boolean {
  if (networks === 'anywhere') return true;
  const parsed = addressOf(address);
  if (parsed === undefined) return false;
  return networks.some((network) => {
    const [base, bits] = blockOf(network);
    return parsed.kind() === base.kind() && parsed.match(base, bits);
  });
}

/** Parsing is the costly part of a check, and the same few clients come again and again. Bounded, both. */
const maxRemembered = 10_000;
const maxKeyChars = 64;
const blocks = new TextCache<Block>(maxRemembered, maxKeyChars);
const addresses = new TextCache<Address | 'none'>(maxRemembered, maxKeyChars);

const blockOf = (network: string): Block => blocks.getOrMake(network, (text) => ipaddr.parseCIDR(text));

function addressOf(address: string): Address | undefined {
  const known = addresses.getOrMake(address, (text) =>
    ipaddr.isValid(text) ? ipaddr.process(text) : 'none',
  );
  return known === 'none' ? undefined : known;
}

function normalise(network: string): string {
  const text = network.trim();
  const refuse = (message: string): never => {
    throw new LatchkeyError('INVALID_INPUT', message, { details: { network: text.slice(0, 64) } });
  };
  const [addressPart = '', bitsPart, ...rest] = text.split('/');
  const isFull = ipaddr.IPv4.isValidFourPartDecimal(addressPart) || ipaddr.IPv6.isValid(addressPart);
  if (rest.length > 0 || !isFull || addressPart.includes('%')) {
    refuse(`"${text}" is not a network. Write it like 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32.`);
  }
  if (bitsPart !== undefined && !/^(0|[1-9]\d{0,2})$/.test(bitsPart)) {
    refuse(`"${text}" has no valid prefix length after the slash.`);
  }
  const written = ipaddr.parse(addressPart);
  const writtenLength = written.kind() === 'ipv4' ? 32 : 128;
  const writtenBits = bitsPart === undefined ? writtenLength : Number(bitsPart);
  if (writtenBits > writtenLength) refuse(`"${text}" has a prefix length over ${writtenLength}.`);
  // Clients' addresses are compared as IPv4 when they are mapped (RFC 4291, 2.5.5.2), so such a block must be IPv4 too.
  const isMapped =
    written.kind() === 'ipv6' && ipaddr.process(addressPart).kind() === 'ipv4' && writtenBits >= 96;
  const address = isMapped ? ipaddr.process(addressPart) : written;
  const bits = isMapped ? writtenBits - 96 : writtenBits;
  const network4or6 =
    address.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(`${address.toString()}/${bits}`)
      : ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${bits}`);
  const right = `${network4or6.toString()}/${bits}`;
  if (network4or6.toString() !== address.toString()) {
    refuse(
      `"${text}" has bits set after its prefix. Did you mean ${right}, or the single address ${address.toString()}?`,
    );
  }
  return right;
}
