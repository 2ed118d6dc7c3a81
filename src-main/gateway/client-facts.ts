/**
 * Who a client says it is. Invariant: a header is believed only as far as its sender is trusted. `X-Forwarded-For` counts
 * only from listed proxies, read from the right, and stops at the first hop that is not one of them; `Host` only ever
 * shapes links in the answer to the one who sent it.
 */
import ipaddr from 'ipaddr.js';
import { redactTokens } from '../tokens/format.ts';
import { isInNetworks } from '../tokens/networks.ts';

/** An address that was not understood; it is in no network. */
export const unknownAddress = 'unknown';

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
  const hops = forwardedFor.split(',');
  while (hops.length > 0 && isInNetworks(address, trustedProxies)) address = plainAddress(hops.pop() ?? '');
  return address;
}

/** Without brackets, port and the IPv6 wrapping of an IPv4 address. */
function plainAddress(text: string): string {
  if (text.startsWith('::ffff:') && text.includes('.')) text = text.slice(7);
  const trimmed = text.trim();
  const match = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+)(?::\d+)?$/.exec(trimmed);
  const bare = match?.[1] ?? match?.[2] ?? trimmed;
  return ipaddr.isValid(bare) && !bare.includes('%') ? ipaddr.process(bare).toString() : unknownAddress;
}

/** The first product of a User-Agent, e.g. `pip/26.3`: printable, at most 64 characters; empty when there is none. */
export function clientProduct(userAgent: string | undefined): string {
  const product = /^[\x21-\x7e]{1,64}/.exec(userAgent ?? '')?.[0] ?? '';
  return redactTokens(product);
}

/** A Host header (RFC 9110 §7.2) that may stand in a link, or undefined. */
export function validHost(host: string | undefined): string | undefined {
  return host !== undefined &&
    /^(?:[A-Za-z0-9][A-Za-z0-9.-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/.test(host)
    ? host
    : undefined;
}
