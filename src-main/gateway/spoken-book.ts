/**
 * What policies hide or refuse in documents that were asked for lately, and what ends by itself: because a package becomes
 * old enough, or because facts come. Invariant: bounded; a document is looked through in short steps, so that no client
 * waits for it; nothing is kept of a document that is in memory no more but what it waits for.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ChannelId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { dayMs } from '../../shared/model/time.ts';
import type { SpokenFiles, SpokenPackage } from './documents/spoken-files.ts';
import type { KeptReleases, ReleasesFile } from './kept-releases.ts';
import type { PolicyScope } from './types.ts';
import type { Waiting, WaitingFile } from './waiting.ts';

const maxDocuments = 500;
/** Of one document; the rest is counted. */
const maxWaiting = 200;
const maxReleased = 500;
/** Of all documents, over a restart. */
const maxKept = 2_000;
/** Denied versions of one document that are looked at. */
const maxLooked = 2_000;

export type Releases = {
  readonly upcoming: readonly Waiting[];
  readonly upcomingTotal: number;
  /** The last ones first. */
  readonly released: readonly Waiting[];
};

/** What a form says. */
export type Says = {
  /** Of a page. */
  readonly spoken?: SpokenFiles;
  readonly isAllowed: (filename: string) => boolean;
  /** Files that policies deny, one of each version; and how many such versions there are. */
  readonly denied: (
    limit: number,
  ) => Promise<{ readonly files: readonly SpokenPackage[]; readonly total: number }>;
};

type Kept = {
  readonly channelId: ChannelId;
  readonly policies: string;
  readonly page?: WeakRef<SpokenFiles>;
  waiting: readonly WaitingFile[];
  total: number;
};

export class SpokenBook {
  readonly #now: () => number;
  readonly #documents = new LRUCache<string, Kept>({ max: maxDocuments });
  readonly #seen = new WeakSet();
  readonly #digests = new WeakMap<readonly Policy[], string>();
  readonly #file: ReleasesFile | undefined;
  #released: readonly Waiting[] = [];

  /** @param file where it is kept over a restart */
  constructor(now: () => number, file?: ReleasesFile) {
    this.#now = now;
    this.#file = file;
    const kept = file?.load();
    this.#released = kept?.released.slice(0, maxReleased) ?? [];
    // The least used first, as they were put there.
    for (const { key, policies, files, total } of kept?.waiting.slice(0, maxDocuments).toReversed() ?? []) {
      const [first] = files;
      if (first === undefined) continue;
      const waiting = files.slice(0, maxWaiting);
      this.#documents.set(key, { channelId: first.channelId, policies, waiting, total });
    }
  }

  /** What changed so far is kept, as far as it is at all. */
  async close(): Promise<void> {
    await this.#file?.flush();
  }

