/** Adding up what was told of a token. */
import type { TokenUsage } from '../../shared/contract/token-views.ts';
import type { PolicyUse, TokenUses } from '../../shared/model/gateway.ts';
import { addPolicyUses } from '../gateway/policy-uses.ts';

/** Clients remembered per token: enough to see who still uses an old one, bounded against a hostile User-Agent. */
const maxClients = 20;

/** What was known, and more of it. */
export function addUses(before: TokenUsage | undefined, uses: TokenUses): TokenUsage {
  const { client, address, lastAtMs } = uses;
  const seen = before?.clients.find((entry) => entry.client === client && entry.address === address);
  const clients = [
    { client, address, lastAtMs, requests: (seen?.requests ?? 0) + uses.requests },
    ...(before?.clients ?? []).filter((entry) => entry !== seen),
  ].slice(0, maxClients);
  // A request is told when it ends: one that began earlier may be told later.
  const isLatest = before === undefined || lastAtMs >= before.lastUsedAtMs;
  const last = isLatest
    ? { lastUsedAtMs: lastAtMs, lastClient: client, lastAddress: address }
    : {
        lastUsedAtMs: before.lastUsedAtMs,
        lastClient: before.lastClient,
        lastAddress: before.lastAddress,
      };
  return {
    firstUsedAtMs: Math.min(before?.firstUsedAtMs ?? uses.firstAtMs, uses.firstAtMs),
    ...last,
    allowed: (before?.allowed ?? 0) + uses.allowed,
    denied: (before?.denied ?? 0) + uses.denied,
    bytes: (before?.bytes ?? 0) + uses.bytes,
    clients,
    ...policiesOf(before?.policies, uses.policies),
  };
}

function policiesOf(
  before: TokenUsage['policies'],
  more: readonly PolicyUse[] | undefined,
): Pick<TokenUsage, 'policies'> {
  const sum = addPolicyUses((before ?? []) as readonly PolicyUse[], more ?? []);
  return sum.length === 0 ? {} : { policies: sum.map((use) => ({ ...use, packages: [...use.packages] })) };
}

/** What two processes know. */
export function mergeUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  const [older, newer] = a.lastUsedAtMs <= b.lastUsedAtMs ? [a, b] : [b, a];
  return {
    ...newer,
    firstUsedAtMs: Math.min(a.firstUsedAtMs, b.firstUsedAtMs),
    allowed: a.allowed + b.allowed,
    denied: a.denied + b.denied,
    bytes: a.bytes + b.bytes,
    clients: added([...newer.clients, ...older.clients]).slice(0, maxClients),
    ...policiesOf(a.policies, b.policies as readonly PolicyUse[] | undefined),
  };
}

/** As it is written: who it was stands in the request log, sealed. */
export const withoutAddresses = (usage: ReadonlyMap<string, TokenUsage>): ReadonlyMap<string, TokenUsage> =>
  new Map([...usage].map(([id, one]) => [id, withoutAddress(one)]));

const withoutAddress = (usage: TokenUsage): TokenUsage => ({
  ...usage,
  lastAddress: '',
  clients: added(usage.clients.map((client) => ({ ...client, address: '' }))),
});

/** The same client at the same address once, newest first. */
function added(clients: TokenUsage['clients']): TokenUsage['clients'] {
  const found = new Map<string, TokenUsage['clients'][number]>();
  for (const one of clients) {
    const key = JSON.stringify([one.client, one.address]);
    const { requests = 0, lastAtMs = 0 } = found.get(key) ?? {};
    found.set(key, {
      ...one,
      requests: one.requests + requests,
      lastAtMs: Math.max(one.lastAtMs, lastAtMs),
    });
  }
  return [...found.values()].toSorted((x, y) => y.lastAtMs - x.lastAtMs);
}
