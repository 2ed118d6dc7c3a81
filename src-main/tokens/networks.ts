/**
 * Source networks of a token, as CIDR blocks. Invariant: what is stored is normalised and valid, so that the gateway
 * never meets a block that it cannot judge; an address that cannot be parsed is in no network.
 */
import ipaddr from 'ipaddr.js';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Networks } from '../../shared/model/domain.ts';
import type { Said } from '../../shared/texts/said.ts';
import { TextCache } from '../base/text-cache.ts';

type Address = ReturnType<typeof ipaddr.parse>;
type Block = readonly [Address, number];
/** Four decimal numbers and a length, without leading zeros. */
const plainIpv4 =
  /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\/([0-9]|[12]\d|3[0-2])$/;

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
  // Sorted, a block stands directly behind the widest one that it lies in; pair by pair, two long lists take seconds.
  const outer: string[] = [];
  for (const prefix of b.map(prefixOf).toSorted(byText))
    if (!isWithin(prefix, outer.at(-1))) outer.push(prefix);
  let at = 0;
  return a
    .map(prefixOf)
    .toSorted(byText)
    .every((inner) => {
      while (at + 1 < outer.length && (outer[at + 1] ?? '') <= inner) at += 1;
      return isWithin(inner, outer[at]);
    });
}

const byText = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
const isWithin = (inner: string, outer: string | undefined): boolean =>
  outer !== undefined && inner.startsWith(outer);

/** The bits that all addresses of a block begin with, behind a letter for its kind. */
const prefixOf = (network: string): string => prefixes.getOrMake(network, makePrefix);

function makePrefix(network: string): string {
  const [address, bits] = blockOf(network);
  const all = address.toByteArray().map((byte) => byte.toString(2).padStart(8, '0'));
  return address.kind().slice(-1) + all.join('').slice(0, bits);
}

/** Whether an address (IPv4, IPv6, or IPv4 mapped into IPv6) lies in one of the blocks. */
export function isInNetworks(address: string, networks: Networks): boolean {
  if (networks === 'anywhere') return true;
  const last = lastVerdicts.get(networks);
  if (last?.address === address) return last.isIn;
  const parsed = addressOf(address);
  const isIn =
    parsed !== undefined &&
    networks.some((network) => {
      const [base, bits] = blockOf(network);
      return parsed.kind() === base.kind() && parsed.match(base, bits);
    });
  lastVerdicts.set(networks, { address, isIn });
  return isIn;
}

/** Most lists are asked about the same address again and again. A list never changes: it is replaced. */
const lastVerdicts = new WeakMap<readonly string[], { readonly address: string; readonly isIn: boolean }>();

/** Parsing is the costly part of a check, and the same few clients come again and again. Bounded, both. */
const maxRemembered = 10_000;
const maxKeyChars = 64;
const blocks = new TextCache<Block>(maxRemembered, maxKeyChars);
const addresses = new TextCache<Address | 'none'>(maxRemembered, maxKeyChars);
const prefixes = new TextCache<string>(maxRemembered, maxKeyChars);

const blockOf = (network: string): Block => blocks.getOrMake(network, (text) => ipaddr.parseCIDR(text));

function addressOf(address: string): Address | undefined {
  const known = addresses.getOrMake(address, (text) =>
    ipaddr.isValid(text) ? ipaddr.process(text) : 'none',
  );
  return known === 'none' ? undefined : known;
}

/** Whether a text is an IPv4 block in its one spelling. Asked first: a line may bring a million of them. */
function isRightIpv4(text: string): boolean {
  const [, ...numbers] = plainIpv4.exec(text)?.map(Number) ?? [];
  const [a = 256, b = 256, c = 256, d = 256, bits = 0] = numbers;
  if (a > 255 || b > 255 || c > 255 || d > 255) return false;
  return (((a << 24) | (b << 16) | (c << 8) | d) & (bits === 0 ? -1 : 2 ** (32 - bits) - 1)) === 0;
}

function normalise(network: string): string {
  const text = network.trim();
  if (isRightIpv4(text)) return text;
  const refuse = (says: Said): never => {
    throw new LatchkeyError('INVALID_INPUT', says, { details: { network: text.slice(0, 64) } });
  };
  const [addressPart = '', bitsPart, ...rest] = text.split('/');
  const isFull = ipaddr.IPv4.isValidFourPartDecimal(addressPart) || ipaddr.IPv6.isValid(addressPart);
  if (rest.length > 0 || !isFull || addressPart.includes('%')) {
    refuse(['networkInvalid', text]);
  }
  if (bitsPart !== undefined && !/^(0|[1-9]\d{0,2})$/.test(bitsPart)) {
    refuse(['networkPrefix', text]);
  }
  const written = ipaddr.parse(addressPart);
  const writtenLength = written.kind() === 'ipv4' ? 32 : 128;
  const writtenBits = bitsPart === undefined ? writtenLength : Number(bitsPart);
  if (writtenBits > writtenLength) refuse(['networkPrefixTooLong', text, writtenLength]);
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
    refuse(['networkBitsSet', text, right, address.toString()]);
  }
  return right;
}

/**
 * The addresses that both lists have, as blocks of one of them; none when they have nothing in common. What `a` has is
 * given back as it is where `b` covers all of it.
 */
export function commonNetworks(a: Networks, b: readonly string[]): Networks {
  if (isNarrowerOrEqual(a, b)) return a;
  if (a === 'anywhere') return b;
  const common = a.flatMap((one) =>
    b.flatMap((other) => {
      if (isNarrowerOrEqual([one], [other])) return [one];
      return isNarrowerOrEqual([other], [one]) ? [other] : [];
    }),
  );
  return [...new Set(common)];
}
