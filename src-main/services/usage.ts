import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';
import type { TokenUsage } from '../../shared/contract/token-views.ts';
import { tokenUsage } from '../../shared/contract/token-views.ts';
import type { GatewayRequestEvent, TokenUses } from '../../shared/model/gateway.ts';
import { policyUsesOf } from '../gateway/policy-uses.ts';
import type { TokenId } from '../../shared/model/ids.ts';
import type { Disk } from '../disk/operations.ts';
import { systemDisk } from '../disk/operations.ts';
import { readIfThereSync } from '../disk/read-file.ts';
import { replaceFileSync } from '../disk/write-file.ts';
import { makeFolderSync } from '../disk/make-folder.ts';
import { filesInSum, mergeEndedFiles, sumName } from './usage-merge.ts';
import { addUses, mergeUsage, withoutAddresses } from './usage-sums.ts';

/** A hundred thousand tokens with all the clients that are remembered take about 200 MiB. */
const maxFileBytes = 512 * 1024 * 1024;
/** Other processes write every few seconds; a page of tokens that is opened again at once need not look again. */
const lookEveryMs = 2_000;
/** Half of the time after which others add a file up. */
const idleMs = 1_800_000;

/** One process's usage by token id. Entries are checked when they are shown, not when the file is read. */
type UsageByToken = ReadonlyMap<string, unknown>;

/** A token's use where files of usage may be lost: who it was is not known. */
export type LearnedUse = {
  readonly tokenId: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly downloads: number;
  readonly refusals: number;
};

/**
 * When, by what and from where each token was used last. Kept beside the vault, not in it: a request must not cost a
 * signature. Each gateway process writes its own file, so that none needs a lock; they are added up in memory. Files that
 * nobody has written to for a while are added up on disk too: their process then begins anew. No secrets, and no addresses of
 * clients: those of its own requests a process knows as long as it runs, and the request log has them sealed.
 */
export interface UsageStore {
  record(event: GatewayRequestEvent): void;
  /** Several requests at once. */
  recordUses(uses: TokenUses): void;
  /** Takes over what other processes wrote; at most every few seconds, and only files that changed. */
  refresh(): void;
  get(id: TokenId): TokenUsage | undefined;
  lastUsedAtMs(id: TokenId): number | undefined;
  /** What another source knows, e.g. the request log; counts where its last use is later. */
  learn(uses: Iterable<LearnedUse>): void;
  /** Writes what is new; called from time to time and on close. */
  flush(): void;
  /** Adds up the files of gateways that ended, so that they do not pile up. @throws LatchkeyError as a lock of a file does */
  mergeEnded(): Promise<void>;
}

/**
 * @param instance a name for this process's file, e.g. `app` or `gateway-8700`
 * @param now milliseconds since the epoch
 */
