/** What a gateway found out about a channel's upstream while it served from it. */
import type { ChannelId } from './ids.ts';

/** Why a link on an upstream's page is not followed. */
export const dropCauses = [
  /** Not text that is a URL, or longer than any. */
  'unreadable',
  /** A scheme other than http and https. */
  'scheme',
  /** User info in it. */
  'credentials',
  /** http on a page that came by https. */
  'insecure',
  /** This computer, which the channel does not list. */
  'this-computer',
  /** Another address that the channel may not reach: of the local network and not listed, or of no machine. */
  'host',
  /** A file name that is none, or another project's. */
  'project',
  /** An entry that is not what the format says. */
  'malformed',
  /** In a conda index: a key that leads a client elsewhere. */
  'redirecting-key',
  /** In a conda index: a file name that is none, which would lead out of the channel. */
  'file-name',
  /** In a conda index: a part of it that the gateway does not know, so that nobody can say where it would lead. */
  'unknown-member',
  /** In a conda index: what nobody here can judge, left out where policies speak. */
  'unknown-record',
] as const;
export type DropCause = (typeof dropCauses)[number];
export type Drops = Readonly<Partial<Record<DropCause, number>>>;

/** An answer that was no usable one; gone with the next good one. */
export type UpstreamProblem = {
  /** As clients read it. */
  readonly reason: string;
  /** What to do about it; names hosts and addresses, so it is for operators alone. */
  readonly hint?: string | undefined;
  /** What was asked for: a path below the channel. */
  readonly path: string;
  readonly sinceMs: number;
};

/** Downloads that the upstream broke off in the middle, after a good beginning; forgotten a day after the latest. */
export type CutDownloads = {
  readonly count: number;
  /** Of the latest: a path below the channel. */
  readonly path: string;
  readonly lastMs: number;
};

export type ChannelHealth = {
  readonly channelId: ChannelId;
  /** When the upstream was asked last; absent while it was not. */
  readonly checkedAtMs?: number | undefined;
  /** The latest one. */
  readonly problem?: UpstreamProblem | undefined;
  /** How many paths have one. */
  readonly problems: number;
  /** A good index of before is served in place of what the upstream does not give, since then. */
  readonly staleSinceMs?: number | undefined;
  readonly cuts?: CutDownloads | undefined;
  /** Of the documents that are in memory. */
  readonly dropped: Drops;
};
