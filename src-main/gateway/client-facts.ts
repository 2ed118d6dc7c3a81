/**
 * Who a client says it is. Invariant: a header is believed only as far as its sender is trusted. `X-Forwarded-For` counts
 * only from listed proxies, read from the right, and stops at the first hop that is not one of them; `Host` only ever
 * shapes links in the answer to the one who sent it.
 */
import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { isInNetworks } from '../tokens/networks.ts';
import { redactWord } from './redact.ts';

/** An address that was not understood; it is in no network. */
export const unknownAddress = 'unknown';

/** More proxies than stand one behind another anywhere; what is left of them is not looked at. */
const maxHops = 16;
/** An IPv6 address with brackets and port is 47 characters long. */
const maxAddressChars = 64;

/**
 * The client's address: the peer's, or the last untrusted hop when the peer is a trusted proxy.
 * @param forwardedFor the X-Forwarded-For headers, joined by commas
 * @param trustedProxies CIDR blocks
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trustedProxies: readonly string[],
): string {
  let address = plainAddress(peer ?? '');
  if (trustedProxies.length === 0 || forwardedFor === undefined) return address;
  let end = forwardedFor.length;
  for (let hop = 0; end >= 0 && isInNetworks(address, trustedProxies); hop += 1) {
    // A longer chain is nobody's: the address that it ends at would be the one that the client chose.
    if (hop === maxHops) return unknownAddress;
    const commaAt = end === 0 ? -1 : forwardedFor.lastIndexOf(',', end - 1);
    address = plainAddress(forwardedFor.slice(commaAt + 1, end));
    end = commaAt;
  }
  return address;
}

/**
 * Without brackets, port and the IPv6 wrapping of an IPv4 address. Read strictly: four decimal numbers without leading
 * zeros, or IPv6 without a zone; other readers take `010.0.0.1`, `0x7f.1` and `2130706433` for addresses, each its own.
 */
function plainAddress(text: string): string {
  if (text.length > maxAddressChars) return unknownAddress;
  const trimmed = text.trim();
  const match = /^\[([^\]]*)\](?::(\d{1,5}))?$|^([\d.]+)(?::(\d{1,5}))?$/.exec(trimmed);
  if (Number(match?.[2] ?? match?.[4] ?? 0) > 65_535) return unknownAddress;
  const bare = match?.[1] ?? match?.[3] ?? trimmed;
  if (isIPv4(bare)) return match?.[1] === undefined ? bare : unknownAddress;
  return isIPv6(bare) && !bare.includes('%') ? ipaddr.process(bare).toString() : unknownAddress;
}

/** The first product of a User-Agent, e.g. `pip/26.3`: printable, at most 64 characters; empty when there is none. */
export function clientProduct(userAgent: string | undefined): string {
  return redactWord(/^[\x21-\x7e]{1,64}/.exec(userAgent ?? '')?.[0] ?? '');
}

/** A Host header (RFC 9110 §7.2) that may stand in a link, or undefined. `_` stands in names of containers. */
export function validHost(host: string | undefined): string | undefined {
  return host !== undefined &&
    /^(?:[A-Za-z0-9_][A-Za-z0-9._-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/.test(host)
    ? host
    : undefined;
}
