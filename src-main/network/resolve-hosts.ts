import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { rangeOf } from './address-range.ts';
import type { Lookup } from './connector.ts';
import { parsePrivateHosts, readPrivateHost } from './private-hosts.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.network.resolve;

export type ResolvedHost = {
  readonly entry: string;
  readonly addresses: readonly string[];
  readonly problem?: string;
};

const system: Lookup = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

/**
 * What private hosts are at this moment, for a person to look at; a connection is judged again.
 * @throws LatchkeyError INVALID_INPUT
 */
export function resolveHosts(
  entries: readonly string[],
  resolve: Lookup = system,
): Promise<readonly ResolvedHost[]> {
  return Promise.all(parsePrivateHosts(entries).map((entry) => resolveOne(entry, resolve)));
}

async function resolveOne(entry: string, resolve: Lookup): Promise<ResolvedHost> {
  const parsed = readPrivateHost(entry);
  if (parsed?.type !== 'host') return { entry, addresses: [] };
  const host = parsed.host.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host)) return { entry, addresses: [host] };
  let addresses: readonly string[];
  try {
    addresses = await resolve(host);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return { entry, addresses: [], problem: words.noAddress(code) };
  }
  if (addresses.some((address) => ['metadata', 'unusable'].includes(rangeOf(address)))) {
    return { entry, addresses, problem: words.neverReached };
  }
  return addresses.every((address) => rangeOf(address) === 'public')
    ? { entry, addresses, problem: words.notLocal }
    : { entry, addresses };
}
