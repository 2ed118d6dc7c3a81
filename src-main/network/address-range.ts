/**
 * Where an address leads. Invariant: what is not certainly an address of the public Internet is not "public"; an IPv4
 * address that stands inside an IPv6 one (mapped, NAT64, 6to4, Teredo, ISATAP) is judged too, as a router on the way
 * may take it out again. A translation prefix that only one network uses (RFC 6052, 3.2) cannot be known here.
 */
import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

export type AddressRange =
  | 'public'
  /** Reachable when a channel lists it. */
  | 'loopback'
  | 'private'
  /** Services that hand a machine's credentials to whoever asks: never reachable. */
  | 'metadata'
  /** No address of one machine: unspecified, multicast, broadcast. Never reachable. */
  | 'unusable';

/** AWS, GCP, Azure and most others; AWS over IPv6; Azure's wire server; Alibaba Cloud. */
const metadataAddresses: ReadonlySet<string> = new Set([
  '169.254.169.254',
  'fd00:ec2::254',
  '168.63.129.16',
  '100.100.100.200',
]);

/** Worst first: an address counts as the worst of all that it may stand for. */
const order: readonly AddressRange[] = ['metadata', 'unusable', 'loopback', 'private', 'public'];

/** @param address without brackets; what is no address is `unusable` */
export function rangeOf(address: string): AddressRange {
  const all = addressesIn(address);
  if (all.length === 0) return 'unusable';
  const ranges = new Set(all.map(rangeOfOne));
  return order.find((range) => ranges.has(range)) ?? 'unusable';
}

/** The address in its shortest form, and every IPv4 address that stands in it; empty for what is no address. */
export function addressesIn(address: string): readonly string[] {
  // A zone ("%eth0") names an interface of this machine: no upstream has one.
  if (address.includes('%') || !ipaddr.isValid(address)) return [];
  const parsed = ipaddr.parse(address);
  if (!isV6(parsed)) {
    return ipaddr.IPv4.isValidFourPartDecimal(address) ? [parsed.toString()] : [];
  }
  if (!isIPv6(address)) return [];
  const embedded = embeddedIn(parsed);
  // The mapped form is the IPv4 address itself (RFC 4291, 2.5.5.2), in another spelling.
  return parsed.isIPv4MappedAddress() ? embedded : [parsed.toString(), ...embedded];
}

type Address = ReturnType<typeof ipaddr.parse>;
type V6 = InstanceType<typeof ipaddr.IPv6>;
const isV6 = (address: Address): address is V6 => address.kind() === 'ipv6';

function rangeOfOne(address: string): AddressRange {
  if (metadataAddresses.has(address)) return 'metadata';
  const parsed = ipaddr.parse(address);
  const range: string = parsed.range();
  if (range === 'loopback') return 'loopback';
  if (range === 'unspecified' || range === 'broadcast' || range === 'multicast') return 'unusable';
  // NAT64's well-known prefix leads to the IPv4 Internet; the address inside is judged beside it.
  if (isV6(parsed) && parsed.match(wellKnownNat64, 96)) return 'public';
  // Of IPv6 only 2000::/3 is the Internet (IANA); the rest is not given out. All that has a name is not public.
  const isInternet = !isV6(parsed) || parsed.match(globalUnicast, 3);
  return range === 'unicast' && isInternet ? 'public' : 'private';
}

const globalUnicast = ipaddr.parse('2000::');
const wellKnownNat64 = ipaddr.parse('64:ff9b::');
const localNat64 = ipaddr.parse('64:ff9b:1::');

/** Where an IPv4 address may stand in these 16 bytes. More than one place may count: the worst wins. */
function embeddedIn(address: V6): readonly string[] {
  const bytes = address.toByteArray();
  const at = (...places: readonly number[]) => places.map((place) => bytes[place] ?? 0).join('.');
  const last = at(12, 13, 14, 15);
  const isZero = (from: number, to: number) => bytes.slice(from, to).every((byte) => byte === 0);
  const range: string = address.range();
  if (range === 'ipv4Mapped' || range === 'rfc6145') return [last];
  if (range === '6to4') return [at(2, 3, 4, 5)];
  if (range === 'teredo') {
    // The server, and the client with every bit flipped (RFC 4380).
    return [at(4, 5, 6, 7), [12, 13, 14, 15].map((place) => 255 - (bytes[place] ?? 0)).join('.')];
  }
  if (address.match(wellKnownNat64, 96)) return [last];
  if (address.match(localNat64, 48)) {
    // Whichever length the network chose for its prefix (RFC 6052, 2.2); byte 8 is always left out.
    // Where the parts are zero, no address stands.
    const places = [at(6, 7, 9, 10), at(7, 9, 10, 11), at(9, 10, 11, 12), last];
    return places.filter((place) => !place.startsWith('0.'));
  }
  // IPv4-compatible, without the unspecified address and loopback.
  if (isZero(0, 12) && !isZero(12, 15)) return [last];
  const isIsatap =
    (bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;
  return isIsatap ? [last] : [];
}