export function openUsage(
  dataDir: string,
  instance: string,
  now: () => number = Date.now,
  disk: Disk = systemDisk,
): UsageStore {
  const dir = join(dataDir, 'usage');
  const ownFile = join(dir, `${instance}.json`);
  let own: Map<string, TokenUsage> | undefined;
  /** Of it, what was told since it was written last. */
  let unwritten = new Map<string, TokenUsage>();
  let wasWritten = false;
  const others = new Map<string, { readonly version: string; readonly usage: UsageByToken }>();
  const lastUsed = new Map<string, number>();
  /** Only what is later than all others knew. */
  const learned = new Map<string, LearnedUse>();
  let lookedAtMs: number | undefined;
  let dirty = false;
  let hasWarned = false;

  const noteLastUse = (id: string, atMs: number): void => {
    if (atMs > (lastUsed.get(id) ?? -1)) lastUsed.set(id, atMs);
  };

  /** Read when first needed: most commands never ask. */
  const ownUsage = (): Map<string, TokenUsage> => {
    if (own !== undefined) return own;
    own = new Map();
    const found = readUsage(ownFile);
    wasWritten = found.size > 0;
    for (const [id, entry] of found) {
      const parsed = tokenUsage.safeParse(entry);
      if (!parsed.success) continue;
      own.set(id, parsed.data);
      noteLastUse(id, parsed.data.lastUsedAtMs);
    }
    return own;
  };

  /** Another process added it up, and was killed before it could remove it. */
  const isInSum = (name: string, version: string): boolean =>
    version !== '' && filesInSum(others.get(sumName)?.usage)[name] === version;

  /** What was told since it was written last, where the rest is in the others' sum. */
  const forgetAddedUp = (): void => {
    if (!wasWritten) return;
    const version = versionOf(ownFile);
    if (version !== '' && !isInSum(`${instance}.json`, version)) return;
    own = new Map(unwritten);
    wasWritten = false;
  };

  const refresh = (): void => {
    const age = lookedAtMs === undefined ? lookEveryMs : now() - lookedAtMs;
    if (age >= 0 && age < lookEveryMs) return;
    lookedAtMs = now();
    ownUsage();
    const names = listJson(dir);
    for (const name of others.keys()) if (!names.includes(name)) others.delete(name);
    for (const name of names) {
      if (name === `${instance}.json`) continue;
      const path = join(dir, name);
      const version = versionOf(path);
      if (others.get(name)?.version === version) continue;
      const usage = readUsage(path);
      others.set(name, { version, usage });
      for (const [id, entry] of usage) noteLastUse(id, lastUsedOf(entry));
    }
    forgetAddedUp();
  };

  const recordUses = (uses: TokenUses): void => {
    const used = addUses(ownUsage().get(uses.tokenId), uses);
    ownUsage().set(uses.tokenId, used);
    unwritten.set(uses.tokenId, addUses(unwritten.get(uses.tokenId), uses));
    noteLastUse(uses.tokenId, used.lastUsedAtMs);
    dirty = true;
  };

  return {
    record: (event) => {
      const { tokenId, client, address, atMs, outcome, bytes } = event;
      if (tokenId === undefined) return;
      const allowed = outcome === 'allow' ? 1 : 0;
      const denied = outcome === 'deny' ? 1 : 0;
      const who = { tokenId, client, address };
      const policies = policyUsesOf(event);
      recordUses({ ...who, firstAtMs: atMs, lastAtMs: atMs, requests: 1, allowed, denied, bytes, policies });
    },
    recordUses,
    refresh,
    get: (id) => {
      const found = [...others].flatMap(([name, { version, usage }]) => {
        if (isInSum(name, version)) return [];
        const parsed = usage.has(id) ? tokenUsage.safeParse(usage.get(id)) : undefined;
        return parsed?.success === true ? [parsed.data] : [];
      });
      const mine = ownUsage().get(id);
      const all = mine === undefined ? found : [mine, ...found];
      const told = all.length === 0 ? undefined : all.reduce(mergeUsage);
      return withLearned(told, learned.get(id));
    },
    lastUsedAtMs: (id) => lastUsed.get(id),
    learn: (uses) => {
      refresh();
      for (const use of uses) {
        if (use.lastMs <= (lastUsed.get(use.tokenId) ?? -1)) continue;
        noteLastUse(use.tokenId, use.lastMs);
        learned.set(use.tokenId, use);
      }
    },
    mergeEnded: () => mergeEndedFiles(dir, { now, disk, own: `${instance}.json`, readUsage, versionOf }),
    flush: () => {
      if (!dirty) return;
      try {
        makeFolderSync(dir);
        if (wasWritten && now() - modifiedMs(ownFile) > idleMs) {
          lookedAtMs = undefined;
          refresh();
        }
        forgetAddedUp();
        replaceFileSync(ownFile, JSON.stringify(Object.fromEntries(withoutAddresses(ownUsage()))), {
          mode: 0o600,
          disk,
        });
        unwritten = new Map();
        wasWritten = true;
        dirty = false;
        hasWarned = false;
      } catch (error) {
        // Usage is a convenience: a full disk must not stop the gateway from serving. Tried again with the next flush.
        if (!hasWarned)
          process.stderr.write(`latchkey: usage of tokens cannot be saved (${codeOf(error)})\n`);
        hasWarned = true;
      }
    },
  };
}

function withLearned(told: TokenUsage | undefined, use: LearnedUse | undefined): TokenUsage | undefined {
  if (use === undefined || use.lastMs <= (told?.lastUsedAtMs ?? -1)) return told;
  if (told !== undefined) return { ...told, lastUsedAtMs: use.lastMs };
  const { firstMs, lastMs, downloads, refusals } = use;
  return {
    firstUsedAtMs: firstMs,
    lastUsedAtMs: lastMs,
    lastClient: '',
    lastAddress: '',
    allowed: downloads,
    denied: refusals,
    bytes: 0,
    clients: [],
  };
}

function codeOf(error: unknown): string {
  if (error instanceof LatchkeyError) return codeOf(error.cause);
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

function listJson(dir: string): readonly string[] {
  try {
    return readdirSync(dir).filter((name) => name.endsWith('.json'));
  } catch {
    // Missing, or not readable: the tokens are shown without their usage.
    return [];
  }
}

function versionOf(path: string): string {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
  } catch (error) {
    // A link that leads to itself: like a file that cannot be read.
    return codeOf(error);
  }
}

/** When it was written; now, where that is not known. */
function modifiedMs(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  } catch {
    // A link that leads to itself: the write that follows says so.
    return Date.now();
  }
}

/** Usage is a convenience: a missing or damaged file counts as empty, and is written again with the next requests. */
function readUsage(path: string): UsageByToken {
  try {
    const bytes = readIfThereSync(path, { maxBytes: maxFileBytes });
    const content: unknown = bytes === undefined ? {} : JSON.parse(bytes.toString('utf8'));
    return new Map(typeof content === 'object' && content !== null ? Object.entries(content) : []);
  } catch {
    return new Map();
  }
}

function lastUsedOf(entry: unknown): number {
  const atMs = (entry as { lastUsedAtMs?: unknown } | null)?.lastUsedAtMs;
  return typeof atMs === 'number' ? atMs : -1;
}