  /**
   * A form was given to somebody. Costs nothing where it was before.
   * @param document path below the channel
   * @param form is it, and nothing is asked of it
   */
  made(channelId: ChannelId, document: string, scope: PolicyScope, form: object, says: Says): void {
    if (this.#seen.has(form)) return;
    this.#seen.add(form);
    const policies = this.#digestOf(scope.policies);
    const key = `${channelId} ${policies} ${document}`;
    const before = this.#documents.get(key);
    const { spoken } = says;
    const kept: Kept = {
      channelId,
      policies,
      ...(spoken === undefined ? {} : { page: new WeakRef(spoken) }),
      waiting: [],
      total: 0,
    };
    this.#documents.set(key, kept);
    if (before !== undefined) this.#compare(before, says);
    // Of what fails here nobody hears: the documents are served all the same.
    if (scope.policies.some(endsByItself)) this.#lookThrough(kept, says).catch(() => undefined);
  }

  /** Pages of a channel under these policies that were asked for lately and are in memory. */
  pagesOf(channelId: ChannelId, scope: PolicyScope): readonly SpokenFiles[] {
    const policies = this.#digestOf(scope.policies);
    return [...this.#documents.values()].flatMap((kept) =>
      kept.channelId === channelId && kept.policies === policies ? (kept.page?.deref() ?? []) : [],
    );
  }

  /** What is denied for a time, and what was. @param limit of each list */
  releases(limit: number): Releases {
    const nowMs = this.#now();
    const all = unique([...this.#documents.values()].flatMap(({ waiting }) => waiting));
    const isOver = ({ atMs }: Waiting): boolean => atMs !== undefined && atMs <= nowMs;
    const upcoming = all
      .filter((one) => !isOver(one))
      .toSorted((a, b) => (a.atMs ?? Infinity) - (b.atMs ?? Infinity));
    // Nobody asked for the document since: the next one who does gets it.
    const released = unique([...all.filter(isOver), ...this.#released]).toSorted(
      (a, b) => (b.atMs ?? 0) - (a.atMs ?? 0),
    );
    const uncounted = [...this.#documents.values()].reduce(
      (sum, { total, waiting }) => sum + total - waiting.length,
      0,
    );
    return {
      upcoming: upcoming.slice(0, limit),
      upcomingTotal: upcoming.length + uncounted,
      released: released.slice(0, limit),
    };
  }

  /** What waited and is allowed now, by the same policies. */
  #compare(before: Kept, { isAllowed }: Says): void {
    const nowMs = this.#now();
    const released = before.waiting
      .filter(({ filename }) => isAllowed(filename))
      .map(({ filename: _filename, ...waiting }) => ({
        ...waiting,
        atMs: waiting.atMs === undefined ? nowMs : Math.min(waiting.atMs, nowMs),
      }));
    if (released.length === 0) return;
    this.#released = [...released, ...this.#released].slice(0, maxReleased);
    this.#changed();
  }

  async #lookThrough(kept: Kept, says: Says): Promise<void> {
    const { files, total } = await says.denied(maxLooked);
    const waiting = files.flatMap((one) => {
      const end = endOf(one);
      if (end === undefined) return [];
      const { name, version, filename } = one;
      return [{ channelId: kept.channelId, name, version, filename, ...end }];
    });
    kept.waiting = waiting.slice(0, maxWaiting);
    // Of those that were not looked at nobody knows whether they wait: counted only where all others do.
    kept.total = waiting.length + (waiting.length === files.length ? total - files.length : 0);
    if (waiting.length > 0) this.#changed();
  }

  #changed(): void {
    this.#file?.changed(() => this.#kept());
  }

  /** The documents that were asked for last, as far as they fit. */
  #kept(): KeptReleases {
    const waiting: KeptReleases['waiting'][number][] = [];
    let left = maxKept;
    for (const [key, { policies, waiting: files, total }] of this.#documents.entries()) {
      if (files.length === 0 || files.length > left) continue;
      left -= files.length;
      waiting.push({ key, policies, files, total });
    }
    return { waiting, released: this.#released };
  }

  #digestOf(policies: readonly Policy[]): string {
    let digest = this.#digests.get(policies);
    if (digest === undefined) {
      digest = createHash('sha256').update(JSON.stringify(policies)).digest('base64url');
      this.#digests.set(policies, digest);
    }
    return digest;
  }
}

/** Whether a policy denies something for a time only. */
const endsByItself = ({ mode, rules }: Policy): boolean =>
  mode === 'enforce' &&
  rules.some((rule) => rule.type === 'age' || ('noFacts' in rule && rule.noFacts === 'deny'));

/** When all that denies it has ended by itself; undefined where something does not. */
export function endOf({
  reasons,
}: Pick<SpokenPackage, 'reasons'>): Pick<Waiting, 'reason' | 'atMs'> | undefined {
  let last: Pick<Waiting, 'reason' | 'atMs'> | undefined;
  for (const reason of reasons) {
    if (reason.mode === 'observe') continue;
    let atMs: number | undefined;
    if (reason.rule === 'package.too-young')
      atMs = reason.evidence.publishedAtMs + reason.evidence.minDays * dayMs;
    else if (reason.rule !== 'package.no-facts') return undefined;
    if (last === undefined || (last.atMs !== undefined && (atMs ?? Infinity) > last.atMs))
      last = { reason, atMs };
  }
  return last;
}

function unique<T extends Waiting>(all: readonly T[]): readonly T[] {
  const found = new Map<string, T>();
  for (const one of all) {
    const key = `${one.channelId} ${one.name} ${one.version} ${one.reason.policyName}`;
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}
