/** Reads one feed as it is now: finds its source, fetches it where it is a URL, and has a thread read it. */
import { randomBytes } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Feed } from '../../shared/model/curation.ts';
import { readFeedInThread } from '../curation/feeds/facts-thread.ts';
import { FeedError } from '../curation/feeds/problem.ts';
import { isWhole } from '../curation/feeds/whole-records.ts';
import { codeOf } from '../disk/disk-error.ts';
import { setAsideSync } from '../disk/set-aside.ts';
import type { OpenUpstream } from '../gateway/types.ts';
import { createUpstreamClient } from '../gateway/upstream-client.ts';
import type { AgentsOptions } from '../gateway/upstream-agents.ts';
import { makeFactsDir } from './facts-manifest.ts';
import type { KeptFeed } from './facts-manifest.ts';
import { downloadFeed } from './feed-download.ts';

export type FeedReadingDeps = {
  /** `facts` of the data folder. */
  readonly dir: string;
  readonly folderOf: (label: string) => string | undefined;
  /** Read at each update: settings change. */
  readonly network: () => AgentsOptions['network'];
  readonly ownPorts: () => readonly number[];
  /** A test's upstream. */
  readonly open?: OpenUpstream | undefined;
  /** How feeds are read; a test does it without threads. */
  readonly read?: typeof readFeedInThread | undefined;
};

export type UpdateOptions = {
  /** Takes the source as it is, with all that it lacks. */
  readonly acceptShrunk?: boolean | undefined;
  /** Instead of the feed's own source. */
  readonly path?: string | undefined;
};

export type WhatIsKept = {
  /** Of the same source: it may be unchanged. */
  readonly known: KeptFeed | undefined;
  /** Of the same kind. */
  readonly kept: KeptFeed | undefined;
};

/** @returns what changed of what is kept @throws FeedError; whatever the signal was aborted with */
export async function readFeedNow(
  deps: FeedReadingDeps,
  feed: Feed,
  { known, kept }: WhatIsKept,
  options: UpdateOptions,
  signal: AbortSignal,
): Promise<Partial<KeptFeed>> {
  const { dir } = deps;
  const { acceptShrunk = false } = options;
  makeFactsDir(dir);
  const isSettled =
    known?.file !== undefined &&
    known.shrunk === undefined &&
    !acceptShrunk &&
    // Of a damaged one the source is read again, changed or not.
    (await isWhole(join(dir, known.file), known.sha256));
  const found = await locate(deps, feed, isSettled ? known : {}, options, signal);
  if (found.status === 'unchanged') return {};
  const keptPath = kept?.file === undefined ? undefined : join(dir, kept.file);
  try {
    const file = `${feed.name}-${randomBytes(6).toString('hex')}.jsonl`;
    const read = await (deps.read ?? readFeedInThread)(
      {
        kind: feed.kind,
        path: found.path,
        kept: keptPath === undefined ? undefined : { path: keptPath, sha256: kept?.sha256 },
        lastStamp: isSettled && found.status === 'local' ? known.stamp : undefined,
        acceptShrunk,
        toPath: join(dir, file),
      },
      signal,
    );
    if (read.status === 'unchanged') return {};
    if (read.status === 'shrunk') return { shrunk: { from: read.from, to: read.to } };
    if (read.wasDamaged && keptPath !== undefined) setAsideSync(keptPath, 'damaged');
    const { records, gone, bad, firstBad, stamp, sha256 } = read;
    const validators =
      found.status === 'fetched' ? { etag: found.etag, lastModified: found.lastModified } : {};
    return {
      file,
      records,
      gone,
      bad,
      firstBad,
      stamp,
      sha256,
      shrunk: undefined,
      isDamaged: undefined,
      etag: undefined,
      lastModified: undefined,
      ...validators,
    };
  } finally {
    if (found.status === 'fetched') removeQuietly(found.path);
  }
}

async function locate(
  { dir, folderOf, network, ownPorts, open }: FeedReadingDeps,
  feed: Feed,
  known: Partial<KeptFeed>,
  { path }: UpdateOptions,
  signal: AbortSignal,
) {
  if (path !== undefined) return { status: 'local', path } as const;
  const { source } = feed;
  if (source.type === 'folder') {
    const folder = folderOf(source.label);
    if (folder === undefined) throw new FeedError('not-mapped', source.label);
    return { status: 'local', path: folder } as const;
  }
  const client = open === undefined ? createUpstreamClient({ network: network(), ownPorts }) : undefined;
  try {
    const what = { ...source, kind: feed.kind };
    return await downloadFeed(open ?? client!.open, what, known, dir, signal);
  } finally {
    client?.close();
  }
}

export function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    // It is in nobody's way; the next sweep finds it.
    if (codeOf(error) === undefined) throw error;
  }
}
