/**
 * May this connection be made? Invariant: an address outside the public Internet only where the channel lists it,
 * metadata services and our own ports never, whatever is listed and whoever asks.
 */
import { networkInterfaces } from 'node:os';
import { isInNetworks } from '../tokens/networks.ts';
import { addressesIn, rangeOf } from './address-range.ts';
import { readPrivateHost } from './private-hosts.ts';

export type Target = {
  /** As `URL.hostname` has it, without brackets. */
  readonly hostname: string;
  readonly port: number;
};
export type Reach =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: 'private' | 'metadata' | 'unusable' | 'own-port' };

/** Judges addresses for one list of private hosts. */
export function reachOf(
  privateHosts: readonly string[],
  options: { readonly ownPorts: () => readonly number[]; readonly ownAddresses?: () => readonly string[] },
): (target: Target, address: string) => Reach {
  const { ownPorts, ownAddresses = addressesOfThisMachine } = options;
  const entries = privateHosts.flatMap((entry) => readPrivateHost(entry) ?? []);
  const blocks = entries.flatMap((entry) => (entry.type === 'block' ? [entry.block] : []));
  const listed = new Set(
    entries.flatMap((entry) => (entry.type === 'host' ? [`${entry.host}:${entry.port}`] : [])),
  );

  return ({ hostname, port }, address) => {
    const range = rangeOf(address);
    if (range === 'metadata' || range === 'unusable') return { ok: false, why: range };
    const all = addressesIn(address);
    if (ownPorts().includes(port)) {
      const own = new Set(ownAddresses());
      const isOwn = all.some((one) => own.has(one) || rangeOf(one) === 'loopback');
      if (isOwn) return { ok: false, why: 'own-port' };
    }
    if (range === 'public') return { ok: true };
    const name = hostname.includes(':') ? `[${hostname}]` : hostname;
    const isListed = listed.has(`${name}:${port}`) || all.some((one) => isInNetworks(one, blocks));
    return isListed ? { ok: true } : { ok: false, why: 'private' };
  };
}

function addressesOfThisMachine(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((entries) =>
    (entries ?? []).flatMap(({ address }) => addressesIn(address.split('%')[0] ?? '')),
  );
}
