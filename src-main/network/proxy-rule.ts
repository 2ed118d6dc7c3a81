/**
 * Which connections go through the proxy. Invariant: this computer is never asked for through a proxy, as the proxy's
 * loopback is another computer.
 */
import ipaddr from 'ipaddr.js';
import { isInNetworks } from '../tokens/networks.ts';
import { rangeOf } from './address-range.ts';
import type { ProxyConfig } from './network-config.ts';
import type { Target } from './reach.ts';

/** Whether the settings send a connection through the proxy. */
export function goesThroughProxy(proxy: ProxyConfig, target: Target): boolean {
  const { hostname } = target;
  if (isThisComputer(hostname)) return false;
  return !proxy.noProxy.some((entry) => isMatch(entry.trim().toLowerCase(), target));
}

/** As a name or an address, without asking a resolver. */
export function isThisComputer(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || rangeOf(hostname) === 'loopback';
}

function isMatch(entry: string, { hostname, port }: Target): boolean {
  if (entry === '*') return true;
  if (entry.includes('/'))
    return isBlock(entry) && ipaddr.isValid(hostname) && isInNetworks(hostname, [entry]);
  const withPort = /^(.+):(\d{1,5})$/.exec(entry);
  // A bare IPv6 address has colons too.
  const hasPort = withPort !== null && !ipaddr.IPv6.isValid(entry);
  const name = ((hasPort ? withPort[1] : entry) ?? '').replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
  if (name === '' || (hasPort && Number(withPort[2]) !== port)) return false;
  return hostname === name || hostname.endsWith(`.${name}`);
}

function isBlock(text: string): boolean {
  try {
    ipaddr.parseCIDR(text);
    return true;
  } catch {
    return false;
  }
}
