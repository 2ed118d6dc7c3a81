import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { TokenUsage } from '../../shared/contract/views.ts';
import { tokenUsage } from '../../shared/contract/views.ts';
import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';
import type { TokenId } from '../../shared/model/ids.ts';

/** Clients remembered per token: enough to see who still uses an old one, bounded against a hostile User-Agent. */
const maxClients = 20;
const usageFile = z.record(z.string(), tokenUsage);

/**
 * When, by what and from where each token was used last. Kept beside the vault, not in it: a request must not cost a
 * signature. Each gateway process writes its own file, so that none needs a lock; readers add them up. No secrets.
 */
export interface UsageStore {
  record(event: GatewayRequestEvent): void;
  get(id: TokenId): TokenUsage | undefined;
  /** Writes what is new; called from time to time and on close. */
  flush(): void;
}

/** @param instance a name for this process's file, e.g. `app` or `gateway-8700`. */
export function openUsage(dataDir: string, instance: string): UsageStore {
  const dir = join(dataDir, 'usage');
  const ownFile = join(dir, `${instance}.json`);
  const own = new Map(Object.entries(readUsage(ownFile)));
  const others = new Map<string, { mtimeMs: number; usage: Record<string, TokenUsage> }>();
  let dirty = false;
  let hasWarned = false;

  const readOthers = (): Record<string, TokenUsage>[] => {
    const found: Record<string, TokenUsage>[] = [];
    for (const name of listJson(dir)) {
      if (name === `${instance}.json`) continue;
      const path = join(dir, name);
      const mtimeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      let known = others.get(name);
      if (known?.mtimeMs !== mtimeMs) {
        known = { mtimeMs, usage: readUsage(path) };
        others.set(name, known);
      }
      found.push(known.usage);
    }
    return found;
  };

  return {
    record: (event) => {
      if (event.tokenId === undefined) return;
      own.set(event.tokenId, addRequest(own.get(event.tokenId), event));
      dirty = true;
    },
    get: (id) => {
      const all = [own.get(id), ...readOthers().map((usage) => usage[id])].filter(
        (entry) => entry !== undefined,
      );
      return all.length === 0 ? undefined : all.reduce(mergeUsage);
    },
    flush: () => {
      if (!dirty) return;
      try {
        write();
        hasWarned = false;
      } catch (error) {
        // Usage is a convenience: a full disk must not stop the gateway from serving. Tried again with the next flush.
        if (!hasWarned)
          process.stderr.write(`latchkey: usage of tokens cannot be saved (${codeOf(error)})\n`);
        hasWarned = true;
      }
    },
  };

  function write(): void {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    writeFileSync(`${ownFile}.tmp`, JSON.stringify(Object.fromEntries(own)), { mode: 0o600 });
    renameSync(`${ownFile}.tmp`, ownFile);
    dirty = false;
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';

function listJson(dir: string): readonly string[] {
  try {
    return readdirSync(dir).filter((name) => name.endsWith('.json'));
  } catch {
    // Missing, or not readable: the tokens are shown without their usage.
    return [];
  }
}

/** Usage is a convenience: a missing or damaged file counts as empty, and is written again with the next requests. */
function readUsage(path: string): Record<string, TokenUsage> {
  try {
    return usageFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}

function addRequest(before: TokenUsage | undefined, event: GatewayRequestEvent): TokenUsage {
  const { client, address, atMs } = event;
  const seen = before?.clients.find((entry) => entry.client === client && entry.address === address);
  const clients = [
    { client, address, lastAtMs: atMs, requests: (seen?.requests ?? 0) + 1 },
    ...(before?.clients ?? []).filter((entry) => entry !== seen),
  ].slice(0, maxClients);
  const allowed = event.outcome === 'allow' ? 1 : 0;
  const denied = event.outcome === 'deny' ? 1 : 0;
  return {
    firstUsedAtMs: before?.firstUsedAtMs ?? atMs,
    lastUsedAtMs: atMs,
    lastClient: client,
    lastAddress: address,
    allowed: (before?.allowed ?? 0) + allowed,
    denied: (before?.denied ?? 0) + denied,
    bytes: (before?.bytes ?? 0) + event.bytes,
    clients,
  };
}

function mergeUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  const [older, newer] = a.lastUsedAtMs <= b.lastUsedAtMs ? [a, b] : [b, a];
  return {
    ...newer,
    firstUsedAtMs: Math.min(a.firstUsedAtMs, b.firstUsedAtMs),
    allowed: a.allowed + b.allowed,
    denied: a.denied + b.denied,
    bytes: a.bytes + b.bytes,
    clients: [...newer.clients, ...older.clients]
      .toSorted((x, y) => y.lastAtMs - x.lastAtMs)
      .slice(0, maxClients),
  };
}
